"""Read a lock file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
RELAY_LOCK: Final = ROOT / "requirements.lock"
DEV_LOCK: Final = ROOT / "requirements-dev.lock"  # all of RELAY_LOCK, and what builds and tests need

_PIN: Final = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """A locked package. hashes: SHA-256, hexadecimal, of the files that may be installed."""

    name: str
    version: str
    hashes: tuple[str, ...]


def read_lock(path: Path) -> Iterator[Pin]:
    for entry in path.read_text().replace("\\\n", " ").splitlines():
        if pin := _PIN.match(entry):
            yield Pin(pin["name"], pin["version"], tuple(_HASH.findall(entry)))
