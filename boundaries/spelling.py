"""Typos: one letter inserted, deleted or substituted, or two swapped (Damerau-Levenshtein distance 1)."""


def one_edit_apart(word: str, other: str) -> bool:
    """Whether exactly one such edit lies between two words."""
    short, long = len(word), len(other)
    if short > long:
        word, other, short, long = other, word, long, short
    if long - short > 1 or word == other:
        return False
    start = 0
    while start < short and word[start] == other[start]:
        start += 1
    if short < long:
        return word[start:] == other[start + 1 :]
    if word[start + 1 :] == other[start + 1 :]:
        return True
    return word[start : start + 2] == other[start + 1 : start - 1 if start else None : -1] and (
        word[start + 2 :] == other[start + 2 :]
    )


def is_substitution(word: str, other: str) -> bool:
    """Whether the edit replaced one letter by another, as between two words that are both correct: Stage and State."""
    return len(word) == len(other) and sorted(word) != sorted(other)
