"""A street's name in parts, and how what somebody typed differs from it.

"N Main St Ext" is the base name "main" with a suffix and with parts that people leave out or get wrong: a direction,
an extension, a title. Streets that differ only in such parts form a family. Shared by builder and resolver.
"""

from dataclasses import dataclass
from enum import IntEnum

from boundaries.normalization import split_key
from boundaries.vocabulary import DIRECTIONS, LOOSE_SUFFIX, SUFFIX, TITLES


class Relation(IntEnum):
    """How a street relates to a typed name, closest first."""

    SAME = 0  # as typed
    #: What was typed leaves out a direction, an extension or the suffix, moves the direction, abbreviates the suffix
    #: or has another title.
    DROPPED = 1
    ADDED = 2  # what was typed says more than the street's name does
    OTHER = 3


@dataclass(frozen=True, slots=True)
class StreetName:
    """The parts of a street name."""

    words: tuple[str, ...]  # the base name alone
    core: str  # the same without spaces, titles and articles
    suffix: str  # as in vocabulary.SUFFIX; "" for none
    extras: frozenset[str]  # directions, and "ext"


_NONE: frozenset[str] = frozenset()


def split_name(key: str) -> StreetName:
    """The parts of a street key. A direction counts only beside a name: "e st" is E Street, "w broadway" has one."""
    words = key.split()
    extras = set()
    while len(words) > 1 and (words[-1] in DIRECTIONS or (words[-1] == "ext" and words[-2] in SUFFIX)):
        if len(words) == 2 and words[0] in SUFFIX:
            break
        extras.add(words.pop())
    while len(words) > 1 and words[0] in DIRECTIONS and not (len(words) == 2 and words[1] in SUFFIX):
        extras.add(words.pop(0))
    name, suffix = split_key(" ".join(words))
    parts = name.split()
    kept = [word for word in parts if word not in TITLES and word != "the"]
    if parts[-1] == "dr":
        kept.append("dr")  # not a doctor: "Main Dr St"
    if len(kept) > 1 and not suffix and kept[-1] in LOOSE_SUFFIX:
        suffix = kept.pop()
    return StreetName(tuple(name.split()), "".join(kept) or name, suffix, frozenset(extras) if extras else _NONE)


def relation_of(typed: StreetName, street: StreetName) -> Relation:
    """How a street of the same core relates to a typed name."""
    dropped = typed.extras < street.extras
    added = typed.extras > street.extras
    other = not (dropped or added or typed.extras == street.extras)
    if typed.suffix != street.suffix and not _loosely(typed.suffix, street.suffix):
        dropped |= not typed.suffix
        added |= not street.suffix
        other |= bool(typed.suffix and street.suffix)
    if other or (dropped and added):
        return Relation.OTHER
    return Relation.ADDED if added else Relation.DROPPED


def _loosely(suffix: str, other: str) -> bool:
    """Whether two suffixes may be the same: one short for the other, or both for a third."""
    return not LOOSE_SUFFIX.get(suffix, _only(suffix)).isdisjoint(LOOSE_SUFFIX.get(other, _only(other)))


def _only(suffix: str) -> frozenset[str]:
    return frozenset({suffix})
