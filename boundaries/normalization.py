"""Street names normalized to one key, however they are written: "North Beacon Street, Apt 3" → "n beacon st".

Builder and resolver share this file, so that both write the same street the same way.
"""

import re

from boundaries.text_folding import tokenize
from boundaries.vocabulary import DIRECTION, DIRECTIONS, INNER, SUFFIX, TITLES, TRAILING, UNIT

_PLAIN = {word: short for word, short in INNER.items() if word not in DIRECTION}
_TAIL = DIRECTION | {"extension": "ext", "extn": "ext", "ex": "ext", "exten": "ext"}
_UNIT_NUMBER = re.compile(r"u-?\d[\w-]*")
_SPACED = re.compile(r"(?<=\d)\s+[-\u2013]\s+(?=\d)")
_ORDINAL = re.compile(r"\d+(st|nd|rd|th)")
_FLOOR = frozenset({"fl", "floor", "flr"})
_ALSO_NAMES = frozenset({"ste", "front", "upper", "lower", "rear", "lot"})  # also words in street names
_APARTMENT = re.compile(r"\d+[a-z]{0,2}|[a-z]\d*")


def name_key(tokens: list[str]) -> str:
    """One spelling for all the ways to write a street: ["north", "main", "street"] → "n main st".

    A lone word before the suffix keeps its direction unabbreviated: "North St" and "N St" are two streets.
    """
    count = len(tokens)
    if count == 2:
        first, last = tokens
        if last in SUFFIX:
            return f"{_PLAIN.get(first, first)} {SUFFIX[last]}"
        return f"{INNER.get(first, first)} {_TAIL.get(last, last)}"
    if count < 2:
        return tokens[0] if tokens else ""
    last = tokens[-1]
    if last in TRAILING and tokens[-2] in SUFFIX:
        head, tail = tokens[:-2], f" {SUFFIX[tokens[-2]]} {_TAIL.get(last, last)}"
    elif last in SUFFIX:
        head, tail = tokens[:-1], " " + SUFFIX[last]
    else:
        head, tail = tokens, ""
    if len(head) == 1:
        return _PLAIN.get(head[0], head[0]) + tail
    return " ".join([INNER.get(word, word) for word in head]) + tail


def tokenize_street(text: str) -> list[str]:
    """Plain words, split at hyphens and slashes inside names: "Blueberry-Hill Rd" is three words.

    House numbers keep theirs ("24-26", "24 - 26", "1/2").
    """
    tokens: list[str] = []
    for token in tokenize(_SPACED.sub("-", text)):
        if token[0].isdigit() or ("-" not in token and "/" not in token):
            tokens.append(token)
        else:
            tokens += re.split("[-/]+", token.strip("-/"))
    return [token for token in tokens if token]


def street_key(name: str) -> str:
    """The key of a street name without a house number, as sources give it."""
    return name_key(tokenize_street(name))


def strip_unit(tokens: list[str]) -> list[str]:
    """Drop apartment, floor and suite, which never change the district."""
    for index in range(1, len(tokens)):
        word = tokens[index]
        if word in UNIT:
            if index > 1 and word in _FLOOR and _ORDINAL.fullmatch(tokens[index - 1]):
                return tokens[: index - 1]
            if word == "#" or (index + 1 < len(tokens) and word not in _ALSO_NAMES) or _may_end_name(tokens, index - 1):
                return tokens[:index]
        elif _UNIT_NUMBER.fullmatch(word) and (word[0] == "u" or _may_end_name(tokens, index - 1)):
            rest = tokens[index + 1 :]  # assessors write "Littleton U-16B Rd" too
            return tokens[:index] + (rest if len(rest) == 1 and rest[0] in SUFFIX else [])
    if len(tokens) > 2 and _APARTMENT.fullmatch(tokens[-1]) and _may_end_name(tokens, len(tokens) - 2):
        return tokens if tokens[-1] in DIRECTIONS or tokens[-2] == "no" else tokens[:-1]
    return tokens


def split_remark(tokens: list[str]) -> tuple[list[str], list[str]]:
    """What may be the street's name, up to its suffix and a direction or "extension" after it; and the rest."""
    for last in range(len(tokens) - 1, 0, -1):
        if tokens[last] in SUFFIX and not (tokens[last] in TRAILING and tokens[last - 1] in SUFFIX):
            end = last + 1
            while end < len(tokens) and tokens[end] in TRAILING and not _means_number(tokens, end):
                end += 1
            return tokens[:end], tokens[end:]
    return tokens, []


def _means_number(tokens: list[str], index: int) -> bool:
    """Whether a word is "number" and not "north": "Elm St No 3", "Public Alley No 414"."""
    return tokens[index] == "no" and index + 1 < len(tokens) and tokens[index + 1][0].isdigit()


def _may_end_name(tokens: list[str], index: int) -> bool:
    """Whether a street's name may end with this word: a suffix, or a direction after one."""
    return tokens[index] in SUFFIX or (index > 0 and tokens[index] in TRAILING and tokens[index - 1] in SUFFIX)


def split_key(key: str) -> tuple[str, str]:
    """A key's name and its suffix: "n main st" → ("n main", "st"); a suffix alone counts as a name."""
    head, _, last = key.rpartition(" ")
    if head and last in SUFFIX:
        return head, last
    return key, ""


_UPPER = {"ne", "nw", "se", "sw"}
_SHORT = frozenset({*SUFFIX.values(), *INNER.values(), *TITLES})


def _is_initials(word: str) -> bool:
    """Whether the word is unpronounceable, and so an initialism: JFK, VFW."""
    return len(word) == 3 and word.isalpha() and not set(word) & set("aeiouy") and word not in _SHORT


def format_key(key: str) -> str:
    """The key as one would print it: "n main st" → "N Main St"."""
    shown = []
    parts = key.split()
    for word in parts:
        lettered = word[0].isdigit() and len(word) < 4 and word[-1] in "abc"
        if len(word) == 1 or word in _UPPER or lettered or (len(parts) == 2 and _is_initials(word)):
            shown.append(word.upper())
        elif word.startswith("mc") and len(word) > 4:
            shown.append("Mc" + word[2:].capitalize())
        else:
            shown.append(word[0].upper() + word[1:])
    return " ".join(shown)
