"""`beaconpost move`: from one database into another."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from relay.assembly import open_outbox
from relay.cli import main
from relay.outbox import LetterFilter
from tests.postgres import fresh_database
from tests.samples.letters import letters, submission
from tests.samples.settings import SECRET_KEY, store_settings

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
async def target(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty store of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    async with fresh_database(request.getfixturevalue("postgres")) as url:
        yield url


async def fill(store: str) -> None:
    outbox = await open_outbox(store_settings(store))
    for number in range(1, 6):
        post = submission(number)
        await outbox.accept(post, letters(post), None, "never")
    await outbox.close()


async def list_ids(store: str) -> list[str]:
    outbox = await open_outbox(store_settings(store))
    found = await outbox.list_letters(LetterFilter(), 100)
    await outbox.close()
    return sorted(str(letter.id) for letter in found)


async def test_everything_is_in_the_new_database_and_still_in_the_old(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = f"sqlite:///{tmp_path / 'old.db'}"
    await fill(old)
    before = await list_ids(old)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEACONPOST_SECRET_KEYS", SECRET_KEY.decode())
    monkeypatch.setenv("BEACONPOST_DATABASE", target)
    assert await asyncio.to_thread(main, ["move", old]) == 0
    assert capsys.readouterr().out.count("10 letters") == 2
    assert len(before) == 10
    assert await list_ids(target) == await list_ids(old) == before
    assert await asyncio.to_thread(main, ["move", old]) == 1  # it is not empty any more
    assert await list_ids(target) == before


async def test_a_database_is_not_moved_onto_itself_nor_from_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEACONPOST_SECRET_KEYS", SECRET_KEY.decode())
    await fill("sqlite:///var/beaconpost.db")
    assert await asyncio.to_thread(main, ["move", "sqlite:///var/beaconpost.db"]) == 1
    assert "set it to the new database first" in capsys.readouterr().err
    assert await asyncio.to_thread(main, ["move", "sqlite:///nowhere.db"]) == 1
    assert "there is no database nowhere.db" in capsys.readouterr().err
