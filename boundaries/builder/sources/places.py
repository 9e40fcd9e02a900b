"""Towns with their pairs, the names people use for places, and ZIP codes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import zipcodes

from boundaries.builder.sources.recipe import Recipe, read_rows
from boundaries.divisions import division_key
from boundaries.errors import SourceError
from boundaries.placenames import place_key
from boundaries.vocabulary import DIRECTION, DIRECTIONS

TownPairs = dict[str, list[tuple[str, str]]]  # town → its (senate, house) pairs

_PARTS_OF_TOWN = frozenset([
    "center", "centre", "ctr", "falls", "heights", "hts", "depot", "city", "hills", "port", "village", "vlg",
    "beach", "springs", "point", "harbor", "highlands", "upper", "lower", "junction", "corners", "four",
])  # fmt: skip


def read_towns(recipe: Recipe, names: dict[str, dict[str, str]]) -> TownPairs:
    """Each town's pairs from a table of precincts. names: chamber → division key → official name."""
    part = recipe.content["towns"]
    path = recipe.source(part["file"])
    towns: TownPairs = {}
    for line, (town, *districts) in read_rows(path, (part["town"], *(part[chamber] for chamber in recipe.chambers))):
        pair = []
        for chamber, district in zip(recipe.chambers, districts, strict=True):
            key = division_key(district)
            if key not in names[chamber]:
                raise SourceError(path, line, f"unknown {chamber} district {district!r}", "correct its spelling")
            pair.append(names[chamber][key])
        both = pair[0], pair[1] if len(pair) > 1 else ""
        pairs = towns.setdefault(town, [])
        if both not in pairs:
            pairs.append(both)
    return {town: sorted(towns[town]) for town in sorted(towns)}


NameIndex = dict[str, tuple[str, ...]]


def read_places(
    recipe: Recipe, towns: Iterable[str], cities: NameIndex | None = None, zips: NameIndex | None = None
) -> tuple[NameIndex, NameIndex, NameIndex]:
    """Place names (by place_key) → towns, ZIP → towns, and place names → ZIPs.

    cities: the towns that the cities of addresses lie in. zips: the towns of each ZIP, if the addresses tell.

    The recipe's list of villages is maintained by hand. The rest are the postal service's names. If the addresses tell
    the towns of a ZIP, they are those of its names. Else a name that is a direction or a part of a town's name ("West
    Becket", "Newton Centre") belongs to that town, and any other where its ZIP's main name does.
    """
    official: dict[str, tuple[str, ...]] = {place_key(town): (town,) for town in towns}
    places = dict(official)
    places |= {key: members for key, members in (cities or {}).items() if key not in official}
    places |= _kept_by_hand(recipe, official)
    entries = sorted(postal_codes(recipe.content["code"].upper()), key=lambda entry: str(entry["zip_code"]))
    if zips is None:
        zips = _add_postal_names(places, official, entries)
    else:
        _add_post_offices(places, zips, entries)
    place_zips: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for name in dict.fromkeys(map(place_key, _delivering(entry))):
            place_zips[name].append(entry["zip_code"])
    return (
        {key: members for key, members in sorted(places.items()) if members},
        dict(sorted(zips.items())),
        {key: tuple(codes) for key, codes in place_zips.items()},
    )


def _kept_by_hand(recipe: Recipe, official: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The recipe's list of villages; none of them has a town's name."""
    if "places" not in recipe.content:
        return {}
    file = recipe.content["places"]["file"]
    villages = {}
    for line, (place, named) in read_rows(recipe.source(file), ("place", "towns")):
        members = tuple(town for town in named.split(";") if town)
        for town in members:
            if place_key(town) not in official:
                raise SourceError(file, line, f"unknown town {town!r}", "correct it")
        if place_key(place) not in official:
            villages[place_key(place)] = members
    return villages


def _delivering(entry: Mapping[str, Any]) -> list[str]:
    """The names of a post office that may stand in an address; a company's ZIP has none."""
    return [] if entry["zip_code_type"] == "UNIQUE" else [entry["city"], *entry["acceptable_cities"]]


def _add_post_offices(
    places: dict[str, tuple[str, ...]], zips: Mapping[str, tuple[str, ...]], entries: Iterable[Mapping[str, Any]]
) -> None:
    """Add the names of post offices that are no towns, with the towns that each delivers to."""
    kept = set(places)
    for entry in entries:
        for name in (*_delivering(entry), *(entry["unacceptable_cities"] if _delivering(entry) else ())):
            key = place_key(name)
            if key not in kept:
                places[key] = tuple(dict.fromkeys((*places.get(key, ()), *zips.get(entry["zip_code"], ()))))


def _add_postal_names(
    places: dict[str, tuple[str, ...]], official: dict[str, tuple[str, ...]], entries: Iterable[Mapping[str, Any]]
) -> NameIndex:
    """Add the postal service's names, by what they are called. Returns the towns of each ZIP."""
    kept = set(places)
    zips: NameIndex = {}
    for entry in entries:
        main = places.get(place_key(entry["city"])) or _part_of_town(entry["city"], official)
        weight: Counter[str] = Counter()
        for town in main or ():
            weight[town] += 2
        company = entry["zip_code_type"] == "UNIQUE"
        for name in () if company else (*entry["acceptable_cities"], *entry["unacceptable_cities"]):
            key = place_key(name)
            meant = places.get(key) if key in kept else _part_of_town(name, official) or main
            if meant:
                if key not in kept:
                    places[key] = tuple(sorted({*places.get(key, ()), *meant}))
                for town in meant:
                    weight[town] += 1
        if main and place_key(entry["city"]) not in places:
            places[place_key(entry["city"])] = main
        zips[entry["zip_code"]] = tuple(town for town, _ in weight.most_common())
    return zips


def postal_codes(state: str) -> list[dict[str, Any]]:
    """The postal service's ZIP codes of a state, from the `zipcodes` package."""
    entries: list[dict[str, Any]] = zipcodes.filter_by(state=state)  # type: ignore[no-untyped-call]
    return entries


def _part_of_town(name: str, official: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The town inside a name like "West Becket" or "Newton Lower Falls"."""
    words = place_key(name).split()
    if len(words) > 1 and (words[0] in DIRECTION or words[0] in DIRECTIONS):
        words = words[1:]
    while len(words) > 1 and words[-1] in _PARTS_OF_TOWN:
        words = words[:-1]
    return official.get(" ".join(words), ())
