"""The patient way to read an address, for whatever the short way in boundaries.state did not decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from boundaries.book import SILENT, StreetBook
from boundaries.gazetteer import Gazetteer, Named, Town
from boundaries.model import Address, Answer, Pair, Reason, Status
from boundaries.search import Hits, TownIndex
from boundaries.street import House, is_box, read_house, show_key, split_words
from boundaries.usa import FULL_NAME

MOST_CHOICES = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """What one town's book says: candidate pair numbers, the street as understood, whether the street is in the
    book and whether it may decide, and how it was read."""

    town: Town
    members: tuple[int, ...]
    key: str
    known: bool
    sure: bool
    how: str
    streets: int = 1


class Resolver:
    """Reads addresses patiently. pairs: by number, as the street book counts them. aliases: short
    street keys and those they stand for."""

    def __init__(
        self, state: str, gazetteer: Gazetteer, book: StreetBook, pairs: Sequence[Pair], aliases: Mapping[str, str]
    ) -> None:
        self._state = state
        self._gazetteer = gazetteer
        self._book = book
        self._pairs = pairs
        self._aliases = aliases
        self._indexes: dict[str, TownIndex] = {}

    def is_place(self, text: str) -> bool:
        """Whether a text names a town, village or neighbourhood."""
        return self._gazetteer.is_place(text)

    def locate(self, street: str, city: str, zip: str) -> Answer:  # noqa: A002
        """As State.locate."""
        named = self._gazetteer.read(city, zip)
        tokens = split_words(street)
        house, rest = read_house(tokens)
        if named.elsewhere:
            return self._elsewhere(named, house, rest)
        address = self._address(named, house, "", named.towns)
        if not named.towns:
            return self._answer("not_found", "unknown_town", (), address, "neither town nor ZIP is known", named)
        if is_box(tokens):
            towns = self._all_pairs(named.towns)
            return self._answer(
                "need_street", "po_box", towns, address, "a box says where mail goes, not who lives where", named
            )
        if len(named.towns) == 1 and not named.instead and named.towns[0].streets is None:
            town = named.towns[0]
            shown = self._address(named, house, " ".join(rest).title(), named.towns)
            return self._answer("matched", "", town.pairs, shown, town.rule, named)
        every = self._all_pairs((*named.towns, *named.instead))
        if len(every) == 1:
            shown = self._address(named, house, " ".join(rest).title(), named.towns)
            return self._answer("matched", "", every, shown, "all towns meant are in one pair of districts", named)
        if not rest:
            reason: Reason = "no_street" if len(named.towns) == 1 else "several_towns"
            return self._answer("need_street", reason, every, address, "the town is split", named)
        return self._by_street(named, house, rest)

    def _by_street(self, named: Named, house: House | None, rest: list[str]) -> Answer:
        findings = [self._look(town, house, rest, named) for town in named.towns]
        known = [finding for finding in findings if finding.known]
        rivals = [
            finding for finding in (self._look(town, house, rest, named) for town in named.instead) if finding.known
        ]
        if len(known) == 1 and not rivals and len(findings) == 1:
            return self._one(named, house, known[0])
        if len(known) == 1 and all(self._listed(finding.town) for finding in findings) and not rivals:
            return self._one(named, house, known[0])
        several = known + rivals
        if not several:
            if len(findings) == 1 and not named.instead:
                return self._unknown_street(named, house, rest, findings[0].town)
            members = self._all_pairs(named.towns) + self._all_pairs(named.instead)
            address = self._address(named, house, " ".join(rest).title(), ())
            return self._choose("several_towns", members, address, "no town meant has this street", named)
        members = tuple(dict.fromkeys(member for finding in several for member in finding.members))
        unlisted = [finding.town for finding in findings if not finding.known and not self._listed(finding.town)]
        members = tuple(dict.fromkeys((*members, *self._all_pairs(unlisted))))
        address = self._address(named, house, show_key(several[0].key), tuple(f.town for f in several))
        if len(members) == 1 and all(finding.sure for finding in several):
            return self._answer("matched", "", members, address, "every town meant gives the same", named)
        return self._choose("several_towns", members, address, "several towns have this street", named)

    def _one(self, named: Named, house: House | None, finding: Finding) -> Answer:
        address = self._address(named, house, show_key(finding.key), (finding.town,))
        rule = finding.town.rule + (f"; {finding.how}" if finding.how else "")
        if len(finding.members) == 1 and finding.sure:
            return self._answer("matched", "", finding.members, address, rule, named)
        if not finding.sure:
            members = tuple(dict.fromkeys((*finding.members, *self._around(finding.town, named.parts))))
            return self._choose("unknown_street", members, address, rule, named)
        reason: Reason = "several_streets" if finding.streets > 1 else "no_number" if house is None else "gap"
        return self._choose(reason, finding.members, address, rule, named)

    def _look(self, town: Town, house: House | None, rest: list[str], named: Named) -> Finding:
        """What a town's book says about a street and number."""
        hits = self._index(town).find(rest) if rest else Hits((), "")
        if not hits.keys:
            return Finding(town, town.pairs, " ".join(rest), False, False, "")
        if town.streets is None:
            return Finding(town, town.pairs, hits.keys[0], True, hits.sure, hits.how)
        members: dict[int, None] = {}
        numbers = dict.fromkeys((house.low, house.high)) if house else {0: None}
        for key in hits.keys:
            for number in numbers:
                members |= dict.fromkeys(self._members(town, key, number, named.parts))
        return Finding(town, tuple(members), hits.keys[0], True, hits.sure, hits.how, len(hits.keys))

    def _members(self, town: Town, key: str, number: int, hints: tuple[str, ...]) -> tuple[int, ...]:
        """The candidates for one number, narrowed by part of town where two streets share a name.

        The hints decide if those that know the number agree. If the street is not known to have this number in that
        part of town, its answer may be another street's of that name: then it is asked.
        """
        whole = self._book.members(self._book.code((town.streets or {})[key], number))
        zone = town.zones.get(key, "")
        strange = [hint for hint in hints if zone and hint not in zone and (town.name, hint) in self._book.area_pairs]
        said = self._book.parts(town.name, key, number)
        heard = [said[hint] for hint in hints if hint in said]
        codes = [code for code in dict.fromkeys(heard) if code != SILENT]
        if len(codes) == 1 and not (strange and strange[0] == hints[0]):
            return self._book.members(codes[0])
        if not (codes or heard or strange):
            return whole
        likely = [member for code in codes for member in self._book.members(code)]
        around = [member for hint in hints for member in self._book.area_pairs.get((town.name, hint), ())]
        both = [member for member in whole if member in around]
        return tuple(dict.fromkeys((*likely, *both, *around[:2], *whole, *around)))[:MOST_CHOICES]

    def _unknown_street(self, named: Named, house: House | None, rest: list[str], town: Town) -> Answer:
        address = self._address(named, house, "", (town,))
        rule = f"“{' '.join(rest)}” is not in the {town.rule}"
        return self._choose("unknown_street", self._around(town, named.parts), address, rule, named)

    def _around(self, town: Town, hints: tuple[str, ...]) -> tuple[int, ...]:
        """The pairs of the part of town that is named, if sources tell them; else all of the town's."""
        for hint in hints:
            found = self._book.area_pairs.get((town.name, hint), ())
            if 1 < len(found) <= MOST_CHOICES:
                return found
        return town.pairs

    def _elsewhere(self, named: Named, house: House | None, rest: list[str]) -> Answer:
        """Another state: said so. If the street stands in the named town, the ZIP may be wrong, so it is asked."""
        name = FULL_NAME.get(named.elsewhere, named.elsewhere)
        found = [finding for finding in (self._look(town, house, rest, named) for town in named.towns) if finding.known]
        members = tuple(dict.fromkeys(member for finding in found for member in finding.members))
        address = self._address(named, house, show_key(found[0].key) if found else "", tuple(f.town for f in found))
        if members and all(finding.sure for finding in found):
            return self._choose("other_state", members, address, f"the ZIP is in {name}", named)
        return self._answer("not_found", "other_state", (), address, f"the address is in {name}", named)

    def _choose(self, reason: Reason, members: tuple[int, ...], address: Address, rule: str, named: Named) -> Answer:
        """Ask, if there are few enough to ask about."""
        members = tuple(dict.fromkeys(members))
        status: Status = "choose" if len(members) <= MOST_CHOICES else "not_found"
        return self._answer(status, reason, members, address, rule, named)

    def _answer(
        self, status: Status, reason: Reason, members: Iterable[int], address: Address, rule: str, named: Named
    ) -> Answer:
        pairs = tuple(self._pairs[member] for member in members)
        return Answer(status, reason, pairs, address, f"{rule}; {named.note}" if named.note else rule)

    def _address(self, named: Named, house: House | None, street: str, towns: Sequence[Town]) -> Address:
        town = towns[0].name if len({town.name for town in towns}) == 1 else ""
        return Address(house.shown if house else "", street, town, self._state, named.zip)

    def _all_pairs(self, towns: Iterable[Town]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(pair for town in towns for pair in town.pairs))

    def _listed(self, town: Town) -> bool:
        return bool(self._book.streets(town.name))

    def _index(self, town: Town) -> TownIndex:
        index = self._indexes.get(town.name)
        if index is None:
            index = self._indexes[town.name] = TownIndex(self._book.streets(town.name), self._aliases)
        return index
