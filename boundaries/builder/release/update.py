"""Brings a state up to date: fetch what changed, build beside the old files, compare, and only then swap."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from boundaries.atomic_swap import swap_files
from boundaries.builder.release.provenance import used_files
from boundaries.builder.release.roster_update import Allowed, check_domains, update_recipe, update_roster
from boundaries.builder.release.staging import staging_folder
from boundaries.builder.sources.fetch import Fetcher, wrong_kind
from boundaries.builder.sources.progress import Say, Watch
from boundaries.builder.sources.recipe import Recipe, read_recipe, write_recipe
from boundaries.builder.sources.roster import read_roster
from boundaries.errors import DataError, SourceError
from boundaries.model import Chamber
from boundaries.plans import plan_on
from boundaries.state import State, open_state
from boundaries.streetbook import StreetBook

SAMPLE = 2_000  # streets whose answers are compared
NUMBERS = (3, 24, 101, 350)  # house numbers asked on each
CHANGED = 0.02  # of the old book's certain answers that may change while the districts stay the same
MIN_STREETS = 0.9  # of the old book's streets must be in the new one


def update(
    folder: Path, *, only_roster: bool, by_hand: Path | None, downloads: Path, contact: str, today: date,
    allowed: Allowed, say: Say, watch: Watch,
) -> None:  # fmt: skip
    """Bring `folder` up to date, from the publishers or only from the folder `by_hand`.

    The old files stay in effect unless everything succeeded. SourceError or DataError says what failed, and what to do.
    """
    old = open_state(folder, on=today)
    home, _ = plan_on(folder, today)
    recipe = replace(read_recipe(home / "recipe.json", by_hand or downloads), watch=watch)
    wanted = [recipe.content["roster"]["file"]] if only_roster else used_files(recipe)
    fetcher = None if by_hand else Fetcher(downloads, contact, today, say)
    given = _collect(recipe, wanted, by_hand, fetcher)
    if only_roster:
        given |= _collect_committees(recipe, by_hand, fetcher, say)
    recipe = replace(recipe, given=given)
    if fetcher:
        recipe = _dated(recipe, fetcher.days())
    day = today if fetcher else _day(recipe, old, today)
    with staging_folder(home) as made:
        if only_roster:
            update_roster(home, recipe, old, made, day, allowed, say)
        else:
            # A roster update must work without the builder's libraries, on any relay.
            from boundaries.builder.release.compile import compile_state

            recipe = update_recipe(recipe, old, day, allowed, say)
            compile_state(recipe, made, say, set())
            write_recipe(made / "recipe.json", recipe.content)
        whole = made.parent / "whole"
        shutil.copytree(home, whole, ignore=lambda _, names: [name for name in names if (home / name).is_dir()])
        shutil.copytree(made, whole, dirs_exist_ok=True)
        (whole / "plans.csv").unlink(missing_ok=True)
        new = open_state(whole)
        if not only_roster:
            check_domains(recipe, old, read_roster(recipe, _districts(new)), allowed)
            compare(old, new, home, whole)
        swap_files(made, home)
    say(f"{new.name} is up to date: {new.freshness(today).message or f'roster from {new.roster_date}'}")
    say("a running relay loads it when it is restarted")


def _collect(recipe: Recipe, names: Sequence[str], by_hand: Path | None, fetcher: Fetcher | None) -> dict[str, Path]:
    """Where each source is now: fetched, or put there by hand under its own or its publisher's name, or kept in the
    state's folder. SourceError lists all that are missing."""
    urls = {entry["file"]: entry.get("url", "") for entry in recipe.content.get("sources", [])}
    paths: dict[str, Path] = {}
    missing = []
    for name in names:
        url = urls.get(name, "")
        beside = recipe.home / name
        choices = [
            folder / file_name
            for folder in (by_hand, recipe.sources)
            if folder
            for file_name in (name, Path(url).name)
            if file_name
        ]
        if fetcher and url:
            paths[name] = fetcher.get(name, url)
        elif path := next((path for path in choices if path.is_file()), None):
            paths[name] = path
        elif beside.is_file() and name != recipe.content.get("committees", {}).get("file"):
            paths[name] = beside
        else:
            missing.append(name)
    if missing:
        wrong = f"{len(missing)} of the sources cannot be fetched: {', '.join(missing)}"
        remedy = "put them there (see the state's SOURCES.md for where they come from), or update with --only roster"
        raise SourceError(recipe.sources, None, wrong, remedy)
    for name, path in paths.items():
        if by_hand and path.parent == by_hand and (wrong := wrong_kind(path, name)):
            raise SourceError(path, None, wrong, "fetch it again")
    return paths


