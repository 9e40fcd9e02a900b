"""What `beaconpost check` knows of other releases and other addresses in a site's folder."""

import sqlite3
from pathlib import Path

import pytest

from relay.cli import main
from relay.outbox.sqlite.copies import NEWEST

ADDRESSES = "BEACONPOST_SITE_URL=https://pond.example\nBEACONPOST_RELAY_URL=https://r.example\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of this release, built, and the working directory."""
    assert main(["init", str(tmp_path / "pond")]) == 0
    monkeypatch.chdir(tmp_path / "pond")
    with Path(".env").open("a") as settings:
        settings.write(ADDRESSES)
    assert main(["build"]) == 0
    return tmp_path / "pond"


def say(capsys: pytest.CaptureFixture[str], *about: str) -> list[str]:
    """What `check` says about these files."""
    capsys.readouterr()
    assert main(["check"]) == 0
    lines = capsys.readouterr().err.splitlines()
    return [line for line in lines if line.startswith(tuple(f"warning: {name}" for name in about))]


def test_a_folder_of_this_release_raises_no_alarm(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "var").mkdir(exist_ok=True)
    with sqlite3.connect("var/beaconpost.db") as db:
        db.execute(f"PRAGMA user_version = {NEWEST}")
    assert say(capsys, "output/", "var/", "requirements.txt", "pelicanconf.py") == []


def test_a_site_of_another_release_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = folder / "output/campaigns.json"
    manifest.write_text(manifest.read_text().replace('"version": 1', '"version": 7'))
    (folder / "requirements.txt").write_text("./wheels/beaconpost-0.0.9-py3-none-any.whl\n")
    (folder / "pelicanconf.py").write_text('SITENAME = "Old"\n')
    said = say(capsys, "output/", "requirements.txt", "pelicanconf.py")
    assert "this folder is for Beaconpost 0.0.9" in said[0]
    assert "begin it with `from theme.settings import *`" in said[1]
    assert "the manifest has format version 7, this relay reads version 1" in said[2]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (NEWEST - 1, "stop the relay, and run `beaconpost upgrade`"),
        (NEWEST + 1, "go back with that one's `beaconpost upgrade --undo`"),
    ],
)
def test_a_database_of_another_release_is_named_and_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], found: int, said: str
) -> None:
    (folder / "var").mkdir(exist_ok=True)
    with sqlite3.connect("var/beaconpost.db") as db:
        db.execute(f"PRAGMA user_version = {found}")
    (line,) = say(capsys, "var/")
    assert said in line
    with sqlite3.connect("var/beaconpost.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (found,)


def test_a_site_for_another_address_or_key_than_the_relays_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = (folder / ".env").read_text().partition("MANIFEST_KEY=")[2].partition("\n")[0]
    (folder / ".env").write_text(f"{ADDRESSES.replace('pond', 'www.pond')}BEACONPOST_MANIFEST_KEY={key}\n")
    (line,) = say(capsys, "output/")
    assert "built for https://pond.example, and BEACONPOST_SITE_URL is https://www.pond.example" in line
    (folder / ".env").write_text(f"{ADDRESSES}BEACONPOST_MANIFEST_KEY={'n' * 32}\n")
    (line,) = say(capsys, "output/")
    assert "sealed with another BEACONPOST_MANIFEST_KEY than this one" in line
