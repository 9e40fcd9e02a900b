"""Finding the street that is meant among a town's streets: exact, then ever more forgiving, never two at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from boundaries.spelling import one_letter_off
from boundaries.street import cut_unit, name_key, split_key
from boundaries.words import DIRECTIONS, LOOSE_SUFFIX, SUFFIX, TITLES


@dataclass(frozen=True, slots=True)
class Hits:
    """The streets that fit, by key, and how they were found (for explanations; empty when exactly as typed).

    sure: whether they may decide. A wrong suffix only suggests.
    """

    keys: tuple[str, ...]
    how: str
    sure: bool = True


_SUFFIXES = frozenset(SUFFIX.values())


class TownIndex:
    """A town's streets arranged for forgiving search. keys: the town's street keys. aliases: short
    keys and those they stand for."""

    def __init__(self, keys: Collection[str], aliases: Mapping[str, str]) -> None:
        self._keys = keys
        self._aliases = aliases
        self._by_name: dict[str, list[str]] = {}
        for key in keys:
            name, _ = split_key(key)
            self._by_name.setdefault(_bare(name), []).append(key)

    def find(self, tokens: list[str]) -> Hits:
        """The streets meant by the words after the house number."""
        for words in dict.fromkeys((tuple(tokens), tuple(cut_unit(tokens)))):
            key = name_key(list(words))
            if self._aliases.get(key) in self._keys:
                return Hits((self._aliases[key],), f"“{key}” is short for it")
            for form, how in _forms(list(words)):
                if form in self._keys:
                    return Hits((form,), how)
        words_left = cut_unit(tokens)
        for count in range(len(words_left) - 1, 0, -1):  # "24 beacon st boston": the town, a flat, a remark
            key = name_key(words_left[:count])
            if words_left[count - 1] in SUFFIX and key in self._keys and " " in key:
                return Hits((key,), f"“{' '.join(words_left[count:])}” passed over")
        key = name_key(words_left)
        name, suffix = split_key(key)
        same_name = self._by_name.get(_bare(name), [])
        if same_name:
            return self._by_suffix(same_name, key, suffix)
        return self._misspelt(key)

    def _by_suffix(self, same_name: list[str], key: str, suffix: str) -> Hits:
        """Streets of the right name: the suffix is missing, short for one of several, or another."""
        _, _, last = key.rpartition(" ")
        if not suffix and last in LOOSE_SUFFIX:
            suffix = last
        if not suffix:
            return Hits(tuple(sorted(same_name)), "suffix missing")
        fits = [
            other for other in same_name
            if _loosely(suffix, split_key(other)[1] or other.rpartition(" ")[2])
        ]  # fmt: skip
        if fits:
            return Hits(tuple(sorted(fits)), "by another suffix of the same meaning")
        return Hits(tuple(sorted(same_name)), "only known with another suffix", sure=False)

    def _misspelt(self, key: str) -> Hits:
        name, suffix = split_key(key)
        bare = _bare(name)
        if len(bare) < 5 or any(mark.isdigit() for mark in bare):
            return Hits((), "")
        near = [other for other in self._by_name if one_letter_off(bare, other) and other[0] == bare[0]]
        if len(near) != 1 or len(near[0]) < 5:
            return Hits((), "")
        same = self._by_name[near[0]]
        fits = [other for other in same if not suffix or _loosely(suffix, split_key(other)[1])]
        if fits:
            return Hits(tuple(sorted(fits)), f"“{name}” read as “{near[0]}”")
        return Hits((), "")


def _forms(tokens: list[str]) -> Iterator[tuple[str, str]]:
    """Ways to write the same street, nearest first."""
    key = name_key(tokens)
    yield key, ""
    words = key.split()
    if len(words) > 2 and words[0] in DIRECTIONS:
        yield " ".join([*words[1:], words[0]]), "direction moved behind"
    if len(words) > 2 and words[-1] in DIRECTIONS:
        yield " ".join([words[-1], *words[:-1]]), "direction moved in front"
    if len(words) > 2 and len(words[0]) == 1 and tokens[0] not in DIRECTIONS:
        yield name_key(tokens[1:]), "letter after the number"


def _loosely(one: str, other: str) -> bool:
    """Whether two suffixes may be the same: equal, or one short for the other."""
    if one == other:
        return True
    ones, others = LOOSE_SUFFIX.get(one, {one}), LOOSE_SUFFIX.get(other, {other})
    return bool(set(ones) & set(others))


def _bare(name: str) -> str:
    """A name without titles, articles and spaces: "dr martin l king jr" → "martinlking"."""
    kept = [word for word in name.split() if word not in TITLES and word != "the"]
    last = kept[-1] if kept else ""
    if len(kept) > 1 and (last in LOOSE_SUFFIX):
        kept = kept[:-1]
    return "".join(kept) or name
