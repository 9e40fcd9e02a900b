"""The errors that this package raises.

BeaconpostError
├── ManifestError      campaigns.json is missing, invalid or of another version
├── StoreError         the database could not store or load
│   ├── StoreBusy      the queue in front of it is full: answer 503, to be retried
│   ├── StoreFull      its disk has too little room for new posts
│   ├── StaleClaim     another worker has claimed this letter
│   ├── KeyMissing     what was stored is sealed with a key that is not here
│   ├── Undecipherable a row was damaged
│   └── TooManyAnswers more came in a day than organizers are forwarded
├── BackupError        a backup could not be written, or is not one, damaged or too old
└── MailError          a message that must not be handed to a mail server

Invalid settings raise `relay.settings.SettingsError`, because that package does not import this module.
"""

from pathlib import Path
from traceback import walk_tb


class BeaconpostError(Exception):
    """Base class. The text is meant for operators and contains no personal data."""


class ManifestError(BeaconpostError):
    """There is no usable manifest."""


class StoreError(BeaconpostError):
    """The database failed. Nothing was accepted, and nothing was stored in part."""


class StoreBusy(StoreError):
    """Too many posts are waiting to be stored."""


class StoreFull(StoreError):
    """New posts would take the room that what was accepted needs."""


class StaleClaim(StoreError):
    """The lease expired, and the letter belongs to a newer claim."""


class KeyMissing(StoreError):
    """What the database holds is sealed with a key that this process does not have."""


class Undecipherable(StoreError):
    """A row was damaged, or copied from another one."""


class TooManyAnswers(StoreError):
    """Organizers are forwarded so many a day, of one letter. Deliver it again another day, or set it aside."""


class BackupError(BeaconpostError):
    """A backup could not be written or restored. The file and the database were left as they were."""


class MailError(BeaconpostError):
    """An address or header that must not reach a mail server, like one that contains a line break."""


class MailboxError(BeaconpostError):
    """The mailbox of bounces cannot be read now."""


def trail(error: BaseException) -> str:
    """An unexpected error for the log: its type and its innermost 8 frames, the innermost last.

    The error's text and a traceback's values may contain what a person typed, so they are left out.
    """
    frames = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    path = " > ".join(f"{Path(code.co_filename).name}:{line} {code.co_name}" for code, line in frames[-8:])
    return f"{type(error).__name__} {path}"
