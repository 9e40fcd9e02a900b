"""What a public site needs beside valid content. publishconf.py imports this, in every site's folder."""

from collections.abc import Mapping
from typing import Any

from theme.site.organization import require_organization


def require_public(settings: Mapping[str, Any]) -> None:
    """Exits with status 1, saying what is missing: the public address, or who is behind the site."""
    if not settings["SITEURL"].startswith("https://"):
        raise SystemExit("publishconf.py: set BEACONPOST_SITE_URL to the site's URL, like https://campaign.example")
    try:
        require_organization(settings)
    except ValueError as error:
        raise SystemExit(f"publishconf.py: {error}") from None
