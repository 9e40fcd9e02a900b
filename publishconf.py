"""`pelican content -s publishconf.py --fatal errors`: the same site, which must know its address."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403
from pelicanconf import SITEURL

if not SITEURL.startswith("https://"):
    raise SystemExit("publishconf.py: set BEACONPOST_SITE_URL to the site's address, like https://campaign.example")
