"""Counts of letter writers by campaign, districts and day (UTC). They outlive the people they count."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, TypeAlias

from relay.outbox.rows import Entry
from relay.outbox.sql import Connection
from relay.outbox.timestamps import moment, stamp

Tally: TypeAlias = tuple[str, str, str, str]  # campaign, senate, house, day
COLUMNS: Final = ("campaign", "senate", "house", "day", "count")


async def add_to_tallies(db: Connection, steps: Counter[Tally]) -> None:
    """steps: how much each count changes; may be negative."""
    await db.insert(
        "tallies", COLUMNS, sorted((*key, step) for key, step in steps.items()),
        "ON CONFLICT (campaign, senate, house, day) DO UPDATE SET count = tallies.count + excluded.count",
    )  # fmt: skip


def count_new(entries: Iterable[Entry]) -> Counter[Tally]:
    """Unconfirmed submissions are counted once they are confirmed, repeats never."""
    submissions = (entry.post.submission for entry in entries if entry.claims_key)
    return Counter(
        tally_of(submission.campaign, submission.senate, submission.house, stamp(submission.accepted_at))
        for submission in submissions
    )


def tally_of(campaign: str, senate: str, house: str, accepted_at: int) -> Tally:
    """Confirming later does not move a submission to another day."""
    return campaign, senate, house, moment(accepted_at).date().isoformat()
