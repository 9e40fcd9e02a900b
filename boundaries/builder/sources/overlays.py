"""Which districts lie over others, by the recipe: no map shows them, so somebody must say so.

"overlays": [{"chamber": "house", "district": "Belknap 8", "over": ["Belknap 1", "Belknap 2"]},
             {"chamber": "senate", "district": "At-Large", "over": "*"}]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from boundaries.builder.sources.recipe import Recipe
from boundaries.divisions import division_key
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber

ALL: Final = "*"  # every district of the chamber: members at large

Overlays = Mapping[tuple[Chamber, str], tuple[str, ...]]  # a district that lies over others → those


@dataclass(frozen=True, slots=True)
class _Overlay:
    """An entry of the recipe."""

    chamber: Chamber
    district: str
    over: Sequence[str]  # names; or ALL


def parse_overlays(texts: Sequence[str]) -> list[dict[str, Any]]:
    """The values of --over, like "house:Belknap 8=Belknap 1,Belknap 2" or "senate:At-Large=*"."""
    overlays: list[dict[str, Any]] = []
    for text in texts:
        seat, equals, below = text.partition("=")
        chamber, colon, district = seat.partition(":")
        names = [name.strip() for name in below.split(",") if name.strip()]
        if chamber not in CHAMBERS or not (equals and colon and district.strip() and names):
            remedy = 'write it like "house:Belknap 8=Belknap 1,Belknap 2", or "senate:At-Large=*" for all districts'
            raise SourceError("--over", None, f"{text!r} does not say what lies over what", remedy)
        overlays.append({"chamber": chamber, "district": district.strip(), "over": ALL if names == [ALL] else names})
    return overlays


def name_overlays(recipe: Recipe) -> list[tuple[Chamber, str]]:
    """The districts that lie over others."""
    return [(overlay.chamber, overlay.district) for overlay in _read(recipe)]


def read_overlays(recipe: Recipe, names: Mapping[str, Mapping[str, str]]) -> Overlays:
    """What they lie over. names: of the districts on the maps, by chamber and key. SourceError if one is none."""
    overlays: dict[tuple[Chamber, str], tuple[str, ...]] = {}
    for overlay in _read(recipe):
        known = names[overlay.chamber]
        over = known.values() if overlay.over == ALL else [_find(recipe, name, known) for name in overlay.over]
        overlays[overlay.chamber, overlay.district] = tuple(over)
    return overlays


def overlays_of(overlays: Overlays, chamber: Chamber) -> list[str]:
    """The chamber's districts that lie over others, in order."""
    return sorted(name for body, name in overlays if body == chamber)


def _read(recipe: Recipe) -> list[_Overlay]:
    overlays = []
    for entry in recipe.content.get("overlays", []):
        if entry.keys() != {"chamber", "district", "over"} or entry["chamber"] not in CHAMBERS:
            remedy = 'write it like {"chamber": "house", "district": "Belknap 8", "over": ["Belknap 1"]}'
            raise SourceError(recipe.home / "recipe.json", None, f"overlays: {entry} is not valid", remedy)
        overlays.append(_Overlay(**entry))
    return overlays


def _find(recipe: Recipe, name: str, known: Mapping[str, str]) -> str:
    official = known.get(division_key(name))
    if official is None:
        near = get_close_matches(name, known.values(), 3) or list(known.values())[:5]
        remedy = f"write {' or '.join(near)}" if near else "there is no district left for it to lie over"
        raise SourceError(recipe.home / "recipe.json", None, f"overlays: no district {name!r}", remedy)
    return official
