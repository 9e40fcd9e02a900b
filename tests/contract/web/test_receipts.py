"""Receipts, repeats and confirmations: who may see, stop and erase what."""

import re

import pytest

from boundaries.data import shipped
from boundaries.state import open_state
from relay.letters import Letter
from relay.web.choices import draw_district
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.people import ANA, CHELSEA
from tests.samples.settings import JSON

pytestmark = pytest.mark.anyio

UNKNOWN = "/receipts/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


async def send(relay: Relay, fields: dict[str, str]) -> str:
    """Post a form; the receipt's path."""
    response = await relay.post(fields)
    assert response.status_code == 303
    return str(response.headers["location"])


async def act(relay: Relay, path: str, action: str) -> int:
    return (await relay.client.post(path, data={"action": action})).status_code


def link(mail: Letter) -> str:
    match = re.search(r"https://relay\.example(/letters/confirm/\S+)", mail.body)
    assert match
    return match[1]


# --- receipts ---


async def test_the_first_view_thanks_and_shows_the_letter(relay: Relay) -> None:
    page = await relay.client.get(await send(relay, ANA | {"message": "My own words"}))
    assert page.status_code == 200
    assert "Thank you" in page.text
    assert "My own words" in page.text
    assert "captured, nothing was sent" in page.text


async def test_the_receipt_reads_as_the_letter_but_for_the_address(relay: Relay) -> None:
    words = "Dear [Legislator],\n\nI live in [District].\n\n[First Name] [Last Name]\n[Your Address], [Town]\n[Email]"
    page = (await relay.client.get(await send(relay, ANA | {"message": words}))).text
    shown = re.search(r'<p class="explained"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert shown
    greeting, place, *signature = [line for line in shown[1].splitlines() if line]
    assert re.fullmatch(r"Dear Senator \S.+ and Representative \S.+,", greeting)
    assert re.fullmatch(r"I live in Third Suffolk and \d+th Suffolk\.", place)
    assert signature == ["Ana Silva", "[Your Address], Boston", "ana@mail.example"]


async def test_a_receipt_has_a_map_of_each_district(relay: Relay) -> None:
    page = (await relay.client.get(await send(relay, ANA))).text
    assert re.findall(r'<title id="map-(\w+)">', page) == ["senate", "house"]


def test_an_abolished_district_has_no_map() -> None:
    assert draw_district(open_state(shipped("ma")), "house", "99th Nowhere") is None


async def test_the_receipt_is_in_the_visitors_language(relay: Relay) -> None:
    page = await relay.client.get(await send(relay, ANA | {"lang": "es"}))
    assert '<html lang="es"' in page.text


async def test_an_invalid_token_shows_nothing(relay: Relay) -> None:
    assert (await relay.client.get(UNKNOWN)).status_code == 404
    assert await act(relay, UNKNOWN, "erase") == 404


async def test_erasing_cancels_unsent_letters_and_erases_the_text(relay: Relay) -> None:
    path = await send(relay, ANA | {"message": "My own words"})
    assert await act(relay, path, "erase") == 303
    page = await relay.client.get(path)
    assert "erased" in page.text
    assert "My own words" not in page.text
    assert await relay.letters() == []


async def test_a_public_name_can_be_withdrawn(relay: Relay) -> None:
    path = await send(relay, ANA | {"public_name": "1"})
    assert 'value="withdraw"' in (await relay.client.get(path)).text
    assert await act(relay, path, "withdraw") == 303
    assert 'value="withdraw"' not in (await relay.client.get(path)).text


async def test_an_unknown_action_changes_nothing(relay: Relay) -> None:
    path = await send(relay, ANA)
    assert await act(relay, path, "explode") == 400
    assert len(await relay.letters()) == 2


# --- repeats ---


def without_tokens(page: str) -> str:
    return re.sub(r"/receipts/[\w-]+", "/receipts/…", page)


@pytest.mark.parametrize(
    "second",
    [
        ANA | {"message": "My own words"},  # the very same post: a retry
        ANA
        | {"message": "My own words", "public_name": "1"},  # the identical letter, with a name to withdraw: a repeat
        ANA | {"message": "Other words"},  # new words from a known mailbox: held
        ANA | {"message": "My own words", "first_name": "Bo"},  # another name: held
        ANA | {"message": "My own words", "website": "x"},  # a robot: held
    ],
)
async def test_every_accepted_post_is_answered_alike(relay: Relay, second: dict[str, str]) -> None:
    """Nobody learns from an answer who wrote before: an unknown mailbox gets the same one."""
    await relay.post(ANA | {"message": "My own words"})
    known = await relay.post(second, **JSON)
    unknown = await relay.post(second | {"email": "bo@mail.example", "website": ""}, **JSON)
    assert known.status_code == unknown.status_code == 202
    assert known.json().keys() == unknown.json().keys() == {"receipt", "recipients"}
    assert known.json()["recipients"] == unknown.json()["recipients"]
    pages = [(await relay.client.get(answer.json()["receipt"])).text for answer in (known, unknown)]
    assert without_tokens(pages[0]).replace("ana@mail.example", "bo@mail.example") == without_tokens(pages[1])


async def test_a_repeat_sends_nothing_twice(relay: Relay) -> None:
    await relay.post(ANA)
    await relay.post(ANA | {"first_name": " ANA "})
    assert len(await relay.letters()) == 2


async def test_new_words_from_a_known_mailbox_wait_for_its_yes(relay: Relay) -> None:
    await send(relay, ANA)
    await relay.letters()
    await send(relay, ANA | {"message": "Other words"})
    (mail,) = await relay.letters()
    page = (await relay.client.get(link(mail))).text
    assert 'value="confirm"' in page
    assert 'value="deny"' in page
    assert "Other words" in page
    assert await act(relay, link(mail), "confirm") == 200
    assert [letter.chamber for letter in await relay.letters()] == ["senate", "house"]


async def test_the_mailed_page_shows_what_goes_to_whom_in_whose_name_and_no_address(relay: Relay) -> None:
    fields = ANA | {"phone": "617 555 0100", "disclose": "full", "message": "Mine.\n[First Name]\n[Your Address]"}
    await send(relay, fields)
    *_, mail = await relay.mails()
    page = (await relay.client.get(link(mail))).text
    for shown in ("Ana Silva", "Mine.", "[Your Address]", "Third Suffolk"):
        assert shown in page
    for hidden in ("24 Beacon", "617 555 0100"):
        assert hidden not in page


async def test_a_repeats_receipt_cannot_erase_the_first(relay: Relay) -> None:
    await send(relay, ANA)
    await act(relay, await send(relay, ANA | {"join_list": "1"}), "erase")  # another choice: no retry
    assert len(await relay.letters()) == 2


# --- confirmation ---


async def test_a_second_name_from_one_mailbox_is_held_for_confirmation(relay: Relay) -> None:
    await send(relay, ANA)
    await relay.letters()
    path = await send(relay, ANA | {"first_name": "Bo-Lin Ó"})
    mails = await relay.letters()
    assert [(mail.kind, mail.to_email) for mail in mails] == [("confirmation", "ana@mail.example")]
    assert "Bo-Lin Ó" not in mails[0].body
    assert "ana@mail.example" in (await relay.client.get(path)).text


async def test_a_get_sends_nothing_because_scanners_follow_links(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="always"))
    await send(relay, ANA)
    (mail,) = await relay.letters()
    page = await relay.client.get(link(mail))
    assert page.status_code == 200
    assert 'value="confirm"' in page.text
    assert await relay.letters() == []


