"""A town's other pairs by distance: the candidates where the evidence does not decide."""

from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.geometry import Floats, Ints


class NearestPairs:
    """Answers for one town, from its evidence: spots (n, 2) in meters and the pair of each."""

    def __init__(self, spots: Floats, pair: Ints) -> None:
        self._trees: list[tuple[int, Any]] = []
        for number in np.unique(pair):
            mine = spots[pair == number]
            self._trees.append((int(number), shapely.STRtree(shapely.points(mine))))
            # One tree a pair: the town's pairs are few.
        self._spots = spots
        self._pair = pair

    def others(self, known: tuple[int, ...], spot: Floats, most: int) -> tuple[int, ...]:
        """`known` and then the town's other pairs by distance from the spot, at most `most` in all."""
        if len(known) >= most or len(known) == len(self._trees):
            return known[:most]
        point = shapely.points(spot)
        ranked = []
        for number, tree in self._trees:
            if number not in known:
                distance = tree.query_nearest(point, return_distance=True, all_matches=False)[1]
                ranked.append((float(distance[0]), number))
        ranked.sort()
        return (*known, *(number for _, number in ranked))[:most]
