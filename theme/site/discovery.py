"""Finds the content files, including those with a wrong extension, and says how messages name them."""

from pathlib import Path
from typing import Final

from theme.site.problems import Problem

_ALMOST: Final = (".md", ".markdown", ".mkd", ".mdown", ".txt")


def find_markdown(folder: Path) -> list[Path]:
    """All Markdown files under `folder`, sorted."""
    return sorted(path for path in folder.rglob("*.md") if path.is_file() and not path.name.startswith("."))


def find_misnamed(folder: Path) -> list[Problem]:
    """Problems for files that look like content but would be ignored: Windows likes to add .txt."""
    return [
        Problem(display_path(path), 1, 1, f"this file is ignored: rename it to {_name(path)}")
        for path in sorted(folder.rglob("*"))
        if path.suffix != ".md" and _is_almost(path) and path.is_file() and not path.name.startswith(".")
    ]


def display_path(path: Path) -> str:
    """A path as messages show it: relative to the working directory if possible."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _is_almost(path: Path) -> bool:
    return path.suffix.lower() in _ALMOST


def _name(path: Path) -> str:
    while _is_almost(path):
        path = path.with_suffix("")
    return f"{path.name}.md"
