"""What the queries need of a database. Each query is written once, in PostgreSQL's dialect as far as SQLite knows it.

Both take `$1`, `true`, `CAST(… AS bigint)`, `ON CONFLICT`, `RETURNING` and `UPDATE … FROM`. SQLite's adapter
translates what only PostgreSQL knows: a final `FOR UPDATE`, `= ANY($3)` for a list that is the last argument,
`convert_to`, `lock`.
"""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from relay.keys.vault import Vault

T = TypeVar("T")
Row: TypeAlias = Any  # a tuple or an asyncpg record: read by position, never by name; true is 1 from SQLite


class Connection(Protocol):
    """A connection inside a transaction. Over SQLite no call suspends. args: the values of `$1`, `$2`, …

    vault: seals and opens what names a person, in the columns called `sealed`.
    """

    @property
    def vault(self) -> Vault: ...

    async def fetch(self, query: str, *args: object) -> list[Row]: ...

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        """The first row; None if there is none."""

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401  (whatever the column holds)
        """The first column of the first row; None if there is none."""

    async def execute(self, query: str, *args: object) -> int:
        """Returns the number of rows changed. With a list argument it may run in portions: no ORDER BY or LIMIT."""

    async def executemany(self, query: str, rows: Iterable[Sequence[object]]) -> None: ...

    async def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], clause: str = ""
    ) -> list[Row]:
        """Insert many rows in few statements. Returns what the clause returns."""

    async def lock(self, key: int) -> None:
        """Hold an exclusive lock on this key until the transaction ends."""


Work: TypeAlias = Callable[[Connection], Coroutine[Any, Any, T]]
