"""Accepted = delivered + visibly failed, whatever is killed and whatever the mail server does."""

import time
from collections import Counter
from pathlib import Path

import httpx2
import pytest

from tests.crash.faulty_server import Took
from tests.crash.storm import MOMENTS, Storm, open_storm

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
        open_storm(tmp_path, store, relays=relays, workers=workers, seed=11) as storm,
        httpx2.AsyncClient(limits=limits, timeout=60) as client,
    ):
        moments = list(MOMENTS) * rounds
        storm.dice.shuffle(moments)
        await storm.blow(client, people, moments)
        await storm.calm()
        report = await audit(storm)
    print(f"\n{store.partition(':')[0]}: {report}, {time.monotonic() - began:.0f} s")


async def audit(storm: Storm) -> str:
    """Hold the store against what the mail servers took and what people were told."""
    rows = await storm.books.read(
        "SELECT id, kind, reply_to, to_email, status, answer FROM letters WHERE kind <> 'alert'"
    )
    taken: list[Took] = [took for victim in storm.victims for took in victim.mail.taken]
    copies = Counter(took.letter for took in taken)
    recipients = {(took.letter, took.recipient) for took in taken}
    offices = Counter(reply_to for _, kind, reply_to, *_ in rows if kind == "legislator")

    assert {state for *_, state, _ in rows} <= {"sent", "failed"}
    # Nothing lost, no post half stored, none stored twice however often it was posted.
    assert {email: offices[email] for email in storm.accepted} == dict.fromkeys(storm.accepted, 2)
    assert set(offices.values()) == {2}
    for letter, _, _, to_email, state, answer in rows:
        if state == "sent":
            assert (letter, to_email) in recipients
        else:
            assert "554 5.6.0" in answer, "a letter failed that no server refused for good"
            assert letter not in copies
    # The same letter has the same Message-ID each time; none comes again but one that was in the gap.
    assert len(recipients) == len(copies)
    repeated = copies - Counter(set(copies))
    assert repeated <= storm.gaps
    failed = sum(state == "failed" for *_, state, _ in rows)
    return (
        f"{len(rows)} letters, {sum(storm.kills.values())} kills ({len(storm.kills)} kinds), lost 0,"
        f" delivered {len(rows) - failed}, failed {failed},"
        f" repeated {repeated.total()} of {storm.gaps.total()} in the gap"
    )
