"""A copied database is useless: what names a person is sealed with a key that lies elsewhere."""
# ruff: noqa: S608 - put together from constants

from dataclasses import replace
from functools import partial

import pytest

from relay.assembly import open_outbox
from relay.errors import KeyMissing
from relay.outbox import LetterFilter, Outbox
from relay.settings import Settings
from tests.books import open_books
from tests.contract.outbox.conftest import LEASE, fill, take
from tests.samples.letters import NOON, confirmation, letters, submission
from tests.samples.settings import SECRET_KEY, store_settings

pytestmark = pytest.mark.anyio
OTHER_KEY = b"o" * 32
TABLES = ("submissions", "letters", "participants", "receipts", "attempts", "metadata", "tallies", "pauses")
PERSONAL = ("Firstname1", "Lastname1", "person1", "617 555 0100", "Chelsea", "Our own words", "provider.example")


def keyed(store: str, *keys: bytes) -> Settings:
    return replace(store_settings(store), secret_keys=keys)


async def rows(store: str) -> str:
    """Every value in the database as it is stored."""
    async with open_books(store) as books:
        tables = [await books.read(f"SELECT * FROM {table}") for table in TABLES]
    return "\n".join(
        value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for table in tables for row in table for value in row
    )  # fmt: skip


async def post(outbox: Outbox, confirm: str = "never") -> None:
    post = submission(1, email="person1@provider.example", message="Our own words", public_name=True)
    await outbox.accept(post, letters(post), confirmation(post), confirm, confirmation(post))  # type: ignore[arg-type]


@pytest.mark.parametrize("confirm", ["never", "always"])
async def test_no_column_holds_a_name_an_address_or_a_word_of_a_letter(
    outbox: Outbox, store: str, confirm: str
) -> None:
    await post(outbox, confirm)
    stored = await rows(store)
    assert [word for word in PERSONAL if word in stored] == []
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    assert (receipt.first_name, receipt.message) == ("Firstname1", "Our own words")


async def test_the_same_words_are_sealed_differently_each_time(outbox: Outbox, store: str) -> None:
    await fill(outbox, 2)
    async with open_books(store) as books:
        sealed = [row[0] for row in await books.read("SELECT sealed FROM letters")]
    assert len(set(sealed)) == 4


async def test_another_key_opens_nothing_and_changes_nothing(outbox: Outbox, store: str) -> None:
    await post(outbox)
    before = await rows(store)
    with pytest.raises(KeyMissing, match=r"sealed with the key [0-9a-f]{8}, and this process has"):
        await open_outbox(keyed(store, OTHER_KEY))
    assert await rows(store) == before


async def test_a_relay_with_other_keys_cannot_write_beside_one_that_runs(outbox: Outbox, store: str) -> None:
    """Two relays with different keys would not see each other's repeats."""
    del outbox
    with pytest.raises(KeyMissing):
        await open_outbox(keyed(store, OTHER_KEY))


async def test_a_new_key_is_put_first_and_every_row_sealed_with_it(outbox: Outbox, store: str) -> None:
    await post(outbox)
    repeat = outbox.hash("identical letter", "words")
    await outbox.close()
    both = await open_outbox(keyed(store, OTHER_KEY, SECRET_KEY))
    assert both.hash("identical letter", "words") == repeat
    assert sum((await both.count_by_key()).values()) == 6
    assert await both.reseal() == 6
    assert await both.reseal() == 0
    await both.close()
    with pytest.raises(KeyMissing):
        await open_outbox(keyed(store, SECRET_KEY))
    alone = await open_outbox(keyed(store, OTHER_KEY))
    assert alone.hash("identical letter", "words") == repeat
    assert len(await take(alone, NOON)) == 3
    await alone.close()


async def test_a_damaged_letter_fails_alone(outbox: Outbox, store: str) -> None:
    await fill(outbox, 1)
    await damage(store, "DiDomenico")
    (claim,) = await take(outbox, NOON + LEASE)
    assert claim.letter.to_name == "Judith A. Garcia"
    (failed,) = await outbox.list_letters(LetterFilter(status="failed"), 9)
    assert failed.answer == "a row's text is damaged"


async def damage(store: str, name: str) -> None:
    """Give a letter the sealed text of another one."""
    async with open_books(store) as books:
        await books.read(
            f"UPDATE letters SET sealed = (SELECT max(sealed) FROM submissions) WHERE to_name LIKE '%{name}'"
        )


async def test_a_key_is_made_for_a_new_database_only(store: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("home") / "keys" / "secret.key"
    settings = replace(store_settings(store), secret_keys=(), secret_file=file)
    outbox = await open_outbox(settings)
    await post(outbox)
    await outbox.close()
    assert file.stat().st_mode & 0o777 == 0o600
    again = partial(open_outbox, settings)
    await (await again()).close()
    kept = file.read_bytes()
    file.unlink()
    with pytest.raises(KeyMissing, match="there is no key"):
        await again()
    assert not file.exists()
    file.write_bytes(kept)
    file.chmod(0o600)
    await (await again()).close()
