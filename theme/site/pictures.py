"""Pictures in the content: which ones browsers show, and whether a file is one."""

import warnings
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from PIL import Image

SHOWN: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg")  # by every browser
_SMALL: Final = (64, 64)  # a JPEG is decoded at about this size, which is quick


def is_whole(path: Path) -> bool:
    """Whether the file is what its name says, from its first byte to its last."""
    try:
        if path.suffix.lower() == ".svg":
            ET.parse(path)  # noqa: S314  (the organizer's own file)
            return True
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            image.draft(None, _SMALL)
            image.load()
    except (OSError, SyntaxError, ValueError, ET.ParseError, Image.DecompressionBombError):
        return False
    return True
