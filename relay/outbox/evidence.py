"""Evidence that one hand posts under many names. What it suspects is asked to confirm by e-mail; nothing is dropped.

Every accepted post leaves marks: hashes of where it came from and what it says, by a key of the day that is erased with
them. What counts is how many other people left the same mark within the last hour.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from relay.keys.hashes import keyed_hash
from relay.letters import Submission
from relay.letters.circumstances import Circumstances
from relay.outbox.sql import Connection
from relay.outbox.timestamps import stamp

WINDOW: Final = timedelta(hours=1)
MOMENT: Final = timedelta(minutes=1)
ENOUGH: Final = 2  # points
KINDS: Final = ("place", "words", "street", "mailbox", "no mail")  # what `weigh` finds; none is part of another
COLUMNS: Final = ("mark", "person", "at")

SOME_FROM_ADDRESS, MANY_FROM_ADDRESS = 5, 20  # other people: a family, a hall
FAST_FROM_ADDRESS: Final = 10  # in a moment: faster than people around one router fill in forms
SOME_FROM_NETWORK: Final = 20
SAME_WORDS: Final = 3  # other people, who share at least SHARED of their phrases
SHARED: Final = 2
ALONG_STREET: Final = 4  # other numbers
MAX_FROM_ADDRESS: Final = 120  # posts; more are refused, not only suspected


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one post. None: nothing to compare."""

    person: bytes
    number: bytes
    address: bytes | None
    network: bytes | None
    street: bytes | None
    phrases: tuple[bytes, ...]
    post: bytes | None = None  # with its address; recognizes the very same post, and is no evidence

    def rows(self, at: int) -> list[tuple[bytes, bytes, int]]:
        """In the order of COLUMNS. A street is marked by its numbers."""
        of_person = (self.address, self.network, *self.phrases)
        rows = [(mark, self.person, at) for mark in of_person if mark]
        return [*rows, (self.street, self.number, at)] if self.street else rows


@dataclass(slots=True)
class Seen:
    """How many left each mark: within WINDOW, and within MOMENT."""

    people: dict[bytes, int] = field(default_factory=lambda: defaultdict(int))
    just_now: dict[bytes, int] = field(default_factory=lambda: defaultdict(int))
    posts: dict[bytes, int] = field(default_factory=lambda: defaultdict(int))
    _new: dict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def add(self, marks: Marks) -> None:
        """A post that is being accepted."""
        for mark, person, _ in marks.rows(0):
            self.posts[mark] += 1
            self.just_now[mark] += 1
            if person not in self._new[mark]:
                self._new[mark].add(person)
                self.people[mark] += 1


def make_marks(key: bytes, submission: Submission, circumstances: Circumstances) -> Marks:
    """key: of the day."""

    def mark(purpose: str, *parts: str) -> bytes | None:
        return keyed_hash(key, purpose, *parts)[:16] if any(parts) else None

    phrases = [mark("phrase", submission.campaign, phrase) for phrase in circumstances.phrases]
    return Marks(
        person=mark("person", submission.first_name, submission.last_name, submission.mailbox_key.hex()) or b"",
        number=mark("number", circumstances.house_number, circumstances.street) or b"",
        address=mark("address", circumstances.address),
        network=mark("network", circumstances.network),
        street=mark("street", circumstances.street),
        phrases=tuple(phrase for phrase in phrases if phrase),
        # Without a network, the address stands for all whom a proxy does not tell apart.
        post=mark("post", submission.post_key.hex(), circumstances.address) if circumstances.network else None,
    )


def weigh(
    marks: Marks, seen: Seen, circumstances: Circumstances, *, variant: bool, invited: bool = False
) -> dict[str, int]:
    """Points by kind of evidence. ENOUGH of them, of whatever kinds, are one hand.

    variant: whether the mailbox wrote to this campaign under another spelling. invited: whether the post comes with an
    event's code that is good for more letters; then it is not suspected for coming from one place.
    """
    points = {
        "place": 0 if invited else _weigh_place(marks, seen),
        "words": int(sum(seen.people[phrase] >= SAME_WORDS for phrase in marks.phrases) >= SHARED),
        "street": int(marks.street is not None and seen.people[marks.street] >= ALONG_STREET),
        "mailbox": ENOUGH if variant else 0,
        "no mail": 0 if circumstances.takes_mail else ENOUGH,
    }
    return {kind: count for kind, count in points.items() if count}


def is_refused(marks: Marks, seen: Seen, circumstances: Circumstances) -> bool:
    """Whether this address has posted too much to be heard at all. Where people write together, what their code was
    good for comes on top: who comes too late for the code is asked, like everybody, and not turned away."""
    allowed = MAX_FROM_ADDRESS + (circumstances.event.letters if circumstances.event else 0)
    return marks.address is not None and seen.posts[marks.address] >= allowed


def _weigh_place(marks: Marks, seen: Seen) -> int:
    """One address says more than the network around it, where a mobile carrier may have thousands of people."""
    here = seen.people[marks.address] if marks.address else 0
    now = seen.just_now[marks.address] if marks.address else 0
    around = seen.people[marks.network] if marks.network else 0
    if here >= MANY_FROM_ADDRESS or now >= FAST_FROM_ADDRESS:
        return 2
    return int(here >= SOME_FROM_ADDRESS or around >= SOME_FROM_NETWORK)


async def read_seen(db: Connection, marks: Iterable[Marks], now: datetime) -> Seen:
    rows = await db.fetch(
        "SELECT mark, count(DISTINCT person), count(*), sum(CASE WHEN at > $2 THEN 1 ELSE 0 END) FROM traces"
        " WHERE at > $1 AND mark = ANY($3) GROUP BY mark",
        stamp(now - WINDOW), stamp(now - MOMENT), sorted({row[0] for mark in marks for row in mark.rows(0)}),
    )  # fmt: skip
    seen = Seen()
    for mark, people, posts, just_now in rows:
        seen.people[mark], seen.posts[mark], seen.just_now[mark] = int(people), int(posts), int(just_now)
    return seen


async def read_day_key(db: Connection, now: datetime) -> bytes:
    """The key of the day, sealed in the database; the first post of a day makes it."""
    day = now.date().isoformat()
    sealed = await db.fetchval("SELECT sealed FROM day_keys WHERE day = $1", day)
    if sealed is None:
        await forget_traces(db, now)
        await db.insert(
            "day_keys", ("day", "sealed"), [(day, db.vault.seal(f"day key {day}", [secrets.token_hex(32)]))],
            "ON CONFLICT (day) DO NOTHING",
        )  # fmt: skip
        sealed = await db.fetchval("SELECT sealed FROM day_keys WHERE day = $1", day)
    return bytes.fromhex(db.vault.open(f"day key {day}", sealed)[0])


async def forget_traces(db: Connection, now: datetime) -> None:
    """Those of earlier days, with their keys."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    await db.execute("DELETE FROM day_keys WHERE day < $1", midnight.date().isoformat())
    await db.execute("DELETE FROM traces WHERE at < $1", stamp(midnight))


async def leave_marks(db: Connection, marks: Sequence[tuple[Marks, int]]) -> None:
    """marks: with the time of each post."""
    await db.insert("traces", COLUMNS, [row for mark, at in marks for row in mark.rows(at)])
