"""`POST /campaigns/{slug}/preview`: the letters as they would arrive; nothing is stored, nothing is sent."""

import re

import pytest

from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.people import ANA, CHELSEA, GAP
from tests.samples.settings import JSON

pytestmark = pytest.mark.anyio

PREVIEW = "/campaigns/open-libraries/preview"
OWN = CHELSEA | {"reason": "My son learned to read there.", "message": "Dear [Legislator],\n\nMine.\n\n[First Name]"}


async def test_the_preview_is_what_is_sent(relay: Relay) -> None:
    shown = (await relay.client.post(PREVIEW, data=OWN, headers=JSON)).json()["letters"]
    assert await relay.mails() == []
    await relay.post(OWN)
    sent = await relay.letters()
    assert [(letter["to"], letter["reply_to"], letter["subject"]) for letter in shown] == [
        (letter.to_name, letter.reply_to, letter.subject) for letter in sent
    ]
    for letter, arrived in zip(shown, sent, strict=True):
        assert letter["from"].startswith(f"{arrived.from_name} <")
        assert letter["body"] == arrived.body


async def test_the_page_shows_the_letters_above_a_form_that_keeps_everything(relay: Relay) -> None:
    response = await relay.client.post(PREVIEW, data=OWN)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.text.count('<article class="arriving">') == 2 + 1  # and the script's template
    assert "Mine.\n\n[First Name]</textarea>" in response.text
    assert re.search(r'id="preview"[^>]* autofocus', response.text)


async def test_the_preview_finds_the_same_faults_as_send(relay: Relay) -> None:
    for form in (GAP, ANA | {"email": "nobody"}, CHELSEA | {"zip": ""}, ANA | {"street": "PO Box 7"}):
        previewed = await relay.client.post(PREVIEW, data=form, headers=JSON)
        assert previewed.status_code == 422
        assert previewed.json() == (await relay.post(form, **JSON)).json()


async def test_what_was_typed_is_taken_into_another_language(relay: Relay) -> None:
    response = await relay.client.post(PREVIEW, data=OWN | {"zip": "1", "lang": "es"})
    assert response.status_code == 422
    assert '<html lang="es"' in response.text
    assert "Mine.\n\n[First Name]</textarea>" in response.text
    assert 'value="ana@mail.example"' in response.text
    assert 'name="lang" value="en"' in response.text  # and back


async def test_a_closed_or_unknown_campaign_has_no_preview(start: OpenRelay) -> None:
    relay = await start(campaign(status="withdrawn"))
    assert (await relay.client.post(PREVIEW, data=OWN)).status_code == 410
    assert (await relay.client.post("/campaigns/nobody/preview", data=OWN)).status_code == 404


# --- what the letter is made of


async def test_the_writers_reason_is_the_first_paragraph(relay: Relay) -> None:
    await relay.post(OWN)
    letter = (await relay.letters())[0]
    assert "DiDomenico,\n\nMy son learned to read there.\n\nMine.\n\nAna\n" in letter.body


async def test_words_left_in_brackets_are_asked_about_once(relay: Relay) -> None:
    form = CHELSEA | {"message": "Dear [Legislator],\n\n[Your own story]\n\n[First Name]"}
    response = await relay.post(form, **JSON)
    assert response.status_code == 422
    assert response.json()["brackets"] is True
    assert [error["field"] for error in response.json()["errors"]] == ["message"]
    assert 'name="brackets" value="1"' in (await relay.post(form)).text
    assert (await relay.post(form | {"brackets": "1"})).status_code == 303
    assert "[Your own story]" in (await relay.letters())[0].body


@pytest.mark.parametrize("disclose", ["street", "full"])
async def test_a_letter_that_shows_the_street_needs_one(disclose: str, relay: Relay) -> None:
    response = await relay.post(CHELSEA | {"disclose": disclose}, **JSON)
    assert [error["field"] for error in response.json()["errors"]] == ["street"]
    typed = CHELSEA | {"disclose": disclose, "street": "24 Broadway"}
    assert (await relay.post(typed)).status_code == 303


async def test_a_place_without_an_address_is_enough(relay: Relay) -> None:
    place = {"lat": "42.3588", "lon": "-71.0638"}
    found = await relay.client.post("/campaigns/open-libraries/legislators", data=place)
    nowhere = ANA | {"street": "", "city": "", "zip": "", "district_proof": found.json()["proof"]}
    assert (await relay.post(nowhere)).status_code == 303
    assert {letter.district for letter in await relay.letters()} == {"Third Suffolk", "8th Suffolk"}
