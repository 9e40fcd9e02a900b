"""How sure a number that no source has can be placed, learned from the state's own addresses.

Houses near a line are left out, a seventh at a time; whatever is learned from their signs says how often a place
reckoned like that is right. How sure is sure enough is chosen on towns that were not learned from, so that of the
addresses near a line at most WRONG are answered wrongly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold, cross_val_predict

from boundaries.builder.book.features import AT_ONCE, Reckoning, Street, measure
from boundaries.builder.book.ground import Chart, Ground
from boundaries.builder.book.runs import OPEN, Code, Piece, Spot
from boundaries.builder.sources.geometry import Bools, Floats, Ints

NEAR: Final = 100.0  # metres from a line: whom the practice is about
SEVENTH: Final = 7
ROUNDS: Final = 6
WRONG: Final = 0.0025  # of the addresses near a line
FEWEST: Final = 5_000  # examples below which nothing is learned
PARTS: Final = 5  # into which the towns are parted to be judged by the others; with fewer nothing is learned
PAST: Final = 20  # numbers past the last house that are asked about


@dataclass(frozen=True, slots=True)
class Examples:
    """signs: (n, 43). right: (n,) whether the place reckoned lay in the right pair. town: (n,) its number.
    exact: (n,) whether a point stood there, and not only a range."""

    signs: Floats
    right: Ints
    town: Ints
    exact: Ints


class Judge:
    """Says which pair an unseen number is in, if it is sure."""

    def __init__(self, model: Any, enough: float) -> None:  # noqa: ANN401  (scikit-learn has no types)
        self._model = model
        self._enough = enough

    def sure(self, signs: Floats) -> Bools:
        """For each row of signs (n, 43), whether a place reckoned so may decide."""
        found: Bools = self._model.predict_proba(signs)[:, 1] > self._enough
        return found

    def decide(self, reckonings: Sequence[Reckoning], ground: Ground, chart: Chart) -> list[Code]:
        """For each: its pair, or the candidates, likeliest first, ending in OPEN. Ground of a pair that the town has
        not decides nothing."""
        if not reckonings:
            return []
        signs, pairs = measure(reckonings, ground, chart)
        return [
            (pair,) if certain and pair >= 0 else _candidates(one, pair)
            for one, pair, certain in zip(reckonings, pairs.tolist(), self.sure(signs).tolist(), strict=True)
        ]


def _candidates(one: Reckoning, pair: int) -> Code:
    near = sorted((spot for spot in one.neighbours if spot), key=lambda spot: abs(spot.number - one.number))
    return (*dict.fromkeys((pair, *(spot.pairs[0] for spot in near))), OPEN)


def unseen(spots: Sequence[Spot]) -> list[int]:
    """The numbers that no source has, as far as PAST from one that a source has."""
    known = {spot.number for spot in spots}
    reach = {number for one in known for number in range(max(1, one - PAST), one + PAST + 1)}
    return sorted(reach - known)


def practise(town: int, streets: Sequence[Sequence[Spot]], ground: Ground, chart: Chart) -> Examples | None:
    """Leave houses of a town out and reckon where they would be. streets: each one's spots, by number."""
    learnt: list[Examples] = []
    lessons = _lessons(town, streets)
    while some := list(islice(lessons, AT_ONCE)):
        signs, pairs = measure([one for one, _ in some], ground, chart)
        right = np.array([(pair,) == spot.pairs for pair, (_, spot) in zip(pairs.tolist(), some, strict=True)])
        exact = np.array([int(spot.exact) for _, spot in some])
        learnt.append(Examples(signs, right.astype(np.int64), np.full(len(some), town), exact))
    return _join(learnt) if learnt else None


def _lessons(town: int, streets: Sequence[Sequence[Spot]]) -> Iterator[tuple[Reckoning, Spot]]:
    """Where a house left out would be reckoned, and where it is."""
    dice = np.random.default_rng(town)
    for spots in streets:
        near = [spot for spot in spots if spot.clearance < NEAR and (spot.exact or spot.decided)]
        for _ in range(ROUNDS if near else 0):
            left_out = {
                spot.number: spot
                for spot, out in zip(near, dice.integers(SEVENTH, size=len(near)), strict=True)
                if not out
            }
            street = Street([spot for spot in spots if spot.number not in left_out]) if left_out else None
            for number, spot in left_out.items():
                one = street.reckon(number) if street else None
                if one:
                    yield one, spot


def _join(parts: Sequence[Examples]) -> Examples:
    return Examples(
        np.vstack([one.signs for one in parts]),
        np.concatenate([one.right for one in parts]),
        np.concatenate([one.town for one in parts]),
        np.concatenate([one.exact for one in parts]),
    )


def learn(examples: Sequence[Examples]) -> Judge | None:
    """A judge, or None if there is too little to learn from: then what no source has is asked."""
    if sum(len(one.right) for one in examples) < FEWEST or len(examples) < PARTS:
        return None
    every = _join(examples)
    signs, right, town, exact = every.signs, every.right, every.town, every.exact == 1
    model = HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.05, max_leaf_nodes=15, l2_regularization=1.0, min_samples_leaf=40,
        early_stopping=False, random_state=0,
    )  # fmt: skip
    unseen = cross_val_predict(model, signs, right, groups=town, cv=GroupKFold(PARTS), method="predict_proba")[:, 1]
    return Judge(model.fit(signs, right), _enough(unseen[exact], right[exact]))


def _enough(sure: Floats, right: Ints) -> float:
    """The least surety at which at most WRONG of all would be answered wrongly."""
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum(1 - right[order]) / len(order)
    last = int(np.searchsorted(wrong, WRONG, side="right"))
    return float(sure[order[min(last, len(order) - 1)]])


def overlay(pieces: Sequence[Piece], parity: int, better: dict[int, Code]) -> list[Piece]:
    """One side's pieces with some of its numbers known better."""
    cuts = sorted({start for start, _ in pieces} | {max(0, n - 1) for n in better} | {n + 1 for n in better})
    found: list[Piece] = []
    place = 0
    for cut in cuts:
        while place + 1 < len(pieces) and pieces[place + 1][0] <= cut:
            place += 1
        number = cut + (cut - parity) % 2  # the first of this side from here on
        base = pieces[place + 1][1] if place + 1 < len(pieces) and pieces[place + 1][0] <= number else pieces[place][1]
        code = better.get(number, base)
        if not found or found[-1][1] != code:
            found.append((cut, code))
    return found
