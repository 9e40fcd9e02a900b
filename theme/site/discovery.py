"""Which files of the content folder are read, how problems name them, and which were meant to be read."""

from pathlib import Path
from typing import Final

from theme.site.problems import Problem

_ALMOST: Final = (".md", ".markdown", ".mkd", ".mdown", ".txt")


def find_markdown(folder: Path) -> list[Path]:
    """The files to read, in a fixed order, from every folder within."""
    return sorted(path for path in folder.rglob("*.md") if path.is_file() and not path.name.startswith("."))


def find_misnamed(folder: Path) -> list[Problem]:
    """Files that look like words to publish and would be passed over: Windows likes to add .txt."""
    return [
        Problem(display_path(path), 1, 1, f"this file is not read: name it {_name(path)}")
        for path in sorted(folder.rglob("*"))
        if path.suffix != ".md" and _is_almost(path) and path.is_file() and not path.name.startswith(".")
    ]


def display_path(path: Path) -> str:
    """How problems name a file: as one would type it here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _is_almost(path: Path) -> bool:
    return path.suffix.lower() in _ALMOST


def _name(path: Path) -> str:
    while _is_almost(path):
        path = path.with_suffix("")
    return f"{path.name}.md"
