"""The roster: Open States' people CSV, checked against the divisions."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from boundaries.builder.sources.phone_numbers import PhoneNumbers, read_known
from boundaries.builder.sources.progress import Say
from boundaries.builder.sources.recipe import Recipe, read_rows
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber, DistrictKey, Legislator

# Open States' own writer sometimes leaves the capitol columns blank. All columns must exist, but those of offices may
# be empty: a missing column was renamed, and every number would be lost silently.
# "legislature" is the one chamber of Nebraska.
OPEN_STATES: Mapping[str, Chamber] = {"upper": "senate", "lower": "house", "legislature": "senate"}
_COLUMNS = (
    "id", "current_chamber", "current_district", "name", "given_name", "family_name", "current_party", "email",
    "capitol_voice", "capitol_address", "district_voice",
)  # fmt: skip
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}")


def read_roster(recipe: Recipe, districts: Mapping[Chamber, set[str]], say: Say = lambda _: None) -> list[Legislator]:
    """Every member, by chamber and district; phone numbers that the file lacks are kept from the roster.csv beside the
    recipe. SourceError unless each district has as many members and listed vacancies as it elects: one, unless the
    recipe's roster.members says otherwise. say: told where the numbers came from."""
    part = recipe.content["roster"]
    path = recipe.source(part["file"])
    book = recipe.home / "recipe.json"
    _check_date(book, part.get("date"))
    elects = count_members(recipe, districts)
    by_seat: dict[DistrictKey, list[tuple[int, Legislator]]] = {}
    ids: dict[str, int] = {}
    without_email: list[tuple[int, Legislator]] = []
    unreachable = _seats(book, "no_email", part.get("no_email", []), districts)
    phone_numbers = PhoneNumbers(read_known(recipe.home / "roster.csv"))
    for line, row in read_rows(path, _COLUMNS):
        cells = [cell.strip() for cell in row]
        *stated, district_voice = cells
        member = phone_numbers.give(_read_member(path, line, stated, districts), district_voice)
        seat = (member.chamber, member.district)
        if member.id in ids:
            raise SourceError(path, line, f"id {member.id!r} is on line {ids[member.id]} too", "remove one of the two")
        if len(holders := by_seat.setdefault(seat, [])) == elects[seat]:
            before, other = holders[-1]
            wrong = f"{member.name} holds {_called(seat)}, which {other.name} holds on line {before}"
            more = f'if it elects more, say so under roster.members, or by --members "{seat[0]}={len(holders) + 1}"'
            remedy = f"remove the one who left; {more}"
            raise SourceError(path, line, wrong, remedy)
        if not member.email and seat not in unreachable:
            without_email.append((line, member))
        ids[member.id] = line
        holders.append((line, member))
    if without_email:
        named = ", ".join([member.name for _, member in without_email[:5]]) + (
            " and others" if len(without_email) > 5 else ""
        )
        seats = ", ".join([_entry((member.chamber, member.district)) for _, member in without_email])
        flags = " ".join([f'--no-email "{member.chamber}:{member.district}"' for _, member in without_email])
        remedy = (
            f"add it from the legislature's site, or list {seats} under roster.no_email in the recipe, or by {flags}"
        )
        raise SourceError(path, without_email[0][0], f"no e-mail address for {named}", remedy)
    vacant = Counter(_seats(book, "vacant", part.get("vacant", []), districts))
    _check_vacancies(path, book, Counter({seat: len(holders) for seat, holders in by_seat.items()}), vacant, elects)
    say(phone_numbers.report())
    return [member for seat in sorted(by_seat) for _, member in by_seat[seat]]


