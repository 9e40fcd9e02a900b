"""`beaconpost settings`: what is set, from where, and nothing secret."""

import json
from pathlib import Path

import pytest

from relay.cli import main
from relay.settings import VARIABLES

KEY = "correct-horse-battery-staple-and-more"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with settings in `.env`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(
        "BEACONPOST_SMTP_URL=smtp://amaryllis:p@ss@mail.example\nBEACONPOST_FROM=letters@campaign.example\n"
        f"BEACONPOST_RELAY_URL=https://relay.example\nBEACONPOST_SECRET_KEYS={KEY}\n"
    )
    return tmp_path


def shown(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["settings", *options]) == 0
    return capsys.readouterr().out


def test_every_setting_is_shown_with_its_source_and_meaning(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEACONPOST_FROM", "desk@campaign.example")
    rows = {row["name"]: row for row in json.loads(shown(capsys, "--json"))["settings"]}
    assert list(rows) == [f"BEACONPOST_{variable.name}" for variable in VARIABLES]
    sources = {name: rows[f"BEACONPOST_{name}"]["source"] for name in ("FROM", "RELAY_URL", "DATABASE")}
    assert sources == {"FROM": "environment", "RELAY_URL": ".env", "DATABASE": "default"}
    assert rows["BEACONPOST_FROM"]["value"] == "desk@campaign.example"
    assert all(row["meaning"] for row in rows.values())


def test_no_secret_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "--set")
    assert "BEACONPOST_SMTP_URL = smtp://…@mail.example    [.env]" in text
    assert "BEACONPOST_SECRET_KEYS = (set, not shown)" in text
    assert not any(secret in text for secret in ("p@ss", "amaryllis", "horse"))
    assert "BEACONPOST_DATABASE" not in text


@pytest.mark.parametrize(
    ("name", "value", "secrets"),
    [
        ("SMTP_URL", "smtp://amaryllis:bell/flower@mail.example:587", ("amaryllis", "bell", "flower")),
        ("SMTP_URL", "smtp://amaryllis:bell#flower@mail.example", ("amaryllis", "bell", "flower")),
        ("SMTP_URL", "smtp://amaryllis:12/flower@mail.example", ("amaryllis", "12", "flower")),
        ("SMTP_URL", "smtp://amaryllis:12#flower@mail.example", ("amaryllis", "12", "flower")),
        ("SMTP_URL", "amaryllis:bellflower@mail.example", ("amaryllis", "flower")),
        ("BOUNCE_IMAP", "imaps://amaryllis:bell?flower@mail.example", ("amaryllis", "bell", "flower")),
        ("DATABASE", "postgresql://amaryllis:12/flower@db.example/letters", ("amaryllis", "12", "flower")),
        ("DATABASE", "postgresql://db.example/letters?password=flower", ("flower",)),
        ("CAMPAIGNS", "https://amaryllis:bell/flower@site.example/c.json", ("amaryllis", "bell", "flower")),
    ],
)
def test_no_part_of_a_password_is_shown_whatever_its_signs(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, value: str, secrets: tuple[str, ...]
) -> None:
    (folder / ".env").write_text(f"BEACONPOST_{name}='{value}'\n")
    for options in ((), ("--json",)):
        main(["settings", "--set", *options])
        said = capsys.readouterr()
        assert f"BEACONPOST_{name}" in said.out
        assert not [secret for secret in secrets if secret in said.out + said.err]


def test_wrong_settings_are_told_all_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".env").write_text("BEACONPOST_RATE=fast\nBEACONPOST_SMPT_URL=x\n")
    assert main(["settings"]) == 1
    errors = capsys.readouterr().err
    assert "BEACONPOST_RATE:" in errors
    assert "did you mean BEACONPOST_SMTP_URL?" in errors


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--version"])
    assert exit_.value.code == 0
    assert capsys.readouterr().out.startswith("beaconpost 0.")
