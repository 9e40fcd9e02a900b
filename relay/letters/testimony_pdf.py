"""A testimony on paper: for the writer to keep, or to bring to the hearing."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final

import ttf_opensans

TOWN_ONLY: Final = "Your Address"  # the placeholder that a PDF fills in with the town
_MARGIN: Final = 25.0  # millimeters, like the others
_LINE: Final = 6.0
_TEXT, _SMALL = 11.0, 9.0  # points


def can_show(texts: Sequence[str]) -> bool:
    """Whether our font has every character: Latin, with all of Vietnamese, Greek, Cyrillic; neither Chinese nor
    Arabic, for which the browser prints the page."""
    known = _read_characters()
    return all(ord(character) in known or character == "\n" for text in texts for character in text)


def draw_testimony(head: Sequence[tuple[str, str]], message: str, made: datetime) -> bytes:
    """head: a label and a text for each line above the message, the first of them the title's. All in the letter's
    language. made: for the file's own date, so that the same testimony is the same file."""
    # Imported here: the library and what it brings along take 30 MB, and most relays never draw one.
    from fpdf import FPDF

    page = FPDF(format="Letter")
    page.set_creation_date(made)
    page.set_margin(_MARGIN)
    page.set_auto_page_break(auto=True, margin=_MARGIN)
    page.set_title(head[0][1])
    page.set_lang("en")
    for style, font in (("", ttf_opensans.OPENSANS_REGULAR), ("B", ttf_opensans.OPENSANS_SEMIBOLD)):
        page.add_font("OpenSans", style, font.path)
    page.add_page()
    page.set_font("OpenSans", "B", 15)
    page.multi_cell(0, 8, head[0][1], align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(_LINE / 2)
    for label, text in head[1:]:
        page.set_font("OpenSans", "B", _SMALL)
        page.cell(28, _LINE, label)
        page.set_font("OpenSans", "", _TEXT)
        page.multi_cell(0, _LINE, text, align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(_LINE)
    page.set_font("OpenSans", "", _TEXT)
    page.multi_cell(0, _LINE, message, align="L", new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


@cache
def _read_characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(ttf_opensans.OPENSANS_REGULAR.path, lazy=True) as font:
        return frozenset(font.getBestCmap())
