"""Reads the roster, Open States' people CSV, and checks it against the districts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from boundaries.builder.sources.phone_numbers import PhoneNumbers, read_known
from boundaries.builder.sources.progress import Say
from boundaries.builder.sources.recipe import Recipe, read_rows
from boundaries.email_addresses import parse_email
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber, DistrictKey, Legislator

# Every column must exist: if a renamed one counted as empty, all its phone numbers would be lost silently. Office
# columns may be empty, because Open States' own writer sometimes leaves them blank.
# "legislature" is Nebraska's single chamber.
OPEN_STATES: Mapping[str, Chamber] = {"upper": "senate", "lower": "house", "legislature": "senate"}
_COLUMNS = (
    "id", "current_chamber", "current_district", "name", "given_name", "family_name", "current_party", "email",
    "capitol_voice", "capitol_address", "district_voice",
)  # fmt: skip


def read_roster(recipe: Recipe, districts: Mapping[Chamber, set[str]], say: Say = lambda _: None) -> list[Legislator]:
    """All members, sorted by chamber and district.

    Each district must have as many members and listed vacancies as it elects: one, unless the recipe's roster.members
    says otherwise. Phone numbers missing from the file are kept from the roster.csv next to the recipe; `say` receives
    a summary of their origin. Raises SourceError.
    """
    options = recipe.content["roster"]
    path = recipe.source(options["file"])
    recipe_path = recipe.home / "recipe.json"
    _check_date(recipe_path, options.get("date"))
    seat_counts = count_members(recipe, districts)
    by_seat: dict[DistrictKey, list[tuple[int, Legislator]]] = {}
    ids: dict[str, int] = {}
    without_email: list[tuple[int, Legislator]] = []
    unreachable = _parse_seats(recipe_path, "no_email", options.get("no_email", []), districts)
    phone_numbers = PhoneNumbers(read_known(recipe.home / "roster.csv"))
    for line, row in read_rows(path, _COLUMNS):
        cells = [cell.strip() for cell in row]
        *member_cells, district_voice = cells
        member = phone_numbers.give(_read_member(path, line, member_cells, districts), district_voice)
        seat = (member.chamber, member.district)
        if member.id in ids:
            raise SourceError(path, line, f"id {member.id!r} is on line {ids[member.id]} too", "remove one of the two")
        if len(holders := by_seat.setdefault(seat, [])) == seat_counts[seat]:
            other_line, other = holders[-1]
            wrong = f"{member.name} holds {_label(seat)}, which {other.name} holds on line {other_line}"
            alternative = (
                f'if it elects more, say so under roster.members, or by --members "{seat[0]}={len(holders) + 1}"'
            )
            remedy = f"remove the one who left; {alternative}"
            raise SourceError(path, line, wrong, remedy)
        if not member.email and seat not in unreachable:
            without_email.append((line, member))
        ids[member.id] = line
        holders.append((line, member))
    if without_email:
        names = ", ".join([member.name for _, member in without_email[:5]]) + (
            " and others" if len(without_email) > 5 else ""
        )
        seats = ", ".join([_as_json((member.chamber, member.district)) for _, member in without_email])
        flags = " ".join([f'--no-email "{member.chamber}:{member.district}"' for _, member in without_email])
        remedy = (
            f"add it from the legislature's site, or list {seats} under roster.no_email in the recipe, or by {flags}"
        )
        raise SourceError(path, without_email[0][0], f"no e-mail address for {names}", remedy)
    vacant = Counter(_parse_seats(recipe_path, "vacant", options.get("vacant", []), districts))
    _check_vacancies(
        path, recipe_path, Counter({seat: len(holders) for seat, holders in by_seat.items()}), vacant, seat_counts
    )
    say(phone_numbers.report())
    return [member for seat in sorted(by_seat) for _, member in by_seat[seat]]


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
            (seat,) = _parse_seats(recipe_path, "members", [entry], districts)
            seat_counts[seat] = number
        else:
            seat_counts |= {(chamber, name): number for name in districts[chamber]}
    return seat_counts


def read_seats(flag: str, texts: Sequence[str]) -> list[dict[str, str]]:
    """The seats in a flag's values: "house:2nd South" → {"chamber": "house", "district": "2nd South"}."""
    seats = []
    for text in texts:
        chamber, _, district = text.partition(":")
        if chamber not in CHAMBERS or not district:
            raise SourceError(flag, None, f"{text!r} is not a seat", 'write it like "house:12"')
        seats.append({"chamber": chamber, "district": district})
    return seats


