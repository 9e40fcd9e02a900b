"""The patient way to read an address, for whatever the short way in boundaries.fast_path did not decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from boundaries.gazetteer import Gazetteer, Locality, Town
from boundaries.house_number import HouseNumber
from boundaries.model import MOST_CHOICES, Address, Answer, Pair, Reason, Status
from boundaries.normalization import format_key, name_key, strip_unit
from boundaries.placenames import place_key
from boundaries.street_line import Parse, StreetLine, parse_street_line
from boundaries.street_matcher import StreetMatch, StreetMatcher
from boundaries.streetbook import StreetBook
from boundaries.us_states import FULL_NAME


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
        self._matcher = StreetMatcher(book, aliases, gazetteer.towns)

    def is_place(self, text: str) -> bool:
        """Whether a text names a town, village or neighbourhood."""
        return self._gazetteer.is_place(text)

    def locate(self, street: str, city: str, zip: str) -> Answer:  # noqa: A002
        """As State.locate."""
        typed = parse_street_line(street)
        named = self._gazetteer.read(city, zip)
        aside = place_key(typed.aside)
        if aside and any((town.name, aside) in self._book.area_pairs for town in named.towns):
            named = replace(named, parts=(aside, *named.parts))
        if named.elsewhere:
            return self._elsewhere(named, typed)
        plain = typed.plain
        house, rest = plain.house, plain.street
        address = self._address(named, house, "", named.towns)
        if not named.towns:
            return self._answer("not_found", "unknown_town", (), address, "neither town nor ZIP is known", named)
        if typed.box:
            towns = self._all_pairs(named.towns)
            return self._answer(
                "need_street", "po_box", towns, address, "a box says where mail goes, not who lives where", named
            )
        if len(named.towns) == 1 and not named.instead and named.towns[0].streets is None:
            town = named.towns[0]
            return self._answer("matched", "", town.pairs, self._as_written(named, plain), town.rule, named)
        every = self._all_pairs((*named.towns, *named.instead))
        if len(every) == 1:
            rule = "all towns meant are in one pair of districts"
            return self._answer("matched", "", every, self._as_written(named, plain), rule, named)
        if not rest:
            reason: Reason = "no_street" if len(named.towns) == 1 else "several_towns"
            return self._answer("need_street", reason, every, address, "the town is split", named)
        return self._by_street(named, typed)

    def _by_street(self, named: Locality, typed: StreetLine) -> Answer:
        ways = self._ways(typed, named)
        findings = [self._matcher.match(town, ways, named.parts) for town in named.towns]
        rivals = [self._matcher.match(town, ways, named.parts) for town in named.instead]
        rivals = [finding for finding in rivals if finding.sure]
        if len(findings) == 1 and not rivals:
            return self._one(named, findings[0]) if findings[0].found else self._unknown_street(named, findings[0])
        fitting = [finding for finding in findings if finding.sure]
        fitting = [finding for finding in fitting if not finding.stray] or fitting
        settled = not rivals and all(finding.found or self._matcher.lists(finding.town) for finding in findings)
        if len(fitting) == 1 and settled:
            return self._one(named, fitting[0])
        known = [finding for finding in (*fitting, *rivals) if finding.known]
        if len(known) == 1 and settled:
            return self._one(named, known[0])
        if not fitting and not rivals:
            near = sorted(findings, key=lambda finding: not finding.found)
            members = [member for finding in near if finding.found for member in finding.members]
            members += self._all_pairs((*named.towns, *named.instead))
            address = self._address(named, near[0].house, "", ())
            return self._choose("several_towns", members, address, "no town meant surely has this street", named)
        several = [*fitting, *rivals]
        several.sort(key=lambda finding: not finding.known)
        unlisted = [one.town for one in findings if not one.found and not self._matcher.lists(one.town)]
        members = [member for finding in several for member in finding.members]
        members = list(dict.fromkeys((*members, *self._all_pairs(unlisted))))
        address = self._address(named, several[0].house, format_key(several[0].key), tuple(f.town for f in several))
        if len(members) == 1:
            return self._answer("matched", "", members, address, "every town meant gives the same", named)
        return self._choose("several_towns", members, address, "several towns have this street", named)

    def _ways(self, typed: StreetLine, named: Locality) -> tuple[StreetLine, ...]:
        """As typed, and without the town's name behind the street."""
        towns = {town.name for town in named.towns}
        for size in range(min(3, len(typed.tokens) - 2), 0, -1):
            if towns & set(self._gazetteer.named(" ".join(typed.tokens[-size:]))):
                return typed, replace(typed, tokens=typed.tokens[:-size])
        return (typed,)

    def _one(self, named: Locality, finding: StreetMatch) -> Answer:
        address = self._address(named, finding.house, format_key(finding.key), (finding.town,))
        rule = finding.town.rule + (f"; {finding.how}" if finding.how else "")
        if len(finding.members) == 1 and finding.sure:
            return self._answer("matched", "", finding.members, address, rule, named)
        if not finding.sure:
            members = tuple(dict.fromkeys((*finding.members, *self._around(finding.town, named.parts))))
            return self._choose("unknown_street", members, address, rule, named)
        reason: Reason = "several_streets" if finding.streets > 1 else "no_number" if finding.house is None else "gap"
        return self._choose(reason, finding.members, address, rule, named)

    def _unknown_street(self, named: Locality, finding: StreetMatch) -> Answer:
        address = self._address(named, finding.house, "", (finding.town,))
        rule = f"“{finding.key}” is not in the {finding.town.rule}"
        return self._choose("unknown_street", self._around(finding.town, named.parts), address, rule, named)

    def _around(self, town: Town, hints: tuple[str, ...]) -> tuple[int, ...]:
        """The pairs of the part of town that is named, if sources tell them; else all of the town's."""
        for hint in hints:
            found = self._book.area_pairs.get((town.name, hint), ())
            if 1 < len(found) <= MOST_CHOICES:
                return found
        return town.pairs

    def _elsewhere(self, named: Locality, typed: StreetLine) -> Answer:
        """Another state: said so. If the street stands in the named town, the ZIP may be wrong, so it is asked."""
        name = FULL_NAME.get(named.elsewhere, named.elsewhere)
        looked = [self._matcher.match(town, (typed,), named.parts) for town in named.towns]
        found = [finding for finding in looked if finding.found]
        members = tuple(dict.fromkeys(member for finding in found for member in finding.members))
        house = found[0].house if found else typed.first.house
        address = self._address(named, house, format_key(found[0].key) if found else "", tuple(f.town for f in found))
        if members and all(finding.sure for finding in found):
            return self._choose("other_state", members, address, f"the ZIP is in {name}", named)
        return self._answer("not_found", "other_state", (), address, f"the address is in {name}", named)

    def _choose(self, reason: Reason, members: Iterable[int], address: Address, rule: str, named: Locality) -> Answer:
        """Ask, if there are few enough to ask about."""
        members = tuple(dict.fromkeys(members))
        status: Status = "choose" if len(members) <= MOST_CHOICES else "not_found"
        return self._answer(status, reason, members, address, rule, named)

    def _answer(
        self, status: Status, reason: Reason, members: Iterable[int], address: Address, rule: str, named: Locality
    ) -> Answer:
        pairs = tuple(self._pairs[member] for member in members)
        return Answer(status, reason, pairs, address, f"{rule}; {named.note}" if named.note else rule)

    def _address(self, named: Locality, house: HouseNumber | None, street: str, towns: Sequence[Town]) -> Address:
        town = towns[0].name if len({town.name for town in towns}) == 1 else ""
        return Address(house.shown if house else "", street, town, self._state, named.zip)

    def _as_written(self, named: Locality, plain: Parse) -> Address:
        """The address where the town alone decides: no book says what its street is called."""
        street = format_key(name_key(strip_unit(plain.street))) if plain.street else ""
        return self._address(named, plain.house, street, named.towns)

    def _all_pairs(self, towns: Iterable[Town]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(pair for town in towns for pair in town.pairs))
