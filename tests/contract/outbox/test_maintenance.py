"""What runs every hour: organizers hear of failed letters, then people are forgotten."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from relay.errors import StoreError
from relay.letters import Letter
from relay.maintenance import report_then_erase, run_hourly
from relay.outbox import LetterLine, Outbox
from tests.contract.outbox.conftest import fill, take
from tests.samples.letters import NOON, letters, submission

pytestmark = pytest.mark.anyio

KEEP = timedelta(days=7)
LATER = NOON + timedelta(days=8)


class Reporter:
    """Writes one alert about all letters, and remembers which."""

    def __init__(self) -> None:
        self.reported: list[LetterLine] = []

    async def report(self, lines: Sequence[LetterLine]) -> list[tuple[Letter, list[str]]]:
        self.reported += lines
        alert = replace(letters(submission())[0], id="a" * 32, submission="", kind="alert")
        return [(alert, [line.id for line in lines])]


class Unreachable:
    async def report(self, lines: Sequence[LetterLine]) -> list[tuple[Letter, list[str]]]:
        raise StoreError(f"{len(lines)} letters could not be reported")


def later() -> datetime:
    return LATER


async def fail_all(outbox: Outbox) -> None:
    await fill(outbox, 1)
    for claim in await take(outbox, NOON + timedelta(minutes=1)):
        await outbox.settle(claim, "failed", NOON, None, "550 no")


async def is_erased(outbox: Outbox) -> bool:
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    return receipt.erased


async def keep() -> timedelta:
    return KEEP


async def test_letters_settled_long_ago_are_erased(outbox: Outbox) -> None:
    await fill(outbox, 1)
    for claim in await take(outbox, NOON + timedelta(minutes=1)):
        await outbox.settle(claim, "sent", NOON, None, "250 OK")
    await report_then_erase(outbox, Reporter(), keep, later, lambda: None)()
    assert await is_erased(outbox)


async def test_failed_letters_are_reported_once_before_they_are_erased(outbox: Outbox) -> None:
    await fail_all(outbox)
    reporter, woken = Reporter(), asyncio.Event()
    job = report_then_erase(outbox, reporter, keep, later, woken.set)
    await job()
    await job()
    assert [line.answer for line in reporter.reported] == ["550 no"] * 2
    assert woken.is_set()
    assert await is_erased(outbox)


async def test_nothing_is_erased_before_it_is_reported(outbox: Outbox, caplog: pytest.LogCaptureFixture) -> None:
    await fail_all(outbox)
    ran = asyncio.Event()

    async def last_job() -> None:
        ran.set()

    failing = report_then_erase(outbox, Unreachable(), keep, later, lambda: None)
    hourly = asyncio.create_task(run_hourly([failing, last_job]))
    await ran.wait()  # one job that fails does not keep the others from running
    hourly.cancel()
    await asyncio.gather(hourly, return_exceptions=True)
    assert "report_then_erase: failed, trying again in an hour" in caplog.text
    assert not await is_erased(outbox)
