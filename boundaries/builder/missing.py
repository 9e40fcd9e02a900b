"""Where a number that no source has would stand, if its neighbours tell.

It is reckoned in two ways: along its own side of the street, and along the opposite side and across. The place counts
only if no line comes near it, and "near" grows with the length of the way and with the distance between the two.
The limits were chosen by leaving out each of 73,288 addresses within 100 m of a line in turn. With them, of the numbers
between two houses in different districts 0.8 % were put into a wrong one, of those between two in the same 0.1 %, and
of those past the last house 0.1 % (if the other side agrees), 0.4 % (if it is silent), 0.9 % (if it differs).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from boundaries.builder.runs import Code, Piece, Spot

LEAST_ROOM, LEAST_ROOM_PAST = 6.0, 5.0  # metres that must be free of lines around the place: between, past the last
OF_WAY = 0.1  # and for each metre between the neighbours, or from the last house
APART, APART_AGREED, APART_AGAINST = 0.7, 0.5, 1.0  # and for each metre between the two ways to reckon
WIDEST = 400.0  # metres between the neighbours
PAST = 20  # numbers past the last house that may be reckoned
LONGEST_STEP = 100.0  # metres from the last house, if its own side alone is asked
ALONE, AGREED = 0.4, 0.3  # free metres for each of them, if the other side is silent, or says the same
SAME, CHANGING = 0.15, 0.25  # free metres for each metre between the neighbours, if their own side alone is asked
FACING = 40.0  # free metres around a house opposite that speaks for a side without houses

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Guess:
    """A place for a number: believed if `room` metres around it are free of lines and its pair is one of `fits`."""

    number: int
    place: Place
    room: float
    fits: Code


def guesses(spots: Sequence[Spot], parity: int, pieces: Sequence[Piece]) -> list[Guess]:
    """Places for the numbers of one parity that the pieces leave undecided. spots: of the street, by number."""
    firm = [spot for spot in spots if spot.decided]
    own = [spot for spot in firm if spot.number % 2 == parity]
    other = [spot for spot in firm if spot.number % 2 != parity]
    seen = own or other
    if not seen:
        return []
    known = {spot.number for spot in spots}
    low, high = max(1, seen[0].number - PAST), seen[-1].number + PAST
    found = []
    for place, (start, code) in enumerate(pieces):
        stop = pieces[place + 1][0] if place + 1 < len(pieces) else high + 1
        if len(code) < 2:
            continue
        for number in range(max(start, low), min(stop, high + 1)):
            if number % 2 == parity and number not in known:
                found += _guess(own, other, number)
    return found


def _guess(own: Sequence[Spot], other: Sequence[Spot], number: int) -> list[Guess]:
    before, after = _neighbours(own, number)
    if before and after:
        along, across = _on(before, after, number), _across(other, number, (before, after))
        way = hypot(before.x - after.x, before.y - after.y)
        if way > WIDEST:
            return []
        if across is None:
            share = SAME if before.pairs == after.pairs else CHANGING
            return [Guess(number, along, max(LEAST_ROOM, share * way), (*before.pairs, *after.pairs))]
        room = max(LEAST_ROOM, OF_WAY * way + APART * _apart(along, across))
        return [Guess(number, _middle(along, across), room, (*before.pairs, *after.pairs))]
    end = before or after
    if end is None:
        return _opposite(other, number)
    if len(own) < 2:
        return []
    return _past(own, other, number, end)


def _past(own: Sequence[Spot], other: Sequence[Spot], number: int, end: Spot) -> list[Guess]:
    """A place beyond the last house of a side."""
    inner = own[-2] if end is own[-1] else own[1]
    along, across = _on(inner, end, number), _across(other, number, (end,))
    step = hypot(along[0] - end.x, along[1] - end.y)
    facing = _neighbours(other, number)[1 if end is own[-1] else 0]
    facing_pairs = facing.pairs if facing else ()
    found = []
    if across:
        apart = APART_AGREED if facing_pairs == end.pairs else APART_AGAINST
        room = max(LEAST_ROOM_PAST, OF_WAY * step + apart * _apart(along, across))
        found.append(Guess(number, _middle(along, across), room, (*end.pairs, *facing_pairs)))
    share = AGREED if facing else ALONE
    room = max(LEAST_ROOM_PAST, share * step)
    if facing_pairs in ((), end.pairs) and inner.pairs == end.pairs and step <= LONGEST_STEP and end.clearance >= room:
        found.append(Guess(number, along, room, end.pairs))
    return found


def _opposite(other: Sequence[Spot], number: int) -> list[Guess]:
    """On a side without houses: the nearest opposite, if all there are in one pair."""
    facing = min(other, key=lambda spot: abs(spot.number - number))
    if any(spot.pairs != facing.pairs for spot in other):
        return []
    return [Guess(number, (facing.x, facing.y), FACING, facing.pairs)]


def _neighbours(side: Sequence[Spot], number: int) -> tuple[Spot | None, Spot | None]:
    before = after = None
    for spot in side:
        if spot.number < number:
            before = spot
        elif spot.number > number:
            after = spot
            break
    return before, after


def _on(one: Spot, two: Spot, number: float) -> Place:
    """Where a number lies on the way through two houses."""
    share = (number - one.number) / (two.number - one.number)
    return one.x + share * (two.x - one.x), one.y + share * (two.y - one.y)


def _across(other: Sequence[Spot], number: int, near: Sequence[Spot]) -> Place | None:
    """Where a number lies by the opposite side: between its two houses there, and as far across as `near` is."""
    before, after = _neighbours(other, number)
    if before is None or after is None:
        return None
    x, y = _on(before, after, number)
    length = hypot(after.x - before.x, after.y - before.y) or 1.0
    right = (after.y - before.y) / length, (before.x - after.x) / length
    width = sum((spot.x - before.x) * right[0] + (spot.y - before.y) * right[1] for spot in near) / len(near)
    return x + width * right[0], y + width * right[1]


def _apart(one: Place, two: Place) -> float:
    return hypot(one[0] - two[0], one[1] - two[1])


def _middle(one: Place, two: Place) -> Place:
    return (one[0] + two[0]) / 2, (one[1] + two[1]) / 2


def overlay(pieces: Sequence[Piece], known: Sequence[Piece]) -> list[Piece]:
    """One side's pieces with some of its numbers known better: (number, code), ascending."""
    found = list(pieces)
    for number, better in known:
        place = max(index for index, (start, _) in enumerate(found) if start <= number)
        start, code = found[place]
        stop = found[place + 1][0] if place + 1 < len(found) else None
        # The numbers before and after are of the other side, which nobody asks here: pieces may begin at either.
        begin = max(start, number - 1)
        new: list[Piece] = [(start, code)] if begin > start else []
        new.append((begin, better))
        if stop is None or number + 1 < stop:
            new.append((number + 1, code))
        found[place : place + 1] = new
    tidy: list[Piece] = []
    for piece in found:
        if not tidy or tidy[-1][1] != piece[1]:
            tidy.append(piece)
    return tidy
