"""Legislative sessions, from the terms of a state's whole chambers (`terms.csv`): bills die at the end of theirs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from boundaries.terms import Term


@dataclass(frozen=True, slots=True)
class Session:
    """One legislature."""

    number: int | None  # "194th General Court": 194; None if the state does not count them
    starts: date
    ends: date  # the first day of the next

    @property
    def name(self) -> str:
        """What a campaign writes: 194, or 2025."""
        return str(self.number or self.starts.year)


def list_sessions(terms: Sequence[Term]) -> tuple[Session, ...]:
    """In order. A chamber with staggered or longer terms has the same sessions as the one with the shorter."""
    shortest: dict[date, Session] = {}
    for term in terms:
        if term.district:
            continue
        starts, ends = term.days
        number = re.match(r"(\d+)(?:st|nd|rd|th)\b", term.note)
        session = Session(int(number[1]) if number else None, starts, ends)
        if starts not in shortest or ends < shortest[starts].ends:
            shortest[starts] = session
    return tuple(shortest[starts] for starts in sorted(shortest))


def find_session(text: str, sessions: Sequence[Session]) -> Session | None:
    """By its number, "194" or "194th", or by the year or years in which it sits, "2025" or "2025-2026"."""
    number = _parse(text)
    by_number = [session for session in sessions if session.number == number]
    by_year = [session for session in sessions if session.starts.year <= number < session.ends.year]
    return next(iter([*by_number, *by_year]), None)


def is_earlier(text: str, sessions: Sequence[Session]) -> bool:
    """Whether somebody writes of a session before those that are known. text: as for `find_session`."""
    first, number = sessions[0], _parse(text)
    return 0 < number < (first.number or 0) or 1780 < number < first.starts.year


def _parse(text: str) -> int:
    """0 for what is no session."""
    written = re.match(r"\d+", text.strip())
    return int(written[0]) if written else 0
