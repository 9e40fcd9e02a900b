"""Whether an interpolated place can be trusted, learned from the state's own addresses.

Houses near a district line are held out, a seventh at a time; a classifier learns from their features how often such
a place is right. The threshold is chosen by cross-validation on towns that were not learned from, so that of the
addresses near a line at most MAX_ERROR_RATE are answered wrongly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold, cross_val_predict

from boundaries.builder.book.features import BATCH, measure_features
from boundaries.builder.book.interpolation import Interpolation, Interpolator
from boundaries.builder.book.local_map import DistrictMap, LocalMap
from boundaries.builder.book.runs import OPEN, Code, Spot
from boundaries.builder.sources.geometry import Bools, Floats, Ints

NEAR: Final = 100.0  # meters from a line: the houses that are held out
HOLDOUT: Final = 7  # one house in so many is held out in each round
ROUNDS: Final = 6
MAX_ERROR_RATE: Final = 0.0025  # of the addresses near a line
MIN_EXAMPLES: Final = 5_000  # with fewer nothing is learned
FOLDS: Final = 5  # of cross-validation, by town; with fewer towns nothing is learned
EXTRAPOLATED: Final = 20  # numbers past the last house that are classified


@dataclass(frozen=True, slots=True)
class Examples:
    """What was learned from houses held out."""

    features: Floats  # (n, 43)
    correct: Ints  # (n,) whether the interpolated place lay in the right pair
    town: Ints  # (n,) its number
    exact: Ints  # (n,) whether a point stood there, and not only a range


class Classifier:
    """Decides which pair an unseen number is in, if it is certain."""

    def __init__(self, model: Any, threshold: float) -> None:  # noqa: ANN401  (scikit-learn has no types)
        self._model = model
        self._threshold = threshold

    def is_certain(self, features: Floats) -> Bools:
        """For each row of features (n, 43), whether such a place may decide."""
        certain: Bools = self._model.predict_proba(features)[:, 1] > self._threshold
        return certain

    def decide(
        self, interpolations: Sequence[Interpolation], local_map: LocalMap, districts: DistrictMap
    ) -> list[Code]:
        """For each: its pair, or the candidates, most likely first, ending in OPEN. A place in a pair that the town
        does not have decides nothing."""
        if not interpolations:
            return []
        features, pairs = measure_features(interpolations, local_map, districts)
        return [
            (pair,) if certain and pair >= 0 else _candidates(interpolation, pair)
            for interpolation, pair, certain in zip(
                interpolations, pairs.tolist(), self.is_certain(features).tolist(), strict=True
            )
        ]


def _candidates(interpolation: Interpolation, pair: int) -> Code:
    near = sorted(
        (spot for spot in interpolation.neighbors if spot), key=lambda spot: abs(spot.number - interpolation.number)
    )
    return (*dict.fromkeys((pair, *(spot.pairs[0] for spot in near))), OPEN)


def unseen_numbers(spots: Sequence[Spot]) -> list[int]:
    """The numbers that no source has, up to EXTRAPOLATED away from one that a source has."""
    known = {spot.number for spot in spots}
    reach = {
        candidate for number in known for candidate in range(max(1, number - EXTRAPOLATED), number + EXTRAPOLATED + 1)
    }
    return sorted(reach - known)


def make_examples(
    town: int, streets: Sequence[Sequence[Spot]], local_map: LocalMap, districts: DistrictMap
) -> Examples | None:
    """Hold out houses of a town and interpolate where they would be. streets: each one's spots, by number."""
    batches: list[Examples] = []
    held_out = _hold_out(town, streets)
    while batch := list(islice(held_out, BATCH)):
        features, pairs = measure_features([interpolation for interpolation, _ in batch], local_map, districts)
        correct = np.array([(pair,) == spot.pairs for pair, (_, spot) in zip(pairs.tolist(), batch, strict=True)])
        exact = np.array([int(spot.exact) for _, spot in batch])
        batches.append(Examples(features, correct.astype(np.int64), np.full(len(batch), town), exact))
    return _join(batches) if batches else None


def _hold_out(town: int, streets: Sequence[Sequence[Spot]]) -> Iterator[tuple[Interpolation, Spot]]:
    """Where a held-out house would be interpolated, and where it is."""
    rng = np.random.default_rng(town)
    for spots in streets:
        near = [spot for spot in spots if spot.clearance < NEAR and (spot.exact or spot.decided)]
        for _ in range(ROUNDS if near else 0):
            excluded_addresses = {
                spot.number: spot
                for spot, out in zip(near, rng.integers(HOLDOUT, size=len(near)), strict=True)
                if not out
            }
            street = (
                Interpolator([spot for spot in spots if spot.number not in excluded_addresses])
                if excluded_addresses
                else None
            )
            for number, spot in excluded_addresses.items():
                interpolation = street.interpolate(number) if street else None
                if interpolation:
                    yield interpolation, spot


def _join(parts: Sequence[Examples]) -> Examples:
    return Examples(
        np.vstack([part.features for part in parts]),
        np.concatenate([part.correct for part in parts]),
        np.concatenate([part.town for part in parts]),
        np.concatenate([part.exact for part in parts]),
    )


def train(examples: Sequence[Examples]) -> Classifier | None:
    """Train a classifier; None if there is too little data: then every unseen number needs a question."""
    if sum(len(part.correct) for part in examples) < MIN_EXAMPLES or len(examples) < FOLDS:
        return None
    joined = _join(examples)
    features, correct, town, exact = joined.features, joined.correct, joined.town, joined.exact == 1
    model = HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.05, max_leaf_nodes=15, l2_regularization=1.0, min_samples_leaf=40,
        early_stopping=False, random_state=0,
    )  # fmt: skip
    predicted = cross_val_predict(model, features, correct, groups=town, cv=GroupKFold(FOLDS), method="predict_proba")[
        :, 1
    ]
    return Classifier(model.fit(features, correct), _threshold(predicted[exact], correct[exact]))


def _threshold(certainty: Floats, correct: Ints) -> float:
    """The lowest certainty at which at most MAX_ERROR_RATE of all would be answered wrongly."""
    order = np.argsort(-certainty, kind="stable")
    wrong = np.cumsum(1 - correct[order]) / len(order)
    last = int(np.searchsorted(wrong, MAX_ERROR_RATE, side="right"))
    return float(certainty[order[min(last, len(order) - 1)]])
