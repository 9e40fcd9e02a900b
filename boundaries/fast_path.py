"""The fast path for an address as most people write it: number, street and unit, in a town identified by its name
alone. It answers only what it is certain of; address_resolver handles the rest, and would give the same answers."""

from collections.abc import Collection, Mapping, Sequence
from itertools import permutations

from boundaries.gazetteer import Town
from boundaries.house_number import LONGEST, parse_house_number
from boundaries.model import Address, Answer, Pair
from boundaries.normalization import format_key, name_key, strip_unit
from boundaries.street_name import Relation, StreetName, relation_of, split_name
from boundaries.streetbook import StreetBook
from boundaries.text_folding import FOLD

UNIT_WORDS = 2  # "apt 3", "# 3"; anything longer may contain a PO box


class FastPath:
    """Answers plain addresses. state: two capital letters. towns: those identified by a name alone, by that name."""

    def __init__(self, state: str, towns: Mapping[str, Town], book: StreetBook, pairs: Sequence[Pair]) -> None:
        self._state = state
        self._towns = towns
        self._book = book
        self._singles = [(pair,) for pair in pairs]
        self._own: dict[str, Mapping[str, frozenset[int]]] = {}

    def locate(self, street: str, city: str, zip: str) -> Answer | None:  # noqa: A002  (the word people use)
        """As State.locate; None if the resolver must decide."""
        town = self._towns.get(city)
        if town is None or (zip and zip not in town.zips):
            return None
        words = street.translate(FOLD).split()
        if not words or "box" in words:
            return None
        if words[0].isdecimal() and len(words[0]) <= LONGEST:
            shown, number, name = words[0], int(words[0]), words[1:]
        else:
            house, name = parse_house_number(words)
            if house is None or house.low != house.high:
                return None
            shown, number = house.shown, house.low
        if town.streets is None:
            if not name or not name[0].isalnum():
                return None
            key, only = name_key(strip_unit(name)), town.pairs[0]
        else:
            key = _known_key(name, town.streets)
            if not key:
                return None
            only = self._book.code(town.streets[key], number)
            if only >= len(self._singles) or (town.parted and self._told_apart(town, key, zip)):
                return None
            if key in self._book.confusable(town.name) and not self._is_its_own(town.name, key, number):
                return None
        address = Address(shown, format_key(key), town.name, self._state, zip)
        return Answer("matched", "", self._singles[only], address, town.rule)

    def _told_apart(self, town: Town, key: str, zip: str) -> bool:  # noqa: A002
        """Whether the part of town matters: two streets of one name, or a ZIP the street does not run through."""
        return bool(zip and zip not in town.zones.get(key, zip)) or self._book.is_parted(town.name, key)

    def _is_its_own(self, town: str, key: str, number: int) -> bool:
        """Whether a confusable street is known to have this number, and no twin has it."""
        own = self._own.get(town)
        if own is None:
            own = self._own[town] = own_numbers(self._book, town)
        return number in own[key]


def own_numbers(book: StreetBook, town: str) -> Mapping[str, frozenset[int]]:
    """For each confusable street: its known numbers, except those that a street of the same name with an additional
    direction, suffix or extension has as well."""
    sides = {key: book.known_numbers(town, key) for key in book.confusable(town)}
    known = {key: frozenset((*numbers.even, *numbers.odd)) for key, numbers in sides.items() if numbers}
    families: dict[str, dict[str, StreetName]] = {}
    for key in known:
        name = split_name(key)
        families.setdefault(name.core, {})[key] = name
    unshared = dict(known)
    for family in families.values():
        for key, other in permutations(family, 2):
            if relation_of(family[key], family[other]) == Relation.DROPPED:
                unshared[key] -= known[other]
    return unshared


def _known_key(name: list[str], streets: Collection[str]) -> str:
    """The key of the street, with or without a unit after it; "" if the town has none."""
    key = name_key(name)
    if key in streets:
        return key
    bare = strip_unit(name)
    if len(name) - len(bare) > UNIT_WORDS:
        return ""
    key = name_key(bare)
    return key if key in streets else ""
