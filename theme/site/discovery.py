"""Finds the content files, including those with a wrong extension, and says how messages name them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from theme.site.problems import Problem, suggest

_ALMOST: Final = (".md", ".markdown", ".mkd", ".mdown", ".txt")
_TEXTS: Final = (".docx", ".doc", ".odt", ".rtf", ".rtfd", ".pages", ".gdoc", ".pdf", ".html", ".htm", ".mdx", ".wps")
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".heic", ".tif", ".tiff", ".bmp", ".psd")
_CLUTTER: Final = ("thumbs.db", "desktop.ini", "icon\r", "readme.md", "counts.json")
_FOLDERS: Final = ("campaigns", "pages", "images")
HEAVY_BYTES: Final = 300_000  # of a picture: some three seconds on a slow phone


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


def find_unread(content: Path) -> Iterator[tuple[Problem, bool]]:
    """Files that nobody will see: word processors' files, and texts and pictures in the wrong folder. With whether it
    stops a build: a text that was meant to be published."""
    for path in sorted(content.rglob("*")):
        below = path.relative_to(content)
        hidden = any(part.startswith((".", "~$", "_")) for part in below.parts)
        if hidden or path.name.lower() in _CLUTTER or not path.is_file():
            continue
        folder = below.parts[0] if len(below.parts) > 1 else ""
        suffix = path.suffix.lower()
        if suffix in _TEXTS and folder != "images":
            wrong = f"{suffix} files are not read: copy the text into {path.stem}.md, or move the file elsewhere"
            yield Problem(display_path(path), 1, 1, wrong), False
        elif folder not in _FOLDERS and _is_almost(path):
            near = suggest(folder, _FOLDERS) if folder else ""
            wrong = f"this file is not read: move it to {content.name}/campaigns/ or {content.name}/pages/.{near}"
            yield Problem(display_path(path), 1, 1, wrong), True
        elif folder != "images" and suffix in _PICTURES:
            wrong = f"pictures belong in {content.name}/images/: move it there, and write {{static}}/images/{path.name}"
            yield Problem(display_path(path), 1, 1, wrong), False
        elif folder == "images" and suffix in _PICTURES and (size := path.stat().st_size) > HEAVY_BYTES:
            wrong = (
                f"{size:,} bytes are slow on a phone, {HEAVY_BYTES:,} at most: make the picture 1,600 pixels wide at "
                "most, and save it as .jpg or .webp"
            )
            yield Problem(display_path(path), 1, 1, wrong), False


def display_path(path: Path) -> str:
    """A path as messages show it: relative to the working directory if possible."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _is_almost(path: Path) -> bool:
    return path.suffix.lower() in _ALMOST


def _name(path: Path) -> str:
    while _is_almost(path):
        path = path.with_suffix("")
    return f"{path.name}.md"
