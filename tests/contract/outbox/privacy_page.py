"""What a stolen disk says about people, by looking: the tables in docs/privacy.md.

python -m tests.contract.outbox.privacy_page --write
"""
# ruff: noqa: S608 - put together from constants

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, TypeAlias

from relay.assembly import open_outbox
from relay.outbox.resealing import TABLES as SEALED_TABLES
from relay.outbox.store import Store
from relay.settings import Settings
from tests.books import Books, open_books
from tests.contract.web.client import mailed_link, open_client
from tests.samples.campaigns import publish
from tests.samples.people import IN_BOSTON, IN_CHELSEA
from tests.samples.settings import relay_settings, store_settings

PAGE: Final = Path(__file__).parents[3] / "docs" / "privacy.md"
BEGIN, END = "<!-- begin: what the test found -->", "<!-- end -->"
NOON: Final = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
KEEP: Final = timedelta(days=7)
DAYS: Final = (0, 1, 8, 31)
ADDRESS: Final = "203.0.113.7"

Kind: TypeAlias = Literal["clear", "sealed", "keyed", "random"]
# What a reader can do with a column that is not empty.
MEANS: Final[Mapping[Kind, str]] = {
    "clear": "readable",
    "sealed": "with the key",
    "keyed": "a guess, with the key",
    "random": "nothing",
}

