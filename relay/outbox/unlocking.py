"""Before anything is read or written: are the operator's keys those that this database is sealed with?

The database holds the fingerprints of the keys that its rows need, so that no relay writes with other keys than the
rest. It also holds its own key for hashes, sealed: all relays recognize the same repeats, and a new secret
forgets none.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from relay.errors import KeyMissing
from relay.keys.keyring import Keyring
from relay.keys.vault import Vault
from relay.letters import TO_WRITER
from relay.letters.mailboxes import fold_mailbox
from relay.outbox.rows import LETTER_ROW, PARTICIPANT_ROW, SUBMISSION_ROW, THE_WRITER, domain_of
from relay.outbox.sql import Connection

# Finds the operator's keys; makes one only if the database needs none yet (False). Raises KeyMissing, SettingsError.
FindKeys: TypeAlias = Callable[[bool], Keyring]
HASH_KEY: Final = "hash key"  # names its sealed value


async def unlock(db: Connection, find_keys: FindKeys) -> Vault:
    """Raises KeyMissing, saying which key is needed."""
    needed = str(await db.fetchval("SELECT value FROM metadata WHERE name = 'keys'") or "").split()
    keyring = find_keys(bool(needed))
    if missing := [fingerprint for fingerprint in needed if fingerprint not in keyring.fingerprints]:
        raise KeyMissing(
            f"it is sealed with the key {missing[0]}, and this process has {', '.join(keyring.fingerprints)}:"
            " give all relays the same BEACONPOST_SECRET_KEYS, or restore the key"
        )
    if keyring.fingerprints[0] not in needed:
        await remember_keys(db, [keyring.fingerprints[0], *needed])
    sealed = await db.fetchval("SELECT value FROM metadata WHERE name = 'hash_key'")
    if sealed is not None:
        return Vault(keyring, bytes.fromhex(keyring.open(HASH_KEY, bytes.fromhex(sealed))[0]))
    # An earlier release hashed with the oldest secret.
    in_use = await db.fetchval("SELECT 1 FROM submissions LIMIT 1")
    vault = Vault(keyring, keyring.oldest_secret if in_use else secrets.token_bytes(32))
    await store_hash_key(db, vault)
    return vault


async def store_hash_key(db: Connection, vault: Vault) -> None:
    """Sealed with the newest key."""
    await _remember(db, "hash_key", vault.seal(HASH_KEY, [vault.hash_key.hex()]).hex())


async def remember_keys(db: Connection, fingerprints: Sequence[str]) -> None:
    """Of all keys that rows are sealed with."""
    await _remember(db, "keys", " ".join(fingerprints))


async def seal_plain_rows(db: Connection, vault: Vault) -> None:
    """What an earlier release stored in the clear, before those columns are dropped."""
    seal = vault.seal
    people = await db.fetch(
        "SELECT id, first_name, last_name, email, phone, town, subject, message FROM submissions"
        " WHERE erased_at IS NULL"
    )
    await db.executemany(
        "UPDATE submissions SET sealed = $1, mailbox_key = $2, folded_key = $3 WHERE id = $4",
        [
            (
                seal(SUBMISSION_ROW.format(person), words),
                vault.hash("mailbox", words[2]),
                vault.hash("folded mailbox", fold_mailbox(words[2])),
                person,
            )
            for person, *words in people
        ],
    )
    letters = await db.fetch(
        "SELECT id, kind, to_name, to_email, from_name, reply_to, subject, body FROM letters"
        " WHERE to_email <> '' OR body <> ''"
    )
    await db.executemany(
        "UPDATE letters SET sealed = $1, domain = $2 WHERE id = $3",
        [
            (seal(LETTER_ROW.format(letter), words) if words[-1] else b"", domain_of(kind, words[1], vault), letter)
            for letter, kind, *words in letters
        ],
    )
    await db.execute(
        f"UPDATE letters SET to_name = '', to_email = $1 WHERE kind IN {TO_WRITER} AND to_email <> ''", THE_WRITER
    )
    await db.execute(
        "UPDATE attempts SET domain = letters.domain FROM letters"
        f" WHERE letters.id = attempts.letter AND letters.kind IN {TO_WRITER}"
    )
    named = await db.fetch("SELECT submission, name, town FROM participants")
    await db.executemany(
        "UPDATE participants SET sealed = $1 WHERE submission = $2",
        [(seal(PARTICIPANT_ROW.format(person), words), person) for person, *words in named],
    )


async def _remember(db: Connection, name: str, value: str) -> None:
    await db.execute(
        "INSERT INTO metadata VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value
    )
