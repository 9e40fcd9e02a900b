"""Applies a newer people CSV to a built state: what it changes, and what must hold before it takes effect."""

import csv
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from boundaries.builder.release.provenance import write_sources
from boundaries.builder.sources.committee_chairs import compile_committees
from boundaries.builder.sources.people_file import OPEN_STATES, read_people, seat_district
from boundaries.builder.sources.progress import Say
from boundaries.builder.sources.recipe import Recipe, write_recipe
from boundaries.builder.sources.roster import calls_vacant, find_vacancies, read_roster
from boundaries.builder.sources.seat_counts import count_members
from boundaries.committees import COLUMNS, Committees, read_committees
from boundaries.email_addresses import find_domain
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber, DistrictKey, Legislator
from boundaries.roster_file import name_person, tidy
from boundaries.state import State


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator vouches for."""

    vacant: Sequence[Mapping[str, str]] = ()  # seats, as in the recipe
    no_email: Sequence[Mapping[str, str]] = ()  # seats, as in the recipe
    domains: Sequence[str] = ()  # mail domains that no member had before
    skip: Sequence[str] = ()  # rows of the people CSV to leave out, by the person's id or name, or the seat


def update_recipe(recipe: Recipe, old: State, today: date, allowed: Allowed, say: Say) -> Recipe:
    """The recipe for the new people CSV: its date, and its vacancies without those that were filled.

    A roster carries the day on which it was the newest available. But after the start of a term it counts as made in
    that term only if seats changed hands: a publisher may lag, and letters must not go to those who left.
    """
    part: dict[str, Any] = dict(recipe.content["roster"])
    skip = [*part.get("skip", []), *allowed.skip]
    if skip:
        part["skip"] = list(dict.fromkeys(skip))
        recipe = replace(recipe, content={**recipe.content, "roster": part})
    known = {name for _, name in old.seats()}
    held: dict[tuple[str | None, str], dict[str, str]] = {}
    columns = ("current_chamber", "current_district", "id", "name", "given_name", "family_name")
    for _, (body, name, person, *names) in read_people(recipe, columns):
        if not calls_vacant(*names):
            seat_held = OPEN_STATES.get(body), seat_district(tidy(name), known)
            held.setdefault(seat_held, {})[tidy(person)] = name_person(*names)
    elects = count_members(recipe, districts_of(old))
    room: dict[tuple[str, str], int] = {seat: number - len(held.get(seat, {})) for seat, number in elects.items()}
    still = []
    for vacancy in find_vacancies(recipe, elects, [*part.get("vacant", []), *allowed.vacant]):
        seat = (vacancy["chamber"], vacancy["district"])
        if room.get(seat, 1) > 0:
            room[seat] = room.get(seat, 1) - 1
            still.append(dict(vacancy))
        elif vacancy not in still:
            say(f"{seat[0]} {seat[1]}: no longer vacant")
    no_email = [dict(seat) for seat in [*part.get("no_email", []), *allowed.no_email]]
    before = {seat: {member.id: member.name for member in old.legislators(*seat)} for seat in old.seats()}
    changed = {seat for seat in before if held.get(seat, {}).keys() != before[seat].keys()}
    for seat in sorted(changed):
        left, came = before[seat], held.get(seat, {})
        say(f"{seat[0]} {seat[1]}: {_names_of_others(left, came)} → {_names_of_others(came, left)}")
    day = today
    late = [seat for seat in old.freshness(today).changed if not _has_changed(seat, changed)]
    if late:
        day = old.roster_date
        where = ", ".join(f"{chamber} {district}".strip() for chamber, district in sorted(late))
        say(f"a term has begun, but the file has no new members yet ({where}): the roster stays dated {day}")
    roster = part | {"date": day.isoformat(), "vacant": still} | ({"no_email": no_email} if no_email else {})
    sources = [
        dict(entry) | ({"date": day.isoformat()} if entry["file"] == part["file"] else {})
        for entry in recipe.content.get("sources", [])
    ]
    return replace(recipe, content={**recipe.content, "roster": roster, "sources": sources})


def _names_of_others(members: Mapping[str, str], others: Mapping[str, str]) -> str:
    """A seat's members who are not among the others."""
    return " and ".join(name for person, name in members.items() if person not in others) or "vacant"


def districts_of(state: State) -> dict[Chamber, set[str]]:
    """Each chamber's districts by name."""
    return {chamber: {name for body, name in state.seats() if body == chamber} for chamber in CHAMBERS}


