"""Sealed text opens in its own row only, and only whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.errors import StoreError, Undecipherable
from relay.keys.keyring import FINGERPRINT, Keyring

KEYRING = Keyring([b"k" * 32])


@given(st.text(max_size=20), st.lists(st.text(max_size=200), max_size=8))
def test_what_was_sealed_opens_again(row: str, values: list[str]) -> None:
    assert KEYRING.open(row, KEYRING.seal(row, values)) == values


def test_it_opens_in_no_other_row() -> None:
    with pytest.raises(Undecipherable):
        KEYRING.open("letter 2", KEYRING.seal("letter 1", ["Dear Senator"]))


def test_a_changed_byte_is_noticed() -> None:
    sealed = KEYRING.seal("row", ["Dear Senator"])
    for place in range(FINGERPRINT, len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(Undecipherable):
            KEYRING.open("row", changed)


def test_half_a_character_is_refused_without_being_quoted() -> None:
    with pytest.raises(StoreError, match="half a character"):
        KEYRING.seal("row", ["\ud800"])
