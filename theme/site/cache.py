"""What was made before from the same things is taken from a folder that may be deleted at any time.

The name of a file there is the digest of all that it was made of: the words, and the code and the data that made it.
"""

import pickle
from collections.abc import Iterable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = Path("var/cache/site")  # in the folder where a site is built


def remember(make: "partial[bytes]", made_with: Iterable[Path]) -> bytes:
    """What `make` makes. made_with: files that it depends on, its code among them. Without a folder to write to, it is
    made anew each time."""
    digest = sha256(pickle.dumps((make.args, make.keywords), protocol=5))
    for path in made_with:
        digest.update(_digest(path))
    kept = FOLDER / digest.hexdigest()
    try:
        return kept.read_bytes()
    except OSError:
        made = make()
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(f".{id(made)}")
        draft.write_bytes(made)
        draft.replace(kept)
    except OSError:
        pass
    return made


@cache
def _digest(path: Path) -> bytes:
    return sha256(path.read_bytes()).digest()
