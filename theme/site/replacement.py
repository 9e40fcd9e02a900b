"""Replacing a site that people are reading by a newer one: file by file, each by one rename.

So no request meets a missing page or half of one, as it would while a folder is emptied and filled again. The folder
itself stays, for whoever holds on to it: a container's mount, a shell, a file server. What did not change stays
untouched, and browsers need not fetch it again.
"""

import filecmp
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

from theme.manifest import MANIFEST_NAME


class NotASite(Exception):
    """A folder has something in it that is no built site."""


_DRAFT: Final = ".beaconpost.next"  # a file before it is renamed; the next build removes one that a crash left behind


def check_served(served: Path) -> Path:
    """The real folder that is meant. Raises NotASite if it is neither empty, nor missing, nor holds a built site.

    A path through a folder that does not exist yet, like new/../old, is old once new is made: so it is judged as that.
    """
    real = served.resolve()
    if real.exists() and not (real / MANIFEST_NAME).is_file() and not (real.is_dir() and not any(real.iterdir())):
        raise NotASite(
            f"{served} contains something other than a built site, and a build would delete it: move it away"
        )
    return real


def replace_site(made: Path, served: Path, keep: Collection[str] = (), right: Collection[str] = ()) -> None:
    """Let `served` hold the files of `made`, those that are `right` as they are, and no others. `made` loses its files;
    both may be on different disks. Raises OSError, and NotASite before anything is changed.

    First come pages that are new, so that nothing links to a page before it is there; then what changed; then the
    manifest, by which the relay knows of new campaigns; at last, what is gone is removed. If that is interrupted, the
    next build completes it: so where there is no site yet, the manifest is first, and the folder is known as a site's.
    keep: names in `served` that are not the site's, like ".git".
    """
    served = check_served(served)
    if _appear(made, served):
        return
    new = {path.relative_to(made) for path in made.rglob("*") if path.is_file()}
    names = {*new, *map(Path, right)}
    is_first = not (served / MANIFEST_NAME).exists()
    for name in sorted(new, key=lambda name: _place(served, name, is_first=is_first)):
        _replace(made / name, served, name)
    _remove(served, names, keep)


def _remove(served: Path, names: Collection[Path], keep: Collection[str]) -> None:
    """Everything but `names`, and what is at the root and to be kept."""
    wanted = {str(served / name) for name in names}
    kept = {str(served / name) for name in keep}
    for root, folders, files in os.walk(served, topdown=False):  # a folder after what is in it
        if str(served) != root and str(served / Path(root).relative_to(served).parts[0]) in kept:
            continue
        for name in (*files, *folders):
            path = f"{root}{os.sep}{name}"
            if path in wanted or path in kept:
                continue
            if name in files or Path(path).is_symlink():
                Path(path).unlink()
            elif not os.listdir(path):  # noqa: PTH208  (thousands)
                Path(path).rmdir()


def _appear(made: Path, served: Path) -> bool:
    """A first site is there at once. False if there is a folder already, or on another disk."""
    if served.exists():
        return False
    try:
        served.parent.mkdir(parents=True, exist_ok=True)
        made.rename(served)
    except OSError:
        return False
    return True


def _place(served: Path, name: Path, *, is_first: bool) -> tuple[bool, bool, Path]:
    is_manifest = name == Path(MANIFEST_NAME)
    return is_manifest != is_first, (served / name).is_file(), name


def _replace(new: Path, served: Path, name: Path) -> None:
    old = served / name
    if old.is_file() and filecmp.cmp(new, old, shallow=False):
        return
    if old.is_dir():  # /about was a folder, and is a file now
        shutil.rmtree(old)
    for parent in name.parents[:-1]:
        if (served / parent).is_file():
            (served / parent).unlink()
    old.parent.mkdir(parents=True, exist_ok=True)
    try:
        new.replace(old)
    except OSError:  # it is on another disk
        draft = old.with_name(_DRAFT)
        shutil.copyfile(new, draft)
        draft.replace(old)
