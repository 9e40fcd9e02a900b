"""A campaign with a letter of thanks: whoever supports it is thanked, whoever does not is asked, and both are edited,
shown, checked and sent in the same way."""

from datetime import date

import pytest
from msgspec import structs

from boundaries.data import shipped
from boundaries.state import open_state
from relay.letters import Letter
from tests.contract.web.client import mailed_link
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import CHELSEA as PAIR
from tests.samples.campaigns import campaign
from tests.samples.people import ANA, CHELSEA
from tests.samples.settings import JSON
from theme.manifest import Campaign, dump_manifest, parse_manifest
from theme.stances import Stance, Stand

pytestmark = pytest.mark.anyio

THANKS = """Dear [Legislator],

Thank you for standing with us. I live in [Town], in your district.

[First Name] [Last Name]"""
MA = open_state(shipped("ma"))
SENATOR, REPRESENTATIVE = MA.legislators("senate", PAIR.senate)[0], MA.legislators("house", PAIR.house)[0]


def stance(stand: Stand, *, house: bool = False, name: str = "") -> Stance:
    member = REPRESENTATIVE if house else SENATOR
    return Stance(
        chamber=member.chamber, district=member.district, title=MA.titles[member.chamber], name=name or member.name,
        stand=stand, source="https://legislature.example/votes", on=date(2026, 1, 9),
    )  # fmt: skip


def divided(*stances: Stance, **changed: object) -> Campaign:
    """A campaign with a letter of thanks. By default Chelsea's senator supports it, and its representative does not."""
    given = campaign(stances=stances or (stance("supports"), stance("opposes", house=True)), **changed)
    text = structs.replace(given.texts["en"], thanks_subject="Thank you for the libraries", thanks=THANKS)
    return structs.replace(given, texts=given.texts | {"en": text})


async def sent(relay: Relay) -> dict[str, Letter]:
    """By chamber, or by kind."""
    return {letter.chamber or letter.kind: letter for letter in await relay.letters()}


async def test_a_supporter_is_thanked_and_everybody_else_is_asked(start: OpenRelay) -> None:
    relay = await start(divided())
    await relay.post(CHELSEA)
    letters = await sent(relay)
    assert letters["senate"].subject == "Thank you for the libraries (H.1, S.2)"
    assert f"Dear Senator {SENATOR.surname},\n\nThank you for standing with us." in letters["senate"].body
    assert "I ask you" not in letters["senate"].body
    assert letters["house"].subject == "Please open the libraries (H.1, S.2)"
    assert "I ask you to open the libraries" in letters["house"].body
    assert "Thank you" not in letters["house"].body
    assert (letters["senate"].greeting, bool(letters["house"].greeting)) == ("", True)  # thanks pass to no successor


@pytest.mark.parametrize(
    ("stand", "subject"), [("cosponsor", "Thank you"), ("opposes", "Please"), ("unknown", "Please")]
)
async def test_a_cosponsor_is_thanked_and_nobody_is_thanked_by_mistake(
    stand: Stand, subject: str, start: OpenRelay
) -> None:
    relay = await start(divided(stance(stand), stance("supports", house=True)))
    await relay.post(CHELSEA)
    letters = await sent(relay)
    assert letters["senate"].subject.startswith(subject)
    assert letters["house"].subject.startswith("Thank you")


async def test_whoever_holds_the_seat_now_is_not_thanked_for_a_predecessor(start: OpenRelay) -> None:
    relay = await start(divided(stance("supports", name="Somebody Before")))
    await relay.post(CHELSEA)
    assert (await sent(relay))["senate"].subject.startswith("Please")


async def test_without_a_letter_of_thanks_all_are_asked(start: OpenRelay) -> None:
    relay = await start(campaign(stances=(stance("supports"),)))
    page = await relay.client.post("/campaigns/open-libraries/preview", data=CHELSEA)
    assert "thanks_message" not in page.text
    assert 'id="stances"' in page.text
    await relay.post(CHELSEA)
    assert {letter.subject for letter in (await sent(relay)).values()} == {"Please open the libraries (H.1, S.2)"}


async def test_both_letters_are_as_their_writer_left_them_with_the_own_reason_first(start: OpenRelay) -> None:
    relay = await start(divided())
    edited = THANKS.replace("Thank you for", "My son and I thank you for")
    own = {"reason": "I learned to read there.", "thanks_message": edited, "thanks_subject": "You stood by us"}
    await relay.post(CHELSEA | own)
    letters = await sent(relay)
    start_of = f"Dear Senator {SENATOR.surname},\n\nI learned to read there.\n\nMy son and I thank you"
    assert start_of in letters["senate"].body
    assert letters["senate"].subject.startswith("You stood by us")
    assert ",\n\nI learned to read there.\n\nI live in Chelsea and I ask you" in letters["house"].body


async def test_a_chair_who_supports_it_is_thanked_without_being_called_the_writers_own(start: OpenRelay) -> None:
    chairs = MA.chairs("Judiciary")
    chair = next(one for one in chairs if one.district not in (PAIR.senate, PAIR.house))
    about = {"chamber": chair.chamber, "district": chair.district, "name": chair.name}
    supports = Stance(**about, title=MA.titles[chair.chamber], stand="supports")  # type: ignore[arg-type]
    relay = await start(divided(supports, recipients=(f"committee:Judiciary/{chair.chamber}",)))
    await relay.post(CHELSEA)
    (letter,) = await relay.letters()
    assert letter.subject.startswith("Thank you")
    assert "I live in Chelsea. " not in letter.subject
    assert "in your district" not in letter.body


