"""Images drawn at build time.

One per campaign page for shared links, 1200 x 630 pixels as Open Graph recommends, and `/favicon.ico` for clients that
request it without reading a page.
"""

import unicodedata
from collections.abc import Iterator
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
SHADES: Final = 16  # from paper to ink
COMPRESSION: Final = 3  # by zlib: a quarter larger than the best, in half the time
FONT: Final = Path(ttf_opensans.OPENSANS_SEMIBOLD.path)
# All that a picture is made with, beside its words.
MADE_WITH: Final = (Path(__file__), FONT, STATIC / "site.css", Path(PIL.__file__).with_name("_version.py"))

_MARGIN: Final = 80
_INK, _STAMP, _BRAND = range(3)  # parts of the palette
# A gray level's place in the palette, by part; and which levels are drawn at all.
_LEVELS: Final = [[part * SHADES + level * (SHADES - 1) // 255 for level in range(256)] for part in range(3)]
_SOLID: Final = [255 if level * (SHADES - 1) // 255 else 0 for level in range(256)]


def can_draw(words: str) -> bool:
    """Whether the font of the share image has these letters: those of the Latin script, Vietnamese among them."""
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in words if letter.isalpha())


def draw_share_image(title: str, campaign: str, site: Site) -> bytes:
    """A PNG in the site's colors. The words must be in letters that `can_draw`.

    A palette is a third of the size of true color. It has SHADES from the paper to each of three inks, so each text is
    drawn in gray, and its gray levels become that part of the palette.
    """
    tokens = read_tokens()
    (paper, _), (ink, _) = tokens["paper"], tokens["ink"]
    (brand, _), (stamp, _) = site.look.brand or tokens["brand"], site.look.stamp or tokens["stamp"]
    image = Image.new("P", SIZE)
    image.putpalette([value for color in (ink, stamp, brand) for value in _shades(paper, color)])
    image.paste(_stripe(), (0, 0))
    for size in (76, 64, 52, 40, 30):
        font = _font(size)
        lines = _wrap(title, font)
        if len(lines) * size * 1.25 <= 340:
            break
    for place, text, written, part in (
        ((0, 150), "\n".join(lines), font, _INK),
        ((0, 80), campaign, _font(32), _STAMP),
        ((0, 545), site.name, _font(32), _BRAND),
    ):
        gray = Image.new("L", (SIZE[0], min(380, SIZE[1] - place[1])))
        ImageDraw.Draw(gray).multiline_text((_MARGIN, 0), text, 255, written, spacing=written.size * 0.2)
        box = gray.getbbox()
        if box:
            shaded = gray.crop(box).point(_LEVELS[part])
            image.paste(shaded, (box[0], place[1] + box[1]), gray.crop(box).point(_SOLID))
    out = BytesIO()
    image.save(out, "PNG", compress_level=COMPRESSION)
    return out.getvalue()


def _shades(paper: str, ink: str) -> Iterator[int]:
    """From paper to ink, as red, green, blue, red …"""
    for step in range(SHADES):
        for place in (1, 3, 5):
            start, end = int(paper[place : place + 2], 16), int(ink[place : place + 2], 16)
            yield round(start + (end - start) * step / (SHADES - 1))


@cache
def _stripe() -> Image.Image:
    """The airmail stripe at the top."""
    image = Image.new("P", (SIZE[0], 24))
    draw = ImageDraw.Draw(image)
    for left in range(-40, SIZE[0], 80):
        for start, part in ((left, _STAMP), (left + 40, _BRAND)):
            draw.polygon(
                [(start, 24), (start + 20, 0), (start + 40, 0), (start + 20, 24)], fill=(part + 1) * SHADES - 1
            )
    return image


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


def _wrap(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= SIZE[0] - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
