"""Slips in front matter that YAML misreads, or reports somewhere else: found in the lines as they were typed.

A parser says where it gave up. These say what people did: indented a key, left out a space, opened a quotation with an
apostrophe, let a word processor turn quotation marks and dashes into curly ones.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import yaml

Slip: TypeAlias = tuple[int, int, str]  # line and column from 0, what is wrong

_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"  # that look like one and are none to YAML
_KEY: Final = re.compile(r"(\s*)([A-Za-z_][\w-]*)(\s*)([:\uff1a])(.*)")
_STRUCTURE: Final = re.compile(rf"(\s*(?:- +)?[A-Za-z_][\w-]*[ ]*:)([ ]*[{_SPACES}][ {_SPACES}]*)")
_INDENT: Final = re.compile(rf"[ ]*[{_SPACES}][ {_SPACES}]*")
_AROUND: Final = re.compile(r"\s*([*_`>#\u201c\u201d\u2018]*)\s*([A-Za-z_]+?)([*_`\u201d\u201c\u2019]*):")
_LONE_APOSTROPHE: Final = re.compile(r"([\w-]+):\s+('[^']*)")
_DASH: Final = re.compile(r"(\s*)([-\u2013\u2014\u2022\u00b7*+])(\s*)(?=[A-Za-z{\"'])")
_NO_COLON: Final = re.compile(r"([A-Za-z_]+)\s*[;=,>\u2013\u2014-]*\s*(.*)")
_OPENERS: Final = "\u201c\u201d\u201e\u00ab\u2018\u201a"
_CLOSERS: Final = "\u201d\u201c\u00bb\u2019\u2018"
_INDICATORS: Final = "[]{}*&!%@`|>?"
_LISTS: Final = ("recipients", "bills")  # whose value may begin with a bracket


def straighten_spaces(text: str) -> str:
    """Spaces that word processors make, as plain ones where YAML needs those; one for one, so that columns stay."""
    lines = []
    for line in text.split("\n"):
        if indent := _INDENT.match(line):
            line = " " * indent.end() + line[indent.end() :]
        if found := _STRUCTURE.match(line):
            line = found[1] + " " * len(found[2]) + line[found.end() :]
        lines.append(line)
    return "\n".join(lines)


def find_slip(lines: Sequence[str], known: Sequence[str]) -> Slip | None:
    """The first slip that explains why these lines are not YAML. known: the keys that there are."""
    block = False  # inside a text of several lines, or a list
    for number, line in enumerate(lines):
        if cut := re.search(r"[\[{][^\]}#\"']*?(\s#\S?)", line):
            wrong = 'what follows " #" is left out, and so is the closing bracket: put the text with the # in "quotes"'
            return number, cut.start(1) + 1, wrong
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if slip := _find_in_line(number, line, known, block):
            return slip
        if (lone := _LONE_APOSTROPHE.fullmatch(line)) and "'" not in "".join(lines[number + 1 :]):
            wrong = f'a text that begins with an apostrophe must be in "double quotes": {lone[1]}: "{lone[2]}"'
            return number, lone.start(2), wrong
        block = bool(re.fullmatch(r"[\w-]+:\s*([|>][+-]?\d*)?\s*", line)) or (block and line[0] in " -")
    return None


def _find_in_line(number: int, line: str, known: Sequence[str], block: bool) -> Slip | None:
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return number, 0, "a tab is not allowed here: use spaces"
    key = _KEY.fullmatch(line)
    if dash := _DASH.match(line):
        if dash[2] != "-":
            return (
                number,
                dash.start(2),
                f'"{dash[2]}" begins no list here: write a hyphen and a space',
            )
        if not dash[3]:
            return number, dash.start(2), f"put a space after the dash: - {line[dash.end() :].strip()}"
        return None
    if key is None:
        if (around := _AROUND.match(line)) and around[2] in known:
            wrong = f"write {around[2]}: without {around[1] or around[3]} around it"
            return number, around.start(1), wrong
        if (bare := _NO_COLON.fullmatch(line)) and bare[1] in known and ": " not in line:
            return number, bare.end(1), f"put a colon and a space after the key: {bare[1]}: {bare[2]}"
        return None
    indent, name, _, colon, value = key.groups()
    if colon != ":":
        return number, key.start(4), f'"{colon}" is not a colon to a computer: write {name}: {value.strip()}'
    if name not in known:
        return None
    if value and not value[0].isspace():
        return number, key.end(4), f"put a space after the colon: {name}: {value.strip()}"
    if indent and not block:
        return number, len(indent), f"remove the spaces before {name}: a key begins its line"
    return _find_in_value(number, key.start(5) + len(value) - len(value.lstrip()), name, value.strip())


def _find_in_value(number: int, column: int, name: str, value: str) -> Slip | None:
    """A value that begins like something else than text."""
    if not value:
        return None
    if value[0] in "\"'":
        end = _find_end(value)
        rest = value[end + 1 :].strip() if end is not None else ""
        if rest and not rest.startswith(("#", ":")):
            inside = "an apostrophe" if value[0] == "'" else "a quotation mark"
            other = '"double quotes"' if value[0] == "'" else "'single quotes'"
            return number, column, f"{inside} inside ends this quoted text: put the whole text in {other}"
        if end is None and value[-1] in _CLOSERS:
            return number, column, f"this quoted text ends with a curly {value[-1]}: write {value[0]} there"
    if value[0] in _OPENERS and (": " in value or " #" in value):
        return number, column, f'{value[0]} is no quotation mark to a computer: write straight ones, "…"'
    if re.fullmatch(r"[|>][+-]?\d*", value):
        return None  # a text of several lines follows
    if (value[0] in _INDICATORS or value.startswith("- ")) and name not in _LISTS:
        return number, column, f'a text that begins with "{value[0]}" must be in quotes: {name}: {_quote(value)}'
    return None


def _find_end(value: str) -> int | None:
    """Where a quoted text ends. In single quotes, two stand for one; in double quotes a backslash escapes."""
    mark, index = value[0], 1
    while index < len(value):
        if mark == '"' and value[index] == "\\":
            index += 2
        elif value[index] != mark:
            index += 1
        elif mark == "'" and value[index + 1 : index + 2] == mark:
            index += 2
        else:
            return index
    return None


def find_cut_texts(lines: Sequence[str], nodes: Iterator[yaml.ScalarNode]) -> Iterator[Slip]:
    """Where a text ends at " #", because what follows is a comment. lines: as `nodes`, plain scalars, count them."""
    for node in nodes:
        end = node.end_mark
        if not node.value:
            continue
        rest = lines[end.line][end.column :] if end.line < len(lines) else ""
        if re.match(r"\s+#", rest):
            start = end.column + len(rest) - len(rest.lstrip())
            yield (
                end.line,
                start,
                (
                    f'what follows " #" is left out: put the whole text in "quotes", {_quote(node.value + rest)}, '
                    "or a comment on its own line"
                ),
            )


def find_swallowed_key(lines: Sequence[str], node: yaml.ScalarNode, known: Sequence[str]) -> Slip | None:
    """An indented line that looks like a key of ours, and has become the end of the text above it."""
    for number in range(node.start_mark.line + 1, min(node.end_mark.line + 1, len(lines))):
        key = _KEY.fullmatch(lines[number])
        if key and key[2] in known:
            written = f"{key[2]}: {key[5].strip()}"
            return number, len(key[1]), f"this line has become part of the text above: write {written} without indent"
    return None


def find_sign(lines: Sequence[str], node: yaml.ScalarNode) -> str:
    """A "!" or "&" at the start of a text, which YAML takes for something else, and drops with the word; "" if none."""
    mark = node.start_mark
    start = lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""
    return start if start in ("!", "&") and node.style is None else ""


def find_curly_quotes(value: str) -> bool:
    """Whether a word processor's quotation marks stand around a value."""
    return len(value) > 1 and value[0] in _OPENERS and value[-1] in _CLOSERS


def _quote(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'
