"""Roads with a number for a name: CR 5 and County Road 5 are one, US 20 and US Highway 20, FM 1960 and Farm Rd 1960."""

import re
from dataclasses import dataclass

from boundaries.street_name import Relation
from boundaries.us_states import FULL_NAME
from boundaries.vocabulary import DIRECTION, DIRECTIONS, NUMBERED_ROAD, UNSPECIFIED_ROAD

LONGEST = max(len(form.split()) for form in NUMBERED_ROAD)  # words
_NUMBER = re.compile(r"\d{1,4}[a-z]{0,2}$")
_GLUED = re.compile(r"([a-z]{1,3})(\d{1,4}[a-z]?)$")  # "FM1960"
_CODES = frozenset(code.lower() for code in FULL_NAME)
_PARTS = frozenset({"central", "business", "bus", "alternate", "alt", "bypass", "byp", "spur", "truck", "loop", "old"})
_WORD = {"route": "rte", "rt": "rte", "highway": "hwy", "highwy": "hwy", "hiway": "hwy", "hgwy": "hwy"}
_AFTER_CODE = frozenset({"", "rte", "hwy", "rd", "road", "state rte", "state hwy"})


@dataclass(frozen=True, slots=True)
class NumberedRoad:
    """A numbered road, and which part of it."""

    kind: str  # as in vocabulary.NUMBERED_ROAD
    number: str
    part: str  # the direction or other words that follow the number, or ""

    def relation_to(self, road: "NumberedRoad") -> Relation:
        """How a road relates to this one as typed."""
        kinds = UNSPECIFIED_ROAD.get(self.kind, frozenset((self.kind, *_SHORT_FOR.get(self.kind, ()))))
        if self.number != road.number or road.kind not in kinds:
            return Relation.OTHER
        if self.part == road.part:
            return Relation.SAME
        if self.part and road.part:
            return Relation.OTHER
        return Relation.ADDED if self.part else Relation.DROPPED


_SHORT_FOR = {kind: [short] for short, kinds in UNSPECIFIED_ROAD.items() for kind in kinds}


def read_road(words: list[str], *, whole: bool = False) -> NumberedRoad | None:
    """The numbered road that these words begin with, or None. whole: the other words are part of its name, too; else
    they are an apartment, but for a word such as "business"."""
    direction = ""
    if len(words) > 2 and DIRECTION.get(words[0], words[0]) in DIRECTIONS:
        direction, words = DIRECTION.get(words[0], words[0]), words[1:]
    glued = _GLUED.match(words[0]) if words else None
    if glued and (glued[1] in NUMBERED_ROAD or glued[1] in _CODES):
        words = [glued[1], glued[2], *words[1:]]
    for size in range(min(LONGEST, len(words) - 1), 0, -1):
        kind = _kind(words[:size])
        if kind and _NUMBER.match(words[size]):
            number, after = words[size], words[size + 1 :]
            if after and len(after[0]) == 1 and after[0].isalpha() and after[0] not in DIRECTIONS:
                number, after = number + after[0], after[1:]  # "Route 1 A"
            if after and DIRECTION.get(after[0], after[0]) in DIRECTIONS:
                direction, after = DIRECTION.get(after[0], after[0]), after[1:]
            part = " ".join(
                filter(None, (direction, *(after if whole else [word for word in after[:1] if word in _PARTS])))
            )
            return NumberedRoad(kind, number, part)
    return None


def _kind(words: list[str]) -> str:
    form = " ".join([_WORD.get(word, word) for word in words])
    if form in NUMBERED_ROAD:
        return NUMBERED_ROAD[form]
    return "state" if words[0] in _CODES and form.partition(" ")[2] in _AFTER_CODE else ""  # "VT Route 22A", "PA 28"
