"""`pelican content -s publishconf.py --fatal errors`: the same site, which must know its address."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403
from pelicanconf import SITEURL

if not SITEURL.startswith("https://"):
    raise SystemExit("publishconf.py: set BEACONPOST_SITE_URL to the site's address, like https://campaign.example")

# Languages whose words about safety and consent may be published although no native speaker has checked them, like
# ["es", "pt"]. Empty: such a language stops the build. Better than a tag here: have somebody read theme/locale/.
BEACONPOST_UNREVIEWED: list[str] = []