ANA: Final = {
    "first_name": "Anatolia", "last_name": "Silverberg", "email": "anatolia@pond.example", "phone": "617 555 0199",
    "disclose": "full", "message": "Dear [Legislator],\n\nMy grandmother fed those ducks.\n\n[First Name] [Last Name]",
} | IN_BOSTON  # fmt: skip
BO: Final = {
    "first_name": "Boguslaw", "last_name": "Quill", "email": "boguslaw@pond.example", "public_name": "1",
} | IN_CHELSEA  # fmt: skip
CY: Final = {
    "first_name": "Cyprian", "last_name": "Ostrow", "email": "cyprian@pond.example", "website": "robots fill this in",
} | IN_CHELSEA  # fmt: skip
DI: Final = {"first_name": "Dieudonne", "last_name": "Mako", "email": "dieudonne@pond.example"} | IN_CHELSEA
EVE: Final = {
    "first_name": "Evangeline", "last_name": "Tarn", "email": "evangeline@pond.example", "join_list": "1",
} | IN_CHELSEA  # fmt: skip
# What was typed, or seen, by the name that the page gives it.
TYPED: Final[Mapping[str, str]] = {
    "first name": "Anatolia",
    "last name": "Silverberg",
    "e-mail address": "anatolia@pond.example",
    "its domain": "pond.example",
    "telephone": "617 555 0199",
    "street": "24 Beacon",
    "own words": "grandmother",
    "internet address": ADDRESS,
    "first name of who chose to be shown": "Boguslaw",
    "last name of who chose to be shown": "Quill",
    "e-mail address of who did not confirm": "cyprian@pond.example",
    "e-mail address of who wants no mail": "dieudonne@pond.example",
    "e-mail address of who joined the campaign's list": "evangeline@pond.example",
}
COLUMNS: Final[Mapping[str, tuple[Kind, str]]] = {
    "submissions.id": ("clear", "a random number that begins with the time of the post"),
    "submissions.campaign": ("clear", "which campaign"),
    "submissions.language": ("clear", "of the page"),
    "submissions.senate": ("clear", "the writer's district"),
    "submissions.house": ("clear", "the writer's district"),
    "submissions.join_list": ("clear", "whether the box of the campaign's list was ticked"),
    "submissions.gave_reason": ("clear", "whether the letter begins with a reason of the writer's own"),
    "submissions.own_words": ("clear", "whether something of the letter is the writer's own"),
    "submissions.sealed": ("sealed", "names, e-mail address, telephone, town, subject, text"),
    "submissions.repeat_key": ("keyed", "of the letter as offices read it; until the campaign closes"),
    "submissions.pending_key": ("keyed", "the same, while it waits for a yes"),
    "submissions.mailbox_key": ("keyed", "of the e-mail address; until the campaign closes"),
    "submissions.folded_key": ("keyed", "of the e-mail address without variants; until the campaign closes"),
    "submissions.confirm_hash": ("random", "SHA-256 of the mailed link: recognizes it, does not reveal it"),
    "submissions.status": ("clear", "accepted, held, confirmed, denied, expired"),
    "submissions.accepted_at": ("clear", "when it was posted"),
    "submissions.erased_at": ("clear", "when it was erased"),
    "submissions.repeats": ("clear", "which identical letter goes instead"),
    "submissions.evidence": ("clear", "kinds of evidence of one hand with many names"),
    "receipts.hash": ("random", "SHA-256 of the receipt's link"),
    "receipts.submission": ("clear", "which submission"),
    "receipts.redacted": ("clear", "whether it shows nothing"),
    "receipts.created_at": ("clear", "when"),
    "participants.submission": ("clear", "which submission"),
    "participants.campaign": ("clear", "which campaign"),
    "participants.sealed": ("sealed", "first name and town of who chose to be shown"),
    "participants.at": ("clear", "when"),
    "participants.visible": ("clear", "whether it is shown"),
    "members.submission": ("clear", "with which submission the box of the list was ticked"),
    "members.campaign": ("clear", "which campaign's list"),
    "members.mailbox_key": ("keyed", "of the e-mail address of who is on the list"),
    "members.status": ("clear", "asked, joined, exported, left"),
    "members.since": ("clear", "when"),
    "members.sealed": (
        "sealed",
        "name, e-mail address, town, and the words they agreed to; until exported or withdrawn",
    ),
    "members.reported": ("clear", "whether the organization's program was told"),
    "letters.number": ("clear", "order of acceptance"),
    "letters.id": ("clear", "a random number that begins with the time of the post"),
    "letters.submission": ("clear", "which submission"),
    "letters.campaign": ("clear", "which campaign"),
    "letters.kind": ("clear", "to a legislator, a committee, the writer, an organizer"),
    "letters.chamber": ("clear", "of the office"),
    "letters.district": ("clear", "of the office, and so the writer's; of a forward, which letter was answered"),
    "letters.to_name": ("clear", "the office's name; never the writer's"),
    "letters.to_email": ("clear", "the office's address; never the writer's"),
    "letters.domain": ("clear", "the office's; of the writer's only a large provider's, else a pseudonym"),
    "letters.sealed": ("sealed", "the letter with its writer's name and address; an answer until it is forwarded"),
    "letters.transport": ("clear", "how it leaves"),
    "letters.status": ("clear", "queued, sent, failed"),
    "letters.held_for": ("clear", "what it waits for"),
    "letters.due": ("clear", "the next attempt"),
    "letters.attempts": ("clear", "how many"),
    "letters.policy_blocks": ("clear", "how many refusals for policy"),
    "letters.claim": ("clear", "a counter"),
    "letters.withdrawn": ("clear", "taken back while on its way"),
    "letters.reported": ("clear", "whether the organizer was told"),
    "letters.changed_at": ("clear", "when its status changed"),
    "letters.answer": ("clear", "the mail server's code"),
    "letters.greeting": ("clear", "how the office is greeted"),
    "letters.known_until": ("clear", "until when the office's holder is known"),
    "attempts.letter": ("clear", "which letter"),
    "attempts.claim": ("clear", "a counter"),
    "attempts.domain": ("clear", "as letters.domain"),
    "attempts.transport": ("clear", "how"),
    "attempts.at": ("clear", "when"),
    "attempts.outcome": ("clear", "what became of it"),
    "attempts.answer": ("clear", "the mail server's code"),
    "pauses.scope": ("clear", "campaign or domain"),
    "pauses.name": ("clear", "which"),
    "pauses.cause": ("clear", "operator, organizer or policy"),
    "pauses.reason": ("clear", "words of whoever stopped it, or a code"),
    "pauses.since": ("clear", "when"),
    "pauses.until": ("clear", "when"),
    "pauses.failed_probes": ("clear", "how many"),
    "pauses.by_report": ("clear", "whether letters came back that had been accepted"),
    "pauses.trial": ("clear", "which letter was accepted since"),
    "pauses.reported": ("clear", "whether the organizers were told"),
    "suppressions.address": ("clear", "an office's address that does not exist"),
    "suppressions.since": ("clear", "when"),
    "suppressions.answer": ("clear", "a code"),
    "suppressions.until": ("clear", "when a letter tries whether it exists again"),
    "suppressions.failed_trials": ("clear", "how many"),
    "suppressions.trial": ("clear", "which letter tries"),
    "suppressions.reported": ("clear", "whether the organizers were told"),
    "metadata.name": ("clear", "of a fact about the database"),
    "metadata.value": ("clear", "which keys are needed, the sealed hash key, a legal hold's reason, a random number"),
    "tallies.campaign": ("clear", "which campaign"),
    "tallies.senate": ("clear", "district"),
    "tallies.house": ("clear", "district"),
    "tallies.day": ("clear", "day"),
    "tallies.count": ("clear", "how many wrote"),
    "town_tallies.id": ("clear", "keyed hash of the campaign, the districts and the town"),
    "town_tallies.campaign": ("clear", "which campaign"),
    "town_tallies.senate": ("clear", "district"),
    "town_tallies.house": ("clear", "district"),
    "town_tallies.sealed": ("sealed", "the town"),
    "town_tallies.count": ("clear", "how many wrote from there"),
    "traces.mark": ("keyed", "of an internet address, a network, a street, a phrase; by the key of the day"),
    "traces.person": ("keyed", "of who left it; by the key of the day"),
    "traces.at": ("clear", "when"),
    "day_keys.day": ("clear", "which day"),
    "day_keys.sealed": ("sealed", "the key of the day; deleted with it, never in a backup"),
    "slots.bucket": ("keyed", "of a mailbox, a mail domain, a campaign and its office"),
    "slots.due": ("clear", "when its mail goes"),
    "slots.submission": ("clear", "whose yes frees it"),
    "retries.mark": (
        "keyed",
        "of the letter with a random key, for a day; of the letter with the internet address, by the key of the day",
    ),
    "retries.submission": ("clear", "which submission"),
    "retries.until": ("clear", "when it is forgotten"),
    "opt_outs.folded_key": ("keyed", "of a mailbox that wants no mail; for good"),
}


