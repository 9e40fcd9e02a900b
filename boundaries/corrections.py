"""Manual corrections to the street book: `corrections.csv`, read when a state is opened.

Columns: town,street,from,to,side,senate,house,source,date and optionally zip. `from` and `to` are house numbers, blank
if open-ended; `side` is even, odd or both. A row with a `zip` applies only to addresses in that ZIP, for towns with two
streets of one name. Rows of one file must not conflict; an operator's own file takes precedence over the state's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from boundaries.errors import DataError
from boundaries.gazetteer import Town
from boundaries.house_number import HouseNumber, parse_house_number
from boundaries.model import CHAMBERS, MOST_CHOICES, Answer, District, DistrictKey, Pair, Reason, Status
from boundaries.normalization import format_key, name_key, split_remark, street_key, strip_unit, tokenize_street
from boundaries.street_aliases import StreetAliases
from boundaries.street_line import iter_parses, parse_street_line
from boundaries.tables import TableRow, read_table

COLUMNS = ("town", "street", "from", "to", "side", "senate", "house", "source", "date")
_SIDES = {"even": {0}, "odd": {1}, "both": {0, 1}, "": {0, 1}}
_ENDLESS = 1_000_000

# Any other reason for not matching means that another town or street may be meant.
_ONE_STREET: tuple[Reason, ...] = ("", "no_number", "gap")
_ONE_TOWN: tuple[Reason, ...] = (*_ONE_STREET, "unknown_street", "several_streets")


@dataclass(frozen=True, slots=True)
class Correction:
    """One row: which houses of a street are in which pair of districts."""

    low: int
    high: int
    sides: frozenset[int]  # parities: 0 even, 1 odd
    zip: str  # "" for every ZIP
    pair: Pair
    rule: str

    def covers(self, number: int) -> bool:
        """Whether it applies to a house; to all houses, if the number is 0."""
        if number:
            return self.low <= number <= self.high and number & 1 in self.sides
        return self.low <= 1 and self.high == _ENDLESS and len(self.sides) == 2

    def disagrees(self, other: "Correction") -> bool:
        """Whether both apply to the same house and say different things."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        shared = {number & 1 for number in range(low, min(high, low + 1) + 1)} & self.sides & other.sides
        return bool(shared) and self.zip == other.zip and self.pair != other.pair


