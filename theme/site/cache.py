"""What was made before from the same things is taken from a folder that may be deleted at any time.

The name of a file there is the digest of all that it was made of: the words, and the code and the data that made it.
"""

import os
import pickle
import sys
from collections.abc import Callable, Collection, Iterable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Final

import boundaries
import theme

FOLDER: Final = Path("var/cache/site")  # in the folder where a site is built
_SEAL: Final = sha256().digest_size  # each file begins with the digest of the rest


def remember(make: "partial[bytes]", made_with: Iterable[Path]) -> bytes:
    """What `make` makes. made_with: files that it depends on, its code among them. Without a folder to write to, it is
    made anew each time."""
    digest = sha256(pickle.dumps((make.args, make.keywords), protocol=5))
    for path in made_with:
        digest.update(_digest(path))
    return remember_by(digest.hexdigest(), make)


def remember_by(digest: str, make: Callable[[], bytes]) -> bytes:
    """What `make` makes. digest: of all that this depends on."""
    kept = FOLDER / digest
    try:
        seal, made = (packed := kept.read_bytes())[:_SEAL], packed[_SEAL:]
        if seal == sha256(made).digest():
            return made  # a full disk or a crash may have left half a file
    except OSError:
        pass
    made = make()
    write(kept, sha256(made).digest() + made)
    return made


def write(kept: Path, content: bytes) -> None:
    """Into the cache, whole or not at all. If nothing can be written there, nothing is kept."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(f".{os.getpid()}-{id(content)}")
        draft.write_bytes(content)
        draft.replace(kept)
    except OSError:
        pass


@cache
def digest_code() -> str:
    """Of everything that pages are made with: our code and data, Python, and the versions of all packages."""
    digest = sha256(sys.version.encode())
    for package in (theme, boundaries):
        digest.update(digest_folder(Path(package.__path__[0])).encode())
    for entry in sys.path:
        names = os.listdir(entry) if entry and Path(entry).is_dir() else ()  # noqa: PTH208  (names only, and many)
        digest.update("\n".join(sorted(name for name in names if name.endswith(".dist-info"))).encode())
    return digest.hexdigest()


def digest_folder(folder: Path, without: Collection[str] = ()) -> str:
    """Of all files in a folder, with their names. without: names right in it that do not count."""
    digest = sha256()
    for path in _list_files(folder, without):
        digest.update(frame(path.relative_to(folder).as_posix().encode(), path.read_bytes()))
    return digest.hexdigest()


def frame(name: bytes, content: bytes) -> bytes:
    """So that no two lists of files look alike."""
    return b"%d %d\n%s\n%s" % (len(name), len(content), name, sha256(content).digest())


def _list_files(folder: Path, without: Collection[str]) -> list[Path]:
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        if Path(root) == folder:
            folders[:] = [name for name in folders if name not in without]
            names = [name for name in names if name not in without]
        found += [Path(root, name) for name in names if not name.endswith(".pyc")]
    return sorted(found)


@cache
def _digest(path: Path) -> bytes:
    return sha256(path.read_bytes()).digest()