async def test_confirming_sends_the_letters(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="always"))
    await send(relay, ANA)
    (mail,) = await relay.letters()
    assert await act(relay, link(mail), "confirm") == 200
    assert [letter.chamber for letter in await relay.letters()] == ["senate", "house"]


async def test_denying_cancels_the_letters_permanently(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="always"))
    await send(relay, ANA)
    (mail,) = await relay.letters()
    assert await act(relay, link(mail), "deny") == 200
    assert "cancelled" in (await relay.client.post(link(mail), data={"action": "confirm"})).text
    assert await relay.letters() == []


@pytest.mark.parametrize("path", ["/letters/confirm/AAAAAAAAAAAAAAAAAAAAAAAA", "/letters/confirm/x"])
async def test_an_invalid_confirmation_link_is_not_found(relay: Relay, path: str) -> None:
    assert (await relay.client.get(path)).status_code == 404
    assert await act(relay, path, "confirm") == 404
    assert await act(relay, path, "explode") == 400


async def test_a_form_filled_in_by_a_robot_is_held_for_confirmation(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="never"))
    response = await relay.post(CHELSEA | {"website": "https://spam.example"}, **JSON)
    assert response.status_code == 202
    assert [mail.kind for mail in await relay.letters()] == ["confirmation"]


async def test_a_confirmation_repeats_nothing_that_was_typed(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="always"))
    await send(relay, CHELSEA | {"first_name": "Buy-at-spam", "message": "spam spam"})
    (mail,) = await relay.letters()
    assert "spam" not in mail.body + mail.subject + mail.to_name + mail.from_name


# --- the receipt by mail ---


async def test_the_receipt_mail_has_the_link_and_nothing_that_was_typed(relay: Relay) -> None:
    await send(relay, CHELSEA | {"first_name": "Buy-at-spam", "message": "spam spam", "lang": "es"})
    *_, mail = await relay.mails()
    assert (mail.kind, mail.to_email) == ("receipt", CHELSEA["email"])
    assert "/receipts/" not in mail.body  # the browser's page shows more than a mistyped mailbox may see
    assert link(mail)
    assert "Su carta está aceptada" in mail.subject
    assert "spam" not in mail.body + mail.subject + mail.to_name + mail.from_name


async def test_somebody_who_did_not_write_it_can_deny_it_with_one_button(relay: Relay) -> None:
    path = await send(relay, ANA | {"message": "My own words"})
    *_, mail = await relay.mails()
    page = (await relay.client.get(link(mail))).text
    assert 'value="deny"' in page
    assert 'value="confirm"' not in page
    assert await act(relay, link(mail), "deny") == 200
    assert 'value="deny"' not in (await relay.client.get(link(mail))).text
    receipt = (await relay.client.get(path)).text
    assert "says this letter is not theirs" in receipt
    assert "My own words" not in receipt


async def test_a_draft_sends_no_receipt_mail(start: OpenRelay) -> None:
    relay = await start(campaign(status="draft", organiser="organizer@campaign.example"))
    await send(relay, ANA)
    assert {mail.kind for mail in await relay.mails()} == {"test"}


async def test_an_erased_letters_link_no_longer_works(relay: Relay) -> None:
    path = await send(relay, ANA)
    *_, mail = await relay.mails()
    await act(relay, path, "erase")
    assert "no longer good" in (await relay.client.get(link(mail))).text
