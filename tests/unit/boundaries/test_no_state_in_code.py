"""A state is a folder of data, never a line of code."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from boundaries.data import codes, shipped
from boundaries.us_states import FULL_NAME

ROOT = Path(__file__).parents[3]
LISTS_ALL_STATES = ROOT / "boundaries/us_states.py"
WORDS = {"Lincoln", "Washington", "Florida"}  # names of towns that code may use for other reasons


def code_files() -> list[Path]:
    return [path for room in ("boundaries", "relay", "theme") for path in sorted((ROOT / room).rglob("*.py"))]


def said(path: Path) -> Iterator[tuple[int, str]]:
    """A file's names and string constants, without comments and docstrings."""
    tree = ast.parse(path.read_text())
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, documented)]
    docs = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id


def test_no_code_names_a_shipped_state_or_one_of_its_towns() -> None:
    for code in codes():
        with (shipped(code) / "towns.csv").open(encoding="utf-8", newline="") as stream:
            towns = {row["town"] for row in csv.DictReader(stream)}
        names = {FULL_NAME[code.upper()], *towns} - WORDS
        wanted = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b")
        for path in code_files():
            if path == LISTS_ALL_STATES:
                continue
            for line, text in said(path):
                assert text != code, f"{path}:{line}: names the state {code!r}"
                assert not wanted.search(text), f"{path}:{line}: names {text!r}"