def count_members(recipe: Recipe, districts: Mapping[Chamber, set[str]]) -> Mapping[DistrictKey, int]:
    """How many each district elects, as roster.members says for a whole chamber or one district."""
    book = recipe.home / "recipe.json"
    elects = {(chamber, name): 1 for chamber, names in districts.items() for name in names}
    entries = recipe.content["roster"].get("members", [])
    for entry in sorted(entries, key=lambda entry: "district" in entry):
        number, chamber = entry.get("members"), entry.get("chamber")
        if not isinstance(number, int) or number < 1 or chamber not in CHAMBERS:
            remedy = 'write it like {"chamber": "house", "members": 2}'
            raise SourceError(book, None, f"roster.members: {entry} is not valid", remedy)
        if "district" in entry:
            (seat,) = _seats(book, "members", [entry], districts)
            elects[seat] = number
        else:
            elects |= {(chamber, name): number for name in districts[chamber]}
    return elects


def read_seats(flag: str, texts: Sequence[str]) -> list[dict[str, str]]:
    """What flags name: "house:2nd South" → {"chamber": "house", "district": "2nd South"}."""
    seats = []
    for text in texts:
        chamber, _, district = text.partition(":")
        if chamber not in CHAMBERS or not district:
            raise SourceError(flag, None, f"{text!r} is not a seat", 'write it like "house:12"')
        seats.append({"chamber": chamber, "district": district})
    return seats


def read_members(texts: Sequence[str]) -> list[dict[str, str | int]]:
    """What --members names: "house=2" → {"chamber": "house", "members": 2}; "house:4A=1" is for one district."""
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
        near = get_close_matches(district, sorted(districts[chamber]), 3)
        remedy = f"write {' or '.join(near)}" if near else "is it another state's or plan's?"
        raise SourceError(path, line, f"unknown {chamber} district {district!r}", remedy)
    for column, cell in (("id", person), ("name", name)):
        if not cell:
            raise SourceError(path, line, f"no {column} for {_called((chamber, district))}", "fill it in")
    if email and not _EMAIL.fullmatch(email):
        raise SourceError(path, line, f"{email!r} is not an e-mail address", f"correct that of {name}")
    return Legislator(person, chamber, *cells[2:])


def _check_vacancies(
    path: Path, book: Path, held: Counter[DistrictKey], vacant: Counter[DistrictKey], elects: Mapping[DistrictKey, int]
) -> None:
    if missing := sorted(seat for seat in elects if held[seat] + vacant[seat] < elects[seat]):
        named = ", ".join(_called(seat) for seat in missing[:5]) + (" and others" if len(missing) > 5 else "")
        flag = f'--vacant "{missing[0][0]}:{missing[0][1]}"'
        remedy = f"add the member, or the vacancy under roster.vacant in the recipe: {_entry(missing[0])}, or by {flag}"
        few = "not all members" if any(held[seat] for seat in missing) else "no member"
        raise SourceError(path, None, f"{few} for {named} ({len(missing)} of {len(elects)})", remedy)
    if filled := sorted(seat for seat in elects if held[seat] + vacant[seat] > elects[seat]):
        raise SourceError(
            book, None, f"{_called(filled[0])} has a member in {path.name}", "remove its vacancy from roster.vacant"
        )


def _seats(
    book: Path, key: str, entries: list[dict[str, str]], districts: Mapping[Chamber, set[str]]
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
            every = [name for names in districts.values() for name in names]
            near = get_close_matches(str(entry.get("district")), every, 3)
            remedy = f"is it {' or '.join(near)}?" if near else "name chamber and district"
            raise SourceError(book, None, f"roster.{key}: no such district as {entry}", remedy)
        seats.append(seat)
    return seats


def _check_date(book: Path, text: object) -> None:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        raise SourceError(
            book, None, f"roster.date {text!r} is not a date", "write the day the file was made, like 2027-01-31"
        ) from None


def _called(seat: DistrictKey) -> str:
    return f"{seat[0]} {seat[1]}"


def _entry(seat: DistrictKey) -> str:
    return f'{{"chamber": "{seat[0]}", "district": "{seat[1]}"}}'
