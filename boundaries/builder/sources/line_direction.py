"""Which segments of a centerline file are drawn backwards, judged by the segments of their street that they touch.

A city numbers a segment along its line: `from` is the number at its first point, `left` the side on the left on the way
to its last. If the numbers are written low to high although the line runs the other way, each house stands at the
wrong end and on the wrong side; reversing the line corrects both. Two things show it, where two segments meet:

- order: the numbers rise into the neighbor that has higher ones, and come from the one that has lower ones;
- sides: the even numbers stay on the same side of the street from one segment to the next.

A segment is backwards only if both contradict it, and doubtful if they contradict each other. One that touches no other
segment of its street is taken as drawn. Measured on Boston: DECISIONS.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

LonLat = tuple[float, float]
Numbers = tuple[int, int]
Meeting = tuple[int, int, int]


class Direction(Enum):
    """What is known about the direction in which a segment is drawn."""

    AS_DRAWN = auto()
    REVERSED = auto()
    DOUBTFUL = auto()


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a street between two intersections."""

    ends: tuple[LonLat, LonLat]  # lon/lat of its first and its last point
    left: Numbers | None  # the number at the first end and at the last, None if none
    right: Numbers | None  # likewise

    @property
    def numbers(self) -> tuple[Numbers, ...]:
        """Those of the sides that have some."""
        return tuple(side for side in (self.left, self.right) if side)

    @property
    def rise(self) -> int:
        """1 if the numbers rise from the first end to the last, -1 if they fall, 0 if neither."""
        return _sign(sum(_sign(last - first) for first, last in self.numbers))

    @property
    def evens(self) -> int:
        """1 if the even numbers are on the left on the way to the last end, -1 if on the right, 0 if unclear."""
        return _sign(_parity(self.left) - _parity(self.right))

    def spans(self) -> dict[int, Numbers]:
        """The lowest and the highest number of each parity (1 even, -1 odd, 0 mixed)."""
        spans: dict[int, Numbers] = {}
        for side in self.numbers:
            low, high = spans.get(_parity(side), side)
            spans[_parity(side)] = min(low, *side), max(high, *side)
        return spans


def find_directions(segments: Sequence[Segment]) -> list[Direction]:
    """What is known of each segment of one street in a town, one for one."""
    meetings = _meet(segments)
    twins = [{other for end, other, _ in met if not end} & {other for end, other, _ in met if end} for met in meetings]
    # One that touches at both ends (two ranges along one line, two halves of a loop) says nothing about direction.
    meetings = [
        [meeting for meeting in met if meeting[1] not in both] for met, both in zip(meetings, twins, strict=True)
    ]
    order = [_by_order(segments, which, met) for which, met in enumerate(meetings)]
    turns = []
    for which, segment in enumerate(segments):
        turn = _decide(segment.rise, order[which], _by_sides(segments, which, meetings[which], order))
        turns.append(Direction.DOUBTFUL if turn is Direction.REVERSED and twins[which] else turn)
    return turns


def _decide(rise: int, order: set[int], sides: set[int]) -> Direction:
    """order, sides: what neighbors say of a segment as drawn, 1 for it, -1 against it; 0 if their numbers overlap."""
    if order == {-1}:
        return Direction.REVERSED if sides == {-1} else Direction.DOUBTFUL
    if order <= {1} or not rise:
        return Direction.DOUBTFUL if sides == {-1} else Direction.AS_DRAWN
    return Direction.AS_DRAWN if order == {0} and sides == {1} else Direction.DOUBTFUL


def _meet(segments: Sequence[Segment]) -> list[list[Meeting]]:
    """For each segment, the others at its ends: which end (0 or 1), which segment, and which end of that one."""
    at: defaultdict[LonLat, list[tuple[int, int]]] = defaultdict(list)
    for which, end, place in _ends(segments):
        at[place].append((which, end))
    meetings: list[list[Meeting]] = [[] for _ in segments]
    for which, end, place in _ends(segments):
        meetings[which] += [(end, other, its) for other, its in at[place] if other != which]
    return meetings


def _ends(segments: Sequence[Segment]) -> Iterator[tuple[int, int, LonLat]]:
    for which, segment in enumerate(segments):
        if segment.ends[0] != segment.ends[1]:  # whatever touches a loop touches both of its ends
            yield which, 0, segment.ends[0]
            yield which, 1, segment.ends[1]


def _by_order(segments: Sequence[Segment], which: int, met: Sequence[Meeting]) -> set[int]:
    """Whether the numbers of a segment as drawn continue its neighbors'."""
    mine = segments[which]
    votes = set()
    for end, other, _ in met:
        above = _above(mine, segments[other])
        if above is not None:
            votes.add(above * mine.rise * (1 if end else -1))
    return votes - {0} or votes


def _by_sides(segments: Sequence[Segment], which: int, met: Sequence[Meeting], order: Sequence[set[int]]) -> set[int]:
    """Whether the even numbers stay on one side, from a segment as drawn to the neighbors whose order is clear."""
    votes = set()
    for end, other, its in met:
        if order[other] in ({1}, {-1}):
            (turned,) = order[other]
            votes.add(segments[which].evens * segments[other].evens * turned * (1 if end != its else -1))
    return votes - {0}


def _above(mine: Segment, other: Segment) -> int | None:
    """1 if the other's numbers lie above, -1 if below, 0 if they overlap; None if the two have no parity in common."""
    here, there = mine.spans(), other.spans()
    votes = {_beyond(here[parity], there[parity]) for parity in here if parity in there}
    if not votes:
        return None
    return votes.pop() if len(votes) == 1 else 0


def _beyond(first: Numbers, second: Numbers) -> int:
    """1 if the second range lies above the first, -1 if below, 0 if they overlap. They may share one number."""
    if first == second:
        return 0
    return int(second[0] >= first[1]) - int(second[1] <= first[0])


def _parity(side: Numbers | None) -> int:
    if side is None or (side[0] - side[1]) % 2:
        return 0
    return -1 if side[0] % 2 else 1


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
