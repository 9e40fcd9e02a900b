"""What is wrong with a content file, and where: said so that an organiser can put it right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to correct. line, column: from 1; columns count characters."""

    file: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.text}"


class ContentError(Exception):
    """Content files that cannot be published. Its text is one line a problem, in order of file and place.

    warnings: what was seen besides, and would not have stopped a build.
    """

    def __init__(self, problems: Sequence[Problem], warnings: Sequence[Problem] = ()) -> None:
        self.problems = tuple(sorted(problems))
        self.warnings = tuple(sorted(warnings))
        super().__init__("\n".join([*map(str, self.problems), *(f"warning: {one}" for one in self.warnings)]))


def suggest(word: str, known: Iterable[str]) -> str:
    """` Did you mean …?` where one of the known words is close, else nothing."""
    by_fold = {one.casefold(): one for one in known}
    close = get_close_matches(word.casefold(), by_fold, n=1)
    return f' Did you mean "{by_fold[close[0]]}"?' if close else ""


def suggest_or_list(word: str, known: Sequence[str]) -> str:
    """As `suggest`, or else all that is known."""
    return suggest(word, known) or f" Known are {', '.join(known)}."
