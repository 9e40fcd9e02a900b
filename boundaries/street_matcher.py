"""What one town's part of the street book says about a street and a house number, however they were written."""

from collections.abc import Sequence
from dataclasses import dataclass

from boundaries.gazetteer import Town
from boundaries.house_number import HouseNumber, is_number
from boundaries.model import MOST_CHOICES
from boundaries.ranking import Candidate, Ranking, rank
from boundaries.street_aliases import StreetAliases
from boundaries.street_index import Hits, StreetIndex
from boundaries.street_line import Parse, StreetLine, iter_parses
from boundaries.street_name import Relation
from boundaries.streetbook import SILENT, StreetBook


@dataclass(frozen=True, slots=True)
class StreetMatch:
    """What a town's book says about an address."""

    town: Town
    members: tuple[int, ...]  # the numbers of candidate pairs, most likely first
    house: HouseNumber | None  # as parsed
    key: str  # as parsed
    exists: bool = False  # whether the town has such a street
    sure: bool = False  # whether it may decide
    known: bool = False  # whether a house of that number is known to exist there
    within: bool = False  # whether a house of that number may well stand there
    gap: int = 0  # between the houses around the number, or how far it is past the last; 0 if that is not known
    spacing: int = 0  # numbers from one house there to the next, on average; 0 if that is not known
    exact: bool = False  # whether a street there has the name as typed
    stray: bool = False  # whether the ZIP or neighborhood contradicts it
    streets: int = 1  # how many are meant
    how: str = ""  # for explanations


class StreetMatcher:
    """Searches the book, town by town. aliases: its state's."""

    def __init__(self, book: StreetBook, aliases: StreetAliases, towns: Sequence[Town]) -> None:
        self._book = book
        self._aliases = aliases
        self._towns = towns
        self._indexes: dict[str, StreetIndex] = {}

    def match(
        self, town: Town, lines: Sequence[StreetLine], hints: tuple[str, ...], *, fuzzy: bool = True
    ) -> StreetMatch:
        """The likeliest parse that finds a street in a town's book. hints: what narrows down the part of town. fuzzy:
        whether a name may be shortened or misspelled."""
        best = StreetMatch(town, town.pairs, None, "")
        tried = False
        for lenient in (False, True) if fuzzy else (False,):
            for parse in (parse for typed in lines for parse in iter_parses(typed)):
                if lenient and not parse.house and any(map(is_number, parse.street)):
                    continue  # a number that no parse explains is not part of a misspelled name
                match = self._read(town, parse, hints, fuzzy=lenient)
                if match.exists and match.sure and (match.house or not best.exists):
                    return match
                if not tried or (match.exists and not best.exists):
                    best, tried = match, True
        return best

    def lists(self, town: Town) -> bool:
        """Whether any source lists the town's streets."""
        return bool(self._book.streets(town.name))

    def _read(self, town: Town, parse: Parse, hints: tuple[str, ...], *, fuzzy: bool) -> StreetMatch:
        hits = self._index(town).find(parse.street, fuzzy=fuzzy) if parse.street else None
        if not hits:
            return StreetMatch(town, town.pairs, parse.house, " ".join(parse.street))
        numbers = parse.house.numbers if parse.house else (0,)
        rankings = [self._weigh(town, hits, number, hints) for number in numbers]
        streets = tuple(dict.fromkeys(street.key for ranking in rankings for street in ranking.streets))
        every = [street for ranking in rankings for street in ranking.streets]
        return StreetMatch(
            town,
            tuple(dict.fromkeys(member for ranking in rankings for member in ranking.members)),
            parse.house,
            streets[0],
            exists=True,
            sure=hits.sure
            and all(ranking.sure for ranking in rankings)
            and not (hits.slip and self._exists(hits.slip)),
            known=all(street.known for street in every),
            within=any(street.within for street in every),
            gap=min(street.status.gap if street.status else 0 for street in every),
            spacing=max(street.status.spacing if street.status else 0 for street in every),
            exact=not fuzzy and any(street.relation is Relation.SAME for street in every),
            stray=all(street.stray for street in every),
            streets=len(streets),
            how="; ".join(filter(None, (hits.how, rankings[0].how))),
        )

    def _weigh(self, town: Town, hits: Hits, number: int, hints: tuple[str, ...]) -> Ranking:
        return rank([self._candidate(town, key, relation, number, hints) for key, relation in hits.streets.items()])

    def _candidate(self, town: Town, key: str, relation: Relation, number: int, hints: tuple[str, ...]) -> Candidate:
        known = self._book.known_numbers(town.name, key) if number > 0 else None
        zone = town.zones.get(key, "").split()
        area_hints = [hint for hint in hints if (town.name, hint) in self._book.area_pairs]
        members = town.pairs if town.streets is None else self._members(town, key, number, hints)
        elsewhere = any(
            hint not in town.street_zips.get(key, hint) and town.has_zip(hint) for hint in hints[:1] if is_number(hint)
        )
        return Candidate(
            key, relation, members, known.status(number) if known else None,
            stray=elsewhere or bool(zone and area_hints and not set(area_hints) & set(zone)),
            near=bool(area_hints and area_hints[0] in zone),
        )  # fmt: skip

    def _members(self, town: Town, key: str, number: int, hints: tuple[str, ...]) -> tuple[int, ...]:
        """The candidates for one number, narrowed by part of town where two streets share a name.

        The hints decide if those that know the number agree. If the street runs through that part but lacks this number
        there, or exists in several places of the town but not in that part, the person is asked.
        """
        whole = self._book.members(self._book.code((town.streets or {})[key], number))
        zone = town.zones.get(key, "") if key in self._book.repeated.get(town.name, ()) else ""
        foreign = [hint for hint in hints if zone and hint not in zone and (town.name, hint) in self._book.area_pairs]
        by_part = self._book.parts(town.name, key, number)
        hinted = [by_part[hint] for hint in hints if hint in by_part]
        codes = [code for code in dict.fromkeys(hinted) if code != SILENT]
        if len(codes) == 1 and not (foreign and foreign[0] == hints[0]):
            return self._book.members(codes[0])
        if not (codes or foreign or hinted):
            return whole
        likely = [member for code in codes for member in self._book.members(code)]
        around = [member for hint in hints for member in self._book.area_pairs.get((town.name, hint), ())]
        both = [member for member in whole if member in around]
        return tuple(dict.fromkeys((*likely, *both, *around[:2], *whole, *around)))[:MOST_CHOICES]

    def _exists(self, key: str) -> bool:
        """Whether a street of exactly this name exists anywhere in the state: then it is not a typo."""
        return any(key in self._book.streets(town.name) for town in self._towns)

    def _index(self, town: Town) -> StreetIndex:
        index = self._indexes.get(town.name)
        if index is None:
            index = self._indexes[town.name] = StreetIndex(self._book.streets(town.name), self._aliases)
        return index
