"""Where exactly one street of a name has the number it is meant; where several or none have it, it is asked."""

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
    """The pairs that come out: one if it is decided."""
    verdict = rank(family)
    return verdict.members if verdict.sure else (*verdict.members, -1)


def test_a_street_that_alone_has_the_number_is_meant_as_typed() -> None:
    assert answer(plain(HERE), south(CLOSE), north(PAST)) == (1,)


def test_it_is_asked_where_the_street_as_typed_and_a_twin_have_it() -> None:
    assert answer(plain(HERE), south(HERE), north(PAST)) == (1, 2)


def test_a_direction_that_was_typed_is_believed() -> None:
    typed = Candidate("s porter st", Relation.SAME, (2,), HERE)
    assert answer(typed, Candidate("porter st", Relation.ADDED, (1,), HERE)) == (2,)
    assert answer(typed, Candidate("porter st", Relation.ADDED, (1,), HERE, near=True)) == (2,)


def test_the_one_twin_that_has_it_is_meant_where_the_street_as_typed_ends_before() -> None:
    assert answer(plain(PAST), south(HERE), north(PAST)) == (2,)
    assert answer(plain(WIDE), south(HERE)) == (2,)


def test_it_is_asked_where_the_street_as_typed_may_have_it_too() -> None:
    assert answer(plain(CLOSE), south(HERE)) == (1, 2)
    assert answer(plain(JUST_PAST), south(HERE)) == (1, 2)


def test_it_is_asked_where_several_twins_have_it() -> None:
    assert answer(plain(PAST), south(HERE), north(HERE)) == (2, 3)


def test_the_street_as_typed_has_what_lies_between_its_houses_or_just_past_them() -> None:
    assert answer(plain(WIDE), south(PAST)) == (1,)
    assert answer(plain(JUST_PAST), south(PAST)) == (1,)


def test_it_is_asked_where_none_has_it() -> None:
    assert set(answer(plain(PAST), south(PAST))) == {1, 2}
    assert set(answer(plain(JUST_PAST), south(WIDE))) == {1, 2}
    assert set(answer(south(PAST), north(PAST))) == {2, 3, -1}


def test_where_no_street_is_called_as_typed_the_one_that_has_it_is_meant() -> None:
    assert answer(south(HERE), north(PAST)) == (2,)
    assert answer(south(WIDE), north(PAST)) == (2,)
    assert answer(south(HERE), north(HERE)) == (2, 3)


def test_a_direction_that_no_street_has_is_asked_about() -> None:
    assert answer(Candidate("porter st", Relation.ADDED, (1,), HERE)) == (1, -1)


def test_a_direction_too_many_is_asked_about_where_the_street_has_no_such_number() -> None:
    typed = Candidate("s porter st", Relation.SAME, (2,), CLOSE)
    assert answer(typed, Candidate("porter st", Relation.ADDED, (1,), HERE)) == (2, 1)


def test_a_twin_in_the_zip_is_offered_beside_the_street_that_is_not_in_it() -> None:
    assert answer(plain(HERE, stray=True), south(HERE, near=True)) == (1, 2)
    assert answer(plain(HERE, stray=True), south(HERE)) == (1,)
