"""Addresses as people type them, compared with the districts of the points: parts left out, or added before or after.

    python -m bench.bench_typed --sources DIR [--folder DIR]

Every assessor's house in a town in several pairs of districts, typed differently from the assessor. Left out: the
direction of a street, if the plain street has no such number (for houses that one street of the name has, and that
several have), or if there is no plain street. After: a floor or a unit after a direction that follows the suffix.
Before: a unit, a person or another number, for houses drawn at random. Truth: the full polygons around the point;
houses with one address in several pairs are excluded.

The last line tells how many houses, if each were missing from the sources, would be taken for a twin's or asked about.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.draw_addresses import assign_by_town, read_points
from boundaries.builder.sources.districts import read_districts
from boundaries.builder.sources.evidence import clean_name, official_key
from boundaries.builder.sources.places import read_towns
from boundaries.builder.sources.recipe import Recipe, read_recipe
from boundaries.data import shipped
from boundaries.known_numbers import KnownNumbers
from boundaries.model import CHAMBERS, Pair
from boundaries.normalization import format_key
from boundaries.ranking import Candidate, rank
from boundaries.state import State, open_state
from boundaries.street_name import Relation, relation_of, split_name
from boundaries.vocabulary import DIRECTIONS, SUFFIX

AFTER = ("", " 2nd floor", " Rear", " 2F", " 2", ", Apt 3", " #4")
BEFORE = (
    "{}",
    "Apt 3, {}",
    "Apt 3 {}",
    "c/o Ann Roe, {}",
    "Rear {}",
    "R{}",
    "6/{}",
    "Unit 2B, {}",
    "PO Box 12, {}",
    "3 {}",
)
SAMPLE = 20_000

Houses = dict[int, set[Pair]]
Typed = tuple[str, str, Pair]  # street line, town, truth


@dataclass(slots=True)
class Book:
    """The houses by (town, street key), and the keys by (town, name without direction)."""

    houses: defaultdict[tuple[str, str], Houses] = field(default_factory=lambda: defaultdict(dict))
    plain: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))


def main() -> None:
    """Type, look up and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=Path, default=Path("../shared/data/ma"))
    parser.add_argument("--folder", type=Path, default=shipped("ma"))
    args = parser.parse_args()
    if not args.sources.is_dir():
        print(f"not run: it types addresses of the street book's sources, and {args.sources} does not exist")
        return
    state, book = open_state(args.folder), read_book(read_recipe(shipped("ma") / "recipe.json", args.sources))
    print(f"{'typed':44} {'n':>7} {'answered':>10} {'wrong':>8} {'asked':>7} {'with truth':>11}")
    for what, some in leave_out(book).items():
        evaluate(state, what, some)
    after = [
        (key, town, number, next(iter(pairs)))
        for (town, key), houses in book.houses.items() if key.split()[-1] in DIRECTIONS and len(key.split()) > 2
        for number, pairs in houses.items() if len(pairs) == 1
    ]  # fmt: skip
    for ending in AFTER:
        evaluate(state, f"direction behind, then “{ending}”",
              [(f"{number} {format_key(key)}{ending}", town, pair) for key, town, number, pair in after])  # fmt: skip
    every = [
        (f"{number} {format_key(key)}", town, next(iter(pairs)))
        for (town, key), houses in book.houses.items() for number, pairs in houses.items() if len(pairs) == 1
    ]  # fmt: skip
    drawn = random.Random(1).sample(every, SAMPLE)  # noqa: S311  (a sample, not a secret)
    for form in BEFORE:
        evaluate(state, form, [(form.format(line), town, pair) for line, town, pair in drawn])
    wrong, asked, count = leave_one_out(book)
    print(f"{count:,} houses of streets with a twin, each left out: {wrong} taken for the twin's, {asked} asked about")


