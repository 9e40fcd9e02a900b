"""A Markdown file with YAML front matter, taken apart with the place of everything in it.

Pelican's own reader drops a file whose front matter is broken and exits 0; this one keeps going and collects every
problem. `yaml.compose` gives nodes, and nodes know their line and column.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from theme.site.problems import Problem

FENCE: Final = "---"
# Line ends to YAML, to no editor, and invisible in both: pasted from a word processor. Columns stay as they are.
_SPACES: Final = {0x85: " ", 0x2028: " ", 0x2029: " "}
# What PyYAML says → what to tell somebody who has never heard of YAML. The first that fits counts.
_ADVICE: Final = (
    ("'\\t'", "a tab cannot stand here: use spaces"),
    ("mapping values are not allowed", 'a second ": " in one line: put the whole text in "quotes"'),
    ("unexpected end of stream", "this quoted text is never closed: end it with the same quotation mark"),
    ("expected ',' or ']'", "this list is never closed, or lacks a comma: write [one, two]"),
    ("expected ',' or '}'", "this {…} is never closed, or lacks a comma: write {name: one, email: two}"),
    ("could not find expected ':'", 'not "key: value": put a colon and a space after the key'),
)


@dataclass(slots=True)
class Document:
    """One file. entries: key → value node. body_line: where in the file the first line of `body` stands."""

    file: str
    entries: Mapping[str, yaml.Node] = field(default_factory=dict)
    keys: Mapping[str, yaml.Node] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    body_line: int = 1
    empty: bool = False
    legible: bool = True  # False: the front matter could not be read, so that nothing can be said about its keys
    problems: list[Problem] = field(default_factory=list)

    def add_problem(self, text: str, node: yaml.Node | None = None, line: int = 1, column: int = 1) -> None:
        """Note a problem at a node of the front matter, or at a line and column of the file."""
        if node is not None:
            line, column = _place(node.start_mark)
        self.problems.append(Problem(self.file, line, column, text))

    def for_key(self, key: str) -> Callable[[str, yaml.Node], None]:
        """`add_problem` for the value of one key, which each problem then names."""
        return lambda text, node: self.add_problem(f"{key}: {text}", node)


def read_document(path: Path, file: str) -> Document:
    """Read a file as far as it can be read. file: how problems name it. Never raises for what is in it."""
    document = Document(file)
    text = _decode(path.read_bytes(), document)
    if not text.strip():
        document.empty = document.legible
        return document
    lines = text.removesuffix("\n").split("\n")  # not splitlines: editors do not count a form feed as a line's end
    if lines[0].rstrip() != FENCE:
        document.legible = False
        document.add_problem(f'no front matter: the first line must be three dashes, "{FENCE}"')
        return document
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        document.legible = False
        document.add_problem(
            f'the front matter is never closed: put a line of three dashes, "{FENCE}", after its last key'
        )
        return document
    document.body, document.body_line = lines[end + 1 :], end + 2
    _compose("\n".join(lines[1:end]), document)
    return document


def _decode(raw: bytes, document: Document) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        document.legible = False
        line, column = _end(raw[: error.start].decode("utf-8-sig", errors="replace"))
        wrong = f"byte 0x{raw[error.start]:02x} is not UTF-8: save the file with the encoding UTF-8"
        document.add_problem(wrong, line=line, column=column)
        return ""


def _compose(text: str, document: Document) -> None:
    try:
        root = yaml.compose(text.translate(_SPACES), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        document.legible = False
        said = error.problem or "not YAML"
        advice = next((advice for sign, advice in _ADVICE if sign in said), f"{said}: put text in quotes")
        # What is never closed is named where it opens.
        mark = error.context_mark if "never closed" in advice and error.context_mark else error.problem_mark
        line, column = _place(mark) if mark else (1, 1)
        document.add_problem(advice, line=line, column=column)
        return
    except yaml.reader.ReaderError as error:
        document.legible = False
        line, column = _end(text[: error.position])
        wrong = f"character U+{ord(text[error.position]):04X} cannot stand here: remove it"
        document.add_problem(wrong, line=line + 1, column=column)
        return
    except RecursionError:
        document.legible = False
        document.add_problem("brackets within brackets, too deep to be meant: close them", line=2)
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        document.legible = False
        document.add_problem('the front matter must be lines of "key: value"', root)
        return
    document.keys, document.entries = _collect(root, document)


def _collect(root: yaml.MappingNode, document: Document) -> tuple[dict[str, yaml.Node], dict[str, yaml.Node]]:
    keys: dict[str, yaml.Node] = {}
    entries: dict[str, yaml.Node] = {}
    for key, value in root.value:
        if not isinstance(key, yaml.ScalarNode):
            document.add_problem("a key must be one word", key)
        elif key.value in keys:
            first, _ = _place(keys[key.value].start_mark)
            document.add_problem(f'"{key.value}" stands twice, first in line {first}: keep one', key)
        else:
            keys[key.value], entries[key.value] = key, value
    return keys, entries


def _end(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows a text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _place(mark: yaml.Mark) -> tuple[int, int]:
    """Line and column in the file, from 1: the front matter starts in the second line."""
    return mark.line + 2, mark.column + 1
