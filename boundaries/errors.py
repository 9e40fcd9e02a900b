"""The package's errors, in words an operator can act on.

BoundariesError
├── DataError        a state's files that are missing or do not parse
└── SourceError      builder input: names file, row and remedy
"""


class BoundariesError(Exception):
    """Base of the package's errors. The text is complete and meant for people."""


class DataError(BoundariesError):
    """A state's folder is missing, incomplete or in another format version."""


class SourceError(BoundariesError):
    """A source file given to the builder cannot be used."""

    def __init__(self, file: object, row: int | None, wrong: str, remedy: str) -> None:
        where = f"{file}:{row}" if row is not None else str(file)
        super().__init__(f"{where}: {wrong}; {remedy}")
        self.file = str(file)
        self.row = row
        self.wrong = wrong
        self.remedy = remedy
