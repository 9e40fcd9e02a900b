"""Parses a Markdown file with YAML front matter and keeps the position of every key and value.

Pelican's own reader drops a file with broken front matter and exits 0. This one continues and collects every problem.
`yaml.compose` returns nodes, which know their line and column.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from theme.site.problems import Problem
from theme.site.slips import find_slip, straighten_spaces

FENCE: Final = "---"
_QUICK: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Line breaks to YAML but not to editors, pasted from word processors. Replaced one for one, so columns stay right.
_SPACES: Final = {0x85: " ", 0x2028: " ", 0x2029: " "}
_DASHES: Final = re.compile(r"[-\u2010-\u2015\u2212\u2500_*=~+\s]+")
# How files of word processors begin, when they are renamed.
_KINDS: Final = {
    b"PK\x03\x04": "a word processor's file (or a zip)",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"{\\rtf": "rich text (RTF)",
    b"%PDF": "a PDF",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
}
# PyYAML's message → ours, for people who have never heard of YAML. The first match wins.
_ADVICE: Final = (
    ("'\\t'", "a tab is not allowed here: use spaces"),
    ("mapping values are not allowed", 'a second ": " on one line: put the whole text in "quotes"'),
    ("unexpected end of stream", "this quoted text is not closed: end it with the same quotation mark"),
    ("expected ',' or ']'", "this list is not closed or is missing a comma: write [one, two]"),
    ("expected ',' or '}'", "this {…} is not closed or is missing a comma: write {name: one, email: two}"),
    ("could not find expected ':'", 'not "key: value": put a colon and a space after the key'),
)


@dataclass(slots=True)
class Document:
    """One file."""

    file: str
    entries: Mapping[str, yaml.Node] = field(default_factory=dict)  # key → value node
    keys: Mapping[str, yaml.Node] = field(default_factory=dict)  # key → key node
    body: list[str] = field(default_factory=list)
    body_line: int = 1  # line number of body[0] in the file
    empty: bool = False
    legible: bool = True  # False: the front matter could not be parsed, so its keys are unknown
    front: list[str] = field(default_factory=list)  # the lines of the front matter, as they were parsed
    problems: list[Problem] = field(default_factory=list)  # these stop a build
    warnings: list[Problem] = field(default_factory=list)

    def add_problem(self, text: str, node: yaml.Node | None = None, line: int = 1, column: int = 1) -> None:
        """Add a problem at a node of the front matter, or at a line and column of the file."""
        if node is not None:
            line, column = _place(node.start_mark)
        self.problems.append(Problem(self.file, line, column, text))

    def add_warning(self, text: str, node: yaml.Node | None = None, line: int = 1, column: int = 1) -> None:
        """Like `add_problem`, for what somebody may mean."""
        if node is not None:
            line, column = _place(node.start_mark)
        self.warnings.append(Problem(self.file, line, column, text))

    @property
    def scalars(self) -> Iterator[yaml.ScalarNode]:
        """Every value, in lists and mappings too."""
        waiting = list(self.entries.values())
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, yaml.ScalarNode):
                yield node
            elif isinstance(node, yaml.MappingNode):
                waiting += [value for _, value in node.value]
            else:
                waiting += node.value

    def for_key(self, key: str) -> Callable[[str, yaml.Node], None]:
        """`add_problem` for the value of one key, with the key in front of each message."""
        return lambda text, node: self.add_problem(f"{key}: {text}", node)


def read_document(path: Path, file: str, known: Sequence[str] = ()) -> Document:
    """Parse as much of a file as possible. file: its name in messages. known: keys that there are, to tell a slip from
    text. Never raises for its content."""
    document = Document(file)
    text = _decode(path.read_bytes(), document)
    if not text.strip():
        document.empty = document.legible
        return document
    lines = text.removesuffix("\n").split("\n")  # not splitlines: editors do not treat a form feed as a line break
    if lines[0].rstrip() != FENCE:
        document.legible = False
        document.add_problem(f'no front matter: the first line must be three dashes, "{FENCE}"{_explain(lines)}')
        return document
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        document.legible = False
        document.add_problem(
            f'the front matter is not closed: put a line of three dashes, "{FENCE}", after its last key'
        )
        return document
    document.body, document.body_line = lines[end + 1 :], end + 2
    document.front = straighten_spaces("\n".join(lines[1:end]).translate(_SPACES)).split("\n")
    _compose("\n".join(document.front), document, known)
    return document


def _explain(lines: Sequence[str]) -> str:
    """Why the first line is not the fence that somebody meant."""
    first = next(line.strip() for line in lines if line.strip())
    if first == FENCE:
        return ": remove the empty lines above it"
    if first.startswith("```"):
        return f": remove the line {first}"
    if _DASHES.fullmatch(first):
        return f", not {first}: a word processor has changed them"
    return ""


def _decode(raw: bytes, document: Document) -> str:
    for start, kind in _KINDS.items():
        if raw.startswith(start):
            document.legible = False
            document.add_problem(f"this is {kind}, whatever its name: save it as plain text, UTF-8")
            return ""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        document.legible = False
        line, column = _end(raw[: error.start].decode("utf-8-sig", errors="replace"))
        wrong = f"byte 0x{raw[error.start]:02x} is not UTF-8: save the file as UTF-8"
        document.add_problem(wrong, line=line, column=column)
        return ""


def _compose(text: str, document: Document, known: Sequence[str]) -> None:
    try:
        root = _compose_quickly(text) or yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        document.legible = False
        if slip := find_slip(document.front, known):
            line, column, wrong = slip
            document.add_problem(wrong, line=line + 2, column=column + 1)
            return
        problem = error.problem or "not YAML"
        advice = next((advice for sign, advice in _ADVICE if sign in problem), f"{problem}: put the text in quotes")
        # Report something unclosed where it opens.
        mark = error.context_mark if "not closed" in advice and error.context_mark else error.problem_mark
        line, column = _place(mark) if mark else (1, 1)
        document.add_problem(advice, line=line, column=column)
        return
    except yaml.reader.ReaderError as error:
        document.legible = False
        line, column = _end(text[: error.position])
        wrong = f"character U+{ord(text[error.position]):04X} is not allowed here: remove it"
        document.add_problem(wrong, line=line + 1, column=column)
        return
    except RecursionError:
        document.legible = False
        document.add_problem("too many nested brackets: close them", line=2)
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        document.legible = False
        if slip := find_slip(document.front, known):
            line, column, wrong = slip
            document.add_problem(wrong, line=line + 2, column=column + 1)
        else:
            document.add_problem('the front matter must be lines of "key: value"', root)
        return
    document.keys, document.entries = _collect(root, document)


def _compose_quickly(text: str) -> yaml.Node | None:
    """By libyaml, if PyYAML has it; None if there is anything to say, which PyYAML's own parser says better."""
    if "\t" in text:  # libyaml takes a tab for a space
        return None
    try:
        root = yaml.compose(text, Loader=_QUICK)
    except (yaml.YAMLError, RecursionError):
        return None
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.ScalarNode):
            node.style = node.style or None  # as PyYAML's own parser has it
        elif isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        else:
            waiting += node.value
    return root


def _collect(root: yaml.MappingNode, document: Document) -> tuple[dict[str, yaml.Node], dict[str, yaml.Node]]:
    keys: dict[str, yaml.Node] = {}
    entries: dict[str, yaml.Node] = {}
    for key, value in root.value:
        if not isinstance(key, yaml.ScalarNode):
            document.add_problem("a key must be one word", key)
        elif key.value in keys:
            first, _ = _place(keys[key.value].start_mark)
            document.add_problem(f'duplicate key "{key.value}", first used on line {first}: remove one', key)
        else:
            keys[key.value], entries[key.value] = key, value
    return keys, entries


def _end(before: str) -> tuple[int, int]:
    """Line and column, from 1, right after a text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _place(mark: yaml.Mark) -> tuple[int, int]:
    """Line and column in the file, from 1. The front matter starts on the second line."""
    return mark.line + 2, mark.column + 1
