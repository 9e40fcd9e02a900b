"""An encrypted file opens with its secret, whole or not at all."""

from io import BytesIO

import pytest

from relay.errors import BackupError, KeyMissing
from relay.keys.archive import ArchiveWriter, read_archive
from relay.keys.keyring import fingerprint_of

OLD, NEW = b"o" * 32, b"n" * 32
CHUNKS = [b"first", b"second" * 100, b"third"]


def make(secret: bytes = OLD) -> bytes:
    file = BytesIO()
    archive = ArchiveWriter(file, secret)
    for chunk in CHUNKS:
        archive.write(chunk)
    archive.finish()
    return file.getvalue()


def read(raw: bytes, *secrets: bytes) -> list[bytes]:
    return list(read_archive(BytesIO(raw), secrets))


def test_the_list_of_secrets_opens_what_an_older_one_closed() -> None:
    assert read(make(), NEW, OLD) == CHUNKS
    assert b"second" not in make()
    assert make() != make()


@pytest.mark.parametrize("secrets", [(), (NEW,)])
def test_without_its_secret_it_says_which_is_needed(secrets: tuple[bytes, ...]) -> None:
    with pytest.raises(KeyMissing, match=f"encrypted with the key {fingerprint_of(OLD).hex()}"):
        read(make(), *secrets)


def test_whatever_byte_is_changed_it_is_refused() -> None:
    whole = make()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises((BackupError, KeyMissing)):
            read(bytes(changed), OLD)


def test_wherever_it_is_cut_off_it_is_refused() -> None:
    whole = make()
    for length in range(len(whole)):
        with pytest.raises(BackupError, match=r"cut off|not a backup"):
            read(whole[:length], OLD)


def test_nothing_can_be_added_or_moved() -> None:
    whole = make()
    with pytest.raises(BackupError, match="added to its end"):
        read(whole + b"\0", OLD)
    head = len(whole) - sum(4 + 16 + len(chunk) for chunk in [*CHUNKS, b""])
    first, second = 4 + 16 + len(CHUNKS[0]), 4 + 16 + len(CHUNKS[1])
    swapped = whole[:head] + whole[head + first :][:second] + whole[head:][:first] + whole[head + first + second :]
    assert len(swapped) == len(whole)
    with pytest.raises(BackupError, match="damaged"):
        read(swapped, OLD)


@pytest.mark.parametrize("raw", [b"", b"beaconpost", b"SQLite format 3\0" * 10])
def test_another_file_is_not_taken_for_one(raw: bytes) -> None:
    with pytest.raises(BackupError, match="not a backup"):
        read(raw, OLD)
