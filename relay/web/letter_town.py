"""Which town a letter names: it must agree with how the district was found."""

from collections.abc import Mapping

from boundaries.model import Answer, Pair
from boundaries.state import State


def name_town(state: State, typed: Answer, values: Mapping[str, str], pair: Pair) -> str:
    """The town of an address, or of a place that decided beside it, in a pair of districts; "" if nothing tells it.

    typed: what the address alone was found to mean; the town that it was understood as comes first. Then the town or
    village as typed, if the state knows it and it lies in the pair, at least in part; a name that nobody knows is not
    repeated. Then the only town there: of the ZIP's, if the pair is theirs; else of all.
    """
    if typed.address.town and pair in typed.pairs:
        return typed.address.town
    city, zip_code = values.get("city", ""), values.get("zip", "")
    alone = state.locate("", city, "")  # the ZIP may be what lies elsewhere
    if pair in alone.pairs:
        return alone.address.town or city
    theirs = [town for town in state.towns if pair in state.town_pairs(town)]
    if pair in state.locate("", "", zip_code).pairs:
        theirs = [town for town in theirs if _uses(state, town, zip_code)]
    return theirs[0] if len(theirs) == 1 else ""


def _uses(state: State, town: str, zip_code: str) -> bool:
    """Whether a ZIP is a town's: if not, those that use it are meant as well, and their districts are candidates.
    Also true of a town that has all of these districts itself, so that in doubt none is the only one."""
    return set(state.locate("", town, zip_code).pairs) <= set(state.town_pairs(town))
