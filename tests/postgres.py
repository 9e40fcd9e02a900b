"""Databases on a real PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex
from urllib.parse import urlsplit, urlunsplit

import asyncpg


@asynccontextmanager
async def fresh_database(postgres: str) -> AsyncIterator[str]:
    """A new empty database, dropped at the end."""
    name = f"beaconpost_{token_hex(8)}"
    admin = await asyncpg.connect(postgres)
    await admin.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(postgres)
    yield urlunsplit(parts._replace(path=f"/{name}"))
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()
