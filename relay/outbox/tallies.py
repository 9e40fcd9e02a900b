"""Counts of letter writers by campaign and districts: by day (UTC), and by town. They outlive the people they count."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from relay.keys.vault import Vault
from relay.outbox.rows import TOWN_ROW, Entry
from relay.outbox.sql import Connection
from relay.outbox.timestamps import moment, stamp

COLUMNS: Final = ("campaign", "senate", "house", "day", "count")
TOWN_COLUMNS: Final = ("id", "campaign", "senate", "house", "sealed", "count")


@dataclass(frozen=True, slots=True, order=True)
class Tally:
    """Whom one writer is counted with."""

    campaign: str
    senate: str
    house: str
    accepted_at: int
    town: str

    @property
    def by_day(self) -> tuple[str, ...]:
        """Confirming later does not move a submission to another day."""
        return self.campaign, self.senate, self.house, moment(self.accepted_at).date().isoformat()

    @property
    def by_town(self) -> tuple[str, ...]:
        return self.campaign, self.senate, self.house, self.town


async def add_to_tallies(db: Connection, steps: Counter[Tally]) -> None:
    """steps: how much each count changes; may be negative."""
    days: Counter[tuple[str, ...]] = Counter()
    towns: Counter[tuple[str, ...]] = Counter()
    for tally, step in steps.items():
        days[tally.by_day] += step
        towns[tally.by_town] += step
    await db.insert(
        "tallies", COLUMNS, sorted((*group, step) for group, step in days.items()),
        "ON CONFLICT (campaign, senate, house, day) DO UPDATE SET count = tallies.count + excluded.count",
    )  # fmt: skip
    await db.insert(
        "town_tallies", TOWN_COLUMNS, sorted(_town_row(db.vault, group, step) for group, step in towns.items()),
        "ON CONFLICT (id) DO UPDATE SET count = town_tallies.count + excluded.count",
    )  # fmt: skip
    if any(step < 0 for step in towns.values()):
        await db.execute("DELETE FROM town_tallies WHERE count <= 0")


def _town_row(vault: Vault, group: tuple[str, ...], step: int) -> tuple[object, ...]:
    """In the order of TOWN_COLUMNS."""
    number = vault.hash("town", *group).hex()
    *seat, town = group
    return number, *seat, vault.seal(TOWN_ROW.format(number), [town]), step


def count_new(entries: Iterable[Entry]) -> Counter[Tally]:
    """Unconfirmed submissions are counted once they are confirmed, repeats never."""
    submissions = (entry.post.submission for entry in entries if entry.claims_key)
    return Counter(
        Tally(submission.campaign, submission.senate, submission.house, stamp(submission.accepted_at), submission.town)
        for submission in submissions
    )
