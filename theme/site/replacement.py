"""Replacing a site that people are reading by a newer one: file by file, each by one rename.

So no request meets a missing page or half of one, as it would while a folder is emptied and filled again. The folder
itself stays, for whoever holds on to it: a container's mount, a shell, a file server. What did not change stays
untouched, and browsers need not fetch it again.
"""

import filecmp
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


def replace_site(made: Path, served: Path, keep: Collection[str] = ()) -> None:
    """Let `served` hold the files of `made`, and no others. Both may be on different disks. Raises OSError, and
    NotASite before anything is changed.

    First come pages that are new, so that nothing links to a page before it is there; then what changed; then the
    manifest, by which the relay knows of new campaigns; at last, what is gone is removed. If that is interrupted, the
    next build completes it: so where there is no site yet, the manifest is first, and the folder is known as a site's.
    keep: names in `served` that are not the site's, like ".git".
    """
    served = check_served(served)
    names = {path.relative_to(made) for path in made.rglob("*") if path.is_file()}
    is_first = not (served / MANIFEST_NAME).exists()
    for name in sorted(names, key=lambda name: _place(served, name, is_first=is_first)):
        _replace(made / name, served, name)
    for path in sorted(served.rglob("*"), reverse=True):  # a folder after what is in it
        name = path.relative_to(served)
        if name in names or name.parts[0] in keep:
            continue
        if not path.is_dir() or path.is_symlink():
            path.unlink()
        elif not any(path.iterdir()):
            path.rmdir()


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
    draft = old.with_name(_DRAFT)
    shutil.copyfile(new, draft)
    draft.replace(old)
