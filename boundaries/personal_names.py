"""Streets named for people, whose names are cut short: "JFK St", "MLK Blvd", "Day Blvd" for William J Day Boulevard."""

from collections.abc import Sequence

from boundaries.vocabulary import TITLES

LONGEST = 5  # words of a name
_SMALL = frozenset({"of", "the", "and", "&"})


def same_person(typed: Sequence[str], street: Sequence[str]) -> bool:
    """Whether two names may be one person's or body's: one is the other's initials, or has fewer given names or only
    their initials. A last name alone is enough only for a street that shows that it is a person's, by an initial or a
    title: "Hill Rd" is not Chestnut Hill Road."""
    one, other = _plain(typed), _plain(street)
    if not one or not other or len(one) > LONGEST or not all(map(str.isalpha, one)):
        return False
    if _initials(one, other) or _initials(other, one):
        return True
    if one[-1] != other[-1] or len(one[-1]) < 2:
        return False
    if len(one) == 1:
        return len(other) < len(street) or any(len(word) == 1 for word in other)
    short, long = sorted((one[:-1], other[:-1]), key=len)
    return bool(short) and _in_order(short, long)


def _plain(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in TITLES and word not in _SMALL]


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


def _matches(one: str, other: str) -> bool:
    return one == other or (one[0] == other[0] and min(len(one), len(other)) == 1)
