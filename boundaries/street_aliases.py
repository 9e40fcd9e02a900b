"""A state's own ways to write its streets: whole names that stand for others, and words beside those of every state."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from boundaries.normalization import name_key


@dataclass(frozen=True, slots=True)
class StreetAliases:
    """What people and sources write, and what it stands for."""

    names: Mapping[str, str] = field(default_factory=dict)  # street keys: "comm ave" → "commonwealth ave"
    words: Mapping[str, str] = field(default_factory=dict)  # in any street's name: "cam" → "camino"

    def official(self, key: str) -> str:
        """The key of the street that one stands for; the same if it stands for none."""
        written = key.split()
        if not self.words.keys().isdisjoint(written):
            key = name_key(" ".join(self.words.get(word, word) for word in written).split())
        return self.names.get(key, key)
