"""Numbers nobody has seen: put where their neighbours say, and asked where a line comes near."""

from boundaries.builder.missing import Guess, guesses, overlay
from boundaries.builder.runs import OPEN, Code, Piece, Spot, torn

A, B = 7, 9


def house(number: int, pair: int = A, x: float | None = None, clearance: float = 500.0) -> Spot:
    """A house of a street that runs east, 5 m a number; odd numbers stand 20 m north of even ones."""
    return Spot(number, (pair,), 5.0 * number if x is None else x, 20.0 * (number % 2), clearance, True)


def guess(spots: list[Spot], number: int, code: Code = (A, B)) -> Guess | None:
    found = guesses(spots, number % 2, [(0, code)])
    return next((one for one in found if one.number == number), None)


def test_a_number_between_two_houses_stands_between_them() -> None:
    found = guess([house(10), house(11), house(13, B), house(14, B)], 12)
    assert found is not None
    assert found.place == (60.0, 0.0)
    assert found.fits == (A, B)


def test_the_more_the_two_sides_disagree_the_more_room_it_needs() -> None:
    straight = guess([house(10), house(11), house(13, B), house(14, B)], 12)
    crooked = guess([house(10), house(11, x=95.0), house(13, B, x=105.0), house(14, B)], 12)
    assert straight is not None
    assert crooked is not None
    assert crooked.room > straight.room + 20


def test_past_the_last_house_the_street_goes_on_as_before() -> None:
    found = guess([house(8), house(10)], 12)
    assert found is not None
    assert (found.place, found.fits) == ((60.0, 0.0), (A,))
    assert guess([house(8), house(10)], 40) is None


def test_past_the_last_house_a_line_close_to_it_leaves_the_number_undecided() -> None:
    assert guess([house(8), house(10, clearance=3.0)], 12) is None


def test_a_side_without_houses_is_as_the_other_if_that_is_all_of_one_pair() -> None:
    found = guess([house(11)], 12)
    assert found is not None
    assert found.fits == (A,)
    assert guess([house(11), house(15, B)], 12) is None


def test_what_is_decided_or_seen_is_not_guessed() -> None:
    assert guess([house(10), house(14)], 12, (A,)) is None
    assert guess([house(10), house(12), house(14)], 12) is None


def test_a_number_known_better_leaves_the_rest_of_its_side_as_it_was() -> None:
    pieces: list[Piece] = [(0, (A,)), (12, (A, B)), (20, (B,))]
    better = overlay(pieces, [(14, (A,)), (16, (A,))])

    def at(number: int) -> Code:
        return [code for start, code in better if start <= number][-1]

    assert [at(number) for number in range(10, 23, 2)] == [(A,), (A, B), (A,), (A,), (A, B), (B,), (B,)]


def test_two_streets_of_one_name_that_mix_their_numbers_are_asked() -> None:
    assert torn([house(10), house(11), house(13, B, x=3000.0), house(14)])[0] == (5, 19, (A, B, OPEN))
    assert not torn([house(10), house(11), house(13, B), house(14)])
