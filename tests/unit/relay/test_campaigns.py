"""Which manifest is in force, whatever happens to the file or the network."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from relay.campaigns import MAX_AGE, MIN_INTERVAL, STAT_INTERVAL, Campaigns
from relay.errors import ManifestError
from tests.samples.campaigns import campaign, manifest
from theme.manifest import Campaign, dump_manifest

pytestmark = pytest.mark.anyio

ONE = dump_manifest(manifest(campaign()))
TWO = dump_manifest(manifest(campaign(), campaign(slug="second")))


class Clock:
    """Seconds that pass only when a test sets them."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Site:
    """A real web server with one file."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.status = 200
        self.requests = 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.requests += 1
                self.send_response(site.status)
                self.end_headers()
                self.wfile.write(site.body)

            def log_message(self, *args: object) -> None:
                del args

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/campaigns.json"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(ONE)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def allow(campaign: Campaign) -> str:
    del campaign
    return ""


def write(path: Path, body: bytes, at: int) -> None:
    path.write_bytes(body)
    os.utime(path, (at, at))


async def test_a_file_is_read_again_when_it_changes(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "campaigns.json"
    write(path, ONE, 1)
    campaigns = Campaigns(str(path), clock, allow)
    assert await campaigns.find("second") is None
    write(path, TWO, 2)
    assert await campaigns.find("second") is not None


async def test_a_broken_manifest_is_reported_and_the_old_one_stays_in_force(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "campaigns.json"
    write(path, ONE, 1)
    campaigns = Campaigns(str(path), clock, allow)
    await campaigns.refresh()
    write(path, b'{"version": 1, "site": ', 2)
    clock.now = STAT_INTERVAL
    assert await campaigns.find("open-libraries") is not None
    assert "not a campaign manifest" in campaigns.problem
    write(path, TWO, 3)
    assert await campaigns.find("second") is not None
    assert campaigns.problem == ""


async def test_a_manifest_of_another_version_is_refused(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "campaigns.json"
    write(path, ONE.replace(b'"version": 1', b'"version": 2'), 1)
    campaigns = Campaigns(str(path), clock, allow)
    await campaigns.refresh()
    assert "version 2" in campaigns.problem


async def test_a_missing_file_is_reported_and_read_once_it_exists(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "campaigns.json"
    campaigns = Campaigns(str(path), clock, allow)
    await campaigns.refresh()
    assert not campaigns.is_read
    with pytest.raises(ManifestError, match=r"campaigns\.json"):
        _ = campaigns.manifest
    write(path, ONE, 1)
    assert await campaigns.find("open-libraries") is not None


async def test_a_campaign_that_cannot_be_served_blocks_only_itself(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "campaigns.json"
    write(path, TWO, 1)
    campaigns = Campaigns(str(path), clock, lambda campaign: "not allowed" if campaign.slug == "second" else "")
    await campaigns.refresh()
    assert campaigns.blocked == {"second": "not allowed"}
    assert campaigns.problem == ""


async def test_a_url_is_fetched_at_intervals(site: Site, clock: Clock) -> None:
    campaigns = Campaigns(site.url, clock, allow)
    await campaigns.refresh()
    await campaigns.refresh()
    assert site.requests == 1
    site.body, clock.now = TWO, MAX_AGE
    await campaigns.refresh()
    assert site.requests == 2
    assert len(campaigns.manifest.campaigns) == 2


async def test_an_unknown_campaign_triggers_a_throttled_fetch(site: Site, clock: Clock) -> None:
    campaigns = Campaigns(site.url, clock, allow)
    await campaigns.refresh()
    site.body = TWO
    assert await campaigns.find("second") is None
    clock.now = MIN_INTERVAL
    assert await campaigns.find("second") is not None
    assert site.requests == 2


async def test_a_known_campaign_never_waits_for_the_network(site: Site, clock: Clock) -> None:
    campaigns = Campaigns(site.url, clock, allow)
    await campaigns.refresh()
    clock.now = MAX_AGE
    assert await campaigns.find("open-libraries") is not None
    assert site.requests == 1
    await campaigns.close()


async def test_a_site_that_is_down_leaves_the_old_manifest_in_force(site: Site, clock: Clock) -> None:
    campaigns = Campaigns(site.url, clock, allow)
    await campaigns.refresh()
    site.status, clock.now = 503, MAX_AGE
    await campaigns.refresh()
    assert "503" in campaigns.problem
    assert await campaigns.find("open-libraries") is not None
