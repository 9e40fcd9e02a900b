"""Images drawn at build time.

One per campaign page for shared links, 1200 x 630 pixels as Open Graph recommends, and `/favicon.ico` for clients that
request it without reading a page.
"""

import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import PIL
import ttf_opensans
from PIL import Image, ImageDraw, ImageFont

from theme.assets import STATIC, read_tokens
from theme.manifest import Site

SHARE_IMAGE: Final = "share.png"
FAVICON: Final = "favicon.ico"
SIZE: Final = (1200, 630)
COLORS: Final = 64
FONT: Final = Path(ttf_opensans.OPENSANS_SEMIBOLD.path)
# All that a picture is made with, beside its words.
MADE_WITH: Final = (Path(__file__), FONT, STATIC / "site.css", Path(PIL.__file__).with_name("_version.py"))

_MARGIN: Final = 80


def can_draw(words: str) -> bool:
    """Whether the font of the share image has these letters: those of the Latin script, Vietnamese among them."""
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in words if letter.isalpha())


def draw_share_image(title: str, campaign: str, site: Site) -> bytes:
    """A PNG in the site's colors. The words must be in letters that `can_draw`."""
    tokens = read_tokens()
    (paper, _), (ink, _) = tokens["paper"], tokens["ink"]
    (brand, _), (stamp, _) = site.look.brand or tokens["brand"], site.look.stamp or tokens["stamp"]
    image = Image.new("RGB", SIZE, paper)
    draw = ImageDraw.Draw(image)
    for left in range(-40, SIZE[0], 80):
        for start, color in ((left, stamp), (left + 40, brand)):
            draw.polygon([(start, 24), (start + 20, 0), (start + 40, 0), (start + 20, 24)], fill=color)
    draw.text((_MARGIN, 80), campaign, stamp, _font(32))
    for size in (76, 64, 52, 40, 30):
        font = _font(size)
        lines = _wrap(draw, title, font)
        if len(lines) * size * 1.25 <= 340:
            break
    draw.multiline_text((_MARGIN, 150), "\n".join(lines), ink, font, spacing=size * 0.2)
    draw.text((_MARGIN, 545), site.name, brand, _font(32))
    out = BytesIO()
    # Four colors and the shades between them: a palette is a third of the size, and takes a sixth of the time.
    image.quantize(COLORS, method=Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()


def draw_favicon(site: Site) -> bytes:
    """The envelope of icon.svg in the organization's color, as a 32-pixel ICO."""
    tokens = read_tokens()
    brand, _ = site.look.brand or tokens["brand"]
    sheet, _ = tokens["sheet"]
    image = Image.new("RGBA", (32, 32))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, 31, 31), 7, brand)
    draw.rectangle((6, 10, 25, 23), sheet)
    draw.line([(6, 10), (16, 18), (25, 10)], brand, 2)
    out = BytesIO()
    image.save(out, "ICO", sizes=[(32, 32)])
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def _wrap(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font) <= SIZE[0] - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
