"""Accepted = delivered + visibly failed, whatever is killed and whatever the mail servers do."""

import time
from collections import Counter
from pathlib import Path

import httpx2
import pytest

from relay.letters import TO_WRITER
from tests.books import writers_of
from tests.crash.chaos import MOMENTS, Chaos, open_chaos
from tests.crash.faulty_server import Delivery
from tests.samples.settings import BROWSER

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("people", "rounds", "relays", "workers"),
    [
        pytest.param(200, 1, 1, 1, id="quick"),
        pytest.param(2_500, 8, 2, 2, id="big", marks=pytest.mark.matrix),
    ],
)
async def test_what_was_accepted_is_delivered_or_visibly_failed(
    tmp_path: Path, store: str, people: int, rounds: int, relays: int, workers: int
) -> None:
    began = time.monotonic()
    limits = httpx2.Limits(max_connections=20)
    async with (
        open_chaos(tmp_path, store, relays=relays, workers=workers, seed=11) as chaos,
        httpx2.AsyncClient(headers=BROWSER, limits=limits, timeout=60) as client,
    ):
        moments = list(MOMENTS) * rounds
        chaos.rng.shuffle(moments)
        await chaos.run(client, people, moments)
        await chaos.drain()
        report = await audit(chaos)
    print(f"\n{store.partition(':')[0]}: {report}, {time.monotonic() - began:.0f} s")


async def audit(chaos: Chaos) -> str:
    """Compare the store with what the mail servers accepted and what people were told."""
    rows = await chaos.books.read("SELECT id, kind, to_email, status, answer FROM letters WHERE kind <> 'alert'")
    writers = await writers_of(chaos.books)
    deliveries: list[Delivery] = [delivery for node in chaos.nodes for delivery in node.mail.deliveries]
    copies = Counter(delivery.letter for delivery in deliveries)
    recipients = {(delivery.letter, delivery.recipient) for delivery in deliveries}
    offices = Counter(writers[letter] for letter, kind, *_ in rows if kind == "legislator")

    assert {state for *_, state, _ in rows} <= {"sent", "failed"}
    # Nothing is lost; no post is stored partially, or twice, however often it was posted.
    assert {email: offices[email] for email in chaos.accepted} == dict.fromkeys(chaos.accepted, 2)
    assert set(offices.values()) == {2}
    for letter, kind, to_email, state, answer in rows:
        if state == "sent":
            assert letter in copies if kind in TO_WRITER else (letter, to_email) in recipients
        else:
            assert answer.startswith("554 5.6.0"), "a letter failed that no server refused permanently"
            assert letter not in copies
    # A letter has the same Message-ID each time, and only a letter in the gap is sent again.
    assert len(recipients) == len(copies)
    repeated = copies - Counter(set(copies))
    assert repeated <= chaos.gaps
    failed = sum(state == "failed" for *_, state, _ in rows)
    return (
        f"{len(rows)} letters, {sum(chaos.kills.values())} kills ({len(chaos.kills)} kinds), lost 0,"
        f" delivered {len(rows) - failed}, failed {failed},"
        f" repeated {repeated.total()} of {chaos.gaps.total()} in the gap"
    )
