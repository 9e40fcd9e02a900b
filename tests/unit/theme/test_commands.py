"""`beaconpost new`, `check` and `build`, as an organizer types them."""

import argparse
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from boundaries.data import shipped
from boundaries.state import open_state
from relay.cli.site import add_commands


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    status: int = args.run(args)
    return status


def test_a_new_file_is_a_valid_draft(folder: Path) -> None:
    assert run("new", "fair-rent") == 0
    assert "status: draft" in (folder / "content/campaigns/fair-rent.md").read_text()
    assert run("check") == 0


def test_new_never_overwrites_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "content/campaigns/fair-rent.md"
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    assert run("new", "fair-rent") == 1
    assert path.read_text() == "mine"
    assert capsys.readouterr().err == "content/campaigns/fair-rent.md already exists; it was not changed\n"


def test_a_name_that_cannot_be_a_url_is_a_usage_error() -> None:
    assert run("new", "Fair Rent") == 2
    assert run("new", "../fair") == 2


def test_new_writes_a_starter_in_another_language_beside_the_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for tag in ("es", "pt", "ht", "zh-hans", "vi", "ar"):
        assert run("new", "fair-rent", "--language", tag) == 0
    campaigns = folder / "content/campaigns"
    assert "status: draft" in (campaigns / "fair-rent.md").read_text("utf-8")
    assert "Atentamente," in (campaigns / "fair-rent.es.md").read_text("utf-8")
    assert "status:" not in (campaigns / "fair-rent.es.md").read_text("utf-8")
    capsys.readouterr()
    assert run("check") == 0
    said = capsys.readouterr()
    assert "Not ready to publish: of the starter, " in said.out
    assert all(f"fair-rent.{tag}.md:2:8: title: “" in said.err for tag in ("es", "pt", "ht", "zh-hans", "vi", "ar"))
    assert "has changed" not in said.err  # the starters say the same


def test_new_writes_the_sites_first_language(folder: Path) -> None:
    (folder / "pelicanconf.py").write_text('DEFAULT_LANG = "es"\n')
    assert run("new", "fair-rent") == 0
    assert "Atentamente," in (folder / "content/campaigns/fair-rent.md").read_text("utf-8")
    assert run("check") == 0


def test_new_says_which_languages_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "fair-rent", "--language", "sp") == 2
    assert capsys.readouterr().err == (
        "there is no starter in 'sp': use one of en, es, pt, ht, zh-hans, vi, ar. Did you mean es?\n"
    )


