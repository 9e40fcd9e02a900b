"""How SQLite's thread runs queries that are written as coroutines for a database server."""

import asyncio

import pytest

from relay.outbox.sqlite.connection import drive


async def seven() -> int:
    return 7


async def broken() -> int:
    raise LookupError("nothing there")


def test_a_query_runs_to_completion_without_an_event_loop() -> None:
    assert drive(seven()) == 7
    with pytest.raises(LookupError, match="nothing there"):
        drive(broken())


def test_a_query_that_awaits_something_else_is_refused_and_closed() -> None:
    ended: list[bool] = []

    async def sleeps() -> None:
        try:
            await asyncio.sleep(0)
        finally:
            ended.append(True)

    with pytest.raises(RuntimeError, match="waited for something other"):
        drive(sleeps())
    assert ended == [True]
