"""A mail server of moods: it refuses, stalls, hangs up and answers by halves; it knows at which step each letter is."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

from tests.contract.delivery.scripted import DROP, STALL, Dialogue, Script

STEPS: Final = ("greeting", "mail", "rcpt", "data", "content", "taken")  # taken: 250 has been said
MESSAGE_ID: Final = re.compile(rb"^Message-ID: <([^@]+)@", re.MULTILINE)
HALF: Final = {"greeting": b"22", "content": b"25"}  # of an answer; of all others b"2"
STALLS: Final = 2  # connections; each relay and worker has four


@dataclass
class Took:
    """A letter that this server said 250 to. kills: how often its client had been killed before."""

    letter: str
    recipient: str
    kills: int


@dataclass
class Moody(Script):
    """The mail server of one process. reached: called at every step, and may kill that process.

    moods: share of the answers that are not yes. kills: of its client, so far. Which letters are refused for good
    depends on their envelope sender alone, so that one that was taken once is never refused later.
    """

    dice: random.Random = field(default_factory=random.Random)
    moods: float = 0.0
    reached: Callable[[str], bool] = lambda _: False
    kills: int = 0
    stalled: int = 0
    taken: list[Took] = field(default_factory=list)

    def answer(self, step: str, session: Dialogue) -> str | None:
        if self.reached(step):
            return STALL  # a dead client hears nothing
        if step == refused_at(session.sender):
            return "554 5.6.0 this one is never taken"
        if step == "greeting":
            self.offers = self.dice.choice((("SIZE",), ("PIPELINING", "SIZE")))
        if self.dice.random() >= self.moods:
            return None
        mood = self.dice.choice(["451 4.3.0 later", "421 4.3.2 closing", DROP, "half", STALL])
        if mood == STALL:
            self.stalled += 1
            return STALL if self.stalled <= STALLS else DROP
        if mood == "half":
            session.transport.write(HALF.get(step, b"2"))
            return DROP
        return mood

    def took(self, session: Dialogue, content: bytes) -> None:
        match = MESSAGE_ID.search(content)
        assert match, "a letter without a Message-ID"
        self.taken.append(Took(match[1].decode(), session.recipient, self.kills))
        self.reached("taken")

    def started_again(self) -> None:
        self.kills += 1
        self.stalled = 0


def refused_at(sender: str) -> str:
    """The step at which this letter is always refused, or ""; one in twenty."""
    return dict(enumerate(("mail", "rcpt", "content"))).get(crc32(sender.encode()) % 60, "") if sender else ""
