"""Which of several streets with the same base name is meant: the one as typed, or its twin that has the number.

People leave out the direction, the suffix or the extension. So every street of the name is asked whether it has the
house number. If exactly one has it, that one is meant; if several or none have it, the person is asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from boundaries.known_numbers import NumberStatus
from boundaries.model import MOST_CHOICES
from boundaries.street_name import Relation

# A number missing between two houses of the street as typed that are at most CLOSE apart, or at most NEXT past its
# last, may belong to it even though a twin has it: so the person is asked. Of 1.8 million houses left out in turn, 151
# are still mistaken for their twin's, and 1,138 asked about (python -m bench.bench_typed).
CLOSE = 16
NEXT = 4
PAST = 10  # numbers past the last known house that still count as new houses if no twin claims them


@dataclass(frozen=True, slots=True)
class Candidate:
    """A street that may be meant, for one house number."""

    key: str
    relation: Relation
    members: tuple[int, ...]  # the numbers of the pairs of districts it may be in there
    #: Of the number. None if the street cannot be confused with another, so that the book keeps no numbers, or if
    #: no number was typed.
    status: NumberStatus | None
    stray: bool = False  # the ZIP or neighborhood is known, and the street is not known to run through it
    near: bool = False  # the street is known to run through the given ZIP or neighborhood

    @property
    def known(self) -> bool:
        return self.status is not None and self.status.known

    @property
    def within(self) -> bool:
        """Whether the number may well be on this street."""
        return self.status is None or self.status.within


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates that count."""

    streets: tuple[Candidate, ...]  # most likely first
    sure: bool  # whether they decide if they agree
    how: str = ""  # for explanations

    @property
    def members(self) -> tuple[int, ...]:
        """The pairs of districts they may be in."""
        return tuple(dict.fromkeys(member for street in self.streets for member in street.members))


def rank(family: Sequence[Candidate]) -> Ranking:
    """Rank the streets of a name. family: not empty."""
    of = {relation: tuple(group) for relation, group in groupby(sorted(family, key=_relation), key=_relation)}
    same, dropped = of.get(Relation.SAME, ()), of.get(Relation.DROPPED, ())
    added, other = of.get(Relation.ADDED, ()), of.get(Relation.OTHER, ())
    if same:
        return _as_typed(same, dropped, added)
    if dropped:
        return _left_out(dropped, added, tuple(street for street in other if street.known))
    return Ranking(tuple(sorted(added or other, key=_likelihood)), sure=False, how="no such street; nearest by name")


def _as_typed(same: tuple[Candidate, ...], dropped: tuple[Candidate, ...], added: tuple[Candidate, ...]) -> Ranking:
    """There is a street of exactly this name."""
    strays = all(street.stray for street in same)
    twins = [street for street in (*dropped, *added) if street.known or (strays and street.near and street.within)]
    twins = [street for street in twins if strays or not street.stray]
    if having := _having(same):
        rivals = [twin for twin in twins if (twin.near if strays else twin.relation == Relation.DROPPED)]
        every = Ranking((*having, *rivals), sure=True, how="several of this name have the number" if rivals else "")
        return every if len(every.members) <= MOST_CHOICES else Ranking(having, sure=True)
    if twins:
        if strays or any(_may_have(street) for street in same) or not _decide(twins):
            return Ranking((*same, *sorted(twins, key=_likelihood)), sure=True, how="a twin has the number")
        return Ranking(tuple(twins), sure=True, how="only its twin has the number")
    if any(street.within for street in same):
        return Ranking(same, sure=True)
    if not any(street.within for street in dropped) and any(_gap(street) <= PAST for street in same):
        return Ranking(same, sure=True)
    return Ranking((*same, *sorted(dropped, key=_likelihood)), sure=True, how="the number is past every known house")


def _left_out(dropped: tuple[Candidate, ...], added: tuple[Candidate, ...], other: tuple[Candidate, ...]) -> Ranking:
    """Something of the name is left out, and no street is called as typed. other: those that have the number."""
    here = tuple(street for street in dropped if not street.stray) or dropped
    having = _having(here)
    if having and not _having(added):
        ranking = Ranking(having, sure=True, how=_LEFT_OUT)
        return replace(ranking, sure=len(ranking.members) > 1 or not having[0].stray)
    within = tuple(street for street in here if street.within)
    if len(within) == 1 and not (having or _having(added) or other):
        return Ranking(within, sure=not within[0].stray, how=_LEFT_OUT)
    every = sorted((*dropped, *added, *other), key=_likelihood)
    plausible = any(street.within or _gap(street) <= PAST for street in dropped)
    return Ranking(tuple(every), sure=plausible, how="several streets of this name")


_LEFT_OUT = "the one street of this name that has the number"


def _decide(twins: Iterable[Candidate]) -> bool:
    """Whether twins that have the number may decide: what was typed leaves something out and adds nothing."""
    return all(twin.relation == Relation.DROPPED and not twin.stray for twin in twins)


def _may_have(street: Candidate) -> bool:
    """Whether the sources may lack a house of this number: close between two others, or just past the last one."""
    return _gap(street) <= (CLOSE if street.within else NEXT)


def _having(streets: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    return tuple(street for street in streets if street.known)


def _gap(street: Candidate) -> int:
    return street.status.gap if street.status else 0


def _relation(street: Candidate) -> Relation:
    return street.relation


def _likelihood(street: Candidate) -> tuple[bool, bool, bool, int]:
    return not street.known, not street.near, not street.within, street.relation