def read_book(recipe: Recipe) -> Book:
    """The houses of towns in several pairs of districts, with the pairs around them."""
    names, _, layers = read_districts(recipe)
    towns = read_towns(recipe, names)
    points = [point for point in read_points(recipe) if len(towns[point[0]]) > 1 and point[1].isdecimal()]
    spots = np.array([point[5:7] for point in points])
    mine = {town: [sorted({pair[side] for pair in pairs}) for side in (0, 1)] for town, pairs in towns.items()}
    senate, house = (
        assign_by_town(layers[chamber], [mine[point[0]][side] for point in points], spots)
        for side, chamber in enumerate(CHAMBERS)
    )
    book = Book()
    for (town, number, street, *_), *pair in zip(points, senate, house, strict=True):
        key = official_key(recipe, clean_name(street)[0])
        if key:
            book.houses[town, key].setdefault(int(number), set()).add(Pair(*pair))
            book.plain[town, without_direction(key)].add(key)
    return book


def without_direction(key: str) -> str:
    """ "n main st", "main st n" → "main st"."""
    words = key.split()
    if len(words) > 2 and words[0] in DIRECTIONS:
        return " ".join(words[1:])
    if len(words) > 2 and words[-1] in DIRECTIONS and words[-2] in SUFFIX:
        return " ".join(words[:-1])
    return key


def leave_out(book: Book) -> dict[str, list[Typed]]:
    """Houses typed without their street's direction, by what else there is of that name."""
    by_change: dict[str, list[Typed]] = {}
    for (town, key), houses in book.houses.items():
        plain = without_direction(key)
        for number, pairs in houses.items() if plain != key else ():
            twins = sum(number in book.houses[town, other] for other in book.plain[town, plain])
            there = (town, plain) in book.houses and bool(book.houses[town, plain])
            if len(pairs) == 1 and not (there and number in book.houses[town, plain]):
                what = (
                    f"no direction, {'' if there else 'no '}plain street, {'one has' if twins == 1 else 'more have'} it"
                )
                by_change.setdefault(what, []).append((f"{number} {format_key(plain)}", town, next(iter(pairs))))
    return by_change


def evaluate(state: State, what: str, some: Iterable[Typed]) -> None:
    """Look up and print how often the answer was right, wrong or asked for."""
    count: Counter[str] = Counter()
    for line, town, truth in some:
        answer = state.locate(line, town, "")
        count["n"] += 1
        if answer.status == "matched":
            count["answered"] += 1
            count["wrong"] += answer.pairs[0] != truth
        else:
            count["asked"] += 1
            count["held"] += truth in answer.pairs
    n, asked = count["n"], max(count["asked"], 1)
    print(f"{what:44} {n:7,} {count['answered'] / n:10.3%} {count['wrong'] / n:8.3%} {count['asked']:7,}"
          f" {count['held'] / asked:11.3%}", flush=True)  # fmt: skip


def leave_one_out(book: Book) -> tuple[int, int, int]:
    """How many houses of confusable streets would, left out one by one, be taken for a twin's; how many would need a
    choice; and out of how many."""
    wrong = asked = count = 0
    for family in _families(book):
        pairs = {pair for houses in family.values() for there in houses.values() for pair in there}
        if len(family) == 1 or len(pairs) == 1:
            continue
        numbers = {pair: number for number, pair in enumerate(sorted(pairs))}
        for key, houses in family.items():
            for number, truth in houses.items():
                count += 1
                ranking = rank(list(_candidates(key, number, family, numbers)))
                if len(ranking.members) > 1 or not ranking.sure:
                    asked += 1
                else:
                    wrong += ranking.members[0] not in {numbers[pair] for pair in truth}
    return wrong, asked, count


def _families(book: Book) -> Iterable[Mapping[str, Houses]]:
    families: defaultdict[tuple[str, str], dict[str, Houses]] = defaultdict(dict)
    for (town, key), houses in book.houses.items():
        families[town, split_name(key).core][key] = houses
    return families.values()


def _candidates(
    key: str, number: int, family: Mapping[str, Houses], numbers: Mapping[Pair, int]
) -> Iterator[Candidate]:
    for other, houses in family.items():
        known = sorted(house for house in houses if other != key or house != number)
        known_numbers = KnownNumbers(
            [house for house in known if house % 2 == 0], [house for house in known if house % 2]
        )
        there = houses.get(number) or {pair for pairs in houses.values() for pair in pairs}
        relation = Relation.SAME if other == key else relation_of(split_name(key), split_name(other))
        if known:
            yield Candidate(other, relation, tuple(numbers[pair] for pair in there), known_numbers.status(number))


if __name__ == "__main__":
    main()
