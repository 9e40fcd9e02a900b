"""The mail to organizers, which names no writer."""

from relay.letters.organizer_mail import Failure, write_denials, write_failures, write_pause
from tests.samples.campaigns import campaign
from tests.samples.letters import FRAME, NOON


def test_failures_are_grouped_by_office_and_reply() -> None:
    same = [Failure(f"{number:032x}", "a@house.example", "550 no such user") for number in range(3)]
    mail = write_failures(campaign(), [*same, Failure("f" * 32, "b@house.example", "")], 7, FRAME)
    assert "4 letters could not be delivered" in mail.subject
    assert "a@house.example: 3 letters\n    550 no such user" in mail.body
    assert "beaconpost outbox retry" in mail.body


def test_denied_letters_are_listed_by_district_with_advice() -> None:
    mail = write_denials(campaign(), {"a" * 32: "senate Third Suffolk"}, FRAME)
    assert "1 letter went out that its named writer denies" in mail.subject
    assert "- senate Third Suffolk" in mail.body
    assert "confirm: always" in mail.body


def test_each_event_is_one_mail() -> None:
    assert (
        write_pause(campaign(), "x.example", "no", NOON.isoformat(), FRAME).id
        == write_pause(campaign(), "x.example", "other words", NOON.isoformat(), FRAME).id
    )
    failed = write_failures(campaign(), [Failure("a" * 32, "a@x.example", "")], 7, FRAME)
    assert failed.id != write_denials(campaign(), {"a" * 32: "house 2nd Suffolk"}, FRAME).id
