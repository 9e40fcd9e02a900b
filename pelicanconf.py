"""Settings of this site. theme/settings.py has all others, with what they mean: set here what shall differ."""

from theme.settings import *  # noqa: F403

SITENAME = "Beaconpost"
# Who is behind the page: a name, one line, and an e-mail address or https:// page. It stands above every form and in
# every letter's footer. This one is invented, and publishconf.py does not take it.
BEACONPOST_ORGANIZATION = {
    "name": "Sample Neighbors",
    "line": "An invented group that shows what these pages look like.",
    "contact": "desk@neighbors.example",
}
