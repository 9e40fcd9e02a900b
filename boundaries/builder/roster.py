"""The roster: Open States' people CSV, checked against the divisions."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from boundaries.builder.recipe import Recipe, read_rows
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber, Legislator

# Open States' own writer leaves the capitol columns blank at times; they must be there, and may be empty.
OPEN_STATES: Mapping[str, Chamber] = {"upper": "senate", "lower": "house"}
_COLUMNS = (
    "id", "current_chamber", "current_district", "name", "given_name", "family_name", "current_party", "email",
    "capitol_voice", "capitol_address",
)  # fmt: skip
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}")

Seat = tuple[Chamber, str]


def read_roster(recipe: Recipe, districts: Mapping[Chamber, set[str]]) -> list[Legislator]:
    """Every member, by chamber and district. SourceError unless each district has one member or a named vacancy."""
    part = recipe.content["roster"]
    path = recipe.source(part["file"])
    book = recipe.home / "recipe.json"
    _check_date(book, part.get("date"))
    found: dict[Seat, tuple[int, Legislator]] = {}
    ids: dict[str, int] = {}
    silent: list[tuple[int, Legislator]] = []
    unreachable = _seats(book, "no_email", part.get("no_email", []), districts)
    for line, row in read_rows(path, _COLUMNS):
        cells = [cell.strip() for cell in row]
        member = _read_member(path, line, cells, districts)
        seat = (member.chamber, member.district)
        if member.id in ids:
            raise SourceError(path, line, f"id {member.id!r} is on line {ids[member.id]} too", "remove one of the two")
        if seat in found:
            before, other = found[seat]
            wrong = f"{member.name} holds {_called(seat)}, which {other.name} holds on line {before}"
            raise SourceError(
                path, line, wrong, "remove the one who left; districts of several members are not known here"
            )
        if not member.email and seat not in unreachable:
            silent.append((line, member))
        ids[member.id] = line
        found[seat] = line, member
    if silent:
        named = ", ".join([member.name for _, member in silent[:5]]) + (" and others" if len(silent) > 5 else "")
        seats = ", ".join([_entry((member.chamber, member.district)) for _, member in silent])
        flags = " ".join([f'--no-email "{member.chamber}:{member.district}"' for _, member in silent])
        remedy = (
            f"add it from the legislature's site, or list {seats} under roster.no_email in the recipe, or by {flags}"
        )
        raise SourceError(path, silent[0][0], f"no e-mail address for {named}", remedy)
    _check_vacancies(path, book, set(found), _seats(book, "vacant", part.get("vacant", []), districts), districts)
    return [found[seat][1] for seat in sorted(found)]


def read_seats(flag: str, texts: Sequence[str]) -> list[dict[str, str]]:
    """What flags name: "house:2nd South" → {"chamber": "house", "district": "2nd South"}."""
    found = []
    for text in texts:
        chamber, _, district = text.partition(":")
        if chamber not in CHAMBERS or not district:
            raise SourceError(flag, None, f"{text!r} is no seat", 'write it like "house:12"')
        found.append({"chamber": chamber, "district": district})
    return found


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
        raise SourceError(path, line, f"{email!r} is not an e-mail address", f"mend that of {name}")
    return Legislator(person, chamber, *cells[2:])


def _check_vacancies(
    path: Path, book: Path, held: set[Seat], vacant: set[Seat], districts: Mapping[Chamber, set[str]]
) -> None:
    every = {(chamber, name) for chamber, names in districts.items() for name in names}
    if missing := sorted(every - held - vacant):
        named = ", ".join(_called(seat) for seat in missing[:5]) + (" and others" if len(missing) > 5 else "")
        flag = f'--vacant "{missing[0][0]}:{missing[0][1]}"'
        remedy = f"add the member, or the vacancy under roster.vacant in the recipe: {_entry(missing[0])}, or by {flag}"
        raise SourceError(path, None, f"no member for {named} ({len(missing)} of {len(every)})", remedy)
    if filled := sorted(held & vacant):
        raise SourceError(
            book, None, f"{_called(filled[0])} has a member in {path.name}", "take its vacancy out of roster.vacant"
        )


def _seats(book: Path, key: str, entries: list[dict[str, str]], districts: Mapping[Chamber, set[str]]) -> set[Seat]:
    found: set[Seat] = set()
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
        found.add(seat)
    return found


def _check_date(book: Path, text: object) -> None:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        raise SourceError(
            book, None, f"roster.date {text!r} is not a date", "write the day the file was made, like 2027-01-31"
        ) from None


def _called(seat: Seat) -> str:
    return f"{seat[0]} {seat[1]}"


def _entry(seat: Seat) -> str:
    return f'{{"chamber": "{seat[0]}", "district": "{seat[1]}"}}'
