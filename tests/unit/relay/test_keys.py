"""Hashes that recognize a repeat, and proofs that cannot be forged."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.keys.hashes import keyed_hash
from relay.keys.signing import Keys

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
OLD, NEW = b"o" * 32, b"n" * 32


def test_case_and_spacing_do_not_make_another_person() -> None:
    assert keyed_hash(OLD, "repeat", "Ana  Silva", "A@B") == keyed_hash(OLD, "repeat", " ana silva", "a@b ")
    assert keyed_hash(OLD, "repeat", "ana", "silva") != keyed_hash(OLD, "repeat", "ana silva", "")
    assert keyed_hash(OLD, "repeat", "ana") != keyed_hash(OLD, "mailbox", "ana")


def test_a_key_rotation_keeps_proofs_valid() -> None:
    before, after = Keys([OLD]), Keys([NEW, OLD])
    assert after.open("p", before.sign("p", "text", LATER), NOW) == "text"
    assert before.open("p", after.sign("p", "text", LATER), NOW) is None


def test_a_proof_is_valid_for_its_purpose_and_time() -> None:
    keys = Keys([OLD])
    proof = keys.sign("districts", "First\nSecond", LATER)
    assert "=" not in proof  # mail programs leave it out of a link
    assert keys.open("districts", proof, NOW) == "First\nSecond"
    assert keys.open("receipts", proof, NOW) is None
    assert keys.open("districts", proof, LATER) is None


@given(st.text(max_size=100))
def test_an_unsigned_proof_is_refused(proof: str) -> None:
    assert Keys([OLD]).open("districts", proof, NOW) is None


def test_a_modified_proof_is_refused() -> None:
    keys = Keys([OLD])
    proof = keys.sign("districts", "First", LATER)
    changed = [proof[:at] + ("A" if proof[at] != "A" else "B") + proof[at + 1 :] for at in range(len(proof) - 4)]
    assert all(keys.open("districts", forgery, NOW) is None for forgery in changed)


def test_at_least_one_key_is_required() -> None:
    with pytest.raises(ValueError, match="key"):
        Keys([])
