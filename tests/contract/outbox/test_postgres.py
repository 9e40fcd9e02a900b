"""What only a database server can do: serve many processes, and come back after an outage."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.resources import files
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from relay.errors import StoreBusy, StoreError
from relay.outbox import Throttle
from relay.outbox.postgres import PostgresOutbox, open_postgres
from relay.outbox.postgres.database import MIGRATIONS
from relay.settings import PostgresUrl, Rate, SettingsError, load
from tests.conftest import NAMED
from tests.contract.outbox.conftest import domains, fill, take
from tests.postgres import fresh_database
from tests.samples.letters import NOON, letters, submission
from tests.samples.settings import find_keys

pytestmark = pytest.mark.anyio
NOW = NOON + timedelta(hours=1)


@pytest.fixture
async def url(postgres: str) -> AsyncIterator[str]:
    async with fresh_database(postgres) as url:
        yield url


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[PostgresOutbox, PostgresOutbox]]:
    """Two relays on one database, like two processes."""
    first, other = await asyncio.gather(open_postgres(url, find_keys), open_postgres(url, find_keys))
    yield first, other
    await asyncio.gather(first.close(), other.close())


async def set_open(url: str, *, to_all: bool) -> None:
    """Allow connections, or end all and allow none, as if the server were down."""
    admin = await asyncpg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")))
    name = urlsplit(url).path.strip("/")
    await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {to_all}")
    await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    await admin.close()


async def test_two_workers_never_hold_the_same_letter(two: tuple[PostgresOutbox, PostgresOutbox]) -> None:
    await fill(two[0], 50)
    taken = await asyncio.gather(*(take(outbox, NOW, 7) for _ in range(8) for outbox in two))
    ids = [claim.letter.id for claims in taken for claim in claims]
    ids += [claim.letter.id for outbox in two for claim in await take(outbox, NOW)]
    assert len(ids) == len(set(ids)) == 100


async def test_all_workers_together_keep_to_a_rate_and_a_cap(two: tuple[PostgresOutbox, PostgresOutbox]) -> None:
    await fill(two[0], 40)
    throttle = Throttle({"mahouse.example": Rate(9, timedelta(minutes=1))}, daily_cap=25)
    taken = await asyncio.gather(*(take(outbox, NOW, 5, throttle) for _ in range(6) for outbox in two))
    claims = [claim for some in taken for claim in some]
    assert len(claims) <= 25
    assert domains(claims)["mahouse.example"] <= 9
    claims += await take(two[1], NOW, throttle=throttle)
    assert (len(claims), domains(claims)["mahouse.example"]) == (25, 9)


async def test_one_post_sent_to_two_relays_at_once_is_one_submission(
    two: tuple[PostgresOutbox, PostgresOutbox],
) -> None:
    post = submission(1)
    accepted = await asyncio.gather(
        *(outbox.accept(submission(1), letters(post), None, "never") for outbox in two), return_exceptions=True
    )
    again = [answer for answer in accepted if not isinstance(answer, BaseException)]
    assert [answer.repeat for answer in again].count(False) == 1
    assert await two[0].count_by_status() == {"queued": 2}


async def test_relays_count_one_campaign_concurrently(
    two: tuple[PostgresOutbox, PostgresOutbox],
) -> None:
    posts = [submission(number) for number in range(1, 101)]
    await asyncio.gather(
        *(two[place % 2].accept(post, letters(post), None, "never") for place, post in enumerate(posts))
    )
    assert await two[0].count("safe-communities-act") == 100


async def test_a_post_at_one_relay_wakes_the_worker_of_another(url: str) -> None:
    woken = asyncio.Event()
    other = await open_postgres(url, find_keys, woken=woken.set)
    first = await open_postgres(url, find_keys)
    async with asyncio.timeout(30):
        await woken.wait()  # it is listening
        woken.clear()
        await fill(first, 1)
        await woken.wait()
    await asyncio.gather(first.close(), other.close())


async def test_an_unavailable_database_refuses_posts_and_recovers_by_itself(url: str) -> None:
    outbox = await open_postgres(url, find_keys)
    await fill(outbox, 1)
    await set_open(url, to_all=False)
    with pytest.raises(StoreError, match="nothing could be stored"):
        await fill(outbox, 1, first=2)
    with pytest.raises(StoreError, match="could not be read"):
        await outbox.count_by_status()
    await set_open(url, to_all=True)
    await fill(outbox, 1, first=3)
    assert await outbox.count_by_status() == {"queued": 4}
    await outbox.close()


async def test_posts_beyond_the_limit_are_refused_and_waiting_ones_are_kept(url: str) -> None:
    outbox = await open_postgres(url, find_keys, waiting=3)
    answers = await asyncio.gather(*(fill(outbox, 1, first=number) for number in range(1, 9)), return_exceptions=True)
    assert sum(isinstance(answer, StoreBusy) for answer in answers) == 5
    assert await outbox.count_by_status() == {"queued": 6}
    await outbox.close()


async def test_a_post_that_cannot_be_stored_spoils_no_other(url: str) -> None:
    outbox = await open_postgres(url, find_keys)
    bad = submission(2)
    answers = await asyncio.gather(
        fill(outbox, 1),
        outbox.accept(bad, [*letters(bad), letters(bad)[0]], None, "never"),  # the same letter twice
        fill(outbox, 1, first=3),
        return_exceptions=True,
    )
    assert [isinstance(answer, StoreError) for answer in answers] == [False, True, False]
    assert await outbox.count_by_status() == {"queued": 4}
    await outbox.close()


async def test_a_database_error_names_no_writer(url: str) -> None:
    outbox = await open_postgres(url, find_keys)
    admin = await asyncpg.connect(url)
    await admin.execute(
        "ALTER TABLE submissions ADD CONSTRAINT nobody CHECK (house = '')"
    )  # the error's DETAIL quotes the row
    await admin.close()
    with pytest.raises(StoreError, match="nobody") as caught:
        await fill(outbox, 1)
    assert not any(word in str(caught.value) for word in ("Firstname1", "person1", "Suffolk", "617"))
    await outbox.close()


async def test_a_database_from_an_older_release_opens_with_every_letter(url: str) -> None:
    old = await asyncpg.connect(url)
    await old.execute(files("relay.outbox.postgres").joinpath("migrations/1-initial.sql").read_text("utf-8"))
    await old.execute(
        "CREATE TABLE beaconpost_version (version integer NOT NULL); INSERT INTO beaconpost_version VALUES (1)"
    )
    await old.execute(
        "INSERT INTO submissions VALUES ('post', 'sca', 'en', 'Ana', 'Silva', 'ana@example.org', '', 'Chelsea',"
        " 'Third Suffolk', '2nd Suffolk', false, '\\x01', '\\x02', '\\x03', 'accepted', 1700000000000000)"
    )
    await old.execute(
        "INSERT INTO letters (id, submission, campaign, kind, chamber, district, to_name, to_email, domain, from_name,"
        " reply_to, subject, body, transport, state, due, changed_at) VALUES ('one', 'post', 'sca', 'legislator',"
        " 'house', '2nd Suffolk', 'Judith A. Garcia', 'j@mahouse.example', 'mahouse.example', 'Ana', 'a@b.example',"
        " 'Please', 'Dear', 'smtp', 'queued', 5, 1)"
    )
    await old.close()
    two = await asyncio.gather(
        open_postgres(url, find_keys), open_postgres(url, find_keys)
    )  # started together; one of them migrates the schema
    (claim,) = await take(two[0], NOW)
    assert (claim.letter.id, claim.letter.body) == ("one", "Dear")
    await two[1].settle(claim, "sent", NOW, None, "250 ok")
    assert await two[1].deny("no such link", NOW) is None
    assert await two[0].count_by_status() == {"sent": 1}
    await asyncio.gather(*(outbox.close() for outbox in two))
    db = await asyncpg.connect(url)
    assert await db.fetchval("SELECT max(version) FROM beaconpost_version") == len(MIGRATIONS)
    await db.close()


async def test_a_database_from_a_newer_release_is_refused_and_unchanged(url: str) -> None:
    await (await open_postgres(url, find_keys)).close()
    admin = await asyncpg.connect(url)
    await admin.execute("INSERT INTO beaconpost_version VALUES ($1)", len(MIGRATIONS) + 1)
    await admin.close()
    with pytest.raises(StoreError, match="use the newer release"):
        await open_postgres(url, find_keys)


async def test_an_absent_server_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match="cannot reach the database") as caught:
        await open_postgres("postgresql://relay:hunter2@127.0.0.1:1/letters", find_keys)
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1:1/letters" in str(caught.value)


def test_the_setting_names_a_database_and_never_shows_the_password() -> None:
    settings = load({"BEACONPOST_DATABASE": "postgresql://relay:hunter2@db.example:5433/letters"})
    assert isinstance(settings.database, PostgresUrl)
    assert str(settings.database) == "postgresql://db.example:5433/letters"
    assert "hunter2" not in repr(settings)
    with pytest.raises(SettingsError, match="no database is named"):
        load({"BEACONPOST_DATABASE": "postgresql://db.example"})


def test_the_server_is_on_this_machine(postgres: str) -> None:
    assert NAMED or urlsplit(postgres).hostname in (None, "localhost", "127.0.0.1")
