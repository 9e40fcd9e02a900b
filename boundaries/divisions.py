"""District names: one key for the many ways publishers write them."""

import re

from boundaries.vocabulary import NUMBER, ORDINAL, ordinal

_MARKS = re.compile(r"[^a-z0-9 ]+")


def division_key(name: str) -> str:
    """ "Twenty-First Middlesex", "21st Middlesex" → "21st middlesex"; "&" → "and"; commas dropped.

    Unique only within a chamber. With "_" for spaces it is the last part of an OCD division id.
    """
    words: list[str] = []
    tens = 0
    for word in _MARKS.sub(" ", name.lower().replace("&", " and ").replace(",", "")).split():
        if word in NUMBER and NUMBER[word] >= 20:
            tens = NUMBER[word]
            continue
        if word in ORDINAL:
            word = ordinal(tens + int(re.match(r"\d+", ORDINAL[word])[0]))  # type: ignore[index]
            tens = 0
        elif word.endswith("ieth") and word[:-4] + "y" in NUMBER:
            word = ordinal(NUMBER[word[:-4] + "y"])
        words.append(word)
    return " ".join(words)
