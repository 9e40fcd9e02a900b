"""What the queries ask of a database: each is written once, in PostgreSQL's words, as far as SQLite knows them too.

Both take `$1`, `true`, `CAST(… AS bigint)`, `ON CONFLICT`, `RETURNING` and `UPDATE … FROM`. What only PostgreSQL knows,
SQLite's side sees to: `FOR UPDATE` at a query's end, `= ANY($3)` for a list that is given last, `convert_to`, `lock`.
"""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

T = TypeVar("T")
Row: TypeAlias = Any  # a tuple, or asyncpg's record: read by place, never by name; true is 1 from SQLite


class Connection(Protocol):
    """A connection inside a transaction. Over SQLite no call waits. given: what `$1`, `$2`, … stand for."""

    async def fetch(self, query: str, *given: object) -> list[Row]: ...

    async def fetchrow(self, query: str, *given: object) -> Row | None:
        """The first row, if there is one."""

    async def fetchval(self, query: str, *given: object) -> Any:  # noqa: ANN401  (whatever the column holds)
        """The first column of the first row; None if there is none."""

    async def execute(self, query: str, *given: object) -> int:
        """How many rows it changed. One with a list may be run in portions: no ORDER BY or LIMIT beside it."""

    async def executemany(self, query: str, given: Iterable[Sequence[object]]) -> None: ...

    async def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], clause: str = ""
    ) -> list[Row]:
        """Many rows by few statements; what the clause returns, if it does."""

    async def lock(self, key: int) -> None:
        """Until the transaction ends, whoever else asks for this key waits."""


Work: TypeAlias = Callable[[Connection], Coroutine[Any, Any, T]]
