"""Problems in content files, with their position and a message that tells an organizer how to fix them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem to fix."""

    file: str
    line: int  # from 1
    column: int  # from 1, in characters
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.text}"


class ContentError(Exception):
    """Content that cannot be published. The text has one line per problem, sorted by file and position.

    warnings: problems that would not have stopped a build.
    """

    def __init__(self, problems: Sequence[Problem], warnings: Sequence[Problem] = ()) -> None:
        self.problems = tuple(sorted(problems))
        self.warnings = tuple(sorted(warnings))
        super().__init__("\n".join([*map(str, self.problems), *(f"warning: {warning}" for warning in self.warnings)]))


def suggest(word: str, known: Iterable[str]) -> str:
    """` Did you mean …?` if a known word is similar, else ""."""
    by_fold = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(word.casefold(), by_fold, n=1)
    return f' Did you mean "{by_fold[close[0]]}"?' if close else ""


def suggest_or_list(word: str, known: Sequence[str]) -> str:
    """Like `suggest`, but lists all known words if none is similar."""
    return suggest(word, known) or f" Use one of: {', '.join(known)}."
