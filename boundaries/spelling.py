"""One slip of the fingers: a letter too many, too few, another, or two swapped."""


def one_edit_apart(one: str, other: str) -> bool:
    """Whether exactly one such slip lies between two words."""
    short, long = len(one), len(other)
    if short > long:
        one, other, short, long = other, one, long, short
    if long - short > 1 or one == other:
        return False
    start = 0
    while start < short and one[start] == other[start]:
        start += 1
    if short < long:
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    return one[start : start + 2] == other[start + 1 : start - 1 if start else None : -1] and (
        one[start + 2 :] == other[start + 2 :]
    )


def is_substitution(one: str, other: str) -> bool:
    """Whether a slip put one letter for another, as between two words that are both right: Stage and State."""
    return len(one) == len(other) and sorted(one) != sorted(other)
