"""The order in which people look for a district: by place, then by number, in digits or in words."""

import re
from typing import Final, TypeAlias

Place: TypeAlias = tuple[str, int]

_NUMBER: Final = re.compile(r"(\d+)(?:st|nd|rd|th)?", re.IGNORECASE)
# fmt: off
_ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth",
    "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
)
# fmt: on


def place_of(district: str) -> Place:
    """A key to sort districts by: "9th Norfolk" before "10th Norfolk", "Second Essex" after "First Essex", and all of
    Essex before Norfolk."""
    words, number = [], 0
    for word in district.casefold().split():
        digits = _NUMBER.fullmatch(word)
        if not number and (digits or word in _ORDINALS):
            number = int(digits[1]) if digits else _ORDINALS.index(word) + 1
        else:
            words.append(word)
    return " ".join(words), number
