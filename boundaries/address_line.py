"""Splits a one-line address: "24 Beacon St, Apt 3, Boston, MA 02108, USA"."""

import re
from collections.abc import Callable

from boundaries.text_folding import FOLD
from boundaries.us_states import state_of_name, without_country
from boundaries.zipcode import find_zip

_MARKS = " ,;\t\r\n\uff0c\u3001"


def split_address_line(text: str, code: str, name: str, is_place: Callable[[str], bool]) -> tuple[str, str, str]:
    """Street, city and ZIP. code, name: the state's, dropped where they stand alone. is_place: whether a text names a
    town, village or neighborhood; it finds the city if no comma precedes it."""
    text, postal = find_zip(without_country(text.strip(_MARKS)))
    text = _without_state(without_country(text.strip(_MARKS)), code, name)
    parts = [part for part in (part.strip(_MARKS) for part in re.split("[,;\n\uff0c\u3001]", text)) if part]
    for last in range(len(parts) - 1, 0, -1):
        if is_place(parts[last]) or (last == len(parts) - 1 and not any(map(is_place, parts[1:]))):
            rest = [*parts[:last], *parts[last + 1 :]]  # "…, Boston, Apt 3" too
            return ", ".join(rest), parts[last], postal
    words = text.split()
    for size in range(min(5, len(words)), 0, -1):
        if is_place(" ".join(words[-size:])):
            return " ".join(words[:-size]), " ".join(words[-size:]), postal
    return text, "", postal


def _without_state(text: str, code: str, name: str) -> str:
    """The text without the state's name, abbreviation or code at the end, or by itself."""
    words = text.split()
    for size in (3, 2, 1):
        ending = " ".join(words[-size:]).translate(FOLD).strip()
        if ending in (code, name.lower()) or (len(words) > size and state_of_name(ending, alone=False) == code.upper()):
            return " ".join(words[:-size]).rstrip(_MARKS)
    return text
