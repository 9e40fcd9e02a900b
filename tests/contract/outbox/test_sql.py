"""What queries may rely on, whichever database runs them."""

import pytest

from relay.errors import StoreError
from relay.outbox import Outbox
from relay.outbox.sql import Connection, T, Work
from relay.outbox.store import Store
from relay.outbox.tallies import COLUMNS as TALLY_COLUMNS
from tests.contract.outbox.conftest import fill

pytestmark = pytest.mark.anyio


async def write(outbox: Outbox, work: Work[T]) -> T:
    assert isinstance(outbox, Store)
    return await outbox._write(work)


@pytest.mark.parametrize("count", [0, 1, 63, 64, 100, 1_000])
async def test_a_list_parameter_may_have_any_length(outbox: Outbox, count: int) -> None:
    async def work(db: Connection) -> tuple[int, int]:
        days = [f"day {number}" for number in range(1_000)]
        await db.insert("tallies", TALLY_COLUMNS, [("sca", "", "", day, 1) for day in days])
        rows = await db.fetch("SELECT day FROM tallies WHERE count = $1 AND day = ANY($2)", 1, days[:count])
        assert sorted(day for (day,) in rows) == sorted(days[:count])
        change = "UPDATE tallies SET count = $1 WHERE campaign = $2 AND day = ANY($3)"
        return await db.execute(change, 2, "sca", days[:count]), await db.fetchval(
            "SELECT count(*) FROM tallies WHERE count = 2"
        )

    assert await write(outbox, work) == (count, count)


async def test_rows_are_read_by_position_and_no_row_is_none(outbox: Outbox) -> None:
    await fill(outbox, 1)

    async def work(db: Connection) -> None:
        row = await db.fetchrow("SELECT kind, chamber FROM letters ORDER BY number LIMIT $1 FOR UPDATE", 1)
        assert row is not None
        assert (*row,) == ("legislator", "senate")
        assert await db.fetchrow("SELECT kind FROM letters WHERE id = $1", "") is None
        assert await db.fetchval("SELECT kind FROM letters WHERE id = $1", "") is None
        await db.lock(7)

    await write(outbox, work)


async def test_work_that_fails_halfway_changes_nothing(outbox: Outbox) -> None:
    async def work(db: Connection) -> None:
        await db.execute("INSERT INTO metadata VALUES ('hold', $1)", "a reason")
        await db.execute("INSERT INTO metadata VALUES ('hold', $1)", "another")

    with pytest.raises(StoreError, match="not stored"):
        await write(outbox, work)
    assert await outbox.legal_hold() == ""
