"""For the public site: `beaconpost build --publish`. Requires BEACONPOST_SITE_URL, and BEACONPOST_ORGANIZATION in
pelicanconf.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403
from theme.publishing import require_public

require_public(globals())

# Languages to publish although no native speaker has reviewed their messages about safety and consent, like
# ["es", "pt"]. Any other unreviewed language stops the build. It is better to have somebody review theme/locale/.
BEACONPOST_UNREVIEWED: list[str] = []
