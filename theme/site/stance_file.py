"""`NAME.stances.csv` beside a campaign's file: where legislators stand, one a line."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path
from typing import Final
from unicodedata import combining, normalize

from boundaries.model import CHAMBERS, Legislator
from boundaries.state import State
from theme.site.campaign_file import CampaignFile
from theme.site.discovery import display_path
from theme.site.problems import Problem, suggest, suggest_or_list
from theme.site.sections import THANKS
from theme.site.validators import find_unprintable
from theme.stances import STANDS, Stance, Stand

SUFFIX: Final = ".stances.csv"
COLUMNS: Final = ("name", "district", "chamber", "stance", "source", "date")
REQUIRED: Final = ("stance", "source", "date")
EXAMPLE: Final = "name,stance,source,date"
MOST: Final = 300  # characters of a source

# Words that people write, by what they mean.
_MEANT: Final[Mapping[str, Stand]] = {
    **dict.fromkeys(("yes", "support", "supporter", "for", "in favor", "favors", "yea", "aye"), "supports"),
    **dict.fromkeys(("no", "oppose", "opposed", "against", "nay"), "opposes"),
    **dict.fromkeys(("sponsor", "sponsors", "cosponsors", "co-sponsor", "co-sponsors", "cosponsored"), "cosponsor"),
    **dict.fromkeys(("", "?", "undecided", "unclear", "none", "neutral", "n/a"), "unknown"),
}
_TITLE: Final = re.compile(r"(?:the )?(?:hon(?:orable|\.)? )?(?:state )?(?:senator|sen|representative|rep)\.? ", re.I)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMERICAN: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_SHORT: Final = re.compile(r"\s[A-Z]\.?(?=\s)")  # a middle initial


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the file."""

    line: int
    text: str  # as it stands there
    cells: Mapping[str, str]


