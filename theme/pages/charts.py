"""Bars as SVG, for pages that print and run no script. The page lists the same numbers in words next to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 640  # of the viewBox
HEIGHT: Final = 160
GAP: Final = 4  # between bars
WIDEST: Final = 60  # bar


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The oldest bar is on the left."""

    bars: tuple[Bar, ...]
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def draw_bars(values: Sequence[tuple[str, int]]) -> Chart | None:
    """None if there is nothing to show. A count of 1 is visible, however large the others are."""
    most = max((value for _, value in values), default=0)
    if not most:
        return None
    step = WIDTH // len(values)
    bars = []
    for place, (label, value) in enumerate(values):
        height = max(2, round(HEIGHT * value / most)) if value else 0
        bars.append(Bar(label, value, place * step, HEIGHT - height, min(WIDEST, max(1, step - GAP)), height))
    return Chart(tuple(bars), most)
