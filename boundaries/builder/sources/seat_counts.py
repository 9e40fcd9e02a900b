"""How many members each district elects: declared by the recipe or --members, never counted.

Where a roster has more, either somebody who left is still in it, or the districts elect several.
"""

from collections import Counter
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from boundaries.builder.sources.recipe import Recipe
from boundaries.district_order import place_of
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber, DistrictKey

FEW, SHARE = 2, 0.05  # of a chamber's districts have too many members: if more do, they elect several


def count_members(recipe: Recipe, districts: Mapping[Chamber, set[str]]) -> Mapping[DistrictKey, int]:
    """How many members each district elects. roster.members may set it for a chamber or a single district."""
    recipe_path = recipe.home / "recipe.json"
    seat_counts = {(chamber, name): 1 for chamber, names in districts.items() for name in names}
    entries = recipe.content["roster"].get("members", [])
    for entry in sorted(entries, key=lambda entry: "district" in entry):
        number, chamber = entry.get("members"), entry.get("chamber")
        if not isinstance(number, int) or number < 1 or chamber not in CHAMBERS:
            remedy = 'write it like {"chamber": "house", "members": 2}'
            raise SourceError(recipe_path, None, f"roster.members: {entry} is not valid", remedy)
        if "district" in entry:
            (seat,) = parse_seats(recipe_path, "members", [entry], districts)
            seat_counts[seat] = number
        else:
            seat_counts |= {(chamber, name): number for name in districts[chamber]}
    return seat_counts


def suggest_counts(held: Mapping[DistrictKey, int], seat_counts: Mapping[DistrictKey, int]) -> str:
    """The --members options for a roster in which many districts have several members; "" if only a few have too many.

    held: how many members each district has. A district with fewer than the others may have a vacancy: those are named
    separately.
    """
    options: list[str] = []
    fewer: list[str] = []
    for chamber in CHAMBERS:
        mine = {seat: held.get(seat, 0) for seat in seat_counts if seat[0] == chamber}
        over = [seat for seat, number in mine.items() if number > seat_counts[seat]]
        if len(over) <= max(FEW, SHARE * len(mine)):
            continue
        usual, count = Counter(number for number in mine.values() if number).most_common(1)[0]
        general = usual if count > len(mine) / 2 else 1
        if general > 1:
            options.append(f'--members "{chamber}={general}"')
        for seat in sorted(mine, key=lambda seat: place_of(seat[1])):
            option = f'--members "{chamber}:{seat[1]}={mine[seat]}"'
            if mine[seat] > general:
                options.append(option)
            elif 0 < mine[seat] < general:
                fewer.append(option)
    if not options:
        return ""
    rest = f"; for those that elect fewer: {' '.join(fewer)}; for a vacancy: --vacant" if fewer else ""
    return f"if that is right: {' '.join(options)}{rest}"


def parse_seats(
    recipe_path: Path, key: str, entries: list[dict[str, str]], districts: Mapping[Chamber, set[str]]
) -> list[DistrictKey]:
    """The seats that a recipe's list names. key: the list's name. SourceError if there is no such district."""
    seats: list[DistrictKey] = []
    for entry in entries:
        seat = next(
            (
                (chamber, name)
                for chamber, names in districts.items()
                for name in names
                if (chamber, name) == (entry.get("chamber"), entry.get("district"))
            ),
            None,
        )
        if seat is None:
            known = [name for names in districts.values() for name in names]
            similar = get_close_matches(str(entry.get("district")), known, 3)
            remedy = f"is it {' or '.join(similar)}?" if similar else "name chamber and district"
            raise SourceError(recipe_path, None, f"roster.{key}: no such district as {entry}", remedy)
        seats.append(seat)
    return seats
