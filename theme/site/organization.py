"""Who is behind the site, set in `pelicanconf.py`: shown above every form and in the footer of every letter."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from boundaries.email_addresses import find_domain, is_email
from theme.manifest import Organization

ORGANIZATION: Final = "BEACONPOST_ORGANIZATION"
KEYS: Final = ("name", "line", "contact")
MAX_CHARS: Final = 200  # of each, so that it stays one line above the form
WRITE: Final = (
    f'write {ORGANIZATION} = {{"name": "Pond Friends", "line": "Neighbors of Mill Pond since 1998.", '
    '"contact": "desk@pondfriends.org"}, with your own name, one line about you, and an e-mail address or https:// '
    "page where people reach you"
)
INVENTED: Final = (".example", ".invalid", ".test", "example.org", "example.com", "example.net")  # RFC 2606


def read_organization(settings: Mapping[str, object]) -> Organization | None:
    """None if it is not set. Raises ValueError saying what to write."""
    given = settings.get(ORGANIZATION) or None
    if given is None:
        return None
    if not isinstance(given, Mapping) or set(given) != set(KEYS):
        raise ValueError(f"{ORGANIZATION} must have a name, a line and a contact: {WRITE}")
    texts = {key: text.strip() if isinstance(text := given[key], str) else "" for key in KEYS}
    for key, text in texts.items():
        if not text or not text.isprintable() or len(text) > MAX_CHARS:
            raise ValueError(f"{ORGANIZATION}: the {key} must be one line of at most {MAX_CHARS} characters: {WRITE}")
    if not is_email(texts["contact"]) and not (texts["contact"].startswith("https://") and _host(texts["contact"])):
        raise ValueError(
            f"{ORGANIZATION}: “{texts['contact']}” is neither an e-mail address nor an https:// page: {WRITE}"
        )
    return Organization(**texts)


def require_organization(settings: Mapping[str, object]) -> None:
    """For a public site. Raises ValueError saying what to write if nobody, or the sample, is behind it."""
    organization = read_organization(settings)
    if organization is None:
        raise ValueError(f"a public page says who is behind it: in pelicanconf.py, {WRITE}")
    if _host(organization.contact).endswith(INVENTED):
        raise ValueError(f"{ORGANIZATION} in pelicanconf.py is still the invented sample: {WRITE}")


def _host(contact: str) -> str:
    return (urlsplit(contact).hostname or "") if ":" in contact else find_domain(contact)
