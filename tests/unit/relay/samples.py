"""Invented people and campaigns to test with. Domains are reserved for examples."""

from datetime import UTC, datetime
from typing import Any

from boundaries.model import Pair
from relay.letters import Submission
from relay.letters.wording import Frame, Writer
from theme.manifest import Campaign, Manifest, Site, Text
from theme.recipients import NamedRecipient

MESSAGE = """Dear [Legislator],

I live in [Town] and I ask you to open the libraries.

[First Name] [Last Name]
[Your Address]"""

SITE = Site(name="Open Doors", url="https://site.example", languages=("en", "es"), timezone="America/New_York")
LIBRARY = NamedRecipient(name="Office of Libraries", email="desk@libraries.example", greeting="Colleagues")
CHELSEA = Pair("Middlesex and Suffolk", "11th Suffolk")


def campaign(**changed: object) -> Campaign:
    """A campaign that is open; a translation exists, and the letter is in English."""
    text = Text(
        title="Open the libraries",
        summary="On Sundays too.",
        subject="Please open the libraries",
        message=MESSAGE,
        body_html="<p>Because.</p>",
        url="/campaigns/open-libraries/",
    )
    spanish = Text(
        title="Abran las bibliotecas",
        summary="También los domingos.",
        subject="Abran las bibliotecas",
        message="Lo que dice la carta.",
        body_html="<p>Porque sí.</p>",
        url="/es/campaigns/open-libraries/",
    )
    given: dict[str, Any] = {
        "slug": "open-libraries",
        "state": "ma",
        "campaign": "Sunday Libraries",
        "action": "Letter",
        "recipients": ("senator", "representative"),
        "bills": ("H.1", "S.2"),
        "texts": {"en": text, "es": spanish},
    }
    return Campaign(**given | changed)


def manifest(*campaigns: Campaign, site: Site = SITE) -> Manifest:
    return Manifest(version=1, built=datetime(2026, 1, 5, tzinfo=UTC), site=site, campaigns=campaigns)


def writer(**changed: object) -> Writer:
    given: dict[str, Any] = {
        "first_name": "Ana",
        "last_name": "Silva",
        "email": "ana@mail.example",
        "phone": "",
        "town": "Chelsea",
        "state": "Massachusetts",
        "address": "Chelsea, MA",
        "pair": CHELSEA,
    }
    return Writer(**given | changed)


def submission(**changed: object) -> Submission:
    given: dict[str, Any] = {
        "id": "0" * 32,
        "campaign": "open-libraries",
        "language": "en",
        "first_name": "Ana",
        "last_name": "Silva",
        "email": "ana@mail.example",
        "phone": "",
        "town": "Chelsea",
        "senate": CHELSEA.senate,
        "house": CHELSEA.house,
        "public_name": False,
        "join_list": False,
        "repeat_key": b"repeat",
        "mailbox_key": b"mailbox",
        "receipt_token": "receipt",
        "confirm_token": "confirm",
        "accepted_at": datetime(2026, 1, 5, 12, tzinfo=UTC),
    }
    return Submission(**given | changed)


FRAME = Frame(SITE, "letters@relay.example", "capture")