@dataclass
class Clock:
    now: datetime

    def read(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Look:
    """The database on one day."""

    filled: Mapping[str, list[Any]]  # the values of each column that say something
    opened: Mapping[str, str]  # everything sealed in a table, opened

    def where(self, word: str) -> str:
        """Where something that was typed can be read."""
        clear = sorted({name.partition(".")[0] for name, values in self.filled.items() if word in _text(values)})
        if clear:
            return f"**readable** ({', '.join(clear)})"
        sealed = [table for table, text in self.opened.items() if word in text]
        return f"with the key ({', '.join(sealed)})" if sealed else "–"


async def look_on_each_day(settings: Settings, store: str) -> list[Look]:
    """Invented people post; their letters go; then time passes. store: as BEACONPOST_DATABASE."""
    clock = Clock(NOON)
    async with open_client(settings, address=ADDRESS, clock=clock.read) as client:
        for person in (ANA, BO, CY, DI):
            posted = await client.post("/campaigns/open-libraries/letters", data=person)
            assert posted.status_code == 303, posted.text
        await client.post(mailed_link(posted.headers["location"]), data={"action": "opt_out"})
        posted = await client.post("/campaigns/open-libraries/letters", data=EVE)
        await client.post(mailed_link(posted.headers["location"]), data={"action": "join"})
    outbox = await open_outbox(settings)
    looks = []
    for day in DAYS:
        now = NOON + timedelta(days=day, hours=1 if day else 0)
        await outbox.forget(now, KEEP)
        async with open_books(store) as books:
            looks.append(await _look(books, outbox))
        for claim in await outbox.claim("capture", now, timedelta(minutes=5), 100):
            await outbox.settle(claim, "sent", now, None, "250 2.0.0 ok")
    await outbox.close()
    return looks


async def _look(books: Books, outbox: object) -> Look:
    assert isinstance(outbox, Store)
    filled: dict[str, list[Any]] = {}
    for table, columns in sorted((await books.columns()).items()):
        if table == "beaconpost_version":
            continue
        for column in sorted(columns):
            values = [value for (value,) in await books.read(f"SELECT {column} FROM {table}")]
            filled[f"{table}.{column}"] = [value for value in values if value]
    opened: dict[str, str] = {}
    for table, key, name in SEALED_TABLES:
        rows = await books.read(f"SELECT {key}, sealed FROM {table} WHERE length(sealed) > 0")
        opened[table] = "\n".join(word for row, value in rows for word in outbox._vault.open(name.format(row), value))
    return Look(filled, opened)


def describe(looks: list[Look]) -> str:
    """Both tables. Raises KeyError for a column that nobody described."""
    days = " | ".join(f"day {day}" for day in DAYS)
    lines = [f"| | {days} |", f"|---|{'---|' * len(DAYS)}"]
    for name, word in TYPED.items():
        lines.append(f"| {name} | {' | '.join(look.where(word) for look in looks)} |")
    lines += ["", f"| column | what it holds | {days} |", f"|---|---|{'---|' * len(DAYS)}"]
    for column in looks[0].filled:
        kind, text = COLUMNS[column]
        cells = [MEANS[kind] if look.filled[column] else "–" for look in looks]
        lines.append(f"| `{column}` | {text} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _text(values: list[Any]) -> str:
    return "\n".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in values)


def settings_for(folder: Path, store: str) -> Settings:
    publish(folder)
    return relay_settings(folder, database=store_settings(store).database, trust_roster=date.max)


def read_page() -> str:
    """The part of the page that this module writes."""
    return PAGE.read_text().partition(BEGIN)[2].partition(END)[0].strip()


def main() -> None:
    with TemporaryDirectory() as folder:
        store = f"sqlite:///{folder}/letters.db"
        found = describe(asyncio.run(look_on_each_day(settings_for(Path(folder), store), store)))
    if "--write" not in sys.argv:
        print(found)
        return
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
