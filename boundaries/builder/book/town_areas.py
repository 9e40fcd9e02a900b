"""Parts of a town (ZIPs, neighborhoods): what each says about a street, and which streets run through it."""

import numpy as np

from boundaries.builder.book.classifier import Classifier
from boundaries.builder.book.nearest_pairs import NearestPairs
from boundaries.builder.book.runs import TWINS_APART, Code, Piece
from boundaries.builder.book.town_evidence import TownEvidence
from boundaries.builder.book.townbook import Runs, write_runs
from boundaries.builder.sources.layers import FAR

TWINS = 10  # streets with a twin that make a town one of repeated names


def write_areas(
    located: TownEvidence, nearby: NearestPairs, runs: dict[int, Runs], classifier: Classifier | None,
    *, thin: bool = False,
) -> dict[tuple[int, int], Runs]:  # fmt: skip
    """For streets in several pairs, what each part of town (or ZIP) says by itself, by street and area id.

    This tells apart two streets of one name in one town. A part says nothing (Code ()) beyond its own numbers.
    """
    evidence = located.evidence
    several = np.array(sorted(street for street, answer in runs.items() if len(answer.everywhere) > 1), dtype=np.int64)
    rows = np.flatnonzero(np.isin(evidence.street, several) & (evidence.area >= 0))
    rows = rows[np.lexsort((evidence.area[rows], evidence.street[rows]))]
    by_area: dict[tuple[int, int], Runs] = {}
    cuts = np.flatnonzero((np.diff(evidence.street[rows]) != 0) | (np.diff(evidence.area[rows]) != 0)) + 1
    for group in np.split(rows, cuts) if len(rows) else []:
        part = located.take(group)
        ((street, whole),) = write_runs(part, nearby, classifier, certain=FAR, thin=thin).items()
        low, high = int(part.evidence.number.min()), int(part.evidence.number.max())
        even, odd = _within(whole.even, low, high), _within(whole.odd, low, high)
        by_area[street, int(evidence.area[group[0]])] = Runs(even, odd, whole.everywhere)
    return by_area


def repeats_names(located: TownEvidence) -> bool:
    """Whether the town has streets of one name far apart, so that a ZIP that does not match may mean another street."""
    evidence, spots = located.evidence, located.local_map.spots
    order = np.lexsort((evidence.number, evidence.street))
    here, there = order[:-1], order[1:]
    same = (evidence.street[here] == evidence.street[there]) & (evidence.number[here] == evidence.number[there])
    far = np.hypot(*(spots[here] - spots[there]).T) > TWINS_APART
    return len(np.unique(evidence.street[here[same & far]])) >= TWINS


def survey_areas(located: TownEvidence) -> tuple[dict[int, list[int]], dict[int, Code]]:
    """The parts of town that each street runs through, by street id; and each part's pairs, most common first."""
    evidence = located.evidence
    through: dict[int, list[int]] = {}
    for street, area in np.unique(np.column_stack([evidence.street, evidence.area]), axis=0).tolist():
        if area >= 0:
            through.setdefault(street, []).append(area)
    pairs: dict[int, Code] = {}
    for area in np.unique(evidence.area[evidence.area >= 0]).tolist():
        codes, counts = np.unique(located.pair[evidence.area == area], return_counts=True)
        pairs[area] = tuple(codes[np.argsort(-counts, kind="stable")].tolist())
    return through, pairs


def _within(pieces: tuple[Piece, ...], low: int, high: int) -> tuple[Piece, ...]:
    """The pieces limited to low to high, with nothing outside."""
    inner = [(max(start, low), code) for start, code in pieces if start <= high]
    inner = [piece for place, piece in enumerate(inner) if place + 1 == len(inner) or inner[place + 1][0] > low]
    return ((0, ()), *inner, (high + 1, ()))
