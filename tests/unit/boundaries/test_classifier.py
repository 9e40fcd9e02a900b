"""Unseen numbers: interpolated between their neighbors, and trusted as far as the state's own addresses allow."""

from dataclasses import replace

import numpy as np
import pytest
import shapely  # type: ignore[import-untyped]

from boundaries.builder.book.classifier import FOLDS, MIN_EXAMPLES, Classifier, Examples, train, unseen_numbers
from boundaries.builder.book.interpolation import MISSING, Interpolator
from boundaries.builder.book.local_map import DistrictMap, map_evidence
from boundaries.builder.book.runs import OPEN, Code, Piece, Spot, find_mixed, overlay
from boundaries.builder.sources.geometry import find_edges, plane_around
from boundaries.builder.sources.layers import Layer

A, B = 7, 9


def house(number: int, pair: int = A, x: float | None = None, clearance: float = 50.0) -> Spot:
    """A house of a street that runs east, 5 m a number; odd numbers stand 20 m north of even ones."""
    return Spot(number, (pair,), 5.0 * number if x is None else x, 20.0 * (number % 2), clearance, True)


def test_a_number_between_two_houses_stands_between_them() -> None:
    interpolation = Interpolator([house(10), house(11), house(13, B), house(14, B)]).interpolate(12)
    assert interpolation is not None
    assert interpolation.place == (60.0, 0.0)
    assert interpolation.along == interpolation.across == (60.0, 0.0)


def test_past_the_last_house_the_spacing_continues() -> None:
    interpolation = Interpolator([house(8), house(10)]).interpolate(12)
    assert interpolation is not None
    assert (interpolation.place, interpolation.across) == ((60.0, 0.0), None)


def test_a_side_without_houses_uses_the_opposite_side() -> None:
    interpolation = Interpolator([house(11), house(15)]).interpolate(12)
    assert interpolation is not None
    assert interpolation.along is None
    assert 55.0 <= interpolation.place[0] <= 75.0


def test_a_street_without_a_decided_house_gives_no_interpolation() -> None:
    assert Interpolator([replace(house(11), pairs=(A, B))]).interpolate(12) is None


def test_uneven_numbering_shows_in_the_features() -> None:
    even = Interpolator([house(number) for number in range(10, 20)]).interpolate(21)
    uneven = Interpolator(
        [house(number, x=5.0 * number + 40.0 * (number % 4 > 1)) for number in range(10, 20)]
    ).interpolate(21)
    lone = Interpolator([house(10)]).interpolate(12)
    assert even is not None
    assert uneven is not None
    assert lone is not None
    assert even.uneven == (0.0, 0.0)
    assert uneven.uneven[0] > 20.0
    assert lone.uneven == (MISSING, MISSING)


def test_numbers_far_from_any_house_are_not_candidates() -> None:
    asked = unseen_numbers([house(10), house(200)])
    assert 10 not in asked
    assert {9, 11, 30, 180, 220} <= set(asked)
    assert not {31, 100, 179, 221} & set(asked)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """Trained on invented examples: correct if the first feature, meters to the nearest line, exceeds 20."""
    dice = np.random.default_rng(1)
    features = dice.uniform(0, 40, size=(MIN_EXAMPLES, 43))
    right = (features[:, 0] > 20).astype(np.int64)
    ones = np.ones(MIN_EXAMPLES, dtype=np.int64)
    towns = np.array_split(np.arange(MIN_EXAMPLES), FOLDS)
    classifier = train(
        [Examples(features[town], right[town], ones[town] * name, ones[town]) for name, town in enumerate(towns)]
    )
    assert classifier
    return classifier


def test_a_trained_classifier_separates_certain_from_uncertain(classifier: Classifier) -> None:
    features = np.full((2, 43), 20.0)
    features[:, 0] = (38.0, 3.0)
    assert classifier.is_certain(features).tolist() == [True, False]


def test_a_place_outside_the_towns_pairs_decides_nothing(classifier: Classifier) -> None:
    box = shapely.box(-71.01, 42.0, -70.99, 42.01)
    layer = Layer(("one",), (box,), find_edges([box]))
    lonlat = np.array([[-71.0, 42.005]])
    districts = DistrictMap((layer, layer), ([0], [0]), np.array([[-1]]), plane_around(lonlat))
    interpolation = Interpolator([house(8, x=-10.0), house(10, x=0.0)]).interpolate(12)
    assert interpolation is not None
    (code,) = Classifier(classifier._model, -1.0).decide(
        [interpolation], map_evidence(lonlat, np.zeros((0, 4)), districts.plane), districts
    )
    assert code[-1] == OPEN
    assert len(code) > 1


def test_too_few_examples_train_no_classifier() -> None:
    few = Examples(
        np.zeros((3, 43)), np.ones(3, dtype=np.int64), np.zeros(3, dtype=np.int64), np.ones(3, dtype=np.int64)
    )
    assert train([few]) is None
    assert train([]) is None


def test_an_overlaid_number_leaves_the_rest_of_its_side_unchanged() -> None:
    pieces: list[Piece] = [(0, (A,)), (12, (A, B)), (20, (B,))]
    better = overlay(pieces, 0, {14: (A,), 16: (A,)})

    def at(number: int) -> Code:
        return [code for start, code in better if start <= number][-1]

    assert [at(number) for number in range(10, 23, 2)] == [(A,), (A, B), (A,), (A,), (A, B), (B,), (B,)]
    assert overlay(pieces, 1, {}) == pieces


def test_mixed_numbers_of_two_streets_of_one_name_need_a_choice() -> None:
    assert find_mixed([house(10), house(11), house(13, B, x=3000.0), house(14)])[0] == (5, 19, (A, B, OPEN))
    assert not find_mixed([house(10), house(11), house(13, B), house(14)])
