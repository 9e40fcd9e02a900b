"""`beaconpost committees`: who chairs what, and what to write in a campaign."""

import json

import pytest

from boundaries.data import shipped
from boundaries.state import open_state
from relay.cli import main
from theme.recipients import CommitteeChairs, parse_recipient


def test_a_committee_is_found_by_a_word_with_its_chairs_and_what_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["committees", "judic"]) == 0
    senator, representative = open_state(shipped("ma")).chairs("Judiciary")
    rows = [line.split("  ") for line in capsys.readouterr().out.partition("\n\n")[0].splitlines()]
    assert [[cell.strip() for cell in row if cell.strip()] for row in rows] == [
        ["Judiciary", "committee:Judiciary"],
        [f"Senator {senator.name}", "committee:Judiciary/senate"],
        [f"Representative {representative.name}", "committee:Judiciary/house"],
    ]


def test_everything_it_says_can_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["committees", "--json", "--state", "ma"]) == 0
    state = open_state(shipped("ma"))
    bodies = json.loads(capsys.readouterr().out)
    assert len(bodies) == len(state.committees) + len(state.roles)
    for body in bodies:
        for holder in body["holders"]:
            recipient = parse_recipient(holder["recipient"])
            assert str(recipient) == holder["recipient"]
            if isinstance(recipient, CommitteeChairs):
                (chair,) = state.chairs(recipient.committee, recipient.chamber)
                assert (chair.name, bool(chair.email)) == (holder["name"], holder["email"])


def test_a_chair_is_found_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    surname = open_state(shipped("ma")).chairs("Judiciary", "senate")[0].surname
    assert main(["committees", surname.upper()]) == 0
    assert "committee:Judiciary" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["judicary"], "no committee 'judicary': is it Judiciary?\n"),
        (["--state", "zz"], "there is no state 'zz': use one of ma\n"),
    ],
)
def test_what_is_not_found_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["committees", *arguments]) == 1
    assert capsys.readouterr().err == said
