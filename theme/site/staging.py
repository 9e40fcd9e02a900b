"""Where a build puts its files: into a folder of their own, but for those that are served already.

Most of a site is as it was when one text has changed. So a build reads what is served, and writes only what differs;
`replacement` takes both. Pelican by hand has no served site: it writes everything into its output folder.
"""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

import msgspec

SERVED: Final = "BEACONPOST_SERVED"  # set by `beaconpost build` alone: the folder of the site that people read
STAGED: Final = ".beaconpost.staged"  # in the staging folder, for whoever started Pelican


class Staged(msgspec.Struct, frozen=True):
    """What a build leaves beside the files that it has written."""

    kept: Collection[str]  # names of files that are served as they should be
    timezone: str
    states: str  # folder of the site's own states; "" if there is none
    retained: Collection[str]  # names in the served folder that are not the site's


class Staging:
    """The files of one build."""

    def __init__(self, folder: Path, served: Path | None) -> None:
        self._folder, self._served = folder, served
        self._written: set[str] = set()
        self._kept: set[str] = set()

    def write(self, name: str, content: bytes) -> None:
        """name: from the root of the site. Raises FileExistsError if it has been written already."""
        if name in self._written:
            raise FileExistsError(f"two pages at /{name}: give one of them another address")
        self._written.add(name)
        path = self._folder / name
        if self._is_served(name, content):
            self._kept.add(name)
            path.unlink(missing_ok=True)  # Pelican copies the theme's files as they are, before we shrink them
            return
        try:
            path.write_bytes(content)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    @property
    def folders(self) -> Collection[str]:
        """At the root of the site, also those that Pelican has copied."""
        copied = {path.name for path in self._folder.iterdir() if path.is_dir()} if self._folder.is_dir() else set()
        return {name.split("/")[0] for name in self._written if "/" in name} | copied

    def close(self, timezone: str, states: str, retained: Collection[str]) -> None:
        """Leave word for whoever started Pelican, if anybody did."""
        if self._served is not None:
            staged = Staged(sorted(self._kept), timezone, states, retained)
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / STAGED).write_bytes(msgspec.json.encode(staged))

    def _is_served(self, name: str, content: bytes) -> bool:
        if self._served is None:
            return False
        try:
            with open(self._served / name, "rb") as served:  # noqa: PTH123  (a third faster than Path's, for thousands)
                return os.fstat(served.fileno()).st_size == len(content) and served.read() == content
        except OSError:
            return False


def take_staged(folder: Path) -> Staged:
    """What a build has left in its staging folder, and nobody should publish."""
    path = folder / STAGED
    staged = msgspec.json.decode(path.read_bytes(), type=Staged)
    path.unlink()
    return staged
