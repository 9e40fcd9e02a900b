"""From evidence to runs: for one street, which house numbers lie in which pair of districts.

The answer for one parity is a function of the house number, constant in pieces: a list of (first number, code) where
the code is a pair, or a set of candidates where the evidence does not decide. Numbers between two houses of one pair
belong to it only if no line can pass between them; numbers beyond the last house only as far as the line is away.
"""

from dataclasses import dataclass
from itertools import pairwise

Code = tuple[int, ...]  # one pair's number: decided; several: candidates, most likely first
Piece = tuple[int, Code]

SLACK = 25.0  # metres: a house may stand back from the way between its neighbours
OTHER_SIDE = 40.0  # metres: what a house says about the opposite side of the street is worth this much less
STRETCH = 1.5  # a street may wind: its houses lie this much further along than the straight way says
BEYOND = 3.0  # and past the last known house, where only the street's usual spacing is known
SPACING = (4.0, 40.0)  # metres a house number, least and most


@dataclass(frozen=True, slots=True)
class Spot:
    """What is known at one number: pairs seen there, a place, and how far a line is (metres; FAR or more: anywhere).

    own: whether it stands on the side of the street that is asked about.
    """

    number: int
    pairs: Code
    x: float
    y: float
    clearance: float
    own: bool


def settle(spots: list[Spot], linked: set[tuple[int, int]], far: float) -> list[Piece]:
    """The pieces for one parity. spots: by number, ascending, one each. linked: neighbouring numbers of this side
    between which a corridor free of lines was seen. far: clearance from which on a spot speaks for any distance."""
    pieces: list[Piece] = []
    spacing = _spacing(spots)
    first = spots[0]
    reach = _reach(first.clearance, spacing * BEYOND, far)
    start = first.number - reach
    if len(first.pairs) > 1 or start > 0:
        pieces.append((0, first.pairs))
        if len(first.pairs) == 1:
            pieces[0] = (0, (first.pairs[0], -1))
    if len(first.pairs) == 1:
        pieces.append((max(start, 0), first.pairs))
    else:
        pieces.append((first.number, first.pairs))
    for before, after in pairwise(spots):
        _between(pieces, before, after, linked, far)
    last = spots[-1]
    reach = _reach(last.clearance, spacing * BEYOND, far)
    if len(last.pairs) == 1 and last.clearance < far:
        pieces.append((last.number + reach + 1, (last.pairs[0], -1)))
    return _tidy(pieces)


def _between(pieces: list[Piece], before: Spot, after: Spot, linked: set[tuple[int, int]], far: float) -> None:
    """Continue the pieces from one spot to the next."""
    gap = after.number - before.number
    same = before.pairs == after.pairs and len(before.pairs) == 1
    close = gap <= (2 if before.own and after.own else 1)
    if same and (close or (before.number, after.number) in linked):
        return
    if not close:
        way = ((before.x - after.x) ** 2 + (before.y - after.y) ** 2) ** 0.5
        slope = way / gap * STRETCH
        ahead = _reach(before.clearance, slope, far) if len(before.pairs) == 1 else 0
        back = _reach(after.clearance, slope, far) if len(after.pairs) == 1 else 0
        if same and ahead + back >= gap - 1:
            return
        ahead = min(ahead, gap - 1)
        back = min(back, gap - 1 - ahead)
        if ahead + back < gap - 1 or not same:
            merged = tuple(dict.fromkeys((*before.pairs, *after.pairs)))
            if before.number + ahead + 1 < after.number - back:
                pieces.append((before.number + ahead + 1, merged if len(merged) > 1 else (merged[0], -1)))
        pieces.append((after.number - back, after.pairs))
        return
    pieces.append((after.number, after.pairs))


def _reach(clearance: float, metres_a_number: float, far: float) -> int:
    """How many numbers on a house of the same pair must still be on this side of the line."""
    if clearance >= far:
        return 1_000_000
    return max(0, int((clearance - SLACK) / max(metres_a_number, SPACING[0])))


def _spacing(spots: list[Spot]) -> float:
    """The street's usual metres a house number."""
    steps = sorted(
        ((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5 / (b.number - a.number)
        for a, b in pairwise(spots)
        if b.number - a.number <= 20
    )
    middle = steps[len(steps) // 2] if steps else 12.0
    return min(max(middle, SPACING[0]), SPACING[1])


def _tidy(pieces: list[Piece]) -> list[Piece]:
    """Ascending starts, the last word on a start wins, equal neighbours joined."""
    tidy: list[Piece] = []
    for start, code in pieces:
        while tidy and tidy[-1][0] >= start:
            tidy.pop()
        if not tidy or tidy[-1][1] != code:
            tidy.append((start, code))
    if tidy[0][0] > 0:
        tidy[0] = (0, tidy[0][1])
    return tidy
