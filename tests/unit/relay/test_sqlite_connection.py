"""How SQLite's thread runs a query that is written for a server one waits for."""

import asyncio

import pytest

from relay.outbox.sqlite.connection import drive


async def seven() -> int:
    return 7


async def broken() -> int:
    raise LookupError("nothing there")


def test_a_query_is_run_to_its_end_without_an_event_loop() -> None:
    assert drive(seven()) == 7
    with pytest.raises(LookupError, match="nothing there"):
        drive(broken())


def test_one_that_waits_is_refused_and_not_left_halfway() -> None:
    ended: list[bool] = []

    async def waits() -> None:
        try:
            await asyncio.sleep(0)
        finally:
            ended.append(True)

    with pytest.raises(RuntimeError, match="waited for something other"):
        drive(waits())
    assert ended == [True]
