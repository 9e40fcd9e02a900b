"""How much room the disk has for new posts. What was accepted needs some, too: outcomes, the log, a backup."""

import shutil
from pathlib import Path
from typing import Final

from relay.errors import StoreFull

FLOOR: Final = 1 << 30  # bytes that new posts leave free,
SHARE: Final = 20  # or a twentieth of a small disk


def check_room(folder: Path, floor: int | None = None) -> None:
    """Raises StoreFull if new posts must leave alone what is free. floor: bytes; None for the default."""
    try:
        disk = shutil.disk_usage(folder)
    except OSError:  # whatever is wrong there, writing will say it
        return
    needed = min(FLOOR, disk.total // SHARE) if floor is None else floor
    if disk.free < needed:
        raise StoreFull(
            f"{disk.free >> 20} MiB are free on the database's disk, {needed >> 20} MiB are kept for what was accepted:"
            " no new letters are taken until there is more room"
        )
