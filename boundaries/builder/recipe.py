"""A state's recipe: which source plays which part. The only place where a state's peculiarities are written."""

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from boundaries.errors import SourceError

_PARTS = (
    "code", "name", "titles", "chamber_names", "zip_prefixes", "districts", "divisions", "roster", "towns", "places",
    "streets", "sources",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipe:
    """recipe.json as read, the folder with the source files that it names, and its aliases: street keys that people
    (and sources) use for others, "mass ave" for "massachusetts ave"."""

    content: Mapping[str, Any]
    home: Path
    sources: Path
    aliases: Mapping[str, str]

    def source(self, name: str) -> Path:
        """The path of a source: among the given files, or kept beside the recipe. SourceError if in neither."""
        for path in (self.sources / name, self.home / name):
            if path.is_file():
                return path
        raise SourceError(self.sources / name, None, "no such file", f"put it there, or mend {self.home}/recipe.json")


def read_recipe(path: Path, sources: Path) -> Recipe:
    """Read a recipe. SourceError if it is not JSON or a part is missing."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SourceError(path, None, "no such file", "write the state's recipe first") from None
    except json.JSONDecodeError as error:
        raise SourceError(path, error.lineno, f"not JSON ({error.msg})", "mend that line") from None
    for part in _PARTS:
        if part not in content:
            raise SourceError(path, None, f"no {part!r}", "add it, as in the recipes of other states")
    recipe = Recipe(content, path.parent, sources, {})
    if "aliases" in content:
        rows = read_rows(recipe.source(content["aliases"]["file"]), ("spoken", "meant"))
        recipe = Recipe(content, path.parent, sources, {spoken: meant for _, (spoken, meant) in rows})
    return recipe


def open_text(path: Path) -> TextIO:
    """A text file, gzipped if its name ends so, as UTF-8 with or without a byte-order mark."""
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), "utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Each row's line number and the named columns, in the order asked for. SourceError names what is missing."""
    with open_text(path) as stream:
        reader = csv.reader(stream)
        try:
            header = next(reader, [])
            places = []
            for column in columns:
                if column not in header:
                    found = ", ".join(header[:12]) or "nothing"
                    raise SourceError(path, 1, f"no column {column!r}", f"found {found}: is it the right file?")
                places.append(header.index(column))
            last = max(places)
            for row in reader:
                if len(row) <= last:
                    if row:
                        wrong = f"{len(row)} columns, {len(header)} expected"
                        raise SourceError(path, reader.line_num, wrong, "fetch the file again or mend that row")
                    continue
                yield reader.line_num, [row[place] for place in places]
        except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as error:
            raise SourceError(path, reader.line_num, f"unreadable ({error})", "fetch the file again") from None
