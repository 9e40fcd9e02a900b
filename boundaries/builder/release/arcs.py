"""Borders as arcs: chains of border segments between the points where three districts meet."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.geometry import Edges, Floats, find_edges

LINE_TOLERANCE = 1.0  # meters by which a line between two districts may move
SHORE_TOLERANCE = 10.0  # meters by which the shoreline may move: nobody lives beyond it
DEGREE = 111_195.0  # meters


@dataclass(frozen=True, slots=True)
class Arc:
    """A chain of border segments."""

    points: Floats  # (n, 2) in lon/lat
    left: int  # the district on the left, -1 outside
    right: int  # the district on the right, -1 outside


def simplify(polygons: list[Any]) -> list[Arc]:
    """The borders of a coverage with fewer points. Neighbors stay neighbors: each arc belongs to both."""
    fewer = shapely.coverage_simplify(polygons, LINE_TOLERANCE / DEGREE, simplify_boundary=False)
    arcs = []
    for arc in chain(find_edges(list(fewer))):
        if arc.left >= 0 and arc.right >= 0:
            arcs.append(arc)
            continue
        line = shapely.simplify(shapely.linestrings(arc.points), SHORE_TOLERANCE / DEGREE, preserve_topology=True)
        points = shapely.get_coordinates(line)
        if len(points) > 2 or not np.array_equal(points[0], points[-1]):
            arcs.append(Arc(points, arc.left, arc.right))
    return arcs


def chain(edges: Edges) -> list[Arc]:
    """Join border segments end to end as long as the same two districts lie beside them. In a fixed order."""
    starts: dict[tuple[float, float], list[int]] = {}
    ends = edges.ends.tolist()
    owner = edges.owner.tolist()
    for index, (ax, ay, bx, by) in enumerate(ends):
        starts.setdefault((ax, ay), []).append(index)
        starts.setdefault((bx, by), []).append(index)
    used = bytearray(len(ends))

    def plain(node: tuple[float, float]) -> bool:
        touching = starts[node]
        return len(touching) == 2 and sorted(owner[touching[0]]) == sorted(owner[touching[1]])

    def walk(index: int, node: tuple[float, float]) -> Arc:
        """From `node` along piece `index` until the chain ends."""
        forward = (ends[index][0], ends[index][1]) == node
        left, right = owner[index] if forward else owner[index][::-1]
        points = [node]
        while True:
            used[index] = 1
            ax, ay, bx, by = ends[index]
            node = (bx, by) if (ax, ay) == node else (ax, ay)
            points.append(node)
            if not plain(node):
                break
            index = next((other for other in starts[node] if not used[other]), -1)
            if index < 0:
                break
        return Arc(np.array(points), left, right)

    arcs = []
    for index, (ax, ay, bx, by) in enumerate(ends):
        for node in ((ax, ay), (bx, by)):
            if not used[index] and not plain(node):
                arcs.append(walk(index, node))
    for index, (ax, ay, _, _) in enumerate(ends):  # what remains is rings: islands and enclaves
        if not used[index]:
            arcs.append(walk(index, (ax, ay)))
    return arcs
