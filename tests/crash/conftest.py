"""Everything here runs on both stores."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.postgres import fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Where the letters are kept, as BEACONPOST_DATABASE names it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'letters.db'}"
        return
    async with fresh_database(request.getfixturevalue("postgres")) as url:
        yield url
