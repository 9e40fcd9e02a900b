"""The choices where an address does not decide: pairs of districts, who holds them, and their map."""

from boundaries.model import Chamber, Pair
from boundaries.offices import Choice
from boundaries.state import State
from theme.pages.maps import Map, draw_map


def field_to_ask(pairs: tuple[Pair, ...]) -> str:
    """The field that decides: the representative's if that alone does, as it nearly always does."""
    houses = {pair.house for pair in pairs if pair.house}
    return "district_house" if len(houses) == len(pairs) else "district_senate"


def draw_choices(state: State, choices: tuple[Choice, ...], town: str) -> Map | None:
    """A map of the chamber that the page asks about. town: "" if it is unknown."""
    if not choices:
        return None
    pairs = tuple(choice.pair for choice in choices)
    if field_to_ask(pairs) == "district_house":
        return draw_map(state, "house", tuple(pair.house for pair in pairs), town)
    return draw_map(state, "senate", tuple(dict.fromkeys(pair.senate for pair in pairs)), town)


def draw_district(state: State, chamber: Chamber, district: str) -> Map | None:
    """A map of one district; None if the state no longer has it."""
    try:
        state.district(chamber, district)
    except KeyError:
        return None
    return draw_map(state, chamber, (district,))
