"""How house numbers become runs: bridged where no line can pass, a choice where one may."""

from boundaries.builder.book.runs import ENDLESS, Piece, Spot, derive_pieces

FAR = 1000.0
A, B = 7, 9


def spot(number: int, pair: int, clearance: float = 500.0, x: float | None = None) -> Spot:
    return Spot(number, (pair,), 5.0 * number if x is None else x, 0.0, clearance, True)


def at(pieces: list[Piece], number: int) -> tuple[int, ...]:
    return [code for start, code in pieces if start <= number][-1]


def test_numbers_between_two_houses_of_one_pair_belong_to_it_if_no_line_passes() -> None:
    houses = [spot(10, A, 30), spot(20, A, 30)]
    assert at(derive_pieces(houses, [], {(10, 20)}, FAR), 14) == (A,)


def test_a_gap_near_a_line_needs_a_choice_unless_the_path_is_free() -> None:
    houses = [spot(10, A, 30), spot(20, A, 30)]
    assert at(derive_pieces(houses, [], set(), FAR), 14)[0] == A
    assert len(at(derive_pieces(houses, [], set(), FAR), 14)) > 1


def test_a_gap_between_two_pairs_offers_both() -> None:
    pieces = derive_pieces([spot(10, A), spot(20, B)], [], set(), FAR)
    assert [at(pieces, number) for number in (10, 14, 20)] == [(A,), (A, B), (B,)]


def test_past_the_last_house_its_pair_is_trusted_by_distance_from_the_line() -> None:
    pieces = derive_pieces([spot(100, A, 90.0)], [], set(), FAR)
    assert at(pieces, 110) == (A,)
    assert len(at(pieces, 130)) > 1
    assert at(derive_pieces([spot(100, A, FAR)], [], set(), FAR), ENDLESS) == (A,)


def test_the_other_side_of_the_street_can_limit_that_trust() -> None:
    pieces = derive_pieces([spot(100, A, 90.0)], [spot(105, B, 90.0)], set(), FAR)
    assert at(pieces, 102) == (A,)
    assert len(at(pieces, 104)) > 1
