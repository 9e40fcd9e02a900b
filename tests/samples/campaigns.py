"""A sample campaign and the manifest that lists it. Domains are reserved for examples."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import structs

from boundaries.model import Pair
from theme.manifest import Campaign, Manifest, Site, Text, dump_manifest
from theme.recipients import NamedRecipient
from theme.testimony import Testimony

MESSAGE = """Dear [Legislator],

I live in [Town] and I ask you to open the libraries.

[First Name] [Last Name]
[Your Address]"""

SITE = Site(name="Open Doors", url="https://site.example", languages=("en", "es"), timezone="America/New_York")
LIBRARY = NamedRecipient(name="Office of Libraries", email="desk@libraries.example", greeting="Colleagues")
CHELSEA = Pair("Middlesex and Suffolk", "11th Suffolk")


def campaign(**changed: object) -> Campaign:
    """An open campaign. Its page is translated; its letter is in English."""
    text = Text(
        title="Open the libraries",
        summary="On Sundays too.",
        subject="Please open the libraries",
        message=MESSAGE,
        body_html="<p>Because.</p>",
        url="/campaigns/open-libraries/",
        join="Send me news of the libraries",
    )
    spanish = Text(
        title="Abran las bibliotecas",
        summary="También los domingos.",
        subject="Abran las bibliotecas",
        message="Lo que dice la carta.",
        body_html="<p>Porque sí.</p>",
        url="/es/campaigns/open-libraries/",
        join="Envíenme noticias de las bibliotecas",
    )
    fields: dict[str, Any] = {
        "slug": "open-libraries",
        "state": "ma",
        "campaign": "Sunday Libraries",
        "action": "Letter",
        "recipients": ("senator", "representative"),
        "bills": ("H.1", "S.2"),
        "join_privacy": "https://friends.example/privacy",
        "texts": {"en": text, "es": spanish},
    }
    return Campaign(**fields | changed)


def heard(**changed: object) -> Campaign:
    """A campaign that takes testimony, for years."""
    committee = structs.replace(LIBRARY, name="Joint Committee on Libraries", greeting="Chairs and Members")
    deadline = datetime(2099, 3, 12, 17)  # noqa: DTZ001  (in the site's time zone)
    about = Testimony(committee=committee, position="support", deliver_by=deadline)
    given = campaign(**{"slug": "heard", "recipients": ("hearing",), "testimony": about} | changed)
    text = structs.replace(given.texts["en"], hearing="March 10, 2026, 1 p.m., Room A-2")
    return structs.replace(given, texts=given.texts | {"en": text})


def manifest(*campaigns: Campaign) -> Manifest:
    """By default of the sample campaign alone."""
    listed = campaigns or (campaign(),)
    return Manifest(version=1, built=datetime(2026, 1, 5, tzinfo=UTC), site=SITE, campaigns=listed)


def publish(folder: Path, *campaigns: Campaign) -> None:
    """Write campaigns.json into `folder`."""
    (folder / "campaigns.json").write_bytes(dump_manifest(manifest(*campaigns)))
