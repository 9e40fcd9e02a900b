"""The only street of a name that has the number is meant; if several or none have it, the person must choose."""

from boundaries.known_numbers import NumberStatus
from boundaries.ranking import Candidate, rank
from boundaries.street_name import Relation

HERE = NumberStatus(known=True, within=True, gap=0)
CLOSE = NumberStatus(known=False, within=True, gap=4)
WIDE = NumberStatus(known=False, within=True, gap=80)
PAST = NumberStatus(known=False, within=False, gap=60)
JUST_PAST = NumberStatus(known=False, within=False, gap=2)


def plain(status: NumberStatus, *, stray: bool = False) -> Candidate:
    return Candidate("porter st", Relation.SAME, (1,), status, stray)


def south(status: NumberStatus, *, near: bool = False) -> Candidate:
    return Candidate("s porter st", Relation.DROPPED, (2,), status, near=near)


def north(status: NumberStatus) -> Candidate:
    return Candidate("n porter st", Relation.DROPPED, (3,), status)


def answer(*family: Candidate) -> tuple[int, ...]:
    """The resulting pairs: one if it is decided."""
    ranking = rank(family)
    return ranking.members if ranking.sure else (*ranking.members, -1)


def test_the_only_street_with_the_number_is_taken_as_typed() -> None:
    assert answer(plain(HERE), south(CLOSE), north(PAST)) == (1,)


def test_a_twin_with_the_same_number_needs_a_choice() -> None:
    assert answer(plain(HERE), south(HERE), north(PAST)) == (1, 2)


def test_a_typed_direction_is_trusted() -> None:
    typed = Candidate("s porter st", Relation.SAME, (2,), HERE)
    assert answer(typed, Candidate("porter st", Relation.ADDED, (1,), HERE)) == (2,)
    assert answer(typed, Candidate("porter st", Relation.ADDED, (1,), HERE, near=True)) == (2,)


def test_the_only_twin_with_the_number_wins_if_the_typed_street_ends_before() -> None:
    assert answer(plain(PAST), south(HERE), north(PAST)) == (2,)
    assert answer(plain(WIDE), south(HERE)) == (2,)


def test_a_twin_needs_a_choice_if_the_typed_street_may_have_the_number_too() -> None:
    assert answer(plain(CLOSE), south(HERE)) == (1, 2)
    assert answer(plain(JUST_PAST), south(HERE)) == (1, 2)


def test_several_twins_with_the_number_need_a_choice() -> None:
    assert answer(plain(PAST), south(HERE), north(HERE)) == (2, 3)


def test_the_typed_street_has_numbers_between_and_just_past_its_houses() -> None:
    assert answer(plain(WIDE), south(PAST)) == (1,)
    assert answer(plain(JUST_PAST), south(PAST)) == (1,)


def test_a_number_that_no_street_has_needs_a_choice() -> None:
    assert set(answer(plain(PAST), south(PAST))) == {1, 2}
    assert set(answer(plain(JUST_PAST), south(WIDE))) == {1, 2}
    assert set(answer(south(PAST), north(PAST))) == {2, 3, -1}


def test_without_a_street_as_typed_the_one_with_the_number_wins() -> None:
    assert answer(south(HERE), north(PAST)) == (2,)
    assert answer(south(WIDE), north(PAST)) == (2,)
    assert answer(south(HERE), north(HERE)) == (2, 3)


def test_a_direction_that_no_street_has_needs_a_choice() -> None:
    assert answer(Candidate("porter st", Relation.ADDED, (1,), HERE)) == (1, -1)


def test_an_extra_direction_needs_a_choice_if_the_street_lacks_the_number() -> None:
    typed = Candidate("s porter st", Relation.SAME, (2,), CLOSE)
    assert answer(typed, Candidate("porter st", Relation.ADDED, (1,), HERE)) == (2, 1)


def test_a_twin_in_the_zip_is_offered_with_the_street_outside_it() -> None:
    assert answer(plain(HERE, stray=True), south(HERE, near=True)) == (1, 2)
    assert answer(plain(HERE, stray=True), south(HERE)) == (1,)
