"""Reads the roster, Open States' people CSV, and checks it against the districts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from boundaries.builder.sources.people_file import OPEN_STATES, read_people, seat_district
from boundaries.builder.sources.phone_numbers import PhoneNumbers, read_known
from boundaries.builder.sources.progress import Say
from boundaries.builder.sources.recipe import Recipe
from boundaries.builder.sources.seat_counts import count_members, parse_seats, suggest_counts
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber, DistrictKey, Legislator
from boundaries.roster_file import name_person, read_email, tidy
from boundaries.vacancies import is_vacancy

# Every column must exist: if a renamed one counted as empty, all its phone numbers would be lost silently. Office
# columns may be empty, because Open States' own writer sometimes leaves them blank.
_COLUMNS = (
    "id", "current_chamber", "current_district", "name", "given_name", "family_name", "current_party", "email",
    "capitol_voice", "capitol_address", "district_voice",
)  # fmt: skip
_WHOSE = ("current_chamber", "current_district", "name", "given_name", "family_name")
_NAME, _EMAIL = _COLUMNS.index("name"), _COLUMNS.index("email")


def read_roster(recipe: Recipe, districts: Mapping[Chamber, set[str]], say: Say = lambda _: None) -> list[Legislator]:
    """All members, sorted by chamber and district.

    Each district must have as many members and listed vacancies as it elects: one, unless the recipe's roster.members
    says otherwise. A row that calls its seat vacant is a vacancy. Phone numbers missing from the file are kept from the
    roster.csv next to the recipe, and so is the address of a member whose new one is none: nobody else has to wait for
    its correction. `say` receives each such row with its remedy, and a summary of where the numbers are from. Raises
    SourceError.
    """
    options = recipe.content["roster"]
    path = recipe.source(options["file"])
    recipe_path = recipe.home / "recipe.json"
    _check_date(recipe_path, options.get("date"))
    seat_counts = count_members(recipe, districts)
    by_seat: dict[DistrictKey, list[tuple[int, Legislator]]] = {}
    ids: dict[str, int] = {}
    without_email: list[tuple[int, Legislator]] = []
    garbled: list[str] = []
    unreachable = parse_seats(recipe_path, "no_email", options.get("no_email", []), districts)
    known = read_known(recipe.home / "roster.csv")
    phone_numbers = PhoneNumbers(known)
    too_many: tuple[int, str, DistrictKey] | None = None
    for line, row in read_people(recipe, _COLUMNS):
        *member_cells, district_voice = row
        if calls_vacant(member_cells[_NAME], *member_cells[_NAME + 1 : _NAME + 3]):
            continue
        member = phone_numbers.give(_read_member(path, line, member_cells, districts), tidy(district_voice))
        seat = (member.chamber, member.district)
        if member.id in ids:
            raise SourceError(path, line, f"id {member.id!r} is on line {ids[member.id]} too", "remove one of the two")
        if len(holders := by_seat.setdefault(seat, [])) >= seat_counts[seat]:
            other_line, other = holders[-1]
            wrong = f"{member.name} holds {_label(seat)}, which {other.name} holds on line {other_line}"
            too_many = too_many or (line, wrong, seat)
            holders.append((line, member))
            continue
        try:
            member = replace(member, email=read_email(member.email, member.name))
        except ValueError as error:
            before = known.get((member.id, member.chamber))
            member = replace(member, email=before.email if before else "")
            now = f"letters go to {member.email} as before" if member.email else "no letter goes there"
            garbled.append(f"{path}:{line}: {error}; until then {now}")
        else:
            if not member.email and seat not in unreachable:
                without_email.append((line, member))
        ids[member.id] = line
        holders.append((line, member))
    if too_many:
        line, wrong, seat = too_many
        counts = {seat: len(holders) for seat, holders in by_seat.items()}
        option = f'--members "{seat[0]}:{seat[1]}={counts[seat]}"'
        remedy = f"remove the one who left; if it elects more, say so under roster.members, or by {option}"
        raise SourceError(path, line, wrong, suggest_counts(counts, seat_counts) or remedy)
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
    members = [member for seat in sorted(by_seat) for _, member in by_seat[seat]]
    if garbled and not any(member.email for member in members):
        first = garbled[0].removeprefix(f"{path}:").partition("; until then ")[0]
        raise SourceError(
            path, None, f"nobody has an address to write to, first in row {first}", "is it the right file?"
        )
    vacancies = find_vacancies(recipe, seat_counts, options.get("vacant", []))
    vacant = Counter(parse_seats(recipe_path, "vacant", vacancies, districts))
    held = Counter({seat: len(holders) for seat, holders in by_seat.items()})
    _check_vacancies(path, recipe_path, held, vacant, seat_counts)
    for problem in garbled:
        say(problem)
    say(phone_numbers.report())
    return members


def find_vacancies(
    recipe: Recipe, seat_counts: Mapping[DistrictKey, int], listed: Sequence[Mapping[str, str]]
) -> list[dict[str, str]]:
    """The vacant seats, as in the recipe: those listed there, and those that rows of the people CSV call vacant.

    seat_counts: how many members each district elects. A row that calls a seat vacant beside its member is ignored.
    """
    held: Counter[tuple[str, str]] = Counter()
    called: Counter[tuple[str, str]] = Counter()
    known = {name for _, name in seat_counts}
    for _, (body, district, *names) in read_people(recipe, _WHOSE):
        if body in OPEN_STATES:
            seat = OPEN_STATES[body], seat_district(tidy(district), known)
            (called if calls_vacant(*names) else held)[seat] += 1
    room = Counter[tuple[str, str]](seat_counts) - held
    seats = (called & room) - Counter(map(_seat_of, listed))
    more = [{"chamber": chamber, "district": district} for chamber, district in sorted(seats.elements())]
    return [*map(dict, listed), *more]


def calls_vacant(name: str, given_name: str, family_name: str) -> bool:
    """Whether a row's name says that its seat has no member."""
    return is_vacancy(name_person(name, given_name, family_name))


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
    email = cells[_EMAIL]
    person, body, district, name, *rest = map(tidy, cells)
    name = name_person(name, *rest[:2])
    rest[_EMAIL - _NAME - 1] = email
    if body not in OPEN_STATES:
        remedy = f"write upper or lower, or skip the row: {_skip(name or person)}"
        raise SourceError(path, line, f"unknown chamber {body!r}", remedy)
    chamber = OPEN_STATES[body]
    district = seat_district(district, districts[chamber])
    if district not in districts[chamber]:
        similar = get_close_matches(district, sorted(districts[chamber]), 3)
        remedy = f"write {' or '.join(similar)}." if similar else "is it another state's or plan's?"
        remedy += f" If it has no vote, skip it: {_skip(f'{chamber}:{district}')}"
        raise SourceError(path, line, f"unknown {chamber} district {district!r}", remedy)
    for column, cell in (("id", person), ("name", name)):
        if not cell:
            raise SourceError(path, line, f"no {column} for {_label((chamber, district))}", "fill it in")
    return Legislator(person, chamber, district, name, *rest)


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


def _check_date(recipe_path: Path, text: object) -> None:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        raise SourceError(
            recipe_path, None, f"roster.date {text!r} is not a date", "write the day the file was made, like 2027-01-31"
        ) from None


def _seat_of(entry: Mapping[str, str]) -> tuple[str, str]:
    return entry["chamber"], entry["district"]


def _skip(what: str) -> str:
    return f'--skip "{what}"'


def _label(seat: DistrictKey) -> str:
    return f"{seat[0]} {seat[1]}"


def _as_json(seat: DistrictKey) -> str:
    return f'{{"chamber": "{seat[0]}", "district": "{seat[1]}"}}'
