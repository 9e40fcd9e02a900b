"""An organization's branding, set in `pelicanconf.py` without touching the stylesheet: two colors, a logo, a footer.

Both colors must be readable as text on all the theme's backgrounds, light and dark: WCAG 2.2's 4.5 to 1.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias
from xml.etree import ElementTree as ET

from PIL import Image, UnidentifiedImageError

from theme.assets import read_tokens
from theme.manifest import LINK_PATTERN, FooterLine, Logo, Look

BRAND: Final = "BEACONPOST_BRAND"
STAMP: Final = "BEACONPOST_STAMP"
LOGO: Final = "BEACONPOST_LOGO"
FOOTER: Final = "BEACONPOST_FOOTER"

MIN_CONTRAST: Final = 4.5  # https://www.w3.org/TR/WCAG22/#contrast-minimum
BACKGROUNDS: Final = ("paper", "sheet", "mark")  # what text is drawn on
LOGO_HEIGHT: Final = 40  # CSS pixels, the height of the page header
STEPS: Final = 50  # between a color and black or white, tried in search of a readable shade

Rgb: TypeAlias = tuple[int, int, int]


def read_branding(settings: Mapping[str, object], content: Path) -> Look:
    """The branding in Pelican's settings. content: the folder that `BEACONPOST_LOGO` is relative to.

    Raises ValueError naming the setting and what to write instead.
    """
    return Look(
        brand=_read_color(BRAND, settings.get(BRAND, "")),
        stamp=_read_color(STAMP, settings.get(STAMP, "")),
        logo=_read_logo(settings.get(LOGO, ""), content),
        footer=_read_footer(settings.get(FOOTER, ())),
    )


def contrast(first: str, second: str) -> float:
    """From 1 (same color) to 21 (black on white). https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    darker, lighter = sorted((_luminance(_rgb(first)), _luminance(_rgb(second))))
    return (lighter + 0.05) / (darker + 0.05)


def _read_color(name: str, color: object) -> tuple[str, str] | None:
    """The color as given, for light backgrounds, and a shade just light enough for dark ones."""
    if color == "":
        return None
    if not isinstance(color, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise ValueError(f"{name}: “{color}” is not a color: write # and six hex digits, like #16405b")
    light, dark = _backgrounds()
    if poor := [background for background in light if contrast(color, background) < MIN_CONTRAST]:
        worst = min(contrast(color, background) for background in poor)
        raise ValueError(
            f"{name}: {color} is too pale to read on the page's light background: its contrast is {worst:.1f} to 1, "
            f"and {MIN_CONTRAST} is required. {_shade(color, '#000000', light)} is a darker shade that works"
        )
    return color.lower(), _shade(color, "#ffffff", dark)


def _shade(color: str, towards: str, backgrounds: Sequence[str]) -> str:
    """The color mixed with just enough black or white to be readable on all `backgrounds`."""
    for step in range(STEPS + 1):
        mixed = (round(a + (b - a) * step / STEPS) for a, b in zip(_rgb(color), _rgb(towards), strict=True))
        shade = "#{:02x}{:02x}{:02x}".format(*mixed)
        if all(contrast(shade, background) >= MIN_CONTRAST for background in backgrounds):
            return shade
    raise AssertionError("black or white is readable on the theme's own backgrounds")


@cache
def _backgrounds() -> tuple[list[str], list[str]]:
    """The theme's light and dark backgrounds, from its stylesheet."""
    tokens = read_tokens()
    return [tokens[name][0] for name in BACKGROUNDS], [tokens[name][1] for name in BACKGROUNDS]


def _read_logo(name: object, content: Path) -> Logo | None:
    if name == "":
        return None
    if not isinstance(name, str) or not name.startswith("images/") or ".." in name:
        raise ValueError(f"{LOGO}: “{name}” must be an image in {content.name}/images/, like images/logo.svg")
    path = content / name
    if not path.is_file():
        raise ValueError(f"{LOGO}: {content.name}/{name} does not exist: put the image there, or correct the name")
    try:
        width, height = _measure_svg(path) if path.suffix == ".svg" else _measure(path)
        shown = max(1, round(LOGO_HEIGHT * width / height))
    except (UnidentifiedImageError, ET.ParseError, ValueError, OSError) as error:
        raise ValueError(
            f"{LOGO}: {content.name}/{name} cannot be used: {error}. Use an SVG with a viewBox, or a PNG, JPEG or WebP"
        ) from error
    return Logo(path=f"/{name}", width=shown, height=LOGO_HEIGHT)


def _measure(path: Path) -> tuple[float, float]:
    with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
        return image.size


def _measure_svg(path: Path) -> tuple[float, float]:
    box = ET.parse(path).getroot().get("viewBox", "").replace(",", " ").split()  # noqa: S314  (the organizer's own file)
    if len(box) != 4:
        raise ValueError("it has no viewBox")
    width, height = float(box[2]), float(box[3])
    if width <= 0 or height <= 0:
        raise ValueError("its viewBox is empty")
    return width, height


def _read_footer(lines: object) -> tuple[FooterLine, ...]:
    """Footer lines: texts, or pairs of text and link."""
    shape = (
        f'{FOOTER} must be a list of lines, each a text or a pair of text and link, like ["Pond Friends, 1 Main St"]'
    )
    if isinstance(lines, str) or not isinstance(lines, Sequence):
        raise ValueError(shape)
    footer = []
    for line in lines:
        text, link = (
            (line, "") if isinstance(line, str) else line if isinstance(line, tuple) and len(line) == 2 else ("", "")
        )
        if not isinstance(text, str) or not isinstance(link, str) or not text.strip():
            raise ValueError(shape)
        if not re.search(LINK_PATTERN, link):
            raise ValueError(
                f"{FOOTER}: “{link}” is not a link: write https://…, mailto:…, tel:…, or a path like /privacy/"
            )
        footer.append(FooterLine(text=text.strip(), link=link))
    return tuple(footer)


def _luminance(color: Rgb) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
