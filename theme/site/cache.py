"""What was made before from the same things is taken from a folder that may be deleted at any time.

The name of a file there is the digest of all that it was made of: the words, and the code and the data that made it.
"""

import os
import pickle
from collections.abc import Iterable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = Path("var/cache/site")  # in the folder where a site is built
_SEAL: Final = sha256().digest_size  # each file begins with the digest of the rest


def remember(make: "partial[bytes]", made_with: Iterable[Path]) -> bytes:
    """What `make` makes. made_with: files that it depends on, its code among them. Without a folder to write to, it is
    made anew each time."""
    digest = sha256(pickle.dumps((make.args, make.keywords), protocol=5))
    for path in made_with:
        digest.update(_digest(path))
    kept = FOLDER / digest.hexdigest()
    try:
        seal, made = (packed := kept.read_bytes())[:_SEAL], packed[_SEAL:]
        if seal == sha256(made).digest():
            return made  # a full disk or a crash may have left half a file
    except OSError:
        pass
    made = make()
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(f".{os.getpid()}-{id(made)}")
        draft.write_bytes(sha256(made).digest() + made)
        draft.replace(kept)
    except OSError:
        pass
    return made


@cache
def _digest(path: Path) -> bytes:
    return sha256(path.read_bytes()).digest()
