"""Which town a letter names: it must agree with how the district was found."""

from collections.abc import Mapping

from boundaries.model import Answer, Pair
from boundaries.state import State


def name_town(state: State, typed: Answer, values: Mapping[str, str], pair: Pair) -> str:
    """The town of an address, or of a location that decided beside it, in a pair of districts; "" if it is uncertain.

    typed: the answer for the address alone; its town comes first. Then the town or village as typed, if the state knows
    it and it lies in the pair at least in part; an unknown name is not repeated. Then the only town there: of the
    ZIP's towns, if the pair is theirs; else of all.
    """
    if typed.address.town and pair in typed.pairs:
        return typed.address.town
    city, zip_code = values.get("city", ""), values.get("zip", "")
    by_city = state.locate("", city, "")  # the ZIP may be what lies elsewhere
    if pair in by_city.pairs:
        return by_city.address.town or city
    towns = [town for town in state.towns if pair in state.town_pairs(town)]
    if pair in state.locate("", "", zip_code).pairs:
        towns = [town for town in towns if _uses(state, town, zip_code)]
    return towns[0] if len(towns) == 1 else ""


def _uses(state: State, town: str, zip_code: str) -> bool:
    """Whether a ZIP is a town's: if not, the towns that use it are meant too, and their districts are candidates.
    Also true of a town that has all of these districts itself; then, in doubt, no town is the only one."""
    return set(state.locate("", town, zip_code).pairs) <= set(state.town_pairs(town))
