"""Towns, places and ZIP codes as loaded, and which town is meant by what somebody typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from boundaries.placenames import place_key, with_kind, without_kind
from boundaries.spelling import one_edit_apart
from boundaries.us_states import state_of_name, state_of_zip, without_country
from boundaries.zipcode import find_zip, read_zip


@dataclass(frozen=True, slots=True)
class Town:
    """A town."""

    name: str
    pairs: tuple[int, ...]  # the numbers of its pairs
    streets: Mapping[str, int] | None  # key → value if the town is split (see boundaries.streetbook)
    #: street → the ZIPs and neighborhoods it runs through, if sources say so and it can be confused with another
    zones: Mapping[str, str]
    parted: bool  # whether sources tell parts of the town apart
    zips: frozenset[str]  # those its places use
    rule: str  # for explanations


@dataclass(frozen=True, slots=True)
class Locality:
    """What city and ZIP say together."""

    towns: tuple[Town, ...]  # those meant
    zip_towns: tuple[Town, ...]  # towns of a ZIP that disagrees with the named town
    zip: str  # five digits or empty
    #: what narrows down the part of town: the ZIP, the village or neighborhood by place_key and, if no ZIP was
    #: given, the village's ZIPs
    parts: tuple[str, ...]
    other_state: str  # the other state that the city or ZIP is in, empty if none
    note: str  # what was read differently from how it was typed


class Gazetteer:
    """Finds towns. places and zips map to town names."""

    def __init__(
        self,
        code: str,
        name: str,
        towns: Mapping[str, Town],
        places: Mapping[str, tuple[str, ...]],
        zips: Mapping[str, tuple[str, ...]],
        place_zips: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._code = code
        self._name = name
        self._towns = towns
        self.towns = tuple(towns.values())
        self._places = places
        self._zips = zips
        self._place_zips = place_zips
        self._own = {place_key(town) for town in towns}
        # For the fast path: everything that names exactly one town, as most people type it.
        self.unambiguous: dict[str, Town] = {}
        for place, members in places.items():
            if len(members) == 1:
                self.unambiguous[place] = self.unambiguous[place.title()] = towns[members[0]]
        for town in towns.values():
            if len(places.get(place_key(town.name), ())) > 1:
                continue  # its name is used for other towns too
            self.unambiguous[town.name] = self.unambiguous[town.name.lower()] = self.unambiguous[town.name.upper()] = (
                town
            )

    def is_place(self, text: str) -> bool:
        """Whether a text names a town, village or neighborhood."""
        return any(form in self._places for form in without_kind(place_key(text)))

    def named(self, text: str) -> tuple[str, ...]:
        """The towns that a text names, if it is only the name of a place."""
        return self._places.get(place_key(text), ())

    def read(self, city: str, zip: str) -> Locality:  # noqa: A002  (the word people use)
        """What `city` and `zip`, as typed, say together."""
        city, trailing_zip = find_zip(without_country(city.strip()))
        code = read_zip(zip) or trailing_zip
        key, other_state = self._strip_state(place_key(city))
        if other_state:
            return Locality((), (), code, (), other_state, "")
        names, note = self._find_place(key, code)
        named = tuple(self._towns[name] for name in names)
        by_zip = tuple(self._towns[name] for name in self._zips.get(code, ()))
        foreign = state_of_zip(code)
        if foreign and foreign != self._code.upper():
            near = any(one_edit_apart(code, own) for town in named for own in town.zips)
            if not near:
                return Locality(named, (), code, (), foreign, note)
            by_zip, note = (), f"ZIP {code} taken for a typo"
        parts = self._parts(key, code)
        if not named:
            return Locality(
                by_zip, (), code, parts, "", note or (f"{city.strip()} read by its ZIP" if city.strip() else "")
            )
        both = tuple(town for town in named if town in by_zip or code in town.zips)
        if both or not by_zip:
            return Locality(both or named, (), code, parts, "", note)
        return Locality(named, by_zip, code, parts, "", note or f"ZIP {code} is not {names[0]}'s")

    def _find_place(self, key: str, code: str) -> tuple[tuple[str, ...], str]:
        if not key:
            return (), ""
        for form in without_kind(key):
            if form in self._places:
                return self._places[form], ""
        fuller = {form: self._places[form] for form in with_kind(key) if form in self._places}
        if fuller:
            return tuple(dict.fromkeys(town for members in fuller.values() for town in members)), ""
        if len(key) < 5:
            return (), ""
        near = {self._places[place]: place for place in self._places if one_edit_apart(key, place)}
        if len(near) > 1 and code:
            near = {names: place for names, place in near.items() if set(names) & set(self._zips.get(code, ()))}
        if len(near) == 1:
            names, place = next(iter(near.items()))
            return names, f"{key} read as {place}"
        return (), ""

    def _parts(self, key: str, code: str) -> tuple[str, ...]:
        """What is narrower than the town: a known ZIP and a village's name; or the village's ZIPs."""
        village = key if key and key not in self._own else ""
        if code in self._zips:
            return (code, village) if village else (code,)
        return (village, *self._place_zips.get(village, ())) if village else ()

    def _strip_state(self, key: str) -> tuple[str, str]:
        """The place without a state's name at its end, and that state if it is a different one."""
        tokens = key.split()
        for count in (3, 2, 1):
            if count <= len(tokens):
                state = state_of_name(" ".join(tokens[-count:]), alone=count == len(tokens))
                if state == self._code.upper():
                    return " ".join(tokens[:-count]), ""
                if state and (key not in self._places):
                    return " ".join(tokens[:-count]), state
        return key, ""