def test_an_untouched_starter_is_not_ready_to_publish(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    capsys.readouterr()
    assert run("check") == 0
    said = capsys.readouterr()
    assert "Ready to publish" not in said.out
    assert (
        "warning: content/campaigns/fair-rent.md:8:12: organiser: “you@example.org” of the starter is still there: "
        "write your own\n"
    ) in said.err
    path = folder / "content/campaigns/fair-rent.md"
    path.write_text(path.read_text().replace("status: draft", "status: published"))
    assert run("check") == 1
    assert without_warnings(capsys)[-1] == (
        "content/campaigns/fair-rent.md:17:1: “I live in [Town], and I ask you to …” of the starter is still there: "
        "write your own"
    )


def test_a_site_without_a_campaign_is_not_ready_to_publish(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "content/campaigns").mkdir(parents=True)
    assert run("check") == 1
    said = without_warnings(capsys)
    assert said == ["content/campaigns:1:1: no campaign: create one with `beaconpost new my-campaign`"]


def test_check_names_a_recipient_whom_the_relay_will_refuse(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("new", "fair-rent")
    path = folder / "content/campaigns/fair-rent.md"
    named = "[senator, {name: The Mayor, email: mayor@bücher.example, greeting: Mayor}]"
    path.write_text(path.read_text().replace("[senator, representative]", named))
    capsys.readouterr()
    assert run("check") == 0
    said = capsys.readouterr().err
    assert "fair-rent.md:6:48: the relay does not write to xn--bcher-kva.example, and this campaign will not be" in said
    assert "its operator adds xn--bcher-kva.example to BEACONPOST_RECIPIENT_DOMAINS" in said
    monkeypatch.setenv("BEACONPOST_RECIPIENT_DOMAINS", "bücher.example")
    assert run("check") == 0
    assert "the relay does not write" not in capsys.readouterr().err


def without_warnings(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines on stderr without warnings: the shipped roster gets stale."""
    return [line for line in capsys.readouterr().err.splitlines() if not line.startswith("warning: ")]


def test_check_prints_problems_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    path = Path("content/campaigns/fair-rent.md")
    path.write_text(path.read_text().replace("[Town]", "[Twon]"))
    capsys.readouterr()
    assert run("check") == 1
    assert without_warnings(capsys) == [
        'content/campaigns/fair-rent.md:17:11: unknown placeholder [Twon]. Did you mean "Town"?'
    ]


def test_check_warns_about_a_stale_roster(capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    assert run("check") == 0
    state = open_state(shipped("ma"))
    message = state.freshness(datetime.now(UTC).date()).message
    assert (f"warning: {state.name}: {message}\n" in capsys.readouterr().err) == bool(message)


def test_check_names_the_rows_of_a_roster_that_cannot_be_used(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("new", "fair-rent")
    own = shutil.copytree(shipped("ma"), folder / "states/ma") / "roster.csv"
    own.write_text(own.read_text("utf-8").replace("judith.garcia@", "mailto:judith.garcia@"), "utf-8")
    monkeypatch.setenv("BEACONPOST_BOUNDARIES", "states")
    capsys.readouterr()
    assert run("check") == 0
    said = capsys.readouterr().err
    assert "warning: states/ma/roster.csv:16: 'mailto:judith.garcia@mahouse.gov' is not an e-mail address: " in said
    assert "write judith.garcia@mahouse.gov as the address of Judith García; until then no letter goes there\n" in said
    assert "warning: Massachusetts: no letter goes to Judith García (house 11th Suffolk): the roster has no" in said


def test_check_shows_what_a_letter_tells_only_the_writers_own_legislators(capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    path = Path("content/campaigns/fair-rent.md")
    text = path.read_text().replace("[Town], and I ask", "[Town], in your district, and I ask")
    path.write_text(text.replace("Sincerely,", "As your constituent I thank you."))
    assert run("check") == 0
    assert "in your district" not in capsys.readouterr().err
    path.write_text(path.read_text().replace("[senator, representative]", "[senator, committee:Judiciary]"))
    assert run("check") == 0
    said = [line for line in capsys.readouterr().err.splitlines() if "reworded" in line]
    assert [
        line.partition(" is left out or reworded for Judiciary, who may not be the writer")[0] for line in said
    ] == [
        'warning: content/campaigns/fair-rent.md:17:19: "in your district"',
        'warning: content/campaigns/fair-rent.md:19:1: "As your constituent"',
    ]


def test_check_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    Path("content/campaigns/fair-rent.es.md").touch()
    Path("content/campaigns/other.md").touch()
    capsys.readouterr()
    assert run("check", "--json") == 1
    fatal, *hints = json.loads(capsys.readouterr().out)
    assert fatal == {
        "file": "content/campaigns/other.md",
        "line": 1,
        "column": 1,
        "text": "empty file: create one with `beaconpost new`",
        "fatal": True,
    }
    assert {(hint["file"], hint["fatal"]) for hint in hints} == {
        ("content/campaigns/fair-rent.es.md", False),
        ("content/campaigns/fair-rent.md", False),  # the starter's own words
    }


def test_check_uses_the_sites_language_and_time_zone(capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    Path("content/campaigns/fair-rent.es.md").touch()
    Path("pelicanconf.py").write_text('DEFAULT_LANG = "es"\nTIMEZONE = "America/New_York"\n')
    capsys.readouterr()
    assert run("check") == 1
    wrong = 'content/campaigns/fair-rent.es.md:1:1: "es" is the first language: name the file fair-rent.md'
    assert without_warnings(capsys) == [wrong]


def test_check_names_the_file_with_broken_settings(capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    Path("pelicanconf.py").write_text("TIMEZONE = 1 / 0\n")
    capsys.readouterr()
    assert run("check") == 1
    assert capsys.readouterr().err == f"{Path('pelicanconf.py').resolve()}: division by zero\n"


def test_check_without_content_says_how_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 1
    assert "beaconpost new" in capsys.readouterr().err


def test_build_without_settings_says_where_to_run_it(capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    assert run("build") == 1
    assert "pelicanconf.py" in capsys.readouterr().err


def test_check_warns_that_github_pages_sets_no_headers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    (folder / "pelicanconf.py").write_text('SITEURL = "https://me.github.io/campaigns"\n')
    capsys.readouterr()
    assert run("check") == 0
    assert "warning: GitHub Pages cannot set headers, so" in capsys.readouterr().err
    (folder / "pelicanconf.py").write_text('SITEURL = "https://campaign.example"\n')
    assert run("check") == 0
    assert "GitHub" not in capsys.readouterr().err


def test_check_refuses_an_embed_origin_with_a_path(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "fair-rent")
    (folder / "pelicanconf.py").write_text('BEACONPOST_EMBED = ["https://a.example/page"]\n')
    capsys.readouterr()
    assert run("check") == 1
    assert "“https://a.example/page” is not an origin" in capsys.readouterr().err