def _has_changed(seat: DistrictKey, changed: set[DistrictKey]) -> bool:
    """Whether a seat, or with a blank district any of its chamber's, changed hands."""
    return seat in changed or (not seat[1] and any(chamber == seat[0] for chamber, _ in changed))


def check_domains(recipe: Recipe, old: State, members: Sequence[Legislator], allowed: Allowed) -> None:
    """SourceError if mail would go to a domain that no member had before: a garbled or forged file would do that."""
    path = recipe.source(recipe.content["roster"]["file"])
    known = old.mail_domains | {find_domain(domain) for domain in allowed.domains}
    for member in members:
        domain = find_domain(member.email)
        if domain and known and domain not in known:
            wrong = f"{member.name} has an address at {domain}, which no member had before"
            raise SourceError(path, None, wrong, f"if that is right, add --mail-domain {domain}")


def _update_committees(recipe: Recipe, old: State, members: Sequence[Legislator], path: Path, say: Say) -> Recipe:
    """Write the committees if there are newer ones that can be used. Returns the recipe, without those that cannot."""
    name = recipe.content.get("committees", {}).get("file")
    by_id = {member.id: member for member in members}
    if name in recipe.given:
        try:
            write_committees(path, compile_committees(recipe, list(members)))
        except SourceError as error:
            say(f"the committees stay as they are: {error}")
            recipe = replace(recipe, given={file: where for file, where in recipe.given.items() if file != name})
        else:
            _report_chairs(old, read_committees(path), by_id, say)
            return recipe
    _report_empty_chairs(old, by_id.keys(), say)
    return recipe


def _report_empty_chairs(old: State, sitting: AbstractSet[str], say: Say) -> None:
    """Report chairs who are no longer in the roster, if there are no newer committees."""
    chairs = [name for name in old.committees if any(member.id not in sitting for member in old.chairs(name))]
    if chairs:
        say(f"committees.csv names somebody who is no longer in the roster: {'; '.join(chairs)}")


def _report_empty_roles(old: State, sitting: AbstractSet[str], say: Say) -> None:
    """Report leaders who are no longer in the roster: that table is maintained by hand."""
    if roles := [role for role in old.roles if old.leader(role).id not in sitting]:
        say(f"leadership.csv names somebody who is no longer in the roster: {'; '.join(roles)}")


def _report_chairs(old: State, new: Committees, members: Mapping[str, Legislator], say: Say) -> None:
    """Report committees with other chairs than before, and those that came and went: campaigns name them."""
    for name in sorted({*old.committees, *new.names}):
        before = {chair.id: chair.name for chair in old.chairs(name)} if name in old.committees else {}
        after = {person: members[person].name for person in new.leaders(name, "chair")} if name in new.names else {}
        if before.keys() != after.keys():
            gone = "no such committee any more" if name not in new.names else "no chair"
            say(f"{name}: {_list_names(before) or 'nobody'} → {_list_names(after) or gone}")


def _list_names(chairs: Mapping[str, str]) -> str:
    return " and ".join(sorted(chairs.values()))


def write_committees(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write committees.csv."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([COLUMNS, *rows])


def update_roster(home: Path, recipe: Recipe, old: State, made: Path, today: date, allowed: Allowed, say: Say) -> None:
    """Write into `made` the files that a newer people CSV changes, and the committees, if the recipe was given newer
    ones. The street book, the districts and terms stay. home: the state's folder. SourceError on bad input."""
    recipe = update_recipe(recipe, old, today, allowed, say)
    members = read_roster(recipe, districts_of(old), say)
    check_domains(recipe, old, members, allowed)
    write_roster(made / "roster.csv", members)
    recipe = _update_committees(recipe, old, members, made / "committees.csv", say)
    _report_empty_roles(old, {member.id for member in members}, say)
    settings = json.loads((home / "state.json").read_text("utf-8"))
    settings |= {"roster_date": recipe.content["roster"]["date"], "vacant": recipe.content["roster"]["vacant"]}
    (made / "state.json").write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", "utf-8")
    write_recipe(made / "recipe.json", recipe.content)
    write_sources(made / "SOURCES.md", recipe, keep=home / "SOURCES.md")


def write_roster(path: Path, members: Sequence[Legislator]) -> None:
    """Write roster.csv."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([column.name for column in fields(Legislator)])
        writer.writerows([astuple(member) for member in members])
