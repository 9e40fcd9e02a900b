"""`beaconpost event` prints a QR code that a phone can read, or says why nobody could write by it."""

from datetime import date
from pathlib import Path

import pytest
import segno

from relay.cli import main
from tests.samples.campaigns import campaign, publish
from tests.samples.settings import RELAY_URL, SECRET_KEY

HALVES = {" ": (1, 1), "▄": (1, 0), "▀": (0, 1), "█": (0, 0)}  # the upper and the lower module; 1 is dark


@pytest.fixture(autouse=True)
def _relay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    publish(tmp_path, campaign(), campaign(slug="over", closes=date(2026, 1, 1)))
    environ = {"RELAY_URL": RELAY_URL, "SECRET_KEYS": SECRET_KEY.decode(), "CAMPAIGNS": "campaigns.json"}
    for name, value in environ.items():
        monkeypatch.setenv(f"BEACONPOST_{name}", value)


def test_the_code_in_the_terminal_is_that_of_the_address_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["event", "open-libraries"]) == 0
    *drawn, link, until = capsys.readouterr().out.splitlines()
    assert link.startswith(f"{RELAY_URL}/campaigns/open-libraries/event/")
    assert until.endswith("for 200 people's letters")
    rows = [[HALVES[char][half] for char in line] for line in drawn for half in (0, 1)]
    wanted = [list(row) for row in segno.make(link, error="m", micro=False).matrix_iter(border=4)]
    assert rows[: len(wanted)] == wanted
    assert len(drawn[0]) <= 80


def test_the_code_can_be_printed_on_paper(tmp_path: Path) -> None:
    assert main(["event", "open-libraries", "--svg", "code.svg", "--png", "code.png"]) == 0
    assert "<svg " in (tmp_path / "code.svg").read_text()
    assert (tmp_path / "code.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["unknown"], "no campaign"),
        (["over"], "over"),
        (["open-libraries", "--svg", "missing/code.svg"], "cannot write"),
    ],
)
def test_it_says_why_nobody_could_write_by_it(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["event", *arguments]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--hours", "25"], ["--hours", "0"], ["--letters", "0"], ["--letters", "9999"]])
def test_a_code_is_good_for_a_day_at_most_and_not_for_everybody(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(["event", "open-libraries", *arguments])


def test_two_codes_are_never_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        main(["event", "open-libraries", "--json"])
    first, second = capsys.readouterr().out.split("}\n", 1)
    assert first != second.rstrip("}\n")
