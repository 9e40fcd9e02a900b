"""One invented person goes through everything that can happen to a letter; then her words are found nowhere."""

import asyncio
import contextlib
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from relay.assembly import open_outbox
from relay.settings import MailProvider
from tests.books import SQLITE, open_books
from tests.contract.delivery.peers import open_peer
from tests.contract.web.canary import (
    DAY,
    ORGANIZER,
    SECRET,
    WORDS,
    Clock,
    Stalling,
    die_while_sending,
    live_through,
    until_idle,
    visiting,
)
from tests.samples.campaigns import campaign, heard, publish
from tests.samples.settings import relay_settings, store_settings

pytestmark = pytest.mark.anyio
FOR_WRITING = ("w", "a", "x", "+")
_WRITTEN: list[set[str]] = []  # a hook of the interpreter's stays for good: it tells whoever listens


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _WRITTEN and event == "open":
        path, mode, flags = arguments
        # Without a mode it is os.open: its flags say whether it is for writing.
        is_written = any(sign in mode for sign in FOR_WRITING) if isinstance(mode, str) else bool(int(str(flags)) & 3)
        if is_written and isinstance(path, str | bytes):
            _WRITTEN[-1].add(path if isinstance(path, str) else path.decode())


sys.addaudithook(_hear)


@contextmanager
def files_written() -> Iterator[set[str]]:
    """Every path that this process opens for writing."""
    _WRITTEN.append(set())
    try:
        yield _WRITTEN[-1]
    finally:
        _WRITTEN.pop()


def found_in(folder: Path) -> set[tuple[str, str]]:
    """Files and the words in them."""
    found = set()
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # a socket, or a file that the database has just removed
            content = path.read_bytes() if path.is_file() else b""
            found |= {(path.name, word) for word in WORDS if word.encode() in content}
    return found


def words_in(paths: set[str]) -> set[tuple[str, str]]:
    """As `found_in`, of files that are still there, wherever they are."""
    found = set()
    for path in paths:
        with contextlib.suppress(OSError):
            content = Path(path).read_bytes() if Path(path).is_file() else b""
            found |= {(path, word) for word in WORDS if word.encode() in content}
    return found


def read_all(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def data_folder(store: str, tmp_path: Path) -> Path:
    return tmp_path if store.startswith(SQLITE) else Path(parse_qs(urlsplit(store).query)["host"][0])


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process, SQLite and the processes that it starts put temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.usefixtures("temporary")
async def test_her_words_are_found_nowhere(store: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    publish(tmp_path, campaign(slug="harbor", organiser=ORGANIZER), heard(organiser=ORGANIZER))
    server = Stalling()
    clock = Clock(datetime.now(UTC))
    folders = {tmp_path, data_folder(store, tmp_path)}
    with files_written() as written:
        async with open_peer(peer=server) as peer:
            settings = relay_settings(
                tmp_path, database=store_settings(store).database, smtp=peer.server(), bounce_secret=SECRET,
                bounce_domain="bounces.campaign.example", sender="letters@campaign.example",
                mail_provider=MailProvider("postmark"), recipient_domains=frozenset({"libraries.example"}),
            )  # fmt: skip
            dying = await die_while_sending(tmp_path, store, server)
            clock.now += timedelta(minutes=10)  # then another worker may have what it held
            async with visiting(settings, clock) as visits:
                outbox = await open_outbox(settings)
                shown = await live_through(visits, outbox, server, clock)
                names = await visits.ask("GET", "/campaigns/harbor/participants")
                assert "Quillonia" in names.text  # she ticked the box
                assert visits.walked == visits.table, "say in the canary's life what a new route is for"
            assert server.sent()  # it went where it was to go
            assert server.sent("power cut")
            assert set().union(*map(found_in, folders)) == set()  # sealed, from the first byte on
            theirs = ("mail.log", "httpx2")  # the test's own mail server and browser
            logged = [record.getMessage() for record in caplog.records if record.name not in theirs]
            assert any("Refused" in line for line in logged)
            to_organizers = [
                str(envelope.original_content) for envelope in server.got if ORGANIZER in envelope.rcpt_tos
            ]
            alerts = [mail for mail in to_organizers if "an answer to a letter" not in mail]  # which is passed on whole
            assert (len(visits.refusals) > 8, len(alerts) < len(to_organizers)) == (True, True)
            said = "\n".join([*shown, *visits.urls, *visits.refusals, *alerts, *logged, dying])
            assert [word for word in WORDS if word in said] == []
            sealed = await all_sealed(store)
            assert len(sealed) > 8
            clock.now += 31 * DAY
            await outbox.forget(clock.now, 7 * DAY)
            for slug in ("harbor", "heard"):
                await outbox.forget_campaign(slug)
            assert await all_sealed(store) == []
            await outbox.close()
    if store.startswith(SQLITE):
        left = read_all(tmp_path)
        assert [text for text in sealed if text in left] == []
    assert set().union(*map(found_in, folders)) == set()
    assert words_in(written) == set()


async def all_sealed(store: str) -> list[bytes]:
    """Of every person, letter and public name."""
    async with open_books(store) as books:
        tables = [
            await books.read(f"SELECT sealed FROM {table} WHERE length(sealed) > 0")  # noqa: S608
            for table in ("submissions", "letters", "participants", "members")
        ]
    return [row[0] for table in tables for row in table]


async def test_captured_letters_are_erased_like_the_rest(tmp_path: Path) -> None:
    publish(tmp_path, campaign(slug="harbor", organiser=ORGANIZER))
    settings = relay_settings(tmp_path)
    clock = Clock(datetime.now(UTC))
    async with visiting(settings, clock) as visits:
        outbox = await open_outbox(settings)
        await visits.write()
        await until_idle(outbox, clock)
        await outbox.close()
    captured = list(settings.mail_folder.glob("*.eml"))
    assert len(captured) == 3
    assert {path.stat().st_mode & 0o777 for path in captured} == {0o600}
    clock.now += 8 * DAY
    async with visiting(settings, clock) as visits:
        async with asyncio.timeout(60):
            while await asyncio.to_thread(found_in, settings.mail_folder):
                pass
    assert found_in(settings.mail_folder) == set()
