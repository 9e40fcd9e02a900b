"""CSV tables that people maintain by hand, beside the compiled files: lenient on form, precise in errors."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from boundaries.errors import DataError
from boundaries.model import CHAMBERS, Chamber


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table, with its position for error messages."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, what: str, remedy: str) -> DataError:
        """The error to raise for this row."""
        return DataError(f"{self.path}:{self.line}: {what}; {remedy}")

    def among(self, column: str, known: list[str]) -> str:
        """The cell, which must be one of `known`."""
        cell = self.cells[column]
        if cell in known:
            return cell
        near = get_close_matches(cell, known, 3) or (known if len(known) <= 5 else [])
        remedy = f"write {' or '.join(near)}" if near else "write it as the state's own tables do"
        raise self.wrong(f"unknown {column} {cell!r}", remedy)

    def chamber(self) -> Chamber:
        """The cell `chamber`."""
        name = self.among("chamber", list(CHAMBERS))
        return next(chamber for chamber in CHAMBERS if chamber == name)

    def day(self, column: str) -> date:
        """The cell as a date."""
        try:
            return date.fromisoformat(self.cells[column])
        except ValueError:
            raise self.wrong(f"{column} {self.cells[column]!r} is not a date", "write it like 2027-01-31") from None


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[TableRow]:
    """A table's rows, blank lines skipped. DataError if it is unreadable, or a column is missing."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = [name.strip() for name in next(reader, [])]
            for column in columns:
                if column not in header:
                    raise DataError(f"{path}:1: no column {column!r}; the first line must be {','.join(columns)}")
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                row = TableRow(path, reader.line_num, dict(zip(header, map(str.strip, cells), strict=False)))
                if len(cells) != len(header):
                    raise row.wrong(f"{len(cells)} columns, {len(header)} expected", "put texts with commas in quotes")
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: unreadable ({error}); save it as CSV in UTF-8") from None
