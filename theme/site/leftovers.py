"""Sentences of the starter that are still in a campaign's file: nothing of them should be published."""

from functools import cache
from pathlib import Path
from typing import Final

import yaml

from theme.site.frontmatter import Document, read_document

STARTER: Final = Path(__file__).parents[1] / "starter"
MARK: Final = "of the starter is still there"  # in every such problem
_KEPT: Final = ("status", "recipients", "translation")  # values that a campaign may keep
_ENDS: Final = (".", "\u2026", "\u3002")  # of sentences; a shorter line is anybody's, like "Sincerely,"
_INVENTED: Final = "you@example.org"


def check_leftovers(document: Document, *, draft: bool) -> None:
    """Report what is still as the starter has it; in a draft, as a warning."""
    report = document.add_warning if draft else document.add_problem
    values, lines = _read_starters()
    for key, node in document.entries.items():
        if isinstance(node, yaml.ScalarNode) and (node.value in values or node.value == _INVENTED):
            report(f"{key}: “{_shorten(node.value)}” {MARK}: write your own", node)
    for number, line in enumerate(document.body, document.body_line):
        if line.strip() in lines:
            report(f"“{_shorten(line.strip())}” {MARK}: write your own", line=number)


@cache
def _read_starters() -> tuple[frozenset[str], frozenset[str]]:
    """Values of keys, and lines, of the starters in all languages."""
    values: set[str] = set()
    lines: set[str] = set()
    for path in sorted(STARTER.glob("campaign*.md")):
        document = read_document(path, path.name)
        values |= {node.value for key, node in document.entries.items() if key not in _KEPT}
        lines |= {line for line in document.body if line.endswith(_ENDS)}
    return frozenset(value for value in values if isinstance(value, str)), frozenset(lines)


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
