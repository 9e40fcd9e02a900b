"""Fuzzy search of a town's streets: as typed first, then with one kind of leniency at a time, never two at once."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from boundaries.normalization import name_key, split_remark, strip_unit
from boundaries.numbered_road import NumberedRoad, read_road
from boundaries.personal_names import same_person
from boundaries.spelling import is_substitution, one_edit_apart
from boundaries.street_aliases import StreetAliases
from boundaries.street_name import Relation, StreetName, relation_of, split_name
from boundaries.vocabulary import DIRECTIONS, FOREIGN_STREET, SUFFIX, ordinal

# Between a name and its suffix these are not part of it: "Mill St Avenue" is no typo for Mills Avenue.
_ENDINGS = frozenset({*DIRECTIONS, "st", "street", "ave", "avenue", "rd", "road", "dr", "drive", "ln", "lane"})
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Hits:
    """The streets that match."""

    streets: Mapping[str, Relation]  # by key, each with how it relates to what was typed
    how: str = ""  # for explanations, empty when as typed
    #: The key that was typed, if it was read as another spelling: the hits count only if no street has that key.
    slip: str = ""
    sure: bool = True  # whether they may decide


class StreetIndex:
    """A town's streets, indexed for fuzzy search. keys: its street keys. aliases: its state's."""

    def __init__(self, keys: Collection[str], aliases: StreetAliases) -> None:
        self._keys = keys
        self._aliases = aliases
        self._families: dict[str, dict[str, StreetName]] = {}
        self._roads: dict[str, list[tuple[str, NumberedRoad]]] = {}  # numbered roads by number
        for key in keys:
            name = split_name(key)
            self._families.setdefault(name.core, {})[key] = name
            road = read_road(key.split(), whole=True) if _DIGIT.search(key) else None
            if road:
                self._roads.setdefault(road.number, []).append((key, road))

    def find(self, tokens: list[str], *, fuzzy: bool) -> Hits | None:
        """The streets meant by the words after the house number; None if there are none. fuzzy: whether a name may be
        shortened or misspelled."""
        words, remark = split_remark(strip_unit(tokens))
        named = self._numbered(tokens, name_key(words))
        if named:
            return Hits(named, f"read as {' or '.join(sorted(named))}")
        for form, how in _forms(tokens, words):
            official = self._aliases.official(form)
            if official in self._keys:
                note = f"“{form}” is short for it" if official != form else how
                return self._with_family(official, note)
        distant: Hits | None = None
        for form, how in _forms(words):
            name = split_name(form)
            family = self._family(name, name.core)
            passed = f"“{' '.join(remark)}” ignored" if remark else ""
            hits = Hits(family, "; ".join(filter(None, (how, passed))))
            if any(relation <= Relation.DROPPED for relation in family.values()):
                return hits
            distant = distant or (hits if family else None)
        if not fuzzy:
            return distant
        key = name_key(words)
        return self._person(key) or distant or self._misspelled(key)

    def _numbered(self, tokens: list[str], plain: str) -> dict[str, Relation]:
        """The roads meant by a kind and a number, if no name is exactly that. plain: the key without the number, which
        may be an apartment's: "12 County Rd 5"."""
        typed = None if name_key(tokens) in self._keys else read_road(tokens)
        if typed is None:
            return {}
        meant: dict[str, Relation] = {}
        for key, road in self._roads.get(typed.number, ()):
            relation = typed.relation_to(road)
            if relation is not Relation.OTHER:
                meant[key] = relation
        if meant and plain in self._keys:
            meant[plain] = Relation.SAME
        return meant

    def _with_family(self, key: str, how: str) -> Hits:
        name = split_name(key)
        family = self._family(name, name.core) if len(self._families[name.core]) > 1 else {}
        return Hits({**family, key: Relation.SAME}, how)

    def _family(self, typed: StreetName, core: str) -> dict[str, Relation]:
        return {key: relation_of(typed, name) for key, name in self._families.get(core, {}).items()}

    def _person(self, key: str) -> Hits | None:
        """Streets of the one person whose name may be shortened."""
        typed = split_name(key)
        if typed.core.isdecimal():
            return None
        streets: dict[str, Relation] = {}
        cores = set()
        for core, family in self._families.items():
            for other, name in family.items():
                fits = typed.suffix in ("", name.suffix) and same_person(typed.words, name.words)
                if fits and relation_of(typed, name) in (Relation.SAME, Relation.DROPPED):
                    streets[other] = Relation.DROPPED
                    cores.add(core)
        return Hits(streets, f"“{key}” read as a person's full name") if len(cores) == 1 else None

    def _misspelled(self, key: str) -> Hits | None:
        typed = split_name(key)
        core = typed.core
        if len(core) < 5 or any(mark.isdigit() for mark in core) or not _ENDINGS.isdisjoint(typed.words[1:]):
            return None
        near = [other for other in self._families if one_edit_apart(core, other) and other[0] == core[0]]
        if len(near) != 1 or len(near[0]) < 5:
            return None
        fits = {other: how for other, how in self._family(typed, near[0]).items() if how <= Relation.DROPPED}
        note = f"“{core}” read as “{near[0]}”"
        return Hits(fits, note, slip=key, sure=not is_substitution(core, near[0])) if fits else None


def _forms(*variants: list[str]) -> Iterator[tuple[str, str]]:
    """Keys for the same street, closest first. variants: its words as typed, and without what is not its name."""
    seen: set[str] = set()
    for words in variants:
        for form, how in _spellings(words):
            if form not in seen:
                seen.add(form)
                yield form, how


def _spellings(tokens: list[str]) -> Iterator[tuple[str, str]]:
    key = name_key(tokens)
    yield key, ""
    words = key.split()
    if len(words) > 1 and words[0] in DIRECTIONS and words[1] not in SUFFIX:
        yield " ".join([*words[1:], words[0]]), "direction moved to the end"
    if len(words) > 1 and words[-1] in DIRECTIONS and not (len(words) == 2 and words[0] in SUFFIX):
        yield " ".join([words[-1], *words[:-1]]), "direction moved to the front"
    if len(words) > 2 and len(words[0]) == 1 and words[0].isalpha() and tokens[0] not in DIRECTIONS:
        yield name_key(tokens[1:]), "letter after the number"
    if len(words) > 2 and words[-1] == words[-2]:
        yield " ".join(words[:-1]), "suffix repeated"
    numbered = [ordinal(int(word)) if word.isdecimal() and len(word) < 4 else word for word in tokens]
    if numbered != tokens:
        yield name_key(numbered), "number read as a street's ordinal"
    plain = [_ORDINAL.sub(r"\1", word) for word in tokens]
    if plain != tokens:
        yield name_key(plain), "ordinal read as a street's number"
    if tokens[0] in FOREIGN_STREET and len(tokens) > 1:
        yield name_key(tokens[1:]), f"“{tokens[0]}” is a street in another language"