class _Refused(Exception):
    """What is wrong with a cell, and the remedy."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column, self.text = column, text


def read_stances(path: Path, state: State, today: date) -> tuple[tuple[Stance, ...], list[Problem]]:
    """Every line that is right, in the order of the file; and what is wrong with the others."""
    file, problems = display_path(path), list[Problem]()
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return (), [Problem(file, 1, 1, "this is not UTF-8: save the file as CSV UTF-8")]
    stances: list[Stance] = []
    seen: dict[tuple[str, str, str], int] = {}
    members = [member for seat in state.seats() for member in state.legislators(*seat)]
    for row in _read_rows(lines, file, problems):
        try:
            member = _find_member(row.cells, state, members)
            stance = _read_stance(row.cells, member, state, today)
            key = member.chamber, member.district, member.name
            if key in seen:
                raise _Refused("name", f"{member.name} is on line {seen[key]} already: keep one of the two")
            seen[key] = row.line
            stances.append(stance)
        except _Refused as refused:
            cell = row.cells.get(refused.column, "")
            problems.append(Problem(file, row.line, max(row.text.find(cell), 0) + 1, refused.text))
    return tuple(stances), problems


def find_strays(folder: Path, slugs: Sequence[str]) -> Iterator[Problem]:
    """CSV files beside campaigns that belong to none."""
    for path in sorted(folder.rglob("*.csv")):
        name = path.name.removesuffix(SUFFIX)
        if name == path.name:
            wrong = (
                f"this file is not read: name it after its campaign, like {next(iter(slugs), 'my-campaign')}{SUFFIX}"
            )
            yield Problem(display_path(path), 1, 1, wrong)
        elif name not in slugs:
            hint = suggest(name, slugs)
            yield Problem(display_path(path), 1, 1, f"there is no campaign {name}.md for this file.{hint}")


def find_mismatch(main: CampaignFile, stances: Sequence[Stance]) -> Iterator[Problem]:
    """A letter of thanks that nobody gets; and supporters who are asked for what they do already."""
    file, thanked = main.document.file, [stance for stance in stances if stance.letter == "thanks"]
    if main.thanks and not thanked:
        wrong = f'nobody gets "## {THANKS}": list who supports you in {main.slug}{SUFFIX}'
        yield Problem(file, 1, 1, wrong)
    if thanked and not main.thanks and main.document.legible:
        wrong = (
            f"{len(thanked)} in {main.slug}{SUFFIX} support you, and get the letter that asks for it: write them one "
            f'under a heading "## {THANKS}"'
        )
        yield Problem(file, 1, 1, wrong)


def _read_rows(lines: Sequence[str], file: str, problems: list[Problem]) -> Iterator[_Row]:
    if not any(line.strip() for line in lines):
        problems.append(Problem(file, 1, 1, f"this file is empty: begin with the line {EXAMPLE}"))
        return
    delimiter = max(",;\t", key=lines[0].count)  # as spreadsheets write it in some countries
    reader = csv.reader(lines, delimiter=delimiter)
    heads = [cell.strip().casefold() for cell in next(reader)]
    unknown = [head for head in heads if head not in COLUMNS]
    for head in unknown:
        wrong = f'unknown column "{head}".{suggest_or_list(head, COLUMNS)}'
        problems.append(Problem(file, 1, max(lines[0].casefold().find(head), 0) + 1, wrong))
    missing = [column for column in REQUIRED if column not in heads]
    if "name" not in heads and "district" not in heads:
        missing = ["name", *missing]
    if missing and not unknown:
        problems.append(Problem(file, 1, 1, f"no column {' and '.join(missing)}: begin with the line {EXAMPLE}"))
    if missing or unknown:
        return
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        text = lines[reader.line_num - 1]
        if len(cells) > len(heads) and any(cell.strip() for cell in cells[len(heads) :]):
            wrong = f'{len(cells)} cells, {len(heads)} at most: put a cell that holds a "{delimiter}" in "quotes"'
            problems.append(Problem(file, reader.line_num, 1, wrong))
            continue
        named = {head: cell.strip() for head, cell in zip_longest(heads, cells[: len(heads)], fillvalue="")}
        yield _Row(reader.line_num, text, named)


def _find_member(cells: Mapping[str, str], state: State, members: Sequence[Legislator]) -> Legislator:
    """The one whom a line means, by name, by district, or by both."""
    name, district, chamber = cells.get("name", ""), cells.get("district", ""), cells.get("chamber", "").casefold()
    if chamber and chamber not in CHAMBERS:
        raise _Refused("chamber", f'"{cells["chamber"]}" is no chamber: write senate or house')
    if not name and not district:
        raise _Refused("name", "nobody is named: write a legislator's name, or their district")
    if chamber:
        members = [member for member in members if member.chamber == chamber]
    if district:
        members = _in_district(district, state, members)
    if not name:
        return _only(members, "district", district)
    wanted = _fold_name(name)
    found = [member for member in members if wanted in _names(member)]
    if not found:
        raise _Refused("name", _name_unknown(name, wanted, district, members))
    return _only(found, "name", name)


def _in_district(district: str, state: State, members: Sequence[Legislator]) -> list[Legislator]:
    wanted = _fold(district)
    known = sorted({name for _, name in state.seats()})
    if all(_fold(name) != wanted for name in known):
        raise _Refused("district", f'{state.name} has no district "{district}".{suggest(district, known)}')
    found = [member for member in members if _fold(member.district) == wanted]
    if not found:
        raise _Refused("district", f"nobody in the roster holds {district}: remove the line")
    return found


def _only(found: Sequence[Legislator], column: str, written: str) -> Legislator:
    if len(found) == 1:
        return found[0]
    which = ", ".join(f"{member.name} ({member.chamber}, {member.district})" for member in found)
    remedy = "name, or the chamber" if column == "district" else "district, too"
    raise _Refused(column, f'"{written}" fits {which}: write the {remedy}')


def _name_unknown(name: str, wanted: str, district: str, members: Sequence[Legislator]) -> str:
    if district:
        holders = ", ".join(member.name for member in members)
        return f'"{name}" does not hold {district}: {holders} does. Correct one of the two'
    by_name = {fold: member for member in members for fold in _names(member)}
    close = get_close_matches(wanted, by_name, n=3, cutoff=0.75)
    same = [member for member in members if _fold(member.surname) == wanted.rpartition(" ")[2]]
    near = dict.fromkeys(f"{member.name} ({member.district})" for member in [*(by_name[fold] for fold in close), *same])
    remedy = f"Did you mean {', or '.join(list(near)[:3])}?" if near else "Remove the line if they left office"
    return f'nobody in the roster is called "{name}". {remedy}'


def _read_stance(cells: Mapping[str, str], member: Legislator, state: State, today: date) -> Stance:
    stand = _read_stand(cells["stance"])
    source, on = cells["source"], _read_day(cells["date"], today)
    if (index := find_unprintable(source, "\t")) is not None:
        raise _Refused("source", f"source: character U+{ord(source[index]):04X} is not printable: remove it")
    if len(source) > MOST:
        raise _Refused("source", f"source: too long: {len(source)} characters, {MOST} at most")
    if stand != "unknown" and not source:
        raise _Refused("source", "source: this is empty: say how you know, best with a link, or write unknown")
    if stand != "unknown" and not on:
        raise _Refused("date", "date: this is empty: write the day of the source, like 2026-01-31")
    return Stance(
        chamber=member.chamber,
        district=member.district,
        title=state.titles[member.chamber],
        name=member.name,
        stand=stand,
        source=source,
        on=on,
    )


def _read_stand(written: str) -> Stand:
    word = written.casefold()
    for stand in STANDS:
        if word == stand:
            return stand
    hint = f' Did you mean "{_MEANT[word]}"?' if word in _MEANT else suggest(word, STANDS)
    raise _Refused("stance", f'stance: "{written}" is not one of: {", ".join(STANDS)}.{hint}')


def _read_day(written: str, today: date) -> date | None:
    if not written:
        return None
    try:
        day = date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        day = None
    if day is None:
        raise _Refused("date", f'date: "{written}" is not a date: write {_suggest_day(written)}')
    if day > today:
        raise _Refused("date", f"date: {day} has not come yet: write the day of the source")
    return day


def _suggest_day(written: str) -> str:
    """What a spreadsheet made of a date, as it was meant."""
    if american := _AMERICAN.fullmatch(written):
        month, day, year = map(int, american.groups())
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            pass
    return "year-month-day, like 2026-01-31"


def _names(member: Legislator) -> set[str]:
    return {_fold_name(member.name), _fold_name(f"{member.given_name} {member.family_name}")} - {""}


def _fold_name(name: str) -> str:
    """As people write one: with a title, the last name first, with or without accents and a middle initial."""
    bare = _TITLE.sub("", f"{name} ").strip() if _TITLE.match(f"{name} ") else name
    last, comma, first = bare.partition(",")
    turned = f"{first.strip()} {last.strip()}" if comma and len(first.strip()) > 3 else bare
    return _fold(_SHORT.sub("", turned))


def _fold(text: str) -> str:
    plain = "".join(char for char in normalize("NFD", text.replace("\u2019", "'")) if not combining(char))
    return " ".join(plain.casefold().replace(".", "").split())
