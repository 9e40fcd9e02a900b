"""Reading "24½ North Beacon St., Apt 3": the house number, and the street's name as one key.

The builder and the resolver share this file, so that both write the same street the same way.
"""

import re
from dataclasses import dataclass

from boundaries.words import DIRECTION, DIRECTIONS, INNER, NUMBER, SUFFIX, TRAILING, UNIT, words

_PLAIN = {word: short for word, short in INNER.items() if word not in DIRECTION}
_TAIL = DIRECTION | {"extension": "ext", "extn": "ext", "ex": "ext", "exten": "ext"}
LONGEST = 6  # digits of a house number
_DIGITS = rf"\d{{1,{LONGEST}}}"
_NUMBER = re.compile(rf"({_DIGITS})(?:-?([a-z]))?(?:-({_DIGITS})(?:-?[a-z])?)?-?$")
_HIGHER = re.compile(_DIGITS)
_UNIT_NUMBER = re.compile(r"u-?\d[\w-]*")
_SPACED = re.compile(r"(?<=\d)\s+[-\u2013]\s+(?=\d)")
_FRACTION = re.compile(r"[1-9]/[1-9]\d?$")
_BOX = re.compile(
    r"(?:.*\b)?(?:p ?o ?box|post office box|pob|po b|general delivery)\b"
    r"|(?:box|rr|rfd|r r|r f d|rural (?:route|delivery|rte|rt)|hc|star route|hcr|p ?o ?drawer)\s*(?:# ?)?\w*\d"
)


@dataclass(frozen=True, slots=True)
class House:
    """A house number as read: `low` to `high` (equal for a single house), and the text to show."""

    low: int
    high: int
    shown: str


def name_key(tokens: list[str]) -> str:
    """One spelling for all the ways to write a street: ["North", ...] in plain words → "n main st".

    A lone word before the suffix keeps its direction unshortened: "North St" and "N St" are two streets.
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


def split_words(text: str) -> list[str]:
    """Plain words with hyphens and slashes inside names opened: "Blueberry-Hill Rd" is three words.

    House numbers keep theirs ("24-26", "24 - 26", "1/2").
    """
    tokens: list[str] = []
    for token in words(_SPACED.sub("-", text)):
        if token[0].isdigit() or ("-" not in token and "/" not in token):
            tokens.append(token)
        else:
            tokens += re.split("[-/]+", token.strip("-/"))
    return [token for token in tokens if token]


def street_key(name: str) -> str:
    """The key of a street name that carries no house number, as sources give it."""
    return name_key(split_words(name))


def is_box(tokens: list[str]) -> bool:
    """Whether the words are a post-office box, a rural route or general delivery: no place to stand."""
    return _BOX.match(" ".join(tokens)) is not None


def read_house(tokens: list[str]) -> tuple[House | None, list[str]]:
    """Take the house number off the front. Returns it, or None, and the words that remain.

    Knows 24, 24A, 24-A, 24-26, 24 - 26, 24 & 26, 24½, 24 1/2, #24 and numbers in words below a thousand.
    """
    rest = tokens
    while rest and rest[0] in ("#", "no", "number") and len(rest) > 1 and rest[1][0].isdigit():
        rest = rest[1:]
        if len(rest) > 1 and tokens[0] == "#" and _NUMBER.match(rest[1]):
            rest = rest[1:]  # "#3 24 Beacon St": the first is the flat
    if not rest:
        return None, tokens
    match = _NUMBER.match(rest[0])
    if match is None:
        return _spelled(tokens)
    low = high = int(match[1])
    shown = match[1] + (match[2] or "").upper()
    if match[3]:
        if int(match[3]) > low:
            high = int(match[3])
        shown += "-" + match[3]
    rest = rest[1:]
    if rest and _FRACTION.match(rest[0]):
        shown, rest = f"{shown} {rest[0]}", rest[1:]
    elif len(rest) > 2 and rest[0] in ("-", "&", "to", "thru") and _HIGHER.fullmatch(rest[1]) and int(rest[1]) > low:
        high, shown, rest = int(rest[1]), f"{low}-{rest[1]}", rest[2:]
    return House(low, high, shown), rest


def _spelled(tokens: list[str]) -> tuple[House | None, list[str]]:
    """House numbers in words: "Twenty-four Beacon St", "one hundred five"."""
    value, used = 0, 0
    opened = [part for token in tokens[:4] for part in token.split("-")]
    for word in opened:
        if word in NUMBER and (used == 0 or (value % 10 == 0 and NUMBER[word] < 10) or value % 100 == 0):
            value += NUMBER[word]
        elif word == "hundred" and 0 < value < 10:
            value *= 100
        elif not (word == "and" and value and value % 100 == 0):
            break
        used += 1
    rest = [part for token in tokens for part in token.split("-")][used:]
    if used == 0 or value == 0 or not rest or (len(rest) == 1 and rest[0] in SUFFIX):
        return None, tokens  # "One Way" is a street
    return House(value, value, str(value)), rest


def cut_unit(tokens: list[str]) -> list[str]:
    """Leave out flat, floor and suite, which never change the district."""
    for index in range(1, len(tokens)):
        word = tokens[index]
        if _UNIT_NUMBER.fullmatch(word) and (word[0] == "u" or tokens[index - 1] in SUFFIX):
            rest = tokens[index + 1 :]  # assessors write "Littleton U-16B Rd" too
            return tokens[:index] + (rest if len(rest) == 1 and rest[0] in SUFFIX else [])
        if word in UNIT and (index + 1 < len(tokens) or tokens[index - 1] in SUFFIX or word == "#"):
            if word in ("ste", "front", "upper", "lower", "rear", "lot") and tokens[index - 1] not in SUFFIX:
                continue
            before = tokens[:index]
            if len(before) > 2 and re.fullmatch(r"\d+(st|nd|rd|th)", before[-1]) and word in ("fl", "floor", "flr"):
                before = before[:-1]
            return before
    if len(tokens) > 2 and tokens[-2] in SUFFIX and re.fullmatch(r"\d+[a-z]?|[a-z]\d*", tokens[-1]):
        return tokens if tokens[-1] in DIRECTIONS else tokens[:-1]
    return tokens


def split_key(key: str) -> tuple[str, str]:
    """A key's name and its suffix: "n main st" → ("n main", "st"); a suffix alone stays a name."""
    head, _, last = key.rpartition(" ")
    if head and last in SUFFIX:
        return head, last
    return key, ""


_UPPER = {"ne", "nw", "se", "sw"}


def show_key(key: str) -> str:
    """The key as one would print it: "n main st" → "N Main St"."""
    shown = []
    for word in key.split():
        if len(word) == 1 or word in _UPPER or (word[0].isdigit() and len(word) < 4 and word[-1] in "abc"):
            shown.append(word.upper())
        elif word.startswith("mc") and len(word) > 4:
            shown.append("Mc" + word[2:].capitalize())
        else:
            shown.append(word[0].upper() + word[1:])
    return " ".join(shown)
