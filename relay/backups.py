"""Backup files: a whole snapshot of the outbox, encrypted with the operator's newest secret."""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from relay.errors import BackupError, KeyMissing
from relay.keys.archive import MAGIC, ArchiveWriter, read_archive
from relay.keys.keyring import Keyring
from relay.outbox import Backups, Restored
from relay.outbox.snapshot import read_head


async def write_backup(
    outbox: Backups, path: Path, operator_secrets: Sequence[bytes], now: datetime
) -> Mapping[str, int]:
    """Write all of it or nothing; an older backup of this name is replaced. Returns the number of rows by table.

    Raises BackupError, StoreError.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    with _writing(path):
        _check_replaceable(path)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                archive = ArchiveWriter(file, operator_secrets[0])

                def write(chunk: bytes) -> None:
                    with _writing(path):  # a full disk is not the database's fault
                        archive.write(chunk)

                counts = await outbox.back_up(write, now)
                archive.finish()
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            _sync_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)
    return counts


def check_backup(path: Path, operator_secrets: Sequence[bytes], now: datetime) -> None:
    """Before a database is opened or made: can this file be restored, to its end? Raises BackupError, KeyMissing."""
    chunks = _read(path, operator_secrets)
    head = next(chunks, None)
    if head is None:
        raise BackupError(f"cannot restore {path}: it is empty")
    with _naming(path):
        read_head(head).check(now, Keyring(operator_secrets).fingerprints)
    for _ in chunks:
        pass


async def restore_backup(
    outbox: Backups,
    path: Path,
    operator_secrets: Sequence[bytes],
    now: datetime,
    keep: timedelta,
    report: Callable[[str], None],
    *,
    hold: bool,
) -> Restored:
    """As `Backups.restore`, from a file that `check_backup` found sound."""
    return await outbox.restore(partial(_read, path, operator_secrets), now, keep, report, hold=hold)


def _read(path: Path, operator_secrets: Sequence[bytes]) -> Iterator[bytes]:
    with _naming(path), path.open("rb") as file:
        yield from read_archive(file, operator_secrets)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"cannot write {path}: {error.strerror}") from None


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Errors about a file say which one."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"cannot read {path}: {error.strerror}") from None
    except (BackupError, KeyMissing) as error:
        raise type(error)(f"cannot restore {path}: {error}") from None


def _check_replaceable(path: Path) -> None:
    """A slip of the hand must not replace the database, or anything else that is no backup."""
    if not path.exists():
        return
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(MAGIC)) == MAGIC:
                return
    raise BackupError(f"{path} is there already, and is not a backup: it was left as it is")


def _sync_folder(folder: Path) -> None:
    """So that the new name survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
