"""A state's recipe: which source plays which part. The only place for a state's peculiarities."""

import csv
import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO, cast

from boundaries.builder.sources.encodings import as_text
from boundaries.builder.sources.progress import Watch, unwatched
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber
from boundaries.normalization import name_key, tokenize_street
from boundaries.street_aliases import StreetAliases

_WORD = re.compile(r"[a-z]+")
LINE = 110  # characters
TEXTS = (".csv", ".txt", ".geojson", ".json", ".ndgeojson")
DAMAGED = (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error)

_PARTS = ("code", "name", "titles", "chamber_names", "districts", "roster", "streets")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe.json with its files."""

    content: Mapping[str, Any]
    home: Path  # the folder of recipe.json
    sources: Path  # the folder with the source files that it names
    aliases: StreetAliases = StreetAliases()  # noqa: RUF009  (frozen)
    given: Mapping[str, Path] = field(default_factory=dict)  # files by name that are elsewhere
    watch: Watch = unwatched  # told of every long file that is read

    @property
    def chambers(self) -> tuple[Chamber, ...]:
        """Those with districts: both, or the senate alone."""
        return tuple(chamber for chamber in CHAMBERS if chamber in self.content["districts"])

    def source(self, name: str) -> Path:
        """The path of a source: among the given files, or beside the recipe. SourceError if in neither."""
        for path in (self.given.get(name), self.sources / name, self.home / name):
            if path is None:
                continue
            if path.is_file():
                return path
        raise SourceError(
            self.sources / name, None, "no such file", f"put it there, or correct {self.home}/recipe.json"
        )


def read_recipe(path: Path, sources: Path, watch: Watch = unwatched) -> Recipe:
    """Read a recipe. SourceError if it is not JSON or a part is missing."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        remedy = "name the files with --districts, --addresses and --people, and it is written for you"
        raise SourceError(path, None, "no such file", remedy) from None
    except json.JSONDecodeError as error:
        raise SourceError(path, error.lineno, f"not JSON ({error.msg})", "correct that line") from None
    return make_recipe(path, content, sources, {}, watch)


def make_recipe(
    path: Path, content: Mapping[str, Any], sources: Path, given: Mapping[str, Path], watch: Watch = unwatched
) -> Recipe:
    """The recipe with this content, which is or will be at `path`. SourceError if a part is missing."""
    for part in _PARTS:
        if part not in content:
            raise SourceError(path, None, f"no {part!r}", "add it, as in the recipes of other states")
    words = _read_words(path, content.get("words", {}))
    recipe = Recipe(content, path.parent, sources, StreetAliases({}, words), given, watch)
    if "aliases" not in content:
        return recipe
    rows = read_rows(recipe.source(content["aliases"]["file"]), ("spoken", "meant"))
    return replace(recipe, aliases=StreetAliases({spoken: meant for _, (spoken, meant) in rows}, words))


def _read_words(path: Path, words: Mapping[str, Any]) -> dict[str, str]:
    """The recipe's own words of street names, in lower case. SourceError if one cannot be told from a name, or is a
    word of every state already."""
    read: dict[str, str] = {}
    for word, meant in words.items():
        if not isinstance(meant, str) or not _WORD.fullmatch(word.lower()) or not tokenize_street(meant):
            remedy = 'write it like "words": {"cam": "camino"}'
            raise SourceError(path, None, f"words: {word!r} is not one word and what it stands for", remedy)
        if (known := name_key(["x", word.lower()]).removeprefix("x ")) != word.lower():
            raise SourceError(path, None, f"words: {word!r} is {known!r} in every state", "leave it out")
        read[word.lower()] = " ".join(tokenize_street(meant))
    return read


@contextmanager
def open_text(path: Path, watch: Watch = unwatched) -> Iterator[TextIO]:
    """A text file in any of the encodings that publishers use; unpacked if it is a .gz, or a .zip of one text.

    SourceError if there is none, or the archive is damaged or contains no text.
    """
    if not path.is_file():
        raise SourceError(path, None, "no such file", "check its name")
    with ExitStack() as stack:
        raw = stack.enter_context(watch(path, stack.enter_context(path.open("rb"))))
        packed: IO[bytes] = raw
        if path.suffix == ".gz":
            packed = stack.enter_context(cast("IO[bytes]", gzip.GzipFile(fileobj=raw)))
        elif path.suffix.lower() == ".zip":
            packed = stack.enter_context(_only_text(path, raw))
        yield stack.enter_context(as_text(packed))


def _only_text(path: Path, raw: BinaryIO) -> IO[bytes]:
    """The one text in an archive; the largest, if there are notes beside it."""
    try:
        archive = zipfile.ZipFile(raw)
    except zipfile.BadZipFile as error:
        raise SourceError(path, None, f"not a ZIP archive ({error})", "fetch the file again") from None
    texts = [entry for entry in archive.infolist() if entry.filename.lower().endswith(TEXTS)]
    if not texts:
        raise SourceError(path, None, "holds no table", f"put one of {', '.join(TEXTS)} in it")
    return archive.open(max(texts, key=lambda entry: entry.file_size))


def read_rows(path: Path, columns: tuple[str, ...], watch: Watch = unwatched) -> Iterator[tuple[int, list[str]]]:
    """Each row's line number and the named columns, in the order requested. SourceError names what is missing."""
    with open_text(path, watch) as stream:
        reader = csv.reader(stream)
        try:
            header = next(reader, [])
            places = []
            for column in columns:
                if column not in header:
                    columns_there = ", ".join(header[:12])[:200] or "nothing"
                    raise SourceError(path, 1, f"no column {column!r}", f"found {columns_there}: is it the right file?")
                places.append(header.index(column))
            last = max(places)
            for row in reader:
                if len(row) <= last:
                    if row:
                        wrong = f"{len(row)} columns, {len(header)} expected"
                        raise SourceError(path, reader.line_num, wrong, "fetch the file again or correct that row")
                    continue
                yield reader.line_num, [row[place] for place in places]
        except DAMAGED as error:
            raise SourceError(path, reader.line_num, f"unreadable ({error})", "fetch the file again") from None


def write_recipe(path: Path, content: Mapping[str, Any]) -> None:
    """Write a recipe for people to edit: what fits on a line stays on one."""
    path.write_text(_format(content, "") + "\n", "utf-8")


def _format(value: object, indent: str) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    deep = isinstance(value, dict | list) and len(flat) + len(indent) > LINE
    inner = indent + "  "
    if isinstance(value, dict) and (deep or not indent):
        parts = [f"{inner}{json.dumps(key)}: {_format(part, inner)}" for key, part in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if isinstance(value, list) and deep:
        return "[\n" + ",\n".join([inner + _format(part, inner) for part in value]) + f"\n{indent}]"
    return flat
