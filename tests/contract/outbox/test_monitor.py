"""A monitor outside hears every hour that all is well, or that it is not; on both stores, over real HTTP."""

import asyncio
import logging
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from boundaries.data import shipped
from boundaries.state import State, open_state
from relay.app import open_relay
from relay.assembly import open_outbox
from relay.campaigns import Campaigns
from relay.monitor import Watch, report_to_monitor
from relay.outbox import Outbox
from relay.outbox.throttle import SendingHours
from relay.rosters import Rosters
from relay.settings import load
from relay.site_view import SiteView
from tests.contract.outbox.conftest import fill, take
from tests.samples.campaigns import publish
from tests.samples.letters import NOON
from tests.samples.settings import relay_settings, store_settings

pytestmark = pytest.mark.anyio

TOKEN = "/0a1b2c3d-not-for-anybody"
LATER = NOON + timedelta(hours=2)


@dataclass
class Monitor:
    """A service that remembers what was asked of it, and by whom."""

    status: str
    url: str = ""
    asked: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        request, *headers = head.strip().split("\r\n")
        self.asked.append(request.removesuffix(" HTTP/1.1"))
        self.headers += headers
        writer.write(f"HTTP/1.1 {self.status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK".encode())
        await writer.drain()
        writer.close()
        self.heard.set()


@asynccontextmanager
async def open_monitor(status: str = "200 OK") -> AsyncIterator[Monitor]:
    monitor = Monitor(status)
    async with await asyncio.start_server(monitor.answer, "127.0.0.1", 0) as server:
        monitor.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{TOKEN}"
        yield monitor


@pytest.fixture
async def monitor() -> AsyncIterator[Monitor]:
    async with open_monitor() as monitor:
        yield monitor


@pytest.fixture(scope="module")
def massachusetts() -> State:
    return open_state(shipped("ma"), on=date(2026, 1, 5))


@pytest.fixture
def watch(outbox: Outbox, tmp_path: Path, massachusetts: State) -> Callable[..., Watch]:
    """By default a day after the roster was made, at which all is well."""
    publish(tmp_path)

    def make(at: datetime = NOON, hours: SendingHours | None = None, roster_age: int = 1) -> Watch:
        campaigns = Campaigns(str(tmp_path / "campaigns.json"), time.monotonic, lambda _: "")
        today = massachusetts.roster_date + timedelta(days=roster_age)
        site = SiteView(campaigns, "", "", lambda: datetime.combine(today, NOON.timetz()))
        return Watch(campaigns, Rosters({"ma": massachusetts}, site, False, None), outbox, hours, lambda: at)

    return make


async def test_an_operator_hears_that_the_disk_runs_full(watch: Callable[..., Watch], tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    short = await open_outbox(store_settings(f"sqlite:///{tmp_path / 'short.db'}"), disk_floor=2 * free)
    (trouble,) = await replace(watch(), outbox=short).find_trouble()
    assert "no new letters are taken until there is more room" in trouble
    await short.close()


async def test_all_is_well(monitor: Monitor, watch: Callable[..., Watch], outbox: Outbox) -> None:
    await fill(outbox, 1)
    await report_to_monitor(monitor.url, watch().find_trouble)()
    assert monitor.asked == [f"GET {TOKEN}"]


async def test_a_monitor_learns_nothing_but_yes_or_no(
    monitor: Monitor, watch: Callable[..., Watch], outbox: Outbox
) -> None:
    await fill(outbox, 1)
    await report_to_monitor(monitor.url, watch(LATER).find_trouble)()
    names = sorted(header.partition(":")[0] for header in monitor.headers)
    assert (monitor.asked, names) == ([f"GET {TOKEN}/fail"], ["Accept-Encoding", "Connection", "Host", "User-Agent"])


async def test_a_letter_that_waits_for_an_hour_is_trouble(watch: Callable[..., Watch], outbox: Outbox) -> None:
    await fill(outbox, 1)
    assert await watch(NOON + timedelta(minutes=50)).find_trouble() == []
    (line,) = await watch(LATER).find_trouble()
    assert "a letter has waited since" in line
    for claim in await take(outbox, LATER):
        await outbox.settle(claim, "sent", LATER, None, "250 OK")
    assert await watch(LATER).find_trouble() == []


async def test_letters_that_wait_for_the_morning_are_no_trouble(watch: Callable[..., Watch], outbox: Outbox) -> None:
    await fill(outbox, 1)
    zone = load({"BEACONPOST_SENDING_HOURS": "08:00-18:00 UTC"}).sending_hours
    assert zone
    hours, evening = SendingHours(*zone), NOON.replace(hour=20)
    assert await watch(evening, hours).find_trouble() == []
    morning = (NOON + timedelta(days=1)).replace(hour=8)
    assert await watch(morning + timedelta(minutes=30), hours).find_trouble() == []
    assert await watch(morning + timedelta(minutes=90), hours).find_trouble() != []


async def test_a_pause_is_trouble(watch: Callable[..., Watch], outbox: Outbox) -> None:
    await outbox.pause("campaign", "open-libraries", "", NOON)
    assert await watch().find_trouble() == ["campaign open-libraries is paused"]


async def test_an_old_roster_is_trouble(watch: Callable[..., Watch]) -> None:
    (line,) = await watch(roster_age=400).find_trouble()
    assert "boundaries update" in line


async def test_a_site_that_cannot_be_read_is_trouble(watch: Callable[..., Watch], tmp_path: Path) -> None:
    (tmp_path / "campaigns.json").write_text("{")
    (line,) = await watch().find_trouble()
    assert "campaigns.json" in line


async def test_a_store_that_cannot_be_read_is_trouble(watch: Callable[..., Watch], outbox: Outbox) -> None:
    watched = watch()
    await outbox.close()
    assert len(await watched.find_trouble()) == 1


@pytest.mark.parametrize("status", ["404 Not Found", "500 Broken", "nonsense"])
async def test_a_monitor_in_trouble_troubles_nobody_and_its_url_is_not_logged(
    status: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def well() -> list[str]:
        return []

    async with open_monitor(status=status) as broken:
        await report_to_monitor(broken.url, well)()
        url = broken.url
    await report_to_monitor(url, well)()  # nobody listens any more
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
    assert TOKEN not in caplog.text


async def test_fail_goes_before_the_query(monitor: Monitor) -> None:
    async def trouble() -> list[str]:
        return ["a pipe burst"]

    await report_to_monitor(f"{monitor.url}/?status=up", trouble)()
    assert monitor.asked == [f"GET {TOKEN}/fail?status=up"]


async def test_a_relay_that_starts_tells_its_monitor(monitor: Monitor, tmp_path: Path) -> None:
    publish(tmp_path)
    settings = relay_settings(tmp_path, ping_url=monitor.url)
    async with open_relay(settings), asyncio.timeout(30):
        await monitor.heard.wait()
    async with open_relay(replace(settings, ping_url=""), with_worker=True):
        pass
    assert len(monitor.asked) == 1
