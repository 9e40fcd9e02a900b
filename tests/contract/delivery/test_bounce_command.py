"""`beaconpost bounce` as a mail server runs it: a process with a message on standard input and an exit code."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from relay.outbox import LetterStatus
from relay.outbox.sqlite import open_sqlite
from tests.samples.bounce_texts import OTHERS
from tests.samples.bounces import ADDRESSES, LETTER, OFFICE, REPORTS, TO, dsn
from tests.samples.letters import NOON, letters, submission
from tests.samples.settings import SECRET_KEY, find_keys

pytestmark = pytest.mark.anyio
ROOT: Final = Path(__file__).parents[3]
POST: Final = submission()


async def store(folder: Path, status: LetterStatus | None) -> None:
    """Create a database with one person's letters: `LETTER` settled in `status`, or still being sent."""
    outbox = await open_sqlite(folder / "outbox.db", find_keys)
    await outbox.accept(POST, letters(POST), None, "never")
    for claim in await outbox.claim("smtp", NOON, timedelta(minutes=5), 10):
        if status and claim.letter.id == LETTER:
            await outbox.settle(claim, status, NOON, None, "250 ok")
    await outbox.close()


async def statuses(folder: Path) -> dict[LetterStatus, int]:
    outbox = await open_sqlite(folder / "outbox.db", find_keys)
    try:
        return dict(await outbox.count_by_status())
    finally:
        await outbox.close()


def bounce(folder: Path, message: bytes, recipient: str = TO, **environ: str) -> tuple[int, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BEACONPOST_")}
    given = {
        "PYTHONPATH": str(ROOT),
        "BEACONPOST_DATABASE": "sqlite:///outbox.db",
        "BEACONPOST_BOUNCE_DOMAIN": "bounce.campaign.example",
        "BEACONPOST_SECRET_KEYS": SECRET_KEY.decode(),
    }
    done = subprocess.run(
        [sys.executable, "-m", "relay.cli", "bounce", recipient],
        cwd=folder,
        env=clean | given | environ,
        input=message,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).decode()


async def test_a_hard_bounce_is_recorded_and_names_nobody(tmp_path: Path) -> None:
    await store(tmp_path, "sent")
    code, output = bounce(tmp_path, dsn("failed", "5.1.1"))
    assert code == 0, output
    assert "bounced" in output
    assert "aide@" not in output
    assert await statuses(tmp_path) == {"bounced": 1, "sending": 1}


@pytest.mark.parametrize("recipient", [TO, ""])
async def test_a_persons_answer_waits_for_the_worker(tmp_path: Path, recipient: str) -> None:
    """recipient: as a mail server that says where it was delivered, and one that does not."""
    await store(tmp_path, "sent")
    code, output = bounce(tmp_path, OTHERS["a person"].raw, recipient)
    assert (code, output.partition("\n")[0]) == (0, f"letter {LETTER}: somebody's answer, forwarded to the organizer")
    assert await statuses(tmp_path) == {"sent": 1, "sending": 1, "queued": 1}


async def standing(folder: Path) -> str:
    """What the relay thinks of the offices."""
    outbox = await open_sqlite(folder / "outbox.db", find_keys)
    try:
        paused, suppressed = await outbox.pauses(), await outbox.suppressions()
        return f"{len(paused)} domains paused, {len(suppressed)} addresses suppressed"
    finally:
        await outbox.close()


@pytest.mark.parametrize(
    ("sample", "expected"),
    [("Exchange: no such mailbox", (0, 1)), ("Sendmail: full", (0, 0)), ("given up", (0, 0)), ("DMARC", (1, 0))],
)
async def test_three_bounces_leave_the_office_trusted_suppressed_or_its_domain_paused(
    tmp_path: Path, sample: str, expected: tuple[int, int]
) -> None:
    outbox = await open_sqlite(tmp_path / "outbox.db", find_keys)
    to = []
    for number in range(1, 4):
        post = submission(number)
        await outbox.accept(post, letters(post), None, "never")
        to.append(letters(post)[0])
    for claim in await outbox.claim("smtp", NOON, timedelta(minutes=5), 10):
        await outbox.settle(claim, "sent", NOON, None, "250 ok")
    await outbox.close()
    for letter in to:
        raw = REPORTS[sample].raw.replace(OFFICE.encode(), letter.to_email.encode())
        assert bounce(tmp_path, raw, ADDRESSES.write(letter.id))[0] == 0
    assert (await statuses(tmp_path))["bounced"] == 3
    paused, suppressed = expected
    assert await standing(tmp_path) == f"{paused} domains paused, {suppressed} addresses suppressed"


async def test_a_delay_notice_and_a_forged_address_change_nothing(tmp_path: Path) -> None:
    await store(tmp_path, "sent")
    assert bounce(tmp_path, dsn("delayed", "4.2.2"))[0] == 0
    assert bounce(tmp_path, dsn("failed", "5.1.1"), "bounces+forged@bounce.campaign.example")[0] == 0
    assert await statuses(tmp_path) == {"sent": 1, "sending": 1}


async def test_a_bounce_that_arrives_before_the_delivery_is_recorded_is_deferred(tmp_path: Path) -> None:
    await store(tmp_path, None)
    assert bounce(tmp_path, dsn("failed", "5.1.1"))[0] == 75


def test_a_bounce_that_cannot_be_recorded_is_deferred(tmp_path: Path) -> None:
    assert bounce(tmp_path, dsn("failed", "5.1.1"))[0] == 75
    assert not (tmp_path / "outbox.db").exists()
    assert bounce(tmp_path, dsn("failed", "5.1.1"), BEACONPOST_BOUNCE_DOMAIN="")[0] == 75
    assert bounce(tmp_path, dsn("failed", "5.1.1"), BEACONPOST_NONSENSE="1")[0] == 75
