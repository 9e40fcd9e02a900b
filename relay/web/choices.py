"""The choices where an address does not decide: pairs of districts, who holds them, and their map."""

from boundaries.district_order import place_of
from boundaries.model import CHAMBERS, Chamber, Pair
from boundaries.offices import Choice
from boundaries.state import State
from theme.pages.maps import Map, draw_map


def field_to_ask(pairs: tuple[Pair, ...]) -> str:
    """The field that decides: the representative's if that alone does, as it nearly always does."""
    houses = {pair.house for pair in pairs if pair.house}
    return "district_house" if len(houses) == len(pairs) else "district_senate"


def draw_choices(state: State, choices: tuple[Choice, ...], town: str) -> tuple[Map, ...]:
    """A map of each chamber that the page asks about, numbered in the order of its list. town: "" if it is unknown."""
    pairs = tuple(choice.pair for choice in choices)
    return tuple(
        draw_map(state, chamber, tuple(sorted({pair.of(chamber) for pair in pairs}, key=place_of)), town)
        for chamber in chambers_to_ask(pairs)
    )


def chambers_to_ask(pairs: tuple[Pair, ...]) -> tuple[Chamber, ...]:
    """The one that decides alone, the House if both do; else both."""
    for chamber in reversed(CHAMBERS):
        if len({pair.of(chamber) for pair in pairs} - {""}) == len(pairs):
            return (chamber,) if pairs else ()
    return CHAMBERS


def draw_district(state: State, chamber: Chamber, district: str) -> Map | None:
    """A map of one district; None if the state no longer has it."""
    try:
        state.district(chamber, district)
    except KeyError:
        return None
    return draw_map(state, chamber, (district,))
