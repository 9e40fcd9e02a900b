"""What there is to choose from where an address does not decide: pairs of districts, who holds them, and their map."""

from boundaries.model import Chamber, Pair
from boundaries.state import State
from theme.pages.maps import Map, draw_map
from theme.pages.seats import seats
from theme.pages.views import Choice


def list_choices(state: State, pairs: tuple[Pair, ...]) -> tuple[Choice, ...]:
    """The pairs with who holds them."""
    return tuple(Choice(seats(state, "senate", pair.senate), seats(state, "house", pair.house)) for pair in pairs)


def pair_of(choice: Choice) -> Pair:
    """The districts that a choice is of."""
    return Pair(choice.senate[0].district, choice.house[0].district if choice.house else "")


def question(pairs: tuple[Pair, ...]) -> str:
    """The field that asks: by the representative if that alone decides, as it nearly always does."""
    houses = {pair.house for pair in pairs if pair.house}
    return "district_house" if len(houses) == len(pairs) else "district_senate"


def draw_choices(state: State, choices: tuple[Choice, ...], town: str) -> Map | None:
    """The map of what there is to choose in a town ("" if it is not known): of the chamber that the page asks about."""
    if not choices:
        return None
    pairs = tuple(pair_of(choice) for choice in choices)
    if question(pairs) == "district_house":
        return draw_map(state, "house", tuple(pair.house for pair in pairs), town)
    return draw_map(state, "senate", tuple(dict.fromkeys(pair.senate for pair in pairs)), town)


def draw_district(state: State, chamber: Chamber, district: str) -> Map | None:
    """One district by itself; None where the state has it no more."""
    try:
        state.district(chamber, district)
    except KeyError:
        return None
    return draw_map(state, chamber, (district,))
