"""Ceilings that delay: mail to one mailbox, and unconfirmed letters from one campaign to one office, take slots.

A mail or letter gets the earliest moment at which no window of time holds more than its ceiling. All relays on the
database share the slots. Nothing is dropped. An event's code is a ceiling, too: of the letters that it is good for.
"""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from relay.outbox.sql import Connection
from relay.outbox.timestamps import MICROSECOND, stamp
from relay.settings import Rate

COLUMNS: Final = ("bucket", "due", "submission")
DAY: Final = timedelta(days=1)
PER_MAILBOX: Final = Rate(2, DAY)  # until its owner confirmed something
PER_CONFIRMED_MAILBOX: Final = Rate(10, DAY)
PER_MAIL_DOMAIN: Final = Rate(60, timedelta(hours=1))  # except large providers
PER_KIND: Final = Rate(10, timedelta(minutes=1))  # of mail to writers, to all of them together


@dataclass(frozen=True, slots=True)
class Ceiling:
    bucket: bytes  # keyed hash of what it is for
    rate: Rate


class Slots:
    """The moments taken, by bucket, and those taken since for this transaction."""

    def __init__(self, taken: Mapping[bytes, Sequence[int]]) -> None:
        self._taken = {bucket: sorted(moments) for bucket, moments in taken.items()}
        self.rows: list[tuple[bytes, int, str]] = []  # new ones, in the order of COLUMNS

    def take(self, ceilings: Iterable[Ceiling], at: int, submission: str) -> int:
        """The earliest moment from `at` on that all the ceilings allow."""
        ceilings = list(ceilings)
        due = max([at, *map(self._next_free, ceilings)])
        for ceiling in ceilings:
            insort(self._taken.setdefault(ceiling.bucket, []), due)
            self.rows.append((ceiling.bucket, due, submission))
        return due

    def has_room(self, ceiling: Ceiling, at: int) -> bool:
        """Whether one taken at this moment would not have to wait."""
        return self._next_free(ceiling) <= at

    def _next_free(self, ceiling: Ceiling) -> int:
        taken = self._taken.get(ceiling.bucket, [])
        if len(taken) < ceiling.rate.count:
            return 0
        return taken[-ceiling.rate.count] + ceiling.rate.per // MICROSECOND


async def read_slots(db: Connection, ceilings: Iterable[Ceiling]) -> Slots:
    """Of these buckets."""
    most: dict[bytes, int] = {}
    for ceiling in ceilings:
        most[ceiling.bucket] = max(ceiling.rate.count, most.get(ceiling.bucket, 0))
    rows = await db.fetch(
        "SELECT bucket, due FROM"
        " (SELECT bucket, due, row_number() OVER (PARTITION BY bucket ORDER BY due DESC) AS place FROM slots"
        " WHERE bucket = ANY($1)) AS newest WHERE place <= " + str(max(most.values(), default=0)),
        sorted(most),
    )
    taken: dict[bytes, list[int]] = {}
    for bucket, due in rows:
        taken.setdefault(bucket, []).append(due)
    return Slots(taken)


async def take_slots(db: Connection, slots: Slots) -> None:
    await db.insert("slots", COLUMNS, slots.rows)


async def free_slots(db: Connection, submission: str) -> None:
    """Its letters take none any more."""
    await db.execute("DELETE FROM slots WHERE submission = $1", submission)


async def forget_slots(db: Connection, now: datetime) -> None:
    """Those that no window reaches."""
    await db.execute("DELETE FROM slots WHERE due <= $1", stamp(now - DAY))
