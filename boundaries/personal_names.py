"""Streets named for people, whose names get shortened: "JFK St", "MLK Blvd", "Day Blvd" for William J Day Boulevard."""

from collections.abc import Sequence

from boundaries.vocabulary import TITLES

LONGEST = 5  # words of a name
_STOP_WORDS = frozenset({"of", "the", "and", "&"})


def same_person(typed: Sequence[str], street: Sequence[str]) -> bool:
    """Whether two names may mean the same person or organization: one is the other's initials, or has fewer given names
    or only their initials. A last name alone suffices only if the street's name has an initial or a title, which shows
    that it is a person's: "Hill Rd" is not Chestnut Hill Road."""
    first, second = _plain(typed), _plain(street)
    if not first or not second or len(first) > LONGEST or not all(map(str.isalpha, first)):
        return False
    if _initials(first, second) or _initials(second, first):
        return True
    if first[-1] != second[-1] or len(first[-1]) < 2:
        return False
    if len(first) == 1:
        return len(second) < len(street) or any(len(word) == 1 for word in second)
    short, long = sorted((first[:-1], second[:-1]), key=len)
    return bool(short) and _in_order(short, long)


def _plain(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in TITLES and word not in _STOP_WORDS]


def _initials(short: list[str], long: list[str]) -> bool:
    """Whether `short` is written as the initials of `long`: "jfk", "m l king"."""
    if len(short) == 1:
        return len(long) > 2 and short[0] == "".join(word[0] for word in long)  # "vfw"
    first, *rest = short
    return len(first) > 1 and len(rest) == 1 and rest[0] == long[-1] and first == "".join(word[0] for word in long[:-1])


def _in_order(short: list[str], long: list[str]) -> bool:
    """Whether each given name of `short` is one of `long`'s, in order, or its initial."""
    left = iter(long)
    return all(any(_matches(word, other) for other in left) for word in short)


def _matches(word: str, other: str) -> bool:
    return word == other or (word[0] == other[0] and min(len(word), len(other)) == 1)
