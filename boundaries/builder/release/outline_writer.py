"""Writes outlines.bin (format: boundaries/outlines.py): the districts' borders and a grid to find points in them."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries import array_file
from boundaries.builder.release.arcs import Arc, simplify
from boundaries.builder.sources.geometry import Bools, Floats, Ints
from boundaries.builder.sources.layers import Layer
from boundaries.model import Chamber

QUANTUM = 2e-6  # degrees: about 0.2 meters
CELLS = 512  # a side


def write_outlines(path: Path, layers: dict[Chamber, Layer]) -> None:
    """Write the chambers' borders."""
    meta: dict[str, Any] = {"kind": "outlines", "quantum": QUANTUM, "cells": CELLS, "chambers": {}}
    sections: dict[str, array[int] | str] = {}
    for chamber, layer in layers.items():
        arcs = simplify(list(layer.polygons))
        points, owner, starts = _quantize(arcs)
        west, south = points.min(axis=0) - 1
        size = int(np.ceil(max(points.max(axis=0) + 1 - (west, south)) / CELLS)) + 1
        meta["chambers"][chamber] = {"names": layer.names, "west": int(west), "south": int(south), "size": size}
        first = np.zeros(len(points), dtype=bool)
        first[starts] = True
        steps = np.diff(points, axis=0, prepend=points[:1])
        places = _cells(points, first, (int(west), int(south)), size)
        labels = _labels(points, first, owner, starts, (int(west), int(south)), size)
        cells, runs, lengths = _runs(places)
        counts = np.bincount(cells, minlength=CELLS * CELLS)
        sections |= {
            f"{chamber}.x": _pack("i", steps[:, 0], points[0, 0]),
            f"{chamber}.y": _pack("i", steps[:, 1], points[0, 1]),
            f"{chamber}.starts": array("I", starts.tolist()),
            f"{chamber}.left": array("H", (owner[:, 0] + 1).tolist()),
            f"{chamber}.right": array("H", (owner[:, 1] + 1).tolist()),
            f"{chamber}.label": array("H", (labels + 1).tolist()),
            f"{chamber}.count": array("B", np.minimum(counts, 255).tolist()),
            f"{chamber}.run": array("i", np.diff(runs, prepend=0).tolist()),
            f"{chamber}.length": array("H", lengths.tolist()),
        }
        if counts.max() > 255:
            raise ValueError(f"{counts.max()} runs of border in one cell of the grid: raise CELLS")
    array_file.write(path, meta, sections)


def _pack(kind: str, steps: Ints, first: int) -> array[int]:
    values = steps.copy()
    values[0] = first
    return array(kind, values.tolist())


def _quantize(arcs: list[Arc]) -> tuple[Ints, Ints, Ints]:
    """All arcs' points in whole quanta, concatenated; each arc's owners (n, 2); and where it starts."""
    points, owner, starts = [], [], []
    at = 0
    for arc in arcs:
        whole = np.round(arc.points / QUANTUM).astype(np.int64)
        keep = np.concatenate([[True], (np.diff(whole, axis=0) != 0).any(axis=1)])
        whole = whole[keep]
        if len(whole) < 2:
            continue
        points.append(whole)
        owner.append((arc.left, arc.right))
        starts.append(at)
        at += len(whole)
    return np.vstack(points), np.array(owner), np.array(starts)


def _cells(points: Ints, first: Bools, corner: tuple[int, int], size: int) -> Ints:
    """(n, 2): cell and the number of a border segment in it, ascending. Segment k runs from point k to k + 1."""
    segment = np.flatnonzero(~first[1:])
    lines = shapely.linestrings(np.stack([points[segment], points[segment + 1]], axis=1).astype(float))
    tree = shapely.STRtree(lines)
    column, row = np.meshgrid(np.arange(CELLS), np.arange(CELLS))
    west, south = corner[0] + column.ravel() * size, corner[1] + row.ravel() * size
    boxes = shapely.box(west - 1, south - 1, west + size + 1, south + size + 1)
    cell, line = tree.query(boxes, predicate="intersects")
    places = np.column_stack([cell, segment[line]])
    ordered: Ints = places[np.lexsort((places[:, 1], places[:, 0]))]
    return ordered


def _runs(places: Ints) -> tuple[Ints, Ints, Ints]:
    """Consecutive segments in one cell, as cell, first segment and length."""
    broken = np.ones(len(places), dtype=bool)
    broken[1:] = (places[1:, 0] != places[:-1, 0]) | (places[1:, 1] != places[:-1, 1] + 1)
    begin = np.flatnonzero(broken)
    lengths = np.diff(np.append(begin, len(places)))
    return places[begin, 0], places[begin, 1], lengths


def _labels(points: Ints, first: Bools, owner: Ints, starts: Ints, corner: tuple[int, int], size: int) -> Ints:
    """The district (-1 outside) at the center of every cell, row by row from the southwest.

    Read off the border to the east of the center: the nearest segment that spans its latitude has it on its west.
    """
    segment = np.flatnonzero(~first[1:])
    arc = np.searchsorted(starts, segment, side="right") - 1
    ax, ay = points[segment].T
    bx, by = points[segment + 1].T
    centers = corner[0] + np.arange(CELLS) * size + size // 2
    labels = np.full((CELLS, CELLS), -1, dtype=np.int64)
    for row in range(CELLS):
        y = corner[1] + row * size + size // 2
        spans = np.flatnonzero((ay > y) != (by > y))
        x: Floats = ax[spans] + (y - ay[spans]) * (bx[spans] - ax[spans]) / (by[spans] - ay[spans])
        order = np.argsort(x, kind="stable")
        west = np.where(by[spans] > ay[spans], owner[arc[spans], 0], owner[arc[spans], 1])[order]
        following = np.searchsorted(x[order], centers, side="right")
        inside = following < len(west)
        labels[row, inside] = west[following[inside]]
    return labels.ravel()
