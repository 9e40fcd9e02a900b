"""Where the operator's secrets lie: in the environment, or in a file away from the database."""

import contextlib
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from relay.errors import KeyMissing
from relay.settings import Settings, SettingsError

MIN_LENGTH: Final = 32  # characters


def load_secrets(settings: Settings) -> tuple[bytes, ...]:
    """Newest first. Raises KeyMissing if there is neither setting nor file, SettingsError if the file is unfit."""
    if settings.secret_keys:
        return settings.secret_keys
    try:
        return _read(settings.secret_file)
    except FileNotFoundError:
        raise KeyMissing(
            f"there is no key: neither BEACONPOST_SECRET_KEYS nor the file {settings.secret_file}. Restore it; for a"
            " new database `beaconpost keys new` makes one"
        ) from None


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_hex(32)


def make_secret(path: Path) -> None:
    """Put a new secret first in the file, created if need be, readable by its owner only."""
    older = path.read_bytes() if path.exists() else b""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}.key")
    draft.touch(mode=0o600)
    try:
        draft.write_bytes(new_secret().encode() + b"\n" + older)
        if older:
            draft.replace(path)
        else:
            with contextlib.suppress(FileExistsError):  # two relays start at once: both read the same key
                path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)


def list_exposures(settings: Settings, env: Path) -> Iterator[str]:
    """What would hand the key or the database to somebody who should have neither. env: the file with the settings."""
    database = settings.database
    if isinstance(database, Path):
        if not settings.secret_keys and settings.secret_file.resolve().parent == database.resolve().parent:
            yield f"the key {settings.secret_file} lies beside the database: whoever copies one copies both. Move it"
        if database.exists() and database.stat().st_mode & stat.S_IRWXO:
            yield f"everybody on this machine may read {database}: chmod 600 {database}"
    if env.exists() and env.stat().st_mode & stat.S_IRWXO:
        yield f"everybody on this machine may read {env.resolve()}, which may hold keys: chmod 600 {env}"


def _read(path: Path) -> tuple[bytes, ...]:
    try:
        mode, lines = path.stat().st_mode, path.read_bytes().split()
    except PermissionError as error:
        raise _error(f"cannot read {path} ({error.strerror})") from None
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise _error(f"others may read or change {path}: chmod 600 {path}")
    if not lines:
        raise _error(f"{path} is empty: restore it. What was stored cannot be read without it")
    if any(len(line) < MIN_LENGTH for line in lines):
        raise _error(f"each line of {path} needs at least {MIN_LENGTH} characters")
    return tuple(lines)


def _error(text: str) -> SettingsError:
    return SettingsError(f"BEACONPOST_SECRET_FILE: {text}")
