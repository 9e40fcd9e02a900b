"""For the public site: `pelican content -s publishconf.py --fatal errors`. Requires BEACONPOST_SITE_URL, and
BEACONPOST_ORGANIZATION in pelicanconf.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import pelicanconf
from pelicanconf import *  # noqa: F403
from pelicanconf import SITEURL
from theme.site.organization import require_organization

if not SITEURL.startswith("https://"):
    raise SystemExit("publishconf.py: set BEACONPOST_SITE_URL to the site's URL, like https://campaign.example")

try:
    require_organization(vars(pelicanconf))
except ValueError as error:
    raise SystemExit(f"publishconf.py: {error}") from None

# Languages to publish although no native speaker has reviewed their messages about safety and consent, like
# ["es", "pt"]. Any other unreviewed language stops the build. It is better to have somebody review theme/locale/.
BEACONPOST_UNREVIEWED: list[str] = []