class Corrections:
    """All corrections of a state. towns: those with any."""

    def __init__(self, aliases: StreetAliases) -> None:
        self.towns: set[str] = set()
        self._aliases = aliases
        self._rows: dict[tuple[str, str], list[Correction]] = {}

    def read(self, path: Path, towns: Sequence[str], districts: Mapping[DistrictKey, District]) -> None:
        """Add a file's rows, after those of files read before. DataError names a wrong row and the remedy."""
        added: dict[tuple[str, str], list[Correction]] = {}
        for row in read_table(path, COLUMNS):
            correction = _read(row, districts)
            key = self._key(street_key(row["street"]))
            if not key:
                raise row.wrong("no street", "name one")
            before = added.setdefault((row.among("town", list(towns)), format_key(key)), [])
            for other in before:
                if correction.disagrees(other):
                    raise row.wrong(f"it disagrees with the {other.rule}", "remove one of them, or split the numbers")
            before.append(correction)
        for place, rows in added.items():
            rows.sort(key=lambda correction: not correction.zip)
            self._rows.setdefault(place, []).extend(rows)
            self.towns.add(place[0])

    def uncorrected(self, by_name: Mapping[str, Town]) -> Mapping[str, Town]:
        """Towns by name, without anything a correction may change: single streets, or whole towns in one pair."""
        if not self.towns:
            return by_name
        left: dict[str, Town | None] = {}
        for town in {town.name: town for town in by_name.values() if town.name in self.towns}.values():
            kept = {
                key: value for key, value in (town.streets or {}).items() if not self._covers_street(town.name, key)
            }
            left[town.name] = None if town.streets is None else replace(town, streets=kept)
        named = ((place, left.get(town.name, town)) for place, town in by_name.items())
        return {place: town for place, town in named if town is not None}

    def _covers_street(self, town: str, key: str) -> bool:
        return (town, format_key(key)) in self._rows

    def apply(self, answer: Answer, street: str) -> Answer:
        """The answer, or what the corrections say instead. street: as typed."""
        town, code = answer.address.town, answer.address.zip
        if town not in self.towns or answer.reason not in _ONE_TOWN:
            return answer
        house, shown = self._named(town, street)
        if not shown and answer.reason in _ONE_STREET:
            (house, _), shown = parse_house_number(tokenize_street(answer.address.number)), answer.address.street
        rows = [row for row in self._rows.get((town, shown), ()) if not (row.zip and code and row.zip != code)]
        pairs: dict[Pair, None] = {}
        used: list[Correction] = []
        for number in house.numbers if house else (0,):
            applicable = _applicable(rows, number, code)
            used += applicable
            pairs |= dict.fromkeys(row.pair for row in applicable)
            if not applicable or not _is_certain(applicable[-1], number, code):
                pairs |= dict.fromkeys(answer.pairs)
        if not used:
            return answer
        address = replace(answer.address, street=shown, number=house.shown if house else "")
        rule = "; ".join(dict.fromkeys(row.rule for row in used))
        if len(pairs) == 1:
            return Answer("matched", "", tuple(pairs), address, rule)
        status: Status = "choose" if len(pairs) <= MOST_CHOICES else "not_found"
        return Answer(status, "gap" if house else "no_number", tuple(pairs), address, rule)

    def _named(self, town: str, street: str) -> tuple[HouseNumber | None, str]:
        """The house and the street that the rows name, however they were typed; "" if there are none."""
        for parse in iter_parses(parse_street_line(street)):
            name, _ = split_remark(strip_unit(parse.street))
            shown = format_key(self._key(name_key(name)))
            if (town, shown) in self._rows:
                return parse.house, shown
        return None, ""

    def _key(self, key: str) -> str:
        return self._aliases.official(key)


def _applicable(rows: Sequence[Correction], number: int, code: str) -> list[Correction]:
    """The rows that may apply to a house, up to the first that certainly does."""
    applicable: list[Correction] = []
    for row in rows:
        if number and not row.covers(number):
            continue
        applicable.append(row)
        if _is_certain(row, number, code):
            break
    return applicable


def _is_certain(row: Correction, number: int, code: str) -> bool:
    return row.covers(number) and row.zip in ("", code)


def _read(row: TableRow, districts: Mapping[DistrictKey, District]) -> Correction:
    low, high = _number(row, "from", 1), _number(row, "to", _ENDLESS)
    if low > high:
        raise row.wrong(f"from {low} is more than to {high}", "write the lower number first")
    row.among("side", list(_SIDES)[:3] if row["side"] else [""])
    for chamber in CHAMBERS:
        row.among(chamber, [name for body, name in districts if body == chamber] or [""])
    if not row["source"]:
        raise row.wrong("no source", "say who reported it, and where")
    rule = f"correction {row.path.name}:{row.line} of {row.day('date')}, from {row['source']}"
    pair = Pair(row["senate"], row["house"])
    return Correction(low, high, frozenset(_SIDES[row["side"]]), row.cells.get("zip", ""), pair, rule)


def _number(row: TableRow, column: str, blank: int) -> int:
    if row[column] and not (row[column].isascii() and row[column].isdigit()):
        raise row.wrong(f"{column} {row[column]!r} is not a house number", "write digits only, or leave it blank")
    return int(row[column]) if row[column] else blank


def read_corrections(
    paths: Sequence[Path], towns: Sequence[str], districts: Mapping[DistrictKey, District],
    aliases: StreetAliases,
) -> Corrections:  # fmt: skip
    """The corrections of several files, in order of precedence. DataError if one is missing or wrong."""
    corrections = Corrections(aliases)
    for path in paths:
        if not path.exists():
            raise DataError(f"{path} is missing: name another file of corrections, or none")
        corrections.read(path, towns, districts)
    return corrections
