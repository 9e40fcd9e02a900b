"""The campaigns in force: read at the start, again when they change; a broken manifest leaves the old one in force."""

import asyncio
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from relay.contract import Campaign, Manifest, parse_manifest
from relay.errors import ManifestError

log = logging.getLogger("beaconpost.manifest")

MAX_BYTES: Final = 20_000_000
FRESH: Final = 30.0  # seconds between two looks at a manifest behind an address
TIMEOUT: Final = 10.0  # seconds


class Campaigns:
    """The manifest in force and how it came to be. `problem` says why the newest could not be used, or is empty.

    source: a path or an https address. clock: seconds, monotonic.
    check: raises ValueError for a manifest that this relay could not serve.
    """

    def __init__(self, source: str, clock: Callable[[], float], check: Callable[[Manifest], None]) -> None:
        self._source = source
        self._clock = clock
        self._check = check
        self._read_at = float("-inf")
        self._stamp: object = None
        self._lock = asyncio.Lock()
        self._manifest: Manifest | None = None
        self._by_slug: Mapping[str, Campaign] = {}
        self.problem = ""

    @property
    def manifest(self) -> Manifest:
        """The manifest in force. Raises ManifestError while there is none."""
        if self._manifest is None:
            raise ManifestError(self.problem or f"{self._source} has not been read yet")
        return self._manifest

    async def find(self, slug: str) -> Campaign | None:
        """The campaign of that name; the manifest is looked at again, not too often, before the answer is None."""
        await self.refresh()
        return self._by_slug.get(slug)

    async def refresh(self) -> None:
        """Look for a newer manifest: a file whenever it changed, an address at most every FRESH seconds."""
        if not self._due():
            return
        async with self._lock:
            if self._due():
                await self._load()

    def _due(self) -> bool:
        if "://" in self._source:
            return self._clock() - self._read_at >= FRESH
        return self._stamp is None or _stamp(Path(self._source)) != self._stamp

    async def _load(self) -> None:
        self._read_at = self._clock()
        try:
            if "://" in self._source:
                raw = await asyncio.to_thread(_fetch, self._source)
            else:
                self._stamp = _stamp(Path(self._source))
                raw = await asyncio.to_thread(Path(self._source).read_bytes)
            manifest = parse_manifest(raw)
            self._check(manifest)
        except (OSError, ValueError) as error:
            self.problem = f"{self._source}: {error}"
            log.error("manifest not usable, the old one stays in force: %s", self.problem)
            return
        self._manifest, self._by_slug, self.problem = manifest, manifest.by_slug(), ""
        log.info("manifest in force: %d campaigns, built %s", len(manifest.campaigns), manifest.built)


def _stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does; a missing file has one of its own."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310  (settings allow https only)
        raw: bytes = answer.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    return raw
