"""What an organisation changes in `pelicanconf.py` without touching the style sheet: two colours, a logo, a footer.

A colour must be readable as text wherever the theme uses it, on light ground and on dark: WCAG 2.2's 4.5 to 1.
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
BACKGROUNDS: Final = ("paper", "sheet", "mark")  # what text stands on
LOGO_HEIGHT: Final = 40  # CSS pixels, as high as a line of the header may be
STEPS: Final = 50  # of the way to black or white, in which a readable shade is looked for

Rgb: TypeAlias = tuple[int, int, int]


def read_branding(settings: Mapping[str, object], content: Path) -> Look:
    """The look that the settings ask for. content: the folder that `BEACONPOST_LOGO` is in.

    Raises ValueError naming the setting and saying what to write instead.
    """
    return Look(
        brand=_read_colour(BRAND, settings.get(BRAND, "")),
        stamp=_read_colour(STAMP, settings.get(STAMP, "")),
        logo=_read_logo(settings.get(LOGO, ""), content),
        footer=_read_footer(settings.get(FOOTER, ())),
    )


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    darker, lighter = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


def _read_colour(name: str, colour: object) -> tuple[str, str] | None:
    """The colour for light ground, as given, and for dark ground, as much lighter as it must be."""
    if colour == "":
        return None
    if not isinstance(colour, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"{name}: “{colour}” is not a colour: write # and six digits or letters a to f, like #16405b")
    light, dark = _backgrounds()
    if poor := [background for background in light if contrast(colour, background) < MIN_CONTRAST]:
        worst = min(contrast(colour, background) for background in poor)
        raise ValueError(
            f"{name}: {colour} is too pale to read on the page's light ground: its contrast is {worst:.1f} to 1, and "
            f"{MIN_CONTRAST} is needed. {_shade(colour, '#000000', light)} is the same colour, dark enough"
        )
    return colour.lower(), _shade(colour, "#ffffff", dark)


def _shade(colour: str, towards: str, backgrounds: Sequence[str]) -> str:
    """The colour mixed with black or white, just as much as it takes to be read on all `backgrounds`."""
    for step in range(STEPS + 1):
        mixed = (round(a + (b - a) * step / STEPS) for a, b in zip(_rgb(colour), _rgb(towards), strict=True))
        shade = "#{:02x}{:02x}{:02x}".format(*mixed)
        if all(contrast(shade, background) >= MIN_CONTRAST for background in backgrounds):
            return shade
    raise AssertionError("black or white can be read on the theme's own backgrounds")


@cache
def _backgrounds() -> tuple[list[str], list[str]]:
    """The theme's light and dark backgrounds, as its style sheet has them."""
    tokens = read_tokens()
    return [tokens[name][0] for name in BACKGROUNDS], [tokens[name][1] for name in BACKGROUNDS]


def _read_logo(name: object, content: Path) -> Logo | None:
    if name == "":
        return None
    if not isinstance(name, str) or not name.startswith("images/") or ".." in name:
        raise ValueError(f"{LOGO}: “{name}” must be a picture in {content.name}/images/, like images/logo.svg")
    path = content / name
    if not path.is_file():
        raise ValueError(f"{LOGO}: there is no {content.name}/{name}: put the picture there, or correct the name")
    try:
        width, height = _measure_svg(path) if path.suffix == ".svg" else _measure(path)
        shown = max(1, round(LOGO_HEIGHT * width / height))
    except (UnidentifiedImageError, ET.ParseError, ValueError, OSError) as error:
        raise ValueError(
            f"{LOGO}: {content.name}/{name} cannot be used: {error}. Give an SVG with a viewBox, a PNG, JPEG or WebP"
        ) from error
    return Logo(path=f"/{name}", width=shown, height=LOGO_HEIGHT)


def _measure(path: Path) -> tuple[float, float]:
    with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
        return image.size


def _measure_svg(path: Path) -> tuple[float, float]:
    box = ET.parse(path).getroot().get("viewBox", "").replace(",", " ").split()  # noqa: S314  (the organiser's)
    if len(box) != 4:
        raise ValueError("it has no viewBox")
    width, height = float(box[2]), float(box[3])
    if width <= 0 or height <= 0:
        raise ValueError("its viewBox is empty")
    return width, height


def _read_footer(lines: object) -> tuple[FooterLine, ...]:
    """Lines of words, or of words and where they lead."""
    shape = (
        f'{FOOTER} must be a list of lines, each a text or a pair of text and address, like ["Pond Friends, 1 Main St"]'
    )
    if isinstance(lines, str) or not isinstance(lines, Sequence):
        raise ValueError(shape)
    found = []
    for line in lines:
        text, link = (
            (line, "") if isinstance(line, str) else line if isinstance(line, tuple) and len(line) == 2 else ("", "")
        )
        if not isinstance(text, str) or not isinstance(link, str) or not text.strip():
            raise ValueError(shape)
        if not re.search(LINK_PATTERN, link):
            raise ValueError(
                f"{FOOTER}: “{link}” leads nowhere: write https://…, mailto:…, tel:… or a page of yours, as /privacy/"
            )
        found.append(FooterLine(text=text.strip(), link=link))
    return tuple(found)


def _luminance(colour: Rgb) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
