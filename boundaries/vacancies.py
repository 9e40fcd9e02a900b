"""Rosters that name an empty seat "VACANT" or "To Be Announced" instead of leaving it out."""

import re
import unicodedata
from typing import Final

# What such a cell says about the seat itself, beside that it is empty.
_SEAT: Final = (
    r"(?:the|this|is|are|a|an|currently|now|presently|still|\d+[a-z]{0,2}"
    r"|(?:seat|position|office|district|ward|place|post)(?: [a-z0-9]{1,3})?)"
)
_TITLE: Final = (
    r"(?:(?:state|us) )?(?:senator|sen|representative|rep|delegate|del|assembly ?(?:member|man|woman)|member"
    r"|councilmember|hon|honorable|senate|house|mr|ms)"
)
_EMPTY: Final = (
    r"vacant|vacated|vacancy|vacancies|vacante|unfilled|unoccupied|unheld|tba|tbd|tbn|no incumbent|no member"
    r"|(?:yet )?to be (?:announced|determined|named|decided|elected|appointed|filled|confirmed|seated)"
    r"|(?:awaiting|pending) (?:an? |the )?(?:special )?(?:election|appointment|certification)"
    r"|(?:special )?(?:election|appointment) (?:pending|to be held|to follow)|por (?:designar|definir|anunciar)"
)
_AROUND: Final = rf"(?:(?:{_SEAT}|{_TITLE}) )*"
# Why and since when, which may name people and days.
_DETAILS: Final = (
    r"(?: (?:since|as of|effective|until|through|due to|after|following|formerly|previously|because|by|from|on|in|for"
    r"|resigned|resignation|deceased|death|retired|was|desde|hasta) .*| resigned| resignation| deceased| retired)?"
)
_VACANCY: Final = re.compile(rf"{_AROUND}(?:{_EMPTY})(?: (?:{_SEAT}|{_EMPTY}|{_TITLE}))*{_DETAILS}")
_WHOLE: Final = frozenset({"open", "open seat", "seat open", "empty", "empty seat", "none", "nobody", "no one", "n a"})
_SEPARATORS: Final = re.compile(r"[()\[\]{}:;\u2013\u2014]|\s-+\s|^-+|-+$")


def is_vacancy(name: str) -> bool:
    """Whether what stands where a member's name should be says that the seat has no member: "VACANT", "(vacant)",
    "Vacant Seat", "District 12 - Vacant", "To Be Announced". "Vacant Smith" is a person, and "" says nothing."""
    text = unicodedata.normalize("NFKC", name).casefold().replace(".", "")
    parts = [" ".join(re.findall(r"\w+", part.replace("_", " "))) for part in _SEPARATORS.split(text)]
    whole = " ".join(filter(None, parts))
    return whole in _WHOLE or any(_VACANCY.fullmatch(part) for part in (whole, *parts))