def read_members(texts: Sequence[str]) -> list[dict[str, str | int]]:
    """The values of --members: "house=2" → {"chamber": "house", "members": 2}; "house:4A=1" is for one district."""
    counts: list[dict[str, str | int]] = []
    for text in texts:
        seat, _, number = text.rpartition("=")
        chamber, _, district = seat.partition(":")
        if chamber not in CHAMBERS or not number.isdecimal():
            raise SourceError("--members", None, f"{text!r} is not a number of members", 'write it like "house=2"')
        counts.append({"chamber": chamber} | ({"district": district} if district else {}) | {"members": int(number)})
    return counts


def _read_member(path: Path, line: int, cells: list[str], districts: Mapping[Chamber, set[str]]) -> Legislator:
    person, body, district, name, *_, email, _, _ = cells
    if body not in OPEN_STATES:
        raise SourceError(path, line, f"unknown chamber {body!r}", "write upper or lower, or remove the row")
    chamber = OPEN_STATES[body]
    if district not in districts[chamber]:
        similar = get_close_matches(district, sorted(districts[chamber]), 3)
        remedy = f"write {' or '.join(similar)}" if similar else "is it another state's or plan's?"
        raise SourceError(path, line, f"unknown {chamber} district {district!r}", remedy)
    for column, cell in (("id", person), ("name", name)):
        if not cell:
            raise SourceError(path, line, f"no {column} for {_label((chamber, district))}", "fill it in")
    if email:
        try:
            parse_email(email)
        except ValueError as error:
            wrong = f"{email!r} is not an e-mail address: {str(error).removesuffix('.')}"
            raise SourceError(path, line, wrong, f"correct the address of {name}") from None
    return Legislator(person, chamber, *cells[2:])


def _check_vacancies(
    path: Path,
    recipe_path: Path,
    held: Counter[DistrictKey],
    vacant: Counter[DistrictKey],
    seat_counts: Mapping[DistrictKey, int],
) -> None:
    if missing := sorted(seat for seat in seat_counts if held[seat] + vacant[seat] < seat_counts[seat]):
        labels = ", ".join(_label(seat) for seat in missing[:5]) + (" and others" if len(missing) > 5 else "")
        flag = f'--vacant "{missing[0][0]}:{missing[0][1]}"'
        remedy = (
            f"add the member, or the vacancy under roster.vacant in the recipe: {_as_json(missing[0])}, or by {flag}"
        )
        shortage = "not all members" if any(held[seat] for seat in missing) else "no member"
        raise SourceError(path, None, f"{shortage} for {labels} ({len(missing)} of {len(seat_counts)})", remedy)
    if filled := sorted(seat for seat in seat_counts if held[seat] + vacant[seat] > seat_counts[seat]):
        raise SourceError(
            recipe_path,
            None,
            f"{_label(filled[0])} has a member in {path.name}",
            "remove its vacancy from roster.vacant",
        )


def _parse_seats(
    recipe_path: Path, key: str, entries: list[dict[str, str]], districts: Mapping[Chamber, set[str]]
) -> list[DistrictKey]:
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


def _check_date(recipe_path: Path, text: object) -> None:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        raise SourceError(
            recipe_path, None, f"roster.date {text!r} is not a date", "write the day the file was made, like 2027-01-31"
        ) from None


def _label(seat: DistrictKey) -> str:
    return f"{seat[0]} {seat[1]}"


def _as_json(seat: DistrictKey) -> str:
    return f'{{"chamber": "{seat[0]}", "district": "{seat[1]}"}}'
