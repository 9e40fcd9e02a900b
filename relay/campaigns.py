"""The campaigns in force: read at the start and when they change; a broken manifest leaves the old one in force."""

import asyncio
import logging
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from relay.errors import ManifestError
from theme.manifest import Campaign, Manifest, parse_manifest

log = logging.getLogger("beaconpost.manifest")

MAX_BYTES: Final = 20_000_000
FRESH: Final = 60.0  # seconds for which a manifest from the network is taken as it is
IMPATIENT: Final = 5.0  # seconds between two looks for a campaign that is not in it
TIMEOUT: Final = 10.0  # seconds
GLANCE: Final = 1.0  # seconds between two looks at a file for a campaign that is in it


class Campaigns:
    """The manifest in force. `problem` says why the newest could not be used; it is empty while all is well.

    source: a path or an https address. clock: seconds, monotonic. check: what keeps this relay from serving a
    campaign, in words for the operator, or ""; such campaigns are in `blocked`, the others are served.
    """

    def __init__(self, source: str, clock: Callable[[], float], check: Callable[[Campaign], str]) -> None:
        self._source = source
        self._clock = clock
        self._check = check
        self._looked_at = float("-inf")
        self._stamp: tuple[int, int, int] | None = None
        self._lock = asyncio.Lock()
        self._background: asyncio.Task[None] | None = None
        self._manifest: Manifest | None = None
        self._by_slug: Mapping[str, Campaign] = {}
        self.blocked: Mapping[str, str] = {}
        self.problem = ""

    @property
    def manifest(self) -> Manifest:
        """The manifest in force. Raises ManifestError while there is none."""
        if self._manifest is None:
            raise ManifestError(self.problem or f"{self._source} has not been read yet")
        return self._manifest

    @property
    def is_read(self) -> bool:
        return self._manifest is not None

    def all(self) -> Iterable[Campaign]:
        """Every campaign of the manifest in force; none while there is none."""
        return self._by_slug.values()

    async def find(self, slug: str) -> Campaign | None:
        """The campaign of that name; for an unknown one the manifest is looked at again, not too often, before None.

        The network is never waited for while the campaign is known.
        """
        known = slug in self._by_slug
        if not self._is_remote:
            if not known or self._clock() - self._looked_at >= GLANCE:
                await self.refresh()
        elif not known:
            await self.refresh(IMPATIENT)
        elif self._is_due(FRESH) and (self._background is None or self._background.done()):
            self._background = asyncio.create_task(self.refresh())
        return self._by_slug.get(slug)

    async def refresh(self, fresh: float = FRESH) -> None:
        """Look for a newer manifest: a file now, the network unless that was done in the last `fresh` seconds."""
        if self._is_due(fresh):
            async with self._lock:
                if self._is_due(fresh):
                    await self._load()

    async def close(self) -> None:
        if self._background is not None:
            self._background.cancel()
            await asyncio.gather(self._background, return_exceptions=True)

    @property
    def _is_remote(self) -> bool:
        return "://" in self._source

    def _is_due(self, fresh: float) -> bool:
        if self._is_remote:
            return self._clock() - self._looked_at >= fresh
        self._looked_at = self._clock()
        return self._stamp is None or _stamp(Path(self._source)) != self._stamp

    async def _load(self) -> None:
        self._looked_at = self._clock()
        try:
            if self._is_remote:
                raw = await asyncio.to_thread(_fetch, self._source)
            else:
                self._stamp = _stamp(Path(self._source))
                raw = await asyncio.to_thread(Path(self._source).read_bytes)
            manifest, blocked = await asyncio.to_thread(self._read, raw)
        except (OSError, ValueError, HTTPException) as error:
            self.problem = f"{self._source}: {error}"
            kept = "the old one stays in force" if self._manifest else "there is none in force"
            log.error("the manifest cannot be used, %s: %s", kept, self.problem)
            return
        self._manifest, self._by_slug, self.blocked = manifest, manifest.by_slug(), blocked
        self.problem = ""
        log.info("manifest of %s in force, %d campaigns", manifest.built, len(manifest.campaigns))
        for slug, problem in blocked.items():
            log.error("campaign %s takes no letters: %s", slug, problem)

    def _read(self, raw: bytes) -> tuple[Manifest, Mapping[str, str]]:
        manifest = parse_manifest(raw)
        checked = {campaign.slug: self._check(campaign) for campaign in manifest.campaigns}
        return manifest, {slug: problem for slug, problem in checked.items() if problem}


def _stamp(path: Path) -> tuple[int, int, int]:
    """Changes when the file does; a missing file has one of its own."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_ino, found.st_size)


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310  (settings allow https only)
        if urlsplit(answer.url).scheme != urlsplit(url).scheme:
            raise ValueError(f"redirected to {answer.url}, which is no longer https")
        raw: bytes = answer.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES:,} bytes")
    return raw
