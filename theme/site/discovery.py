"""Finds the content files, including those with a wrong extension, and says how messages name them."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from theme.site.pictures import SHOWN, is_whole
from theme.site.problems import Problem, suggest

_ALMOST: Final = (".md", ".markdown", ".mkd", ".mdown", ".txt")
_TEXTS: Final = (".docx", ".doc", ".odt", ".rtf", ".rtfd", ".pages", ".gdoc", ".pdf", ".html", ".htm", ".mdx", ".wps")
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".heic", ".tif", ".tiff", ".bmp", ".psd")
_CLUTTER: Final = ("thumbs.db", "desktop.ini", "icon\r", "readme.md", "counts.json")
HEAVY_BYTES: Final = 300_000  # of a picture: some three seconds on a slow phone


def find_markdown(folder: Path) -> list[Path]:
    """All Markdown files under `folder`, sorted. What an editor or a trash can hides there is none."""
    return sorted(path for path in folder.rglob("*.md") if path.is_file() and not _is_hidden(path.relative_to(folder)))


def find_misnamed(folder: Path) -> list[Problem]:
    """Problems for files that look like content but would be ignored: Windows likes to add .txt."""
    return [
        Problem(display_path(path), 1, 1, f"this file is ignored: rename it to {_name(path)}")
        for path in sorted(folder.rglob("*"))
        if path.suffix != ".md" and _is_almost(path) and path.is_file() and not _is_hidden(path.relative_to(folder))
    ]


def find_unread(content: Path, linked: Collection[str]) -> Iterator[tuple[Problem, bool]]:
    """Files that nobody will see: word processors' files, and texts and pictures in the wrong folder. With whether it
    stops a build: a text that was meant to be published. linked: files that pages link to, which are published."""
    for path in find_markdown(content.parent / "campaigns"):
        wrong = f"this file is not read: move it to {content.name}/campaigns/"
        yield Problem(display_path(path), 1, 1, wrong), False
    for path in sorted(content.rglob("*")):
        below = path.relative_to(content)
        hidden = any(part.startswith((".", "~$", "_")) or part.endswith("~") for part in below.parts)
        if hidden or path.name.lower() in _CLUTTER or not path.is_file():
            continue
        is_linked = below.as_posix() in linked
        if below.parts[0] == "images" and path.suffix.lower() in SHOWN:
            for wrong, fatal in _check_picture(path, is_linked=is_linked):
                yield Problem(display_path(path), 1, 1, wrong), fatal
            continue
        if is_linked:
            continue
        folder = below.parts[0] if len(below.parts) > 1 else ""
        suffix = path.suffix.lower()
        if folder == "images" and not _is_almost(path):
            wrong = "this file is not published: it is no picture that browsers show, and no page links to it"
            yield Problem(display_path(path), 1, 1, wrong), False
        elif suffix in _TEXTS:
            wrong = f"{suffix} files are not read: copy the text into {path.stem}.md, or move the file elsewhere"
            yield Problem(display_path(path), 1, 1, wrong), False
        elif folder not in ("campaigns", "pages") and _is_almost(path):
            near = suggest(folder, ("campaigns", "pages")) if folder not in ("", "images") else ""
            wrong = f"this file is not read: move it to {content.name}/campaigns/ or {content.name}/pages/.{near}"
            yield Problem(display_path(path), 1, 1, wrong), True
        elif suffix in _PICTURES:
            wrong = f"pictures belong in {content.name}/images/: move it there, and write {{static}}/images/{path.name}"
            yield Problem(display_path(path), 1, 1, wrong), False
        elif not _is_almost(path):
            wrong = f"{suffix or 'such'} files are not read: campaigns and pages end in .md. Move this one elsewhere"
            yield Problem(display_path(path), 1, 1, wrong), False


def _check_picture(path: Path, *, is_linked: bool) -> Iterator[tuple[str, bool]]:
    if (size := path.stat().st_size) > HEAVY_BYTES:
        yield (
            (
                f"{size:,} bytes are slow on a phone, {HEAVY_BYTES:,} at most: make the picture 1,600 pixels wide at "
                "most, and save it as .jpg or .webp"
            ),
            False,
        )
    if not is_whole(path):
        yield "this picture is damaged: no program can show it. Save it anew", is_linked


def display_path(path: Path) -> str:
    """A path as messages show it: relative to the working directory if possible."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _is_hidden(below: Path) -> bool:
    return any(part.startswith(".") for part in below.parts)


def _is_almost(path: Path) -> bool:
    return path.suffix.lower() in _ALMOST


def _name(path: Path) -> str:
    while _is_almost(path):
        path = path.with_suffix("")
    return f"{path.name}.md"
