"""docs/new-term.md is accurate: its commands are run, and each message it shows is really printed."""

import asyncio
import csv
import json
import logging
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from boundaries.builder.release.roster_update import Allowed
from boundaries.builder.release.update import update
from boundaries.builder.sources.progress import unwatched
from boundaries.data import shipped
from boundaries.model import Legislator
from relay.assembly import open_outbox
from tests.contract.web.night import MIDNIGHT, MINUTE, ORGANIZER, Night
from tests.contract.web.succession import DAY, Succession, newcomer, write_people
from tests.samples.campaigns import campaign, publish
from tests.samples.settings import SECRET_KEY
from tests.unit.boundaries.publisher import publishing

pytestmark = pytest.mark.anyio
ROOT: Final = Path(__file__).parents[3]
PAGE: Final = (ROOT / "docs/new-term.md").read_text("utf-8")
OURS: Final = ".venv/bin/beaconpost "
SPEAKER: Final = ("committee:Judiciary", "leader:speaker")


def blocks(language: str) -> Iterator[str]:
    """The lines of the page's code blocks in a language, without indentation."""
    for block in re.findall(rf"^ *```{language}\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE):
        yield from (line.strip() for line in block.splitlines())


COMMANDS: Final = list(blocks("sh"))


def was_printed(message: str, output: str) -> bool:
    """Whether the message was printed, with any text for …."""
    return re.search(re.escape(message).replace("…", ".+?"), output) is not None


async def run(command: str, folder: Path, settings: dict[str, str]) -> tuple[int, str]:
    """Run a command; return its exit status and its output without timings."""
    ours = str(Path(sys.executable).with_name("beaconpost"))
    process = await asyncio.create_subprocess_exec(
        ours, *shlex.split(command.removeprefix(OURS)), cwd=folder,
        env=os.environ | {"BEACONPOST_SECRET_KEYS": SECRET_KEY.decode()} | settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, re.sub(r"(?m)^ *[0-9.]+ s  ", "", said.decode())


def seat_of(flag: str) -> str:
    """The house district of an option in the page's example."""
    match = re.search(rf'{flag} "house:([^"]+)"', PAGE)
    assert match
    return match[1]


def elected(members: Sequence[Legislator]) -> Iterator[Legislator]:
    """The new members: a third are new, and the example's seats are vacant or without an email address."""
    for number, member in enumerate(members):
        if (member.chamber, member.district) == ("house", seat_of("--no-email")):
            yield newcomer(number, "house", member.district, email="")
        elif (member.chamber, member.district) != ("house", seat_of("--vacant")):
            yield newcomer(number, member.chamber, member.district) if number % 3 == 0 else member


async def test_every_message_appears_and_every_command_does_what_the_page_says(
    night: Night, term: Succession, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    output = [*await run_commands(night, term, tmp_path), *await live_through(night, term, tmp_path, caplog)]
    for message in blocks("text"):
        assert was_printed(message, "\n".join(output)), message


async def run_commands(night: Night, term: Succession, folder: Path) -> list[str]:
    """Run the page's commands in order against a publisher on this machine; return their output."""
    database = night.settings.database
    store = f"sqlite:///{database}" if isinstance(database, Path) else database.url
    settings = {"BEACONPOST_DATABASE": store, "BEACONPOST_CAMPAIGNS": night.settings.campaigns}
    await (await open_outbox(night.settings)).close()
    output = []
    with publishing() as publisher:
        people = folder / "published.csv"
        write_people(people, elected(term.members()))
        publisher.files["ma.csv"] = people.read_bytes()
        for name in ("rehearsal", "own"):
            recipe = copy_state(folder / name) / "recipe.json"
            recipe.write_text(re.sub(r"https://data\.openstates\.org/[^\"]*/", f"{publisher.url}/", recipe.read_text()))
        statuses = []
        for command in [command for command in COMMANDS if command.startswith(OURS)]:
            status, said = await run(command.replace("states/ma", "own/ma"), folder, settings)
            statuses.append((command.split()[2], status))
            output.append(said)
            if "--no-email" in command:  # the vacancy is reported once the address is allowed
                again = re.sub(" --vacant .*", "", command).replace("states/ma", "other/ma")
                copy_state(folder / "other")
                shared = (folder / "rehearsal/ma/recipe.json").read_text()
                (folder / "other/ma/recipe.json").write_text(shared)
                output.append((await run(again, folder, settings))[1])
    assert statuses == [
        ("update", 1), ("lookup", 0), ("update", 1), ("update", 0), ("list", 0), ("list", 0),
    ]  # fmt: skip
    assert {name for name, _ in publisher.asked} == {"ma.csv"}
    assert any("Senator" in said and "Representative" in said for said in output)
    return output


async def live_through(night: Night, term: Succession, folder: Path, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Go through the night; return what an operator and a writer see."""
    caplog.set_level(logging.INFO, "beaconpost")
    publish(folder, campaign(organiser=ORGANIZER), campaign(slug="offices", recipients=SPEAKER, organiser=ORGANIZER))
    output = []
    async with night.running(MIDNIGHT - MINUTE, sending=False):
        receipts = [await night.post(home) for home in (term.vacant, term.silent)]
        await night.post(term.same, "offices")
    async with night.running(MIDNIGHT + MINUTE):
        await night.until_settled(sent=3, held=4 + 3)
        output += [*(await night.checks()).values(), *[await night.page(receipt) for receipt in receipts]]
    by_hand = folder / "unchanged"
    by_hand.mkdir()
    write_people(by_hand / "legislators.csv", term.members())
    update(
        copy_state(folder / "lagging"), only_roster=True, by_hand=by_hand, downloads=folder, contact="",
        today=DAY.date(), allowed=Allowed(), say=output.append, watch=unwatched,
    )  # fmt: skip
    night.update()
    async with night.running(MIDNIGHT + timedelta(hours=12)):
        await night.until_settled(sent=3 + 2 + 1 + 1, failed=2, held=2)
        output += [*(await night.checks()).values(), *[await night.page(receipt) for receipt in receipts]]
    return [*output, caplog.text]


def copy_state(folder: Path) -> Path:
    """Copy the shipped state into `folder`."""
    shutil.copytree(shipped("ma"), folder / "ma")
    return folder / "ma"


def test_the_other_commands_exist_and_the_readme_links_here() -> None:
    assert "(docs/new-term.md)" in (ROOT / "README.md").read_text()
    others = [command for command in COMMANDS if not command.startswith(OURS)]
    assert others == [
        "make rehearsal", "sudo systemctl restart beaconpost", "curl -s http://127.0.0.1:8080/readyz",
    ]  # fmt: skip
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"^rehearsal: .*\n\t.*tests/contract/web/test_term_night.py$", makefile, re.MULTILINE)
    unit = (ROOT / "deploy/systemd/beaconpost.service").read_text()
    assert "relay --host 127.0.0.1 --port 8080" in unit


def test_the_page_names_the_day_in_the_table() -> None:
    with (shipped("ma") / "terms.csv").open(newline="") as stream:
        days = {row["starts"] for row in csv.DictReader(stream)}
    assert "2027-01-06" in days
    assert "**January 6, 2027**" in PAGE
    assert json.loads((shipped("ma") / "state.json").read_text())["roster_date"] < "2027-01-06"
