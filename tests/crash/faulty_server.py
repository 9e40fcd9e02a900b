"""A mail server with faults: it refuses, stalls, hangs up and sends half replies, and knows each letter's step."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

from tests.contract.delivery.scripted import DROP, STALL, Dialogue, Script

STEPS: Final = ("greeting", "mail", "rcpt", "data", "content", "accepted")  # accepted: the 250 has been sent
MESSAGE_ID: Final = re.compile(rb"^Message-ID: <([^@]+)@", re.MULTILINE)
HALF: Final = {"greeting": b"22", "content": b"25"}  # of a reply; b"2" at every other step
STALLS: Final = 2  # connections; each relay and worker has four


@dataclass
class Delivery:
    """A letter that this server accepted. kills: how often its client had been killed before."""

    letter: str
    recipient: str
    kills: int


@dataclass
class FaultyServer(Script):
    """The mail server of one process.

    Which letters it refuses permanently depends only on their envelope sender, so that it never refuses a letter it has
    accepted before.
    """

    rng: random.Random = field(default_factory=random.Random)
    fault_rate: float = 0.0  # share of the replies that are not positive
    reached: Callable[[str], bool] = lambda _: False  # called at every step; may kill the client
    kills: int = 0  # of its client, so far
    stalled: int = 0
    deliveries: list[Delivery] = field(default_factory=list)

    def reply(self, step: str, session: Dialogue) -> str | None:
        if self.reached(step):
            return STALL  # a dead client gets no reply
        if step == refused_at(session.sender):
            return "554 5.6.0 this letter is never accepted"
        if step == "greeting":
            self.offers = self.rng.choice((("SIZE",), ("PIPELINING", "SIZE")))
        if self.rng.random() >= self.fault_rate:
            return None
        fault = self.rng.choice(["451 4.3.0 later", "421 4.3.2 closing", DROP, "half", STALL])
        if fault == STALL:
            self.stalled += 1
            return STALL if self.stalled <= STALLS else DROP
        if fault == "half":
            session.transport.write(HALF.get(step, b"2"))
            return DROP
        return fault

    def on_letter(self, session: Dialogue, content: bytes) -> None:
        match = MESSAGE_ID.search(content)
        assert match, "a letter without a Message-ID"
        self.deliveries.append(Delivery(match[1].decode(), session.recipient, self.kills))
        self.reached("accepted")

    def client_restarted(self) -> None:
        self.kills += 1
        self.stalled = 0


def refused_at(sender: str) -> str:
    """The step at which this letter is always refused, or ""; one letter in twenty."""
    return dict(enumerate(("mail", "rcpt", "content"))).get(crc32(sender.encode()) % 60, "") if sender else ""
