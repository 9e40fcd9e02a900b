"""docs/privacy.md says what can be read on which day, and this looks whether it is true, on both stores."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from relay.keys.keyring import FINGERPRINT, Keyring
from relay.outbox.snapshot import LEFT_OUT
from tests.contract.outbox.privacy_page import (
    COLUMNS,
    PAGE,
    Look,
    describe,
    look_on_each_day,
    read_page,
    settings_for,
)
from tests.samples.settings import SECRET_KEY

pytestmark = pytest.mark.anyio
REMEDY = "python -m tests.contract.outbox.privacy_page --write, and read what changed"


@pytest.fixture
async def looks(tmp_path: Path, store: str) -> list[Look]:
    return await look_on_each_day(settings_for(tmp_path, store), store)


async def test_the_page_says_exactly_what_is_there(looks: list[Look]) -> None:
    found = describe(looks)
    assert found == read_page(), REMEDY
    assert "**readable**" not in found  # nothing that was typed


async def test_a_column_is_what_the_page_says_it_is(looks: list[Look]) -> None:
    (fingerprint,) = Keyring([SECRET_KEY]).fingerprints
    checks: dict[str, Any] = {
        "sealed": lambda value: isinstance(value, bytes) and value[:FINGERPRINT].hex() == fingerprint,
        "keyed": lambda value: isinstance(value, bytes) and len(value) >= 16,
        "random": lambda value: isinstance(value, bytes) and len(value) == 32,
        "clear": lambda value: not isinstance(value, bytes),
    }
    for look in looks:
        for column, values in look.filled.items():
            assert all(checks[COLUMNS[column][0]](value) for value in values), column


async def test_a_column_that_the_page_does_not_know_is_noticed(looks: list[Look]) -> None:
    more = [replace(look, filled={**look.filled, "submissions.birthday": ["1 May"]}) for look in looks]
    with pytest.raises(KeyError, match="birthday"):
        describe(more)


async def test_something_typed_that_can_be_read_is_noticed(looks: list[Look]) -> None:
    careless = [replace(look, filled={**look.filled, "letters.answer": ["250 ok for Anatolia"]}) for look in looks]
    assert "| first name | **readable** (letters)" in describe(careless)
    assert describe(careless) != read_page()


def test_the_page_names_what_is_not_in_a_backup() -> None:
    for table in LEFT_OUT:
        assert f"`{table}`" in PAGE.read_text()
