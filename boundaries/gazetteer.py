"""Towns, places and ZIP codes as loaded, and which town is meant by what somebody typed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from boundaries.placenames import place_key, with_kind, without_county, without_kind
from boundaries.spelling import one_edit_apart
from boundaries.us_states import state_of_name, state_of_zip, without_country
from boundaries.zipcode import find_zip, read_zip

NEARBY = "~"  # before a ZIP of a street that no address has, but that may be meant because its post office is near


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
    #: street → its ZIPs, separated by blanks, NEARBY before some, if the town shares a ZIP with another
    street_zips: Mapping[str, str] = field(default_factory=dict)
    zip_groups: frozenset[str] = frozenset()  # the different values of street_zips
    thin: bool = False  # whether its sources lack many houses, and so streets

    @property
    def addressed(self) -> bool:
        """Whether any address of its streets has a ZIP."""
        return any(not zips.startswith(NEARBY) for zips in self.zip_groups)

    def has_zip(self, code: str) -> bool:
        """Whether any of its streets may have this ZIP."""
        return any(code in zips for zips in self.zip_groups)

    def is_addressed(self, street: str, codes: Collection[str]) -> bool:
        """Whether addresses of a street have one of these ZIPs."""
        return not set(self.street_zips.get(street, "").split()).isdisjoint(codes)


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
    #: whether the towns are those of a post office, which may deliver to any of them
    postal: bool = False
    offices: tuple[str, ...] = ()  # the ZIPs of that post office
    named: int = 0  # how many of those have themselves the name that was typed; they come first
    far: bool = False  # whether the named town has no address with the ZIP
    slip: bool = False  # whether one wrong digit explains that
    uncovered: bool = False  # whether no source has an address near the ZIP


class Gazetteer:
    """Finds towns. places and zips map to town names. surveyed: whether zips has every town with addresses of each."""

    def __init__(
        self,
        code: str,
        name: str,
        towns: Mapping[str, Town],
        places: Mapping[str, tuple[str, ...]],
        zips: Mapping[str, tuple[str, ...]],
        place_zips: Mapping[str, tuple[str, ...]],
        *,
        surveyed: bool = False,
    ) -> None:
        self._code = code
        self._name = name
        self._towns = towns
        self.towns = tuple(towns.values())
        self._places = places
        self._zips = zips
        self._place_zips = place_zips
        self._own = {place_key(town) for town in towns}
        self._surveyed = surveyed
        # For the fast path: everything that names exactly one town, as most people type it.
        self.unambiguous: dict[str, Town] = {}
        for place, members in places.items():
            if len(members) == 1 and not self._served(place, members):
                self.unambiguous[place] = self.unambiguous[place.title()] = towns[members[0]]
        for town in towns.values():
            if len(places.get(place_key(town.name), ())) > 1 or self._served(place_key(town.name), (town.name,)):
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
        names, note, found = self._find_place(key, code)
        named = tuple(self._towns[name] for name in names)
        by_zip = tuple(self._towns[name] for name in self._zips.get(code, ()))
        foreign = state_of_zip(code)
        if foreign and foreign != self._code.upper() and not (self._surveyed and by_zip):
            near = any(one_edit_apart(code, own) for town in named for own in town.zips)
            if not near:
                return Locality(named, (), code, (), foreign, note)
            by_zip, note = (), f"ZIP {code} taken for a typo"
        parts = self._parts(key, code)
        if self._surveyed:
            return self._read_surveyed(found, code, named, by_zip, parts, note)
        if not named:
            return Locality(
                by_zip, (), code, parts, "", note or (f"{city.strip()} read by its ZIP" if city.strip() else "")
            )
        both = tuple(town for town in named if town in by_zip or code in town.zips)
        if both or not by_zip:
            return Locality(both or named, (), code, parts, "", note)
        return Locality(named, by_zip, code, parts, "", note or f"ZIP {code} is not {names[0]}'s")

    def _read_surveyed(
        self, key: str, code: str, named: tuple[Town, ...], by_zip: tuple[Town, ...], parts: tuple[str, ...], note: str
    ) -> Locality:
        """The towns meant where addresses tell which towns a post office delivers to.

        A ZIP's post office may mean any town with addresses of that ZIP, also if its name is one's own.
        """
        if code in self._zips and not by_zip and not note.startswith("ZIP"):
            return Locality((), (), code, (), "", f"no source has an address near ZIP {code}", uncovered=True)
        if not by_zip:
            served = tuple(self._towns[name] for name in self._served(key, tuple(town.name for town in named)))
            offices = self._place_zips.get(key, ())
            return Locality((*named, *served), (), code, parts, "", note, bool(served), offices, len(named))
        here = tuple(town for town in named if town in by_zip)
        if not named or code in self._place_zips.get(key, ()):
            # "Rutland" names Rutland City and Rutland Town.
            here = tuple(town for town in by_zip if key in without_kind(place_key(without_county(town.name))))
            others = tuple(town for town in by_zip if town not in here)
            note = note or (f"{key} read by its ZIP" if key and not named else "")
            return Locality((*here, *others), (), code, parts, "", note, True, (code,), len(here))
        if here:
            return Locality(here, (), code, parts, "", note)
        near = any(one_edit_apart(code, own) for town in named for own in town.zips)
        note = note or f"ZIP {code} is not {named[0].name}'s"
        return Locality(named, by_zip, code, parts, "", note, far=True, slip=near)

    def _served(self, key: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """The towns that a post office of this name delivers to, except `names`; none unless addresses tell."""
        codes = self._place_zips.get(key, ()) if self._surveyed else ()
        return tuple(dict.fromkeys(town for code in codes for town in self._zips[code] if town not in names))

    def _find_place(self, key: str, code: str) -> tuple[tuple[str, ...], str, str]:
        """The towns of a name, what to say about it, and the name as it is known."""
        if not key:
            return (), "", key
        for form in without_kind(key):
            if form in self._places:
                return self._places[form], "", form
        fuller = {form: self._places[form] for form in with_kind(key) if form in self._places}
        if fuller:
            return tuple(dict.fromkeys(town for members in fuller.values() for town in members)), "", key
        if len(key) < 5:
            return (), "", key
        near = {self._places[place]: place for place in self._places if one_edit_apart(key, place)}
        if len(near) > 1 and code:
            near = {names: place for names, place in near.items() if set(names) & set(self._zips.get(code, ()))}
        if len(near) == 1:
            names, place = next(iter(near.items()))
            return names, f"{key} read as {place}", place
        return (), "", key

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
