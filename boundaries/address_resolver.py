"""Full address resolution, for whatever the fast path did not decide."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from boundaries.gazetteer import Gazetteer, Locality, Town
from boundaries.house_number import HouseNumber
from boundaries.model import MOST_CHOICES, Address, Answer, Pair, Reason, Status
from boundaries.normalization import format_key, name_key, strip_unit
from boundaries.placenames import place_key
from boundaries.postal_choice import agree, choose_town, fitting
from boundaries.street_aliases import StreetAliases
from boundaries.street_line import Parse, StreetLine, parse_street_line
from boundaries.street_matcher import StreetMatch, StreetMatcher
from boundaries.streetbook import StreetBook
from boundaries.us_states import FULL_NAME


class Resolver:
    """Resolves addresses. pairs: by number, as in the street book. aliases: the state's."""

    def __init__(
        self, state: str, gazetteer: Gazetteer, book: StreetBook, pairs: Sequence[Pair], aliases: StreetAliases
    ) -> None:
        self._state = state
        self._gazetteer = gazetteer
        self._book = book
        self._pairs = pairs
        self._matcher = StreetMatcher(book, aliases, gazetteer.towns)

    def is_place(self, text: str) -> bool:
        """Whether a text names a town, village or neighborhood."""
        return self._gazetteer.is_place(text)

    def locate(self, street: str, city: str, zip: str) -> Answer:  # noqa: A002
        """As State.locate."""
        line = parse_street_line(street)
        locality = self._gazetteer.read(city, zip)
        answer = self._locate(line, locality)
        if not locality.far or answer.status != "matched":
            return answer
        if locality.slip and answer.address.town in [town.name for town in locality.towns]:
            return answer
        # The town is far from its ZIP, and no slip of the pen explains that: one of the two is another's.
        near = [self._pairs[member] for member in self._all_pairs(locality.zip_towns)]
        pairs = tuple(dict.fromkeys((*answer.pairs, *near)))
        status: Status = "choose" if len(pairs) <= MOST_CHOICES else "not_found"
        return replace(answer, status=status, reason="several_towns", pairs=pairs)

    def _locate(self, line: StreetLine, locality: Locality) -> Answer:
        aside = place_key(line.aside)
        if aside and any((town.name, aside) in self._book.area_pairs for town in locality.towns):
            locality = replace(locality, parts=(aside, *locality.parts))
        if locality.other_state:
            return self._other_state(locality, line)
        plain = line.plain
        house, rest = plain.house, plain.street
        address = self._address(locality, house, "", locality.towns)
        if not locality.towns:
            rule = "not covered" if locality.uncovered else "neither town nor ZIP is known"
            return self._answer("not_found", "unknown_town", (), address, rule, locality)
        if line.box:
            towns = self._all_pairs(locality.towns)
            return self._answer(
                "need_street", "po_box", towns, address, "a PO box says where mail goes, not who lives where", locality
            )
        if len(locality.towns) == 1 and not locality.zip_towns and locality.towns[0].streets is None:
            town = locality.towns[0]
            return self._answer("matched", "", town.pairs, self._as_written(locality, plain), town.rule, locality)
        every = self._all_pairs((*locality.towns, *locality.zip_towns))
        if len(every) == 1:
            rule = "all towns meant are in one pair of districts"
            return self._answer("matched", "", every, self._as_written(locality, plain), rule, locality)
        if not rest:
            reason: Reason = "no_street" if len(locality.towns) == 1 else "several_towns"
            return self._answer("need_street", reason, every, address, "the town is split", locality)
        return self._by_street(locality, line)

    def _by_street(self, locality: Locality, line: StreetLine) -> Answer:
        lines = self._variants(line, locality)
        if locality.postal and len(locality.towns) > 1:
            return self._by_post_office(locality, lines)
        matches = [self._matcher.match(town, lines, locality.parts) for town in locality.towns]
        rivals = [self._matcher.match(town, lines, locality.parts) for town in locality.zip_towns]
        rivals = [match for match in rivals if match.sure]
        if len(matches) == 1 and not rivals:
            return (
                self._from_match(locality, matches[0])
                if matches[0].exists
                else self._unknown_street(locality, matches[0])
            )
        fitting = [match for match in matches if match.sure]
        fitting = [match for match in fitting if not match.stray] or fitting
        settled = not rivals and all(match.exists or self._matcher.lists(match.town) for match in matches)
        if len(fitting) == 1 and settled:
            return self._from_match(locality, fitting[0])
        known = [match for match in (*fitting, *rivals) if match.known]
        if len(known) == 1 and settled:
            return self._from_match(locality, known[0])
        if not fitting and not rivals:
            near = sorted(matches, key=lambda match: not match.exists)
            members = [member for match in near if match.exists for member in match.members]
            members += self._all_pairs((*locality.towns, *locality.zip_towns))
            address = self._address(locality, near[0].house, "", ())
            return self._choose("several_towns", members, address, "no town meant certainly has this street", locality)
        several = [*fitting, *rivals]
        several.sort(key=lambda match: not match.known)
        unlisted = [match.town for match in matches if not match.exists and not self._matcher.lists(match.town)]
        members = [member for match in several for member in match.members]
        members = list(dict.fromkeys((*members, *self._all_pairs(unlisted))))
        address = self._address(locality, several[0].house, format_key(several[0].key), tuple(f.town for f in several))
        if len(members) == 1:
            return self._answer(
                "matched", "", members, address, "every town meant is in the same pair of districts", locality
            )
        return self._choose("several_towns", members, address, "several towns have this street", locality)

    def _by_post_office(self, locality: Locality, lines: Sequence[StreetLine]) -> Answer:
        """One of the towns that a post office delivers to, or a question."""
        for fuzzy in (False, True):
            matches = [self._matcher.match(town, lines, locality.parts, fuzzy=fuzzy) for town in locality.towns]
            if fitting(matches):
                break
        chosen = choose_town(matches, locality.named, locality.offices, by_zip=bool(locality.zip))
        if chosen:
            return self._from_match(locality, chosen)
        near = fitting(matches) or [match for match in matches if match.exists]
        members = tuple(dict.fromkeys(member for match in near for member in match.members))
        address = self._address(
            locality, matches[0].house, format_key(near[0].key) if near else "", tuple(match.town for match in near)
        )
        if not near:
            rule = "no town of this post office has this street"
            return self._choose("unknown_street", self._all_pairs(locality.towns), address, rule, locality)
        if agree(matches, locality.offices):
            rule = "every town of this post office with this street is in the same pair of districts"
            return self._answer("matched", "", members, address, rule, locality)
        return self._choose("several_towns", members, address, "several towns of this post office", locality)

    def _variants(self, line: StreetLine, locality: Locality) -> tuple[StreetLine, ...]:
        """As typed, and without the town's name after the street."""
        towns = {town.name for town in locality.towns}
        for size in range(min(3, len(line.tokens) - 2), 0, -1):
            if towns & set(self._gazetteer.named(" ".join(line.tokens[-size:]))):
                return line, replace(line, tokens=line.tokens[:-size])
        return (line,)

    def _from_match(self, locality: Locality, match: StreetMatch) -> Answer:
        address = self._address(locality, match.house, format_key(match.key), (match.town,))
        rule = match.town.rule + (f"; {match.how}" if match.how else "")
        if len(match.members) == 1 and match.sure:
            return self._answer("matched", "", match.members, address, rule, locality)
        if not match.sure:
            members = tuple(dict.fromkeys((*match.members, *self._around(match.town, locality.parts))))
            return self._choose("unknown_street", members, address, rule, locality)
        reason: Reason = "several_streets" if match.streets > 1 else "no_number" if match.house is None else "gap"
        return self._choose(reason, match.members, address, rule, locality)

    def _unknown_street(self, locality: Locality, match: StreetMatch) -> Answer:
        address = self._address(locality, match.house, "", (match.town,))
        rule = f"“{match.key}” is not in the {match.town.rule}"
        return self._choose("unknown_street", self._around(match.town, locality.parts), address, rule, locality)

    def _around(self, town: Town, hints: tuple[str, ...]) -> tuple[int, ...]:
        """The pairs of the part of town that is named, if sources give them; else all of the town's."""
        for hint in hints:
            pairs = self._book.area_pairs.get((town.name, hint), ())
            if 1 < len(pairs) <= MOST_CHOICES:
                return pairs
        return town.pairs

    def _other_state(self, locality: Locality, line: StreetLine) -> Answer:
        """Another state: say so. If the street exists in the named town, the ZIP may be wrong, so ask."""
        name = FULL_NAME.get(locality.other_state, locality.other_state)
        looked = [self._matcher.match(town, (line,), locality.parts) for town in locality.towns]
        matches = [match for match in looked if match.exists]
        members = tuple(dict.fromkeys(member for match in matches for member in match.members))
        house = matches[0].house if matches else line.first.house
        address = self._address(
            locality, house, format_key(matches[0].key) if matches else "", tuple(f.town for f in matches)
        )
        if members and all(match.sure for match in matches):
            return self._choose("other_state", members, address, f"the ZIP is in {name}", locality)
        return self._answer("not_found", "other_state", (), address, f"the address is in {name}", locality)

    def _choose(
        self, reason: Reason, members: Iterable[int], address: Address, rule: str, locality: Locality
    ) -> Answer:
        """Ask, if there are few enough to ask about."""
        members = tuple(dict.fromkeys(members))
        status: Status = "choose" if len(members) <= MOST_CHOICES else "not_found"
        return self._answer(status, reason, members, address, rule, locality)

    def _answer(
        self, status: Status, reason: Reason, members: Iterable[int], address: Address, rule: str, locality: Locality
    ) -> Answer:
        pairs = tuple(self._pairs[member] for member in members)
        return Answer(status, reason, pairs, address, f"{rule}; {locality.note}" if locality.note else rule)

    def _address(self, locality: Locality, house: HouseNumber | None, street: str, towns: Sequence[Town]) -> Address:
        town = towns[0].name if len({town.name for town in towns}) == 1 else ""
        return Address(house.shown if house else "", street, town, self._state, locality.zip)

    def _as_written(self, locality: Locality, plain: Parse) -> Address:
        """The address where the town alone decides: no book says what its street is called."""
        street = format_key(name_key(strip_unit(plain.street))) if plain.street else ""
        return self._address(locality, plain.house, street, locality.towns)

    def _all_pairs(self, towns: Iterable[Town]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(pair for town in towns for pair in town.pairs))
