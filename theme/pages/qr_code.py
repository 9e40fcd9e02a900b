"""The QR code of a page's address, for a friend across the table or a printed sheet. Nobody else sees it."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

import segno

QUIET: Final = 4  # modules left blank around the code (ISO/IEC 18004 section 6.3.8)


@dataclass(frozen=True, slots=True)
class QrCode:
    """A square of `size` by `size` modules, with the blank ones around it."""

    size: int
    path: str  # SVG path data of the dark modules


@lru_cache(maxsize=256)
def draw_qr_code(address: str) -> QrCode:
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=QUIET)]
    return QrCode(len(rows), "".join(_draw_row(y, row) for y, row in enumerate(rows)))


def _draw_row(y: int, row: bytes) -> str:
    """Its dark modules, neighbors joined."""
    path, x = "", 0
    for is_dark, modules in groupby(row):
        width = len(list(modules))
        if is_dark:
            path += f"M{x} {y}h{width}v1h-{width}z"
        x += width
    return path
