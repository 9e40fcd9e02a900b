"""One town's street book: every street's runs, from the town's evidence."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np

from boundaries.builder.book.classifier import NEAR, Classifier, Examples, make_examples, unseen_numbers
from boundaries.builder.book.features import BATCH
from boundaries.builder.book.interpolation import Interpolation, Interpolator
from boundaries.builder.book.nearest_pairs import NearestPairs
from boundaries.builder.book.runs import OTHER_SIDE, SLACK, Code, Piece, Spot, derive_pieces, find_mixed, overlay
from boundaries.builder.book.town_evidence import OpenStreet, TownEvidence, gather_streets
from boundaries.builder.sources.layers import FAR

CERTAIN = 300.0  # meters of clearance from which on a street in one pair needs no runs


@dataclass(frozen=True, slots=True)
class Runs:
    """A street's answer."""

    even: tuple[Piece, ...]  # pieces of the even numbers
    odd: tuple[Piece, ...]  # pieces of the odd numbers
    everywhere: Code  # its pairs, most common first, for a missing number


def write_runs(
    located: TownEvidence, nearby: NearestPairs, classifier: Classifier | None, certain: float = CERTAIN,
    *, thin: bool = False,
) -> dict[int, Runs]:  # fmt: skip
    """The runs of every street, by street id. certain: clearance (meters) from which on a street needs no runs. thin:
    whether the source lacks many houses: then every street has runs."""
    whole, open_streets = gather_streets(located, np.inf if thin else certain)
    runs = {street: Runs(((0, (pair,)),), ((0, (pair,)),), (pair,)) for street, pair in whole.items()}
    plain = {
        (street, parity): _one_side(known.spots, parity, known.links, thin=thin)
        for street, known in open_streets.items() for parity in (0, 1)
    }  # fmt: skip
    better = _decide(located, open_streets, plain, classifier) if classifier and not thin else {}
    for street, known in open_streets.items():
        sides = []
        mixed = _mixed_numbers(known.spots)
        for parity in (0, 1):
            pieces = overlay(plain[street, parity], parity, better.get((street, parity), {}))
            pieces = overlay(pieces, parity, {number: code for number, code in mixed.items() if number % 2 == parity})
            sides.append(tuple(_fill(pieces, known.spots, nearby)))
        runs[street] = Runs(sides[0], sides[1], known.everywhere)
    return runs


def make_town_examples(town: int, located: TownEvidence) -> Examples | None:
    """Training examples from the town's houses near a line. town: its number."""
    _, open_streets = gather_streets(located, CERTAIN)
    return make_examples(town, [known.spots for known in open_streets.values()], located.local_map, located.districts)


def _decide(
    located: TownEvidence,
    open_streets: dict[int, OpenStreet],
    plain: dict[tuple[int, int], list[Piece]],
    classifier: Classifier,
) -> dict[tuple[int, int], dict[int, Code]]:
    """What the classifier says of the numbers that no source has, by street id and parity: of those near a line, and of
    those that their neighbors (`plain`) leave undecided."""
    decided: dict[tuple[int, int], dict[int, Code]] = {}
    questions = _questions(open_streets, plain)
    while batch := list(islice(questions, BATCH)):
        codes = classifier.decide([interpolation for _, interpolation in batch], located.local_map, located.districts)
        for (which, interpolation), code in zip(batch, codes, strict=True):
            decided.setdefault((which, interpolation.number % 2), {})[interpolation.number] = code
    return decided


def _questions(
    open_streets: dict[int, OpenStreet], plain: dict[tuple[int, int], list[Piece]]
) -> Iterator[tuple[int, Interpolation]]:
    for which, known in open_streets.items():
        street = Interpolator(known.spots)
        for number in unseen_numbers(known.spots):
            interpolation = street.interpolate(number)
            if interpolation and (_is_near(interpolation) or len(_code(plain[which, number % 2], number)) > 1):
                yield which, interpolation


def _is_near(interpolation: Interpolation) -> bool:
    return min(spot.clearance for spot in interpolation.neighbors[:4] if spot) < NEAR


def _code(pieces: list[Piece], number: int) -> Code:
    return pieces[bisect_right(pieces, number, key=lambda piece: piece[0]) - 1][1]


def _mixed_numbers(spots: list[Spot]) -> dict[int, Code]:
    """Unseen numbers where two streets of one name mix theirs."""
    seen = {spot.number for spot in spots}
    return {
        number: code
        for first, last, code in find_mixed(spots)
        for number in range(max(first, 1), last + 1)
        if number not in seen
    }


def _one_side(spots: list[Spot], parity: int, links: set[tuple[int, int]], *, thin: bool) -> list[Piece]:
    opposite = [spot for spot in spots if spot.number % 2 != parity]
    return derive_pieces(_side(spots, parity, links), opposite, links, FAR, thin=thin)


def _side(merged: list[Spot], parity: int, links: set[tuple[int, int]]) -> list[Spot]:
    """The spots that count for one side: its own, and those opposite that stand far enough from any line."""
    own = [spot for spot in merged if spot.number % 2 == parity]
    bridged: list[tuple[int, int]] = [
        (here.number, there.number)
        for here, there in pairwise(own)
        if here.pairs == there.pairs and (there.number - here.number <= 2 or (here.number, there.number) in links)
    ]
    turning = [(here, there) for here, there in pairwise(own) if here.pairs != there.pairs]
    side = list(own)
    position = 0
    for spot in merged:
        if spot.number % 2 == parity or len(spot.pairs) > 1:
            continue
        while position < len(bridged) and bridged[position][1] < spot.number:
            position += 1
        if position < len(bridged) and bridged[position][0] < spot.number < bridged[position][1]:
            continue
        if any(here.number < spot.number < there.number for here, there in turning):
            continue  # the line passes between these two: the other side of the street does not tell where
        left = spot.clearance if spot.clearance >= FAR else spot.clearance - OTHER_SIDE
        if left > SLACK and not (own and not own[0].number <= spot.number <= own[-1].number):
            side.append(Spot(spot.number, spot.pairs, spot.x, spot.y, left, False))
    side.sort(key=lambda spot: spot.number)
    if side:
        return side
    return [Spot(spot.number, (*spot.pairs, -1), spot.x, spot.y, 0.0, False) for spot in merged]


def _fill(pieces: list[Piece], merged: list[Spot], nearby: NearestPairs) -> list[Piece]:
    """Complete the open sets (those ending in OPEN) with the nearest pairs."""
    filled: list[Piece] = []
    for start, code in pieces:
        if len(code) > 1:
            known = tuple(dict.fromkeys(pair for pair in code if pair >= 0))
            spot = min(merged, key=lambda spot: abs(spot.number - start))
            code = nearby.others(known, np.array([spot.x, spot.y]), 4)
        if filled and filled[-1][1] == code:
            continue
        filled.append((start, code))
    return filled
