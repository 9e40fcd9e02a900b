"""Ceilings that delay: mail to one mailbox, and unconfirmed letters from one campaign to one office, take slots.

A mail or letter gets the earliest moment at which no window of time holds more than its ceiling. All relays on the
database share the slots. Nothing is dropped. An event's code is a ceiling, too: of the letters that it is good for.

All mail to writers has a ceiling, too, which is shared out so that one flooding hand delays itself: see Share.
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
KEPT: Final = 3  # times a ceiling: so many of a bucket's newest moments are read and kept, in case some are freed


@dataclass(frozen=True, slots=True)
class Ceiling:
    bucket: bytes  # keyed hash of what it is for
    rate: Rate


@dataclass(frozen=True, slots=True)
class Share:
    """Of the ceiling for one kind of mail to all writers together, which is the sum of the shares (a multilevel
    feedback queue). A network that posts much queues in a late one; an earlier one is for it only while it is idle."""

    from_posts: int  # of other people in the last hour from its network
    rate: Rate


_MINUTE: Final = timedelta(minutes=1)
SHARES: Final = (
    Share(0, Rate(3, _MINUTE)), Share(4, Rate(3, _MINUTE)), Share(16, Rate(2, _MINUTE)), Share(64, Rate(2, _MINUTE)),
)  # fmt: skip


class Slots:
    """The moments taken, by bucket, and those taken since for this transaction."""

    def __init__(self, taken: Mapping[bytes, Sequence[int]]) -> None:
        self._taken = {bucket: sorted(moments) for bucket, moments in taken.items()}
        self.rows: list[tuple[bytes, int, str]] = []  # new ones, in the order of COLUMNS
        self.outdated: dict[bytes, int] = {}  # by bucket, the moment before which none matters any more

    def take(self, ceilings: Iterable[Ceiling], at: int, submission: str) -> int:
        """The earliest moment from `at` on that all the ceilings allow."""
        ceilings = list(ceilings)
        due = max([at, *map(self._next_free, ceilings)])
        for ceiling in ceilings:
            taken = self._taken.setdefault(ceiling.bucket, [])
            insort(taken, due)
            self.rows.append((ceiling.bucket, due, submission))
            if len(taken) > KEPT * ceiling.rate.count:
                self.outdated[ceiling.bucket] = taken[-KEPT * ceiling.rate.count]
        return due

    def take_share(self, ceilings: Sequence[Ceiling], crowd: int, at: int) -> int:
        """The earliest moment in one of the shares that are open to a network from which that many have posted.

        ceilings: in the order of SHARES.
        """
        own = max(place for place, share in enumerate(SHARES) if share.from_posts <= crowd)
        open_to = [ceiling for ceiling in ceilings[:own] if self.has_room(ceiling, at)] + list(ceilings[own:])
        # Of those that are free now the last one, so that the earlier ones stay free for others.
        return self.take([min(reversed(open_to), key=lambda ceiling: max(at, self._next_free(ceiling)))], at, "")

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
        " WHERE bucket = ANY($1)) AS newest WHERE place <= " + str(KEPT * max(most.values(), default=0) + 1),
        sorted(most),
    )
    taken: dict[bytes, list[int]] = {}
    for bucket, due in rows:
        taken.setdefault(bucket, []).append(due)
    return Slots(taken)


async def take_slots(db: Connection, slots: Slots) -> None:
    """Those that no longer matter go, so that a flood makes no bucket slow to read."""
    await db.insert("slots", COLUMNS, slots.rows)
    await db.executemany("DELETE FROM slots WHERE bucket = $1 AND due < $2", sorted(slots.outdated.items()))


async def free_slots(db: Connection, submission: str) -> None:
    """Its letters take none any more."""
    await db.execute("DELETE FROM slots WHERE submission = $1", submission)


async def forget_slots(db: Connection, now: datetime) -> None:
    """Those that no window reaches."""
    await db.execute("DELETE FROM slots WHERE due <= $1", stamp(now - DAY))
