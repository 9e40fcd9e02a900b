"""What can go wrong in this room, in words an operator can act on.

BoundariesError
├── DataError        files of a state that are missing or do not parse
└── SourceError      input to the builder: says file, row and remedy
"""


class BoundariesError(Exception):
    """Base of the room's errors. The text is for people and complete."""


class DataError(BoundariesError):
    """A state's folder is missing, incomplete or of another format version."""


class SourceError(BoundariesError):
    """A source file given to the builder cannot be used."""

    def __init__(self, file: object, row: int | None, wrong: str, remedy: str) -> None:
        where = f"{file}:{row}" if row is not None else str(file)
        super().__init__(f"{where}: {wrong}; {remedy}")
        self.file = str(file)
        self.row = row
        self.wrong = wrong
        self.remedy = remedy
