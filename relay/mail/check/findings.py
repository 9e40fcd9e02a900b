"""What a check found, for the operator."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Verdict: TypeAlias = Literal["good", "note", "fix", "unknown"]

STRING: Final = 255  # octets of one string in a TXT record: RFC 1035 section 3.3.14


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict  # "note": worth knowing, not a fault; "unknown": could not be looked up
    about: str
    text: str
    publish: str = ""  # the record to put into DNS, as a line of a zone file

    @property
    def is_trouble(self) -> bool:
        return self.verdict in ("fix", "unknown")


def txt(name: str, value: str) -> str:
    """A TXT record as a line of a zone file."""
    pieces = (value[start : start + STRING] for start in range(0, len(value), STRING))
    return f"{name}. TXT " + " ".join(f'"{piece}"' for piece in pieces)
