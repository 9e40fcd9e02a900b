"""What one town's part of the street book says about a street and a house number, however they were written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from boundaries.book import SILENT, StreetBook
from boundaries.family import Candidate, Verdict, choose
from boundaries.gazetteer import Town
from boundaries.house import House, is_number
from boundaries.model import MOST_CHOICES
from boundaries.names import Relation
from boundaries.search import Hits, TownIndex
from boundaries.typed import Parse, Typed, parses


@dataclass(frozen=True, slots=True)
class Finding:
    """What a town's book says. members: candidate pair numbers, likeliest first. house, key: as understood. found:
    whether the town has such a street. sure: whether it may decide. known: whether a house of that number is known to
    stand there. stray: whether the ZIP or neighbourhood speaks against it. streets: how many are meant. how: for
    explanations."""

    town: Town
    members: tuple[int, ...]
    house: House | None
    key: str
    found: bool = False
    sure: bool = False
    known: bool = False
    stray: bool = False
    streets: int = 1
    how: str = ""


class StreetFinder:
    """Looks into the book, town by town. aliases: short street keys and those they stand for."""

    def __init__(self, book: StreetBook, aliases: Mapping[str, str], towns: Sequence[Town]) -> None:
        self._book = book
        self._aliases = aliases
        self._towns = towns
        self._indexes: dict[str, TownIndex] = {}

    def look(self, town: Town, ways: Sequence[Typed], hints: tuple[str, ...]) -> Finding:
        """The likeliest parse that finds a street in a town's book. hints: what narrows down the part of town."""
        best = Finding(town, town.pairs, None, "")
        tried = False
        for forgiving in (False, True):
            for parse in (parse for typed in ways for parse in parses(typed)):
                if forgiving and not parse.house and any(map(is_number, parse.street)):
                    continue  # a number that no way to read it explains is no part of a misspelt name
                found = self._read(town, parse, hints, forgiving=forgiving)
                if found.found and found.sure and (found.house or not best.found):
                    return found
                if not tried or (found.found and not best.found):
                    best, tried = found, True
        return best

    def lists(self, town: Town) -> bool:
        """Whether any source lists the town's streets."""
        return bool(self._book.streets(town.name))

    def _read(self, town: Town, parse: Parse, hints: tuple[str, ...], *, forgiving: bool) -> Finding:
        hits = self._index(town).find(parse.street, forgiving=forgiving) if parse.street else None
        if not hits:
            return Finding(town, town.pairs, parse.house, " ".join(parse.street))
        numbers = parse.house.numbers if parse.house else (0,)
        verdicts = [self._weigh(town, hits, number, hints) for number in numbers]
        streets = tuple(dict.fromkeys(street.key for verdict in verdicts for street in verdict.streets))
        every = [street for verdict in verdicts for street in verdict.streets]
        return Finding(
            town,
            tuple(dict.fromkeys(member for verdict in verdicts for member in verdict.members)),
            parse.house,
            streets[0],
            found=True,
            sure=hits.sure
            and all(verdict.sure for verdict in verdicts)
            and not (hits.slip and self._stands(hits.slip)),
            known=all(street.known for street in every),
            stray=all(street.stray for street in every),
            streets=len(streets),
            how="; ".join(filter(None, (hits.how, verdicts[0].how))),
        )

    def _weigh(self, town: Town, hits: Hits, number: int, hints: tuple[str, ...]) -> Verdict:
        return choose([self._candidate(town, key, relation, number, hints) for key, relation in hits.streets.items()])

    def _candidate(self, town: Town, key: str, relation: Relation, number: int, hints: tuple[str, ...]) -> Candidate:
        reach = self._book.reach(town.name, key) if number > 0 else None
        zone = town.zones.get(key, "").split()
        told = [hint for hint in hints if (town.name, hint) in self._book.area_pairs]
        members = town.pairs if town.streets is None else self._members(town, key, number, hints)
        return Candidate(
            key, relation, members, reach.standing(number) if reach else None,
            stray=bool(zone and told and not set(told) & set(zone)),
            near=bool(told and told[0] in zone),
        )  # fmt: skip

    def _members(self, town: Town, key: str, number: int, hints: tuple[str, ...]) -> tuple[int, ...]:
        """The candidates for one number, narrowed by part of town where two streets share a name.

        The hints decide if those that know the number agree. If the street runs through that part and has not this
        number there, or stands in several places of the town and not in that part, then it is asked.
        """
        whole = self._book.members(self._book.code((town.streets or {})[key], number))
        zone = town.zones.get(key, "") if key in self._book.repeated.get(town.name, ()) else ""
        strange = [hint for hint in hints if zone and hint not in zone and (town.name, hint) in self._book.area_pairs]
        said = self._book.parts(town.name, key, number)
        heard = [said[hint] for hint in hints if hint in said]
        codes = [code for code in dict.fromkeys(heard) if code != SILENT]
        if len(codes) == 1 and not (strange and strange[0] == hints[0]):
            return self._book.members(codes[0])
        if not (codes or strange or heard):
            return whole
        likely = [member for code in codes for member in self._book.members(code)]
        around = [member for hint in hints for member in self._book.area_pairs.get((town.name, hint), ())]
        both = [member for member in whole if member in around]
        return tuple(dict.fromkeys((*likely, *both, *around[:2], *whole, *around)))[:MOST_CHOICES]

    def _stands(self, key: str) -> bool:
        """Whether a street of just this name stands anywhere in the state: then it is no slip of the fingers."""
        return any(key in self._book.streets(town.name) for town in self._towns)

    def _index(self, town: Town) -> TownIndex:
        index = self._indexes.get(town.name)
        if index is None:
            index = self._indexes[town.name] = TownIndex(self._book.streets(town.name), self._aliases)
        return index
