"""Captured letters: files in a folder, for a relay that has no mail server yet."""

import asyncio
import os
import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from relay.mail.outcome import Outcome, Sent, TryLater

MESSAGE_ID: Final = re.compile(rb"^Message-ID: <([\w.-]+)@", re.MULTILINE)


class FileTransport:
    """Writes letters to `folder` as .eml files and sends nothing, so that nothing leaves by accident."""

    def __init__(self, folder: Path) -> None:
        self.name = "capture"
        self._folder = folder

    async def deliver(self, message: bytes, envelope_sender: str, recipient: str) -> Outcome:
        """The file is named by the Message-ID, so that a letter tried twice is one file."""
        del envelope_sender, recipient  # the message's headers say whom it is to
        message_id = MESSAGE_ID.search(message)
        name = message_id[1].decode() if message_id else sha256(message).hexdigest()
        try:
            await asyncio.to_thread(_write, self._folder, f"{name}.eml", message)
        except OSError as error:
            return TryLater(0, "", f"the letter could not be written: {error.strerror}")
        return Sent(f"captured as {name}.eml")

    async def forget(self, before: datetime) -> None:
        """Erase the files written before then."""
        await asyncio.to_thread(_erase, self._folder, before.timestamp())

    async def close(self) -> None:
        """Nothing is open."""


def _erase(folder: Path, before: float) -> None:
    for path in [*folder.glob("*.eml"), *folder.glob(".*.part")]:
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f".{name}.part"
    unfinished.touch(mode=0o600)
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / name)
