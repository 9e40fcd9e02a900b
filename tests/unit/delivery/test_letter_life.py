"""Whatever happens in whatever order, a letter only ever moves along the arrows of TRANSITIONS."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from relay.contract import Confirm
from relay.errors import StaleClaim
from relay.outbox import SETTLED, TRANSITIONS, Claim, State
from relay.outbox.sqlite import SqliteOutbox, open_sqlite
from tests.unit.delivery.letters import NOON, confirmation, letters, submission

T = TypeVar("T")
LEASE = timedelta(minutes=5)
NUMBERS = st.integers(1, 6)
CONFIRMS: tuple[Confirm, ...] = ("always", "suspicious", "never")


def reachable(old: State, new: State) -> bool:
    """In one step, or in the two of a letter on its way that is not to be tried again (or whose lease ended)."""
    return old == new or new in TRANSITIONS[old] or (old == "sending" and new in TRANSITIONS["queued"])


class LetterLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        path = Path(self.folder.name) / "outbox.db"
        self.outbox: SqliteOutbox = self.do(open_sqlite(path))
        self.eyes = sqlite3.connect(path)
        self.now = NOON
        self.known: dict[str, State] = {}
        self.claims: list[Claim] = []
        self.posted: set[int] = set()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.eyes.close()
        self.do(self.outbox.close())
        self.runner.close()
        self.folder.cleanup()

    @rule(number=NUMBERS, mailbox=st.integers(1, 3), confirm=st.sampled_from(CONFIRMS))
    def post(self, number: int, mailbox: int, confirm: Confirm) -> None:
        post = submission(number, mailbox=mailbox, at=self.now, public_name=True)
        if number in self.posted:
            return
        answer = self.do(self.outbox.accept(post, letters(post), confirmation(post), confirm))
        assert not answer.repeat
        self.posted.add(number)
        self.known |= {letter.id: "held" if answer.held else "queued" for letter in letters(post)}
        if answer.held:
            self.known[confirmation(post).id] = "queued"

    @rule(limit=st.integers(1, 5))
    def claim(self, limit: int) -> None:
        claims = self.do(self.outbox.claim("smtp", self.now, LEASE, limit))
        assert len(claims) <= limit
        for claim in claims:
            assert self.known[claim.letter.id] in ("queued", "sending")
            assert claim.letter.body
            held = [other for other in self.claims if other.letter.id == claim.letter.id]
            assert all(int(other.token) < int(claim.token) for other in held)
        self.claims += claims

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), state=st.sampled_from(("sent", "failed", "queued")))
    def settle(self, data: st.DataObject, state: State) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        self.claims.remove(claim)
        due = self.now + LEASE if state == "queued" else None
        newest = all(other.letter.id != claim.letter.id or int(other.token) < int(claim.token) for other in self.claims)
        try:
            self.do(self.outbox.settle(claim, state, self.now, due, "the server's words"))
        except StaleClaim:
            assert not newest or self.known[claim.letter.id] != "sending"
        else:
            assert self.known[claim.letter.id] == "sending"

    @rule(number=NUMBERS)
    def confirm(self, number: int) -> None:
        self.do(self.outbox.confirm(f"confirm-{number}", self.now))

    @rule(number=NUMBERS)
    def deny(self, number: int) -> None:
        self.do(self.outbox.deny(f"confirm-{number}", self.now))

    @rule(number=NUMBERS)
    def erase(self, number: int) -> None:
        self.do(self.outbox.erase(f"receipt-{number}", self.now))

    @rule()
    def forget(self) -> None:
        self.do(self.outbox.forget(self.now, timedelta(days=7)))

    @rule(hours=st.sampled_from((0.05, 1, 24, 80, 800)))
    def wait(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def no_letter_is_lost_and_none_moves_but_along_the_arrows(self) -> None:
        seen: dict[str, State] = dict(self.eyes.execute("SELECT id, state FROM letters"))
        assert seen.keys() == self.known.keys()
        for letter, state in seen.items():
            assert reachable(self.known[letter], state), (self.known[letter], state)
        self.known = seen

    @invariant()
    def what_waits_has_a_time_and_what_is_settled_has_none(self) -> None:
        waiting = "SELECT count(*) FROM letters WHERE (due IS NULL) = (state IN ('queued', 'sending'))"
        assert self.eyes.execute(waiting).fetchone() == (0,)

    @invariant()
    def only_those_who_are_not_held_are_counted_and_shown(self) -> None:
        held = {row[0] for row in self.eyes.execute("SELECT id FROM submissions WHERE standing IN ('held', 'expired')")}
        shown = {row[0] for row in self.eyes.execute("SELECT submission FROM participants WHERE visible")}
        assert not held & shown
        count = self.do(self.outbox.count("safe-communities-act"))
        counted = "SELECT count(*) FROM submissions WHERE standing IN ('accepted', 'confirmed')"
        assert count == self.eyes.execute(counted).fetchone()[0]


LetterLife.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestLetterLife = LetterLife.TestCase


def test_a_settled_letter_only_moves_by_hand_or_by_bounce() -> None:
    moves = {state: TRANSITIONS[state] for state in SETTLED if TRANSITIONS[state]}
    assert moves == {"sent": {"bounced"}, "failed": {"queued", "cancelled"}}