def _collect_committees(recipe: Recipe, by_hand: Path | None, fetcher: Fetcher | None, say: Say) -> dict[str, Path]:
    """Newer committees, if there are any. Members change without them, so that what goes wrong is only reported."""
    name = recipe.content.get("committees", {}).get("file", "")
    published = any(entry["file"] == name and entry.get("url") for entry in recipe.content.get("sources", []))
    if not name or not (by_hand or published):
        return {}
    try:
        return _collect(recipe, [name], by_hand, fetcher)
    except SourceError as error:
        if fetcher:
            say(f"the committees stay as they are: {error}")
        return {}


def _day(recipe: Recipe, old: State, today: date) -> date:
    """The date of a people CSV that was downloaded by hand. SourceError if the roster in effect is newer."""
    path = recipe.source(recipe.content["roster"]["file"])
    day = min(today, datetime.fromtimestamp(path.stat().st_mtime, UTC).date())
    if day < old.roster_date:
        wrong = f"is from {day}, older than the roster in effect, {old.roster_date}"
        raise SourceError(path, None, wrong, "download it again")
    return day


def _dated(recipe: Recipe, days: Mapping[str, str]) -> Recipe:
    """The recipe with the days on which its sources were fetched, and from where."""
    sources = [dict(entry) for entry in recipe.content.get("sources", [])]
    for entry in sources:
        if entry["file"] in days:
            entry |= {"date": days[entry["file"]], "from": entry["url"]}
    return replace(recipe, content={**recipe.content, "sources": sources})


def _districts(state: State) -> dict[Chamber, set[str]]:
    districts: dict[Chamber, set[str]] = {}
    for chamber, name in state.seats():
        districts.setdefault(chamber, set()).add(name)
    return districts


def compare(old: State, new: State, before: Path, after: Path) -> None:
    """DataError if the new book knows less than the old one, or differs more often than new sources explain."""
    gone = sorted(set(old.towns) - set(new.towns))
    if gone:
        raise DataError(f"the new book does not know {', '.join(gone[:5])} ({len(gone)} towns): {_REMEDY}")
    was, now = StreetBook(before / "streets.bin"), StreetBook(after / "streets.bin")
    count, count_now = (sum(len(streets) for streets in book.towns.values()) for book in (was, now))
    if count_now < MIN_STREETS * count:
        raise DataError(f"the new book has {count_now:,} streets in split towns, the old one {count:,}: {_REMEDY}")
    streets = [(town, key) for town in sorted(was.towns) for key in sorted(was.towns[town])]
    sure, changed, first = 0, 0, ""
    for town, key in streets[:: max(1, len(streets) // SAMPLE)]:
        for number in NUMBERS:
            address = f"{number} {key}", town, ""
            before_answer, after_answer = old.locate(*address), new.locate(*address)
            if before_answer.status == "matched":
                sure += 1
                if after_answer.status == "matched" and after_answer.pairs != before_answer.pairs:
                    changed += 1
                    first = first or f"{address[0]}, {town}"
    if changed > CHANGED * sure:
        wrong = f"{changed:,} of {sure:,} addresses are in other districts than before, first {first}"
        raise DataError(f"{wrong}: if districts were redrawn, build them into a separate folder (plans.csv)")


_REMEDY = "a source may be incomplete; if it is right, build it with `beaconpost boundaries build`"
