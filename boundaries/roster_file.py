"""A state's `roster.csv`, as the builder writes it and as people correct it by hand.

One bad row costs its own member at most: what is wrong is said by file and row, and the others are read.
"""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from boundaries.email_addresses import parse_email, suggest_emails
from boundaries.errors import DataError
from boundaries.model import CHAMBERS, Chamber, DistrictKey, Legislator
from boundaries.vacancies import is_vacancy

COLUMNS: Final = tuple(column.name for column in fields(Legislator))
_IDENTITY: Final = COLUMNS.index("name") + 1  # cells that say who it is and where
_LONGEST: Final = 10  # lines of a row, if its cells have line breaks
_REWRITE: Final = "save it as CSV in UTF-8, or restore it with `beaconpost boundaries update`"


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A roster.csv as read."""

    members: tuple[Legislator, ...]
    vacant: Counter[DistrictKey]  # seats that a row calls vacant, or whose only row could not be read
    problems: tuple[str, ...]  # for the operator: file, row, what is wrong, and the remedy


def read_roster_file(
    path: Path, districts: Collection[DistrictKey] | None, vacant: Mapping[DistrictKey, int]
) -> RosterFile:
    """The members of the known districts. districts: None takes them as they are written. vacant: the vacancies that
    are known otherwise. DataError if there is no such
    file, or it is no roster at all."""
    text, problems = _read_text(path)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    header = [name.strip() for name in next(csv.reader([lines[0]]), [])]
    if missing := [column for column in COLUMNS if column not in header]:
        raise DataError(f"{path}:1: no column {missing[0]!r}; the first line must be {','.join(COLUMNS)}; {_REWRITE}")
    members: list[Legislator] = []
    empty: Counter[DistrictKey] = Counter()
    line_of: dict[str, int] = {}
    for line, row in _read_rows(lines, len(header), path, problems):
        try:
            member = _read_member(dict(zip(header, row, strict=True)), districts)
        except ValueError as error:
            problems.append(f"{path}:{line}: {error}; the row is left out")
            continue
        if is_vacancy(member.name):
            empty[member.chamber, member.district] += 1
            continue
        if not member.id or member.id in line_of:
            wrong = f"the id of {member.name} is on line {line_of[member.id]} too" if member.id else "no id"
            problems.append(f"{path}:{line}: {wrong}; write the member's own, or no committee and no office finds them")
            member = replace(member, id="")
        line_of |= {member.id: line} if member.id else {}
        try:
            address = read_email(member.email, member.name)
        except ValueError as error:
            problems.append(f"{path}:{line}: {error}; until then no letter goes there")
            address = ""
        members.append(replace(member, email=address))
    held = {(member.chamber, member.district) for member in members}
    for seat in sorted(set(districts or ()) - held - set(empty) - {seat for seat in vacant if vacant[seat]}):
        problems.append(f"{path}: nobody holds {seat[0]} {seat[1]}, which counts as vacant; add its member")
        empty[seat] += 1
    return RosterFile(tuple(members), empty, tuple(problems))


def read_email(cell: str, name: str) -> str:
    """A roster's e-mail address; "" if the cell is blank. ValueError says what is wrong, and what to write. name: whose
    it is."""
    text = cell.strip(" \t")  # a line break is no part of an address, wherever it is
    if not text.strip():
        return ""
    try:
        return parse_email(text)
    except ValueError as error:
        meant = suggest_emails(text)
        remedy = f"write {' or '.join(meant)} as the address of {name}" if meant else f"correct the address of {name}"
        raise ValueError(f"{text!r} is not an e-mail address: {str(error).removesuffix('.')}; {remedy}") from None


def tidy(text: str) -> str:
    """A cell on one line, without what nobody sees: a name goes into a header and a greeting."""
    spaced = " ".join(text.split())
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co"))


def name_person(name: str, given_name: str, family_name: str) -> str:
    """A member's name, tidied; from its parts if it was left blank."""
    return tidy(name) or tidy(f"{given_name} {family_name}")


def _read_text(path: Path) -> tuple[str, list[str]]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path} is missing: build the state with `beaconpost boundaries build`") from None
    except OSError as error:
        raise DataError(f"{path}: unreadable ({error})") from None
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = f"{path}:{line}: not in UTF-8, and read as Windows-1252; save it as CSV in UTF-8"
        return raw.decode("cp1252", "replace"), [problem]


def _read_rows(lines: list[str], width: int, path: Path, problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each row with its line. A quotation mark that is never closed costs its own row only."""
    at = 1
    while at < len(lines):
        line, size = at + 1, 1
        while '"' in lines[at] and size < _LONGEST and "\n".join(lines[at : at + size]).count('"') % 2:
            size += 1
        text = "\n".join(lines[at : at + size])
        row = next(csv.reader(io.StringIO(text, newline="")), [])
        if text.count('"') % 2 or (size > 1 and len(row) != width):
            size = 1
            row = lines[at].replace('"', "").split(",")
            problems.append(f"{path}:{line}: a quotation mark is not closed; close it, or remove it")
        at += size
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != width:
            problems.append(f"{path}:{line}: {len(row)} columns, {width} expected; put texts with commas in quotes")
            # Too many: the last column, the office's address, has commas.
            row = [*row[: width - 1], ",".join(row[width - 1 :])] if len(row) > width else row
            row += [""] * (width - len(row))
        yield line, row


def _read_member(cells: Mapping[str, str], districts: Collection[DistrictKey] | None) -> Legislator:
    """ValueError if it is unknown who it is, or where."""
    chamber = _among("chamber", tidy(cells["chamber"]), list(CHAMBERS))
    district = tidy(cells["district"])
    if districts is not None:
        _among("district", district, [name for body, name in districts if body == chamber])
    name = name_person(cells["name"], cells["given_name"], cells["family_name"])
    if not name:
        raise ValueError(f"no name for {chamber} {district}; fill it in")
    rest = {column: tidy(cells[column]) for column in COLUMNS[_IDENTITY:]} | {"email": cells["email"]}
    body: Chamber = "senate" if chamber == "senate" else "house"
    return Legislator(tidy(cells["id"]), body, district, name, **rest)


def _among(column: str, cell: str, known: list[str]) -> str:
    if cell in known:
        return cell
    near = get_close_matches(cell, known, 3) or (known if len(known) <= 2 else [])
    raise ValueError(f"unknown {column} {cell!r}; write {' or '.join(near) or 'it as in districts.csv'}")
