"""The handbook in docs/: its links lead somewhere, its commands work, and what is written from the code is current."""

import re
import shlex
import sys
from pathlib import Path
from typing import Final

import pytest

from manual.__main__ import main as build_handbook
from manual.reference import FILLED, PATH, write_reference
from relay.cli import main, make_parser
from tests.site.mistakes_page import PAGE, write_page
from theme.placeholders import PLACEHOLDERS
from theme.site.campaign_file import KEYS
from theme.site.key_meanings import MEANT

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md")
# What the commands need beside a site's folder: a network, a server, a state's sources, letters.
NOT_HERE: Final = (
    "--mail",
    "boundaries build",
    "boundaries update",
    " mt ",
    "outbox show",
    "outbox retry",
    " report ",
    " move ",
    " dev",
    " relay",
    " cms ",
)


def shown_commands() -> list[str]:
    """Every command in an indented block, without comments and what a shell does with its output."""
    commands = []
    for page in PAGES:
        text = page.read_text("utf-8").replace("\\\n", " ")
        for line in re.findall(r"^ {4}(?:sudo )?(?:\.venv/bin/)?(beaconpost .*)$", text, re.MULTILINE):
            commands.append(re.sub(r"\s+(?:#|>|&&|\().*$", "", line))
    return list(dict.fromkeys(commands))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site as the handbook's examples have it, built, and the working directory."""
    assert main(["init", str(tmp_path / "site")]) == 0
    monkeypatch.chdir(tmp_path / "site")
    campaigns = Path("content/campaigns")
    campaigns.joinpath("my-campaign.md").rename(campaigns / "safe-communities-act.md")
    environment = {"SECRET_FILE": str(tmp_path / "keys/secret.key"), "RELAY_URL": "https://relay.example"}
    for name, value in environment.items():
        monkeypatch.setenv(f"BEACONPOST_{name}", value)
    Path("supporters.csv").write_text("street,city,zip\n24 Beacon St,Boston,02108\n")
    assert main(["build"]) == 0
    return tmp_path


@pytest.mark.parametrize("command", shown_commands())
def test_every_command_of_the_handbook_is_one(command: str) -> None:
    make_parser().parse_args(shlex.split(command)[1:])


@pytest.mark.usefixtures("folder")
def test_the_commands_of_the_handbook_do_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    tried = [command for command in shown_commands() if not any(word in f"{command} " for word in NOT_HERE)]
    assert len(tried) >= 10
    assert main(["keys", "new"]) == 0
    assert main(["outbox", "list"]) == 0  # makes the database
    assert main(["new", "my-campaign"]) == 0
    for command in tried:
        if "restore" in command:
            Path("var/beaconpost.db").unlink()  # it goes into an empty database
            for rest in Path("var").glob("beaconpost.db*"):
                rest.unlink()
        assert main(shlex.split(command)[1:]) == 0, f"{command}: {capsys.readouterr().err}"


def test_every_link_of_the_handbook_leads_somewhere(tmp_path: Path) -> None:
    assert build_handbook([str(tmp_path)]) == 0
    ids = {page.name: set(re.findall(r'\bid="([^"]+)"', page.read_text())) for page in tmp_path.glob("*.html")}
    assert "index.html" in ids
    for page in tmp_path.glob("*.html"):
        for link in re.findall(r'<a href="([^"]+)"', page.read_text()):
            target, _, part = link.partition("#")
            if target.startswith(("http:", "https:", "mailto:", "../")):
                assert not target.startswith("../") or (ROOT / "docs" / target).exists(), f"{page.name}: {link}"
                continue
            assert (tmp_path / (target or page.name)).is_file(), f"{page.name}: {link}"
            assert not part or part in ids[target or page.name], f"{page.name}: {link}"


def test_every_page_is_linked_from_the_first() -> None:
    start = (ROOT / "docs/README.md").read_text()
    assert [page.name for page in PAGES[:-1] if page.name != "README.md" and f"({page.name})" not in start] == []
    assert "(docs/README.md)" in (ROOT / "README.md").read_text()


def test_the_reference_is_written_from_this_code() -> None:
    assert PATH.read_text("utf-8") == write_reference(), "run: python -m manual reference"
    assert [key for key in KEYS if key not in MEANT] == []
    assert [word for word in PLACEHOLDERS if word not in FILLED] == []


def test_the_table_of_mistakes_is_written_from_the_tests() -> None:
    assert PAGE.read_text("utf-8") == write_page(), "run: python -m tests.site.mistakes_page"


def test_the_readme_is_a_screen_and_a_half() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 110
    assert sys.version_info >= (3, 11)  # as it says
