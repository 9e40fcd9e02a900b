"""The current campaigns, read from the manifest at startup and when it changes. An invalid manifest is ignored."""

import asyncio
import logging
import time
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from relay.errors import ManifestError
from relay.settings import Settings
from theme.hidden_part import reveal
from theme.manifest import Campaign, Manifest, parse_manifest

log = logging.getLogger("beaconpost.manifest")

MAX_BYTES: Final = 20_000_000
MAX_AGE: Final = 60.0  # seconds until a manifest is downloaded again
MIN_INTERVAL: Final = 5.0  # seconds between downloads in search of an unknown campaign
TIMEOUT: Final = 10.0  # seconds, for the download
STAT_INTERVAL: Final = 1.0  # seconds between checks of a local file for a known campaign


class Campaigns:
    """The current manifest.

    source: a path or an https URL. clock: seconds, monotonic. check: why this relay cannot serve a campaign, for the
    operator; "" if it can. key: opens what is sealed in it.
    """

    def __init__(
        self, source: str, clock: Callable[[], float], check: Callable[[Campaign], str], key: str = ""
    ) -> None:
        self._source = source
        self._clock = clock
        self._check = check
        self._key = key
        self._checked_at = float("-inf")
        self._version: tuple[int, int, int] | None = None
        self._lock = asyncio.Lock()
        self._background: asyncio.Task[None] | None = None
        self._manifest: Manifest | None = None
        self._by_slug: Mapping[str, Campaign] = {}
        self.blocked: Mapping[str, str] = {}  # why not, by slug; the other campaigns are served
        self.problem = ""  # why the newest manifest cannot be used

    @property
    def manifest(self) -> Manifest:
        """The current manifest. Raises ManifestError if there is none."""
        if self._manifest is None:
            raise ManifestError(self.problem or f"{self._source} has not been read yet")
        return self._manifest

    @property
    def is_read(self) -> bool:
        return self._manifest is not None

    def all(self) -> Iterable[Campaign]:
        """All campaigns of the current manifest, if there is one."""
        return self._by_slug.values()

    async def find(self, slug: str) -> Campaign | None:
        """The campaign, or None. If it is unknown, the manifest is read again first, but not too often.

        A known campaign never waits for the network.
        """
        known = slug in self._by_slug
        if not self._is_remote:
            if not known or self._clock() - self._checked_at >= STAT_INTERVAL:
                await self.refresh()
        elif not known:
            await self.refresh(MIN_INTERVAL)
        elif self._is_due(MAX_AGE) and (self._background is None or self._background.done()):
            self._background = asyncio.create_task(self.refresh())
        return self._by_slug.get(slug)

    async def refresh(self, max_age: float = MAX_AGE) -> None:
        """Read the manifest if the file has changed, or if the download is older than `max_age` seconds."""
        if self._is_due(max_age):
            async with self._lock:
                if self._is_due(max_age):
                    await self._load()

    async def close(self) -> None:
        if self._background is not None:
            self._background.cancel()
            await asyncio.gather(self._background, return_exceptions=True)

    @property
    def _is_remote(self) -> bool:
        return "://" in self._source

    def _is_due(self, max_age: float) -> bool:
        if self._is_remote:
            return self._clock() - self._checked_at >= max_age
        self._checked_at = self._clock()
        return self._version is None or _file_version(Path(self._source)) != self._version

    async def _load(self) -> None:
        self._checked_at = self._clock()
        try:
            if self._is_remote:
                raw = await asyncio.to_thread(_fetch, self._source)
            else:
                self._version = _file_version(Path(self._source))
                raw = await asyncio.to_thread(Path(self._source).read_bytes)
            manifest, blocked = await asyncio.to_thread(self._read, raw)
        except (OSError, ValueError, HTTPException) as error:
            self.problem = f"{self._source}: {error}"
            consequence = "keeping the previous one" if self._manifest else "no campaigns are available"
            log.error("cannot use the manifest, %s: %s", consequence, self.problem)
            return
        self._manifest, self._by_slug, self.blocked = manifest, manifest.by_slug(), blocked
        self.problem = ""
        log.info("loaded the manifest of %s: %d campaigns", manifest.built, len(manifest.campaigns))
        for slug, problem in blocked.items():
            log.error("campaign %s accepts no letters: %s", slug, problem)

    def _read(self, raw: bytes) -> tuple[Manifest, Mapping[str, str]]:
        manifest = reveal(parse_manifest(raw), self._key)
        checked = {campaign.slug: self._check(campaign) for campaign in manifest.campaigns}
        return manifest, {slug: problem for slug, problem in checked.items() if problem}


def make_campaigns(settings: Settings, check: Callable[[Campaign], str] = lambda _: "") -> Campaigns:
    """The campaigns that the settings name. check: as of `Campaigns`; by default all are served."""
    return Campaigns(settings.campaigns, time.monotonic, check, settings.manifest_key)


def _file_version(path: Path) -> tuple[int, int, int]:
    """Modification time, inode and size; zeros for a missing file."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_ino, status.st_size)


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=TIMEOUT) as response:  # noqa: S310  (settings allow https only)
        if urlsplit(response.url).scheme != urlsplit(url).scheme:
            raise ValueError(f"redirected to {response.url}, which is not https")
        raw: bytes = response.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES:,} bytes")
    return raw
