"""Everything this package raises on purpose.

BeaconpostError
├── ManifestError      campaigns.json is missing, broken or of another version
├── StoreError         the database could not take or give a letter
│   ├── StoreBusy      the queue before it is full: answer 503 and let them try again
│   └── StaleClaim     another worker has taken this letter over
└── MailError          a message that no mail server could be given

The environment not being usable is `relay.settings.SettingsError`: that module imports nothing of ours.
"""

from pathlib import Path
from traceback import walk_tb


class BeaconpostError(Exception):
    """Base of all; its text is fit for an operator's eyes and holds no personal data."""


class ManifestError(BeaconpostError):
    """The manifest could not be used; the one in force stays in force."""


class StoreError(BeaconpostError):
    """Nothing was accepted, nothing was half stored."""


class StoreBusy(StoreError):
    """More posts are waiting than the store takes at once."""


class StaleClaim(StoreError):
    """The lease ran out and the letter belongs to a newer claim."""


class MailError(BeaconpostError):
    """An address or header that must not reach a mail server, such as one with a line break in it."""


def trail(error: BaseException) -> str:
    """An error that nobody foresaw, for the log: its type, and the files and lines it came by, the innermost last.

    Its text and a traceback's values may hold what a person typed, so they are left out.
    """
    frames = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    way = " > ".join(f"{Path(code.co_filename).name}:{line} {code.co_name}" for code, line in frames[-8:])
    return f"{type(error).__name__} {way}"
