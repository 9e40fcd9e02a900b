"""One hand with many names is told from many people."""

from dataclasses import replace
from itertools import pairwise

import pytest

from relay.letters.circumstances import Circumstances, Event, client_of, pick_phrases
from relay.letters.mailboxes import fold_mailbox
from relay.outbox.evidence import ENOUGH, MAX_FROM_ADDRESS, Marks, Seen, is_refused, make_marks, weigh
from tests.samples.letters import submission

KEY = b"d" * 32
TEMPLATE = "Dear Senator, please vote for the bill because our neighbors should not live in fear of a stop on the road."
STORY = "My mother cleaned the school for twenty years and she was afraid of every police car on the way home at night."


def marks(number: int, circumstances: Circumstances) -> Marks:
    return make_marks(KEY, submission(number), circumstances)


def after(count: int, circumstances: Circumstances, **changed: object) -> dict[str, int]:
    """The points of a person who comes after `count` others, all in these circumstances."""
    seen = Seen()
    for number in range(1, count + 1):
        seen.add(marks(number, circumstances))
        for mark in seen.just_now:
            seen.just_now[mark] = 0  # they came slowly
    last = replace(circumstances, **changed)  # type: ignore[arg-type]
    return weigh(marks(count + 1, last), seen, last, variant=False)


HALL = Circumstances(address="203.0.113.7/32", network="203.0.113.0/24")


@pytest.mark.parametrize(("others", "points"), [(4, {}), (5, {"place": 1}), (19, {"place": 1}), (20, {"place": 2})])
def test_a_family_at_home_is_nobody_and_twenty_others_are_one_hand(others: int, points: dict[str, int]) -> None:
    assert after(others, HALL) == points


def test_a_carriers_network_alone_is_never_enough() -> None:
    assert after(500, replace(HALL, address=""))["place"] < ENOUGH


def test_ten_others_within_a_minute_are_faster_than_people_type() -> None:
    seen = Seen()
    for number in range(1, 11):
        seen.add(marks(number, HALL))
    assert weigh(marks(11, HALL), seen, HALL, variant=False) == {"place": 2}


def test_the_same_person_again_is_no_other_person() -> None:
    seen = Seen()
    for _ in range(30):
        seen.add(marks(1, HALL))
    assert seen.people[marks(1, HALL).address or b""] == 1


def test_the_campaigns_own_text_is_no_evidence() -> None:
    assert pick_phrases(TEMPLATE, TEMPLATE) == ()
    assert pick_phrases(TEMPLATE.replace("Dear", "Dearest"), TEMPLATE) == ()


def test_the_same_own_words_under_new_names_are_evidence_even_when_padded() -> None:
    padded = [f"{TEMPLATE}\n\n{STORY} {' '.join(f'word{number}{place}' for place in range(3))}" for number in range(4)]
    seen = Seen()
    for number, message in enumerate(padded[:3], 1):
        seen.add(marks(number, Circumstances(phrases=pick_phrases(message, TEMPLATE))))
    last = Circumstances(phrases=pick_phrases(padded[3], TEMPLATE))
    assert weigh(marks(4, last), seen, last, variant=False) == {"words": 1}


def test_a_text_that_a_parish_shares_is_asked_about_only_from_one_place() -> None:
    shared = Circumstances(phrases=pick_phrases(STORY, TEMPLATE))
    assert sum(after(50, shared).values()) < ENOUGH
    hall = replace(HALL, phrases=shared.phrases)
    assert sum(after(5, hall).values()) >= ENOUGH


def test_numbers_along_a_street_are_evidence_and_one_house_is_not() -> None:
    def walk(numbers: list[str]) -> dict[str, int]:
        seen = Seen()
        for person, number in enumerate(numbers, 1):
            seen.add(marks(person, Circumstances(street="Elm Street, Chelsea", house_number=number)))
        last = Circumstances(street="Elm Street, Chelsea", house_number="99")
        return weigh(marks(100, last), seen, last, variant=False)

    assert walk(["1", "3", "5", "7"]) == {"street": 1}
    assert walk(["12"] * 40) == {}


@pytest.mark.parametrize(
    ("circumstances", "variant"), [(Circumstances(takes_mail=False), False), (Circumstances(), True)]
)
def test_a_mailbox_that_cannot_be_or_is_spelled_anew_is_enough(circumstances: Circumstances, variant: bool) -> None:
    assert sum(weigh(marks(1, circumstances), Seen(), circumstances, variant=variant).values()) == ENOUGH


def test_an_events_code_excuses_coming_from_one_place_and_nothing_else() -> None:
    event = replace(HALL, event=Event("hall", 30), phrases=pick_phrases(STORY, TEMPLATE))
    seen = Seen()
    for number in range(1, 51):
        seen.add(marks(number, event))
    assert weigh(marks(51, event), seen, event, variant=False, invited=True) == {"words": 1}
    assert weigh(marks(51, event), seen, event, variant=False) == {"words": 1, "place": 2}
    no_mail = replace(event, takes_mail=False)
    assert sum(weigh(marks(51, no_mail), seen, no_mail, variant=False, invited=True).values()) >= ENOUGH


def test_whoever_comes_too_late_for_an_events_code_is_not_refused_for_those_who_used_it() -> None:
    event, seen = replace(HALL, event=Event("hall", 30)), Seen()
    for number in range(1, MAX_FROM_ADDRESS + 31):
        assert not is_refused(marks(number, event), seen, event)
        seen.add(marks(number, event))
    assert is_refused(marks(999, event), seen, event)
    assert is_refused(marks(999, HALL), seen, HALL)


def test_an_address_is_refused_only_beyond_what_a_hall_posts_in_an_hour() -> None:
    seen = Seen()
    for number in range(1, MAX_FROM_ADDRESS + 1):
        assert not is_refused(marks(number, HALL), seen, HALL)
        seen.add(marks(number, HALL))
    assert is_refused(marks(999, HALL), seen, HALL)
    assert not is_refused(marks(999, replace(HALL, address="")), seen, replace(HALL, address=""))


def test_no_mark_is_the_same_on_another_day() -> None:
    days = [make_marks(key, submission(1), HALL) for key in (b"a" * 32, b"b" * 32)]
    assert all(first.rows(0)[0] != second.rows(0)[0] for first, second in pairwise(days))


@pytest.mark.parametrize(
    ("address", "own", "around"),
    [
        ("203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("a socket", "", ""),
    ],
)
def test_one_customer_is_an_address_or_a_64(address: str, own: str, around: str) -> None:
    assert client_of(address) == (own, around)


@pytest.mark.parametrize(
    ("spelled", "folded"),
    [
        ("Ana.Silva+news@GMail.com", "anasilva@gmail.com"),
        ("ana.silva@googlemail.com", "anasilva@gmail.com"),
        ("ana.silva+news@mail.example", "ana.silva@mail.example"),
    ],
)
def test_spellings_of_one_mailbox_are_folded_for_limits(spelled: str, folded: str) -> None:
    assert fold_mailbox(spelled) == folded
