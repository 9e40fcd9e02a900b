"""Connect to the database and migrate it, whichever process comes first."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from relay.errors import KeyMissing, StoreError
from relay.keys.vault import Vault
from relay.outbox.postgres.connection import Db, PostgresConnection
from relay.outbox.postgres.writer import OUTAGES, describe_error
from relay.outbox.unlocking import FindKeys, seal_plain_rows, unlock

log = logging.getLogger("beaconpost.outbox")

MIGRATIONS: Final = (
    "1-initial.sql",
    "2-denied.sql",
    "3-greeting.sql",
    "4-names.sql",
    "5-repeats.sql",
    "6-sealed.sql",
    "7-plain-text-dropped.sql",
    "8-one-hand.sql",
    "9-organizer-pauses.sql",
    "10-retries.sql",
    "11-trials.sql",
    "12-members.sql",
    "13-desk.sql",
)  # version n: the first n have run; append, never edit
SEALED: Final = "6-sealed.sql"  # after it, the rows of an earlier release are sealed
MIGRATION_LOCK: Final = 0x42434E51  # the advisory lock held while migrating
CHANNEL: Final = "beaconpost"  # notified when something is queued
TIMEOUT: Final = 10.0  # seconds for a connection, or an answer
RECONNECT_AFTER: Final = 5.0  # seconds


async def connect(url: str) -> Db:
    """A connection whose commits are on disk when they return. Raises what asyncpg and the network raise."""
    db: Db = await asyncpg.connect(
        url,
        timeout=TIMEOUT,
        command_timeout=60,
        server_settings={"application_name": "beaconpost", "synchronous_commit": "on"},
    )
    return db


async def migrate(url: str, find_keys: FindKeys) -> Vault:
    """Unlock the database and run the migrations that have not run. Raises StoreError, saying why, without the
    password."""
    where, vault = describe(url), None
    try:
        db = await connect(url)
    except (*OUTAGES, ValueError) as error:
        raise StoreError(f"cannot reach the database {where}: {type(error).__name__}: {error}") from None
    try:
        async with db.transaction():
            await db.execute("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)
            await db.execute("CREATE TABLE IF NOT EXISTS beaconpost_version (version integer NOT NULL)")
            version = int(await db.fetchval("SELECT coalesce(max(version), 0) FROM beaconpost_version"))
            if version > len(MIGRATIONS):
                raise StoreError(
                    f"the database {where} has version {version}, this release knows {len(MIGRATIONS)}: "
                    "use the newer release"
                )
            for number, name in enumerate(MIGRATIONS[version:], version + 1):
                await db.execute(files("relay.outbox.postgres").joinpath("migrations", name).read_text("utf-8"))
                await db.execute("INSERT INTO beaconpost_version VALUES ($1)", number)
                if name == SEALED:
                    vault = await unlock(PostgresConnection(db), find_keys)
                    await seal_plain_rows(PostgresConnection(db), vault)
            vault = vault or await unlock(PostgresConnection(db), find_keys)
        if 0 < version < MIGRATIONS.index(SEALED) + 1:
            log.warning("names and letters are sealed now; run VACUUM FULL to remove what was stored in the clear")
    except OUTAGES as error:
        raise StoreError(f"cannot use the database {where}: {describe_error(error)}") from error
    except KeyMissing as error:
        raise KeyMissing(f"cannot use the database {where}: {error}. It was left as it is.") from None
    finally:
        db.terminate()
    return vault


def describe(url: str) -> str:
    """The database's address, without user and password."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"


async def listen(url: str, woken: Callable[[], None]) -> None:
    """Call `woken` whenever any process queues something; forever, reconnecting as needed."""
    while True:
        gone = asyncio.Event()
        try:
            db = await connect(url)
            try:
                db.add_termination_listener(lambda *_, gone=gone: gone.set())
                await db.add_listener(CHANNEL, lambda *_: woken())
                woken()  # what was queued while nobody listened
                await gone.wait()
            finally:
                db.terminate()
        except OUTAGES as error:
            log.warning("not listening to the database: %s", type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.sleep(RECONNECT_AFTER)
