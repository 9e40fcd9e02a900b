"""The QR code on the thank-you page."""

import re

import segno

from theme.pages.qr_code import QUIET, draw_qr_code

ADDRESS = "https://campaign.example/campaigns/safe-communities-act/"


def test_the_drawing_has_exactly_the_dark_modules_of_the_code() -> None:
    code = draw_qr_code(ADDRESS)
    drawn = {
        (int(x) + step, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path)
        for step in range(int(width))
    }
    rows = list(segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=QUIET))
    assert code.size == len(rows)
    assert drawn == {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
