"""Whatever happens in whatever order, a letter changes status only as TRANSITIONS allows."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from relay.assembly import open_outbox
from relay.errors import StaleClaim
from relay.outbox import SETTLED, TRANSITIONS, Claim, Holder, LetterFilter, LetterStatus
from tests.books import empty, open_books
from tests.samples.letters import NOON, confirmation, letters, submission
from tests.samples.settings import store_settings
from theme.manifest import Confirm

T = TypeVar("T")
LEASE = timedelta(minutes=5)
NUMBERS = st.integers(1, 6)
TERM_ENDS = NOON + timedelta(hours=30)  # for every second person's letters
LEAVING = {letter.to_email for letter in letters(submission())}
CONFIRMS: tuple[Confirm, ...] = ("always", "suspicious", "never")


def reachable(old: LetterStatus, new: LetterStatus) -> bool:
    """In one step, or in two: a letter being sent that will not be retried or whose lease ended, a trial that begins,
    or that is refused."""
    trial = (old, new) in {("held", "sending"), ("sending", "held"), ("sent", "held")}
    twice = (old == "sending" and new in TRANSITIONS["queued"]) or trial
    return old == new or new in TRANSITIONS[old] or twice


class LetterLifecycle(RuleBasedStateMachine):
    """Random operations on one store, which is emptied first."""

    def __init__(self, store: str) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.resources = AsyncExitStack()
        self.outbox = self.do(open_outbox(store_settings(store)))
        self.resources.push_async_callback(self.outbox.close)
        self.books = self.do(self.resources.enter_async_context(open_books(store)))
        self.do(empty(self.books))
        self.now = NOON
        self.known: dict[str, LetterStatus] = {}
        self.claims: list[Claim] = []
        self.posted: set[int] = set()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def query(self, query: str) -> list[tuple[Any, ...]]:
        return self.do(self.books.read(query))

    def teardown(self) -> None:
        self.do(self.resources.aclose())
        self.runner.close()

    @rule(number=NUMBERS, mailbox=st.integers(1, 3), confirm=st.sampled_from(CONFIRMS))
    def post(self, number: int, mailbox: int, confirm: Confirm) -> None:
        post = submission(number, mailbox=mailbox, at=self.now, public_name=True)
        if number in self.posted:
            return
        written = [replace(letter, known_until=TERM_ENDS if number % 2 else None) for letter in letters(post)]
        answer = self.do(self.outbox.accept(post, written, confirmation(post), confirm))
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
            assert self.known[claim.letter.id] in ("queued", "sending", "held")
            assert claim.letter.body
            assert claim.letter.to_email
            unlimited = claim.letter.to_email not in LEAVING or int(claim.letter.submission, 16) % 2 == 0
            assert unlimited or self.now < TERM_ENDS
            held = [other for other in self.claims if other.letter.id == claim.letter.id]
            assert all(int(other.token) < int(claim.token) for other in held)
        self.claims += claims

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), status=st.sampled_from(("sent", "failed", "queued")), gone=st.booleans())
    def settle(self, data: st.DataObject, status: LetterStatus, gone: bool) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        self.claims.remove(claim)
        due = self.now + LEASE if status == "queued" else None
        newest = all(other.letter.id != claim.letter.id or int(other.token) < int(claim.token) for other in self.claims)
        try:
            gone = status == "failed" and gone
            self.do(self.outbox.settle(claim, status, self.now, due, "the server's reply", gone=gone))
        except StaleClaim:
            assert not newest or self.known[claim.letter.id] != "sending"
        else:
            assert self.known[claim.letter.id] == "sending"

    @rule(again=st.booleans())
    def hold(self, again: bool) -> None:
        for written in self.do(self.outbox.pending_recipients(self.now)):
            if written.outdated or again:
                self.do(self.outbox.hold_for_roster(written, self.now))

    @rule(held=st.booleans())
    def assign(self, held: bool) -> None:
        for seat in self.do(self.outbox.seats_awaiting_roster()):
            new = Holder("Ana Kim", f"ana.kim@{seat.chamber}.example", "Senator Kim")
            self.do(self.outbox.assign(seat, [new] if held else [], self.now))

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

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def block(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        self.claims.remove(claim)
        try:
            self.do(self.outbox.record_policy_block(claim, self.now, "550 5.7.1 blocked"))
        except StaleClaim:
            pass
        else:
            assert self.known[claim.letter.id] == "sending"

    @rule(chamber=st.sampled_from((0, 1)), gone=st.booleans())
    def suppress(self, chamber: int, gone: bool) -> None:
        address = letters(submission(1))[chamber].to_email
        if gone:
            self.do(self.outbox.suppress(address, self.now, "550 5.1.1 no such user"))
        else:
            self.do(self.outbox.unsuppress(address, self.now))

    @rule(number=NUMBERS, gone=st.booleans())
    def bounce(self, number: int, gone: bool) -> None:
        letter = letters(submission(number))[0].id
        self.do(self.outbox.record_bounce(letter, self.now, "5.2.2 full", gone=gone, about_us=not gone))

    @rule(status=st.sampled_from(("", "failed", "held", "bounced")))
    def retry(self, status: LetterStatus | Literal[""]) -> None:
        self.do(self.outbox.retry(LetterFilter(status=status), self.now))

    @rule(number=NUMBERS)
    def cancel(self, number: int) -> None:
        self.do(self.outbox.cancel(LetterFilter(letter=letters(submission(number))[1].id), self.now))

    @invariant()
    def no_letter_is_lost_and_every_change_is_a_transition(self) -> None:
        seen: dict[str, LetterStatus] = dict(self.query("SELECT id, status FROM letters"))
        assert seen.keys() == self.known.keys()
        for letter, status in seen.items():
            assert reachable(self.known[letter], status), (self.known[letter], status)
        self.known = seen

    @invariant()
    def only_pending_letters_have_a_due_time(self) -> None:
        assert self.query(
            "SELECT count(*) FROM letters WHERE (due IS NULL) = (status IN ('queued', 'sending'))"
        ) == [(0,)]  # fmt: skip

    @invariant()
    def only_people_who_are_not_held_are_counted_and_shown(self) -> None:
        held = self.query("SELECT id FROM submissions WHERE status IN ('held', 'expired')")
        shown = self.query("SELECT submission FROM participants WHERE visible")
        assert not set(held) & set(shown)
        count = self.do(self.outbox.count("safe-communities-act"))
        counted = "SELECT count(*) FROM submissions WHERE status IN ('accepted', 'confirmed')"
        assert self.query(counted) == [(count,)]


@pytest.mark.usefixtures("anyio_backend")
@pytest.mark.parametrize("examples", [25, pytest.param(500, marks=pytest.mark.matrix)])
def test_a_letter_changes_only_by_allowed_transitions(store: str, examples: int) -> None:
    class OnThisStore(LetterLifecycle):
        def __init__(self) -> None:
            super().__init__(store)

    effort = settings(
        max_examples=examples, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(OnThisStore, settings=effort)


def test_a_settled_letter_changes_only_by_hand_or_by_bounce() -> None:
    moves = {status: TRANSITIONS[status] for status in SETTLED if TRANSITIONS[status]}
    by_hand = {"failed": {"queued", "held", "cancelled"}, "bounced": {"queued", "held"}}
    assert moves == {"sent": {"bounced"}} | by_hand