async def test_the_preview_shows_each_office_its_own_letter(start: OpenRelay) -> None:
    relay = await start(divided())
    shown = (await relay.client.post("/campaigns/open-libraries/preview", data=CHELSEA, headers=JSON)).json()["letters"]
    assert [letter["letter"] for letter in shown] == ["thanks", "ask"]
    accepted = (await relay.post(CHELSEA, **JSON)).json()
    assert [recipient["letter"] for recipient in accepted["recipients"]] == ["thanks", "ask"]
    assert [letter["body"] for letter in shown] == [letter.body for letter in await relay.letters()]


async def test_the_form_without_a_script_has_both_letters_and_keeps_both(start: OpenRelay) -> None:
    relay = await start(divided())
    page = await relay.client.post(
        "/campaigns/open-libraries/preview", data=CHELSEA | {"thanks_message": "Dear [Legislator],\n\nMine, thanks."}
    )
    assert "Mine, thanks.</textarea>" in page.text
    assert "I ask you to open the libraries." in page.text
    assert page.text.count('<article class="arriving">') == 2 + 1


async def test_the_page_is_told_which_letters_an_address_needs(start: OpenRelay) -> None:
    relay = await start(divided())
    found = (await relay.client.post("/campaigns/open-libraries/legislators", data=CHELSEA)).json()
    assert found["letters"] == ["ask", "thanks"]
    assert found["said"] == (
        f"Your letter goes to Representative {REPRESENTATIVE.name}. "
        f"Your thank-you letter goes to Senator {SENATOR.name}."
    )
    assert "(thank-you letter)" in found["names"]["senate"]
    assert "(thank-you letter)" not in found["names"]["house"]


async def test_a_fault_in_a_letter_that_nobody_gets_stops_nothing(start: OpenRelay) -> None:
    relay = await start(divided(stance("supports"), stance("cosponsor", house=True)))
    accepted = await relay.post(CHELSEA | {"message": "", "subject": "x" * 999}, **JSON)
    assert accepted.status_code == 202
    refused = await relay.post(CHELSEA | {"thanks_message": ""}, **JSON)
    assert [error["field"] for error in refused.json()["errors"]] == ["thanks_message"]


async def test_words_left_in_brackets_are_asked_about_in_the_letter_that_is_sent(start: OpenRelay) -> None:
    relay = await start(divided(stance("supports"), stance("supports", house=True)))
    asked = await relay.post(CHELSEA | {"thanks_message": "Dear [Legislator],\n\nThanks for [what]."}, **JSON)
    assert asked.json()["brackets"] is True
    assert [error["field"] for error in asked.json()["errors"]] == ["thanks_message"]
    assert (await relay.post(CHELSEA | {"message": "Dear you,\n\n[what]."}, **JSON)).status_code == 202


async def test_the_very_same_letters_go_once_and_other_thanks_are_no_repeat(start: OpenRelay) -> None:
    relay = await start(divided(confirm="never"))
    await relay.post(CHELSEA)
    assert len(await relay.letters()) == 2
    await relay.post(CHELSEA)
    assert await relay.letters() == []
    await relay.post(ANA | CHELSEA | {"thanks_message": "Dear [Legislator],\n\nOther words of thanks."})
    again = await sent(relay)
    assert "Other words of thanks." in again["senate"].body


async def test_an_ask_that_became_a_thanks_is_no_repeat(start: OpenRelay) -> None:
    """The same words from the same person; but somebody has come around."""
    relay = await start(divided(stance("unknown"), stance("supports", house=True), confirm="never"))
    await relay.post(CHELSEA)
    assert len(await relay.letters()) == 2
    relay.publish(divided(stance("supports"), stance("supports", house=True), confirm="never"))
    await relay.client.get("/campaigns/unknown/participants")  # reads the manifest anew
    await relay.post(CHELSEA)
    assert {letter.subject for letter in (await sent(relay)).values()} == {"Thank you for the libraries (H.1, S.2)"}


async def test_receipt_and_mailed_link_show_what_each_office_reads(start: OpenRelay) -> None:
    relay = await start(divided())
    posted = await relay.post(CHELSEA)
    for path in (posted.headers["location"], mailed_link(posted.headers["location"])):
        page = (await relay.client.get(path)).text
        assert f"Dear Senator {SENATOR.name},\n\nThank you for standing with us." in page
        assert f"Dear Representative {REPRESENTATIVE.name},\n\nI live in Chelsea and I ask you" in page
        assert f"<h3>To <bdi>Senator {SENATOR.name}</bdi></h3>" in page


async def test_if_all_are_thanked_the_receipt_shows_thanks_alone(start: OpenRelay) -> None:
    relay = await start(divided(stance("supports"), stance("supports", house=True)))
    posted = await relay.post(CHELSEA)
    page = (await relay.client.get(posted.headers["location"])).text
    assert "Thank you for standing with us." in page
    assert "I ask you" not in page


async def test_erasing_takes_both_letters(start: OpenRelay) -> None:
    relay = await start(divided())
    path = (await relay.post(CHELSEA)).headers["location"]
    await relay.client.post(path, data={"action": "erase"})
    page = (await relay.client.get(path)).text
    assert "standing with us" not in page
    assert "I ask you" not in page


def test_a_relay_of_an_earlier_release_reads_the_manifest() -> None:
    """What it does not know it leaves out: the format's version stays."""
    from tests.samples.campaigns import manifest

    raw = dump_manifest(manifest(divided())).replace(b'"stances"', b'"unheard_of"')
    (read,) = parse_manifest(raw).campaigns
    assert read.stances == ()
    assert not read.has_thanks
