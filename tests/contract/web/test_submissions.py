"""`POST /campaigns/{slug}/letters`, for browsers without JavaScript and for scripts."""

import re
import sqlite3
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from relay.mail.message import compose
from tests.contract.web.client import read_checks
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import LIBRARY, campaign
from tests.samples.letters import NOON, SENDER
from tests.samples.people import ANA, CHELSEA, GAP
from tests.samples.settings import JSON

pytestmark = pytest.mark.anyio

DEERFIELD = ANA | {"street": "", "city": "Deerfield", "zip": "01342"}  # its House seat is vacant


async def test_a_browser_is_redirected_to_a_receipt_that_names_the_recipients(relay: Relay) -> None:
    response = await relay.post(ANA)
    assert response.status_code == 303
    assert response.headers["location"].startswith("/receipts/")
    page = await relay.client.get(response.headers["location"])
    to = [letter.to_name for letter in await relay.letters()]
    assert len(to) == 2
    assert all(name in page.text.replace("<bdi>", "") for name in to)


async def test_a_script_gets_the_receipt_and_the_recipients(relay: Relay) -> None:
    response = await relay.post(ANA, **JSON)
    assert response.status_code == 202
    body = response.json()
    assert body["receipt"].startswith("https://relay.example/receipts/")
    assert [(recipient["chamber"], recipient["title"], recipient["district"]) for recipient in body["recipients"]] == [
        ("senate", "Senator", "Third Suffolk"),
        ("house", "Representative", "8th Suffolk"),
    ]
    assert (await relay.client.get(body["receipt"])).status_code == 200


async def test_the_street_is_required_only_where_the_town_does_not_decide(relay: Relay) -> None:
    assert (await relay.post(CHELSEA)).status_code == 303
    response = await relay.post(CHELSEA | {"city": "Boston", "zip": "02108"}, **JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["street"]
    assert response.json()["choices"] == []


async def test_the_writers_own_text_is_sent(relay: Relay) -> None:
    own = "Dear [Legislator],\r\n\r\nMy own words.\r\n\r\n[First Name]\r\n[Your Address]"
    await relay.post(ANA | {"message": own, "subject": "H.1 please", "disclose": "street"})
    letter = (await relay.letters())[0]
    assert letter.subject == "H.1 please"
    assert f"Dear {letter.to_name.split()[0]} Edwards,\n\nMy own words.\n\nAna\nBeacon St, Boston, MA" in letter.body
    assert "24 Beacon" not in letter.body


async def test_an_unedited_letter_is_the_campaigns_in_its_own_language(relay: Relay) -> None:
    await relay.post(CHELSEA | {"lang": "es"})
    assert "I ask you to open the libraries." in (await relay.letters())[0].body


async def test_only_the_town_is_disclosed_by_default(relay: Relay) -> None:
    await relay.post(ANA | {"phone": "617-555-0100"})
    for letter in await relay.letters():
        assert "Beacon" not in letter.body
        assert "02108" not in letter.body
        assert "555-0100" not in letter.body


async def test_the_full_address_and_phone_number_are_disclosed_together(relay: Relay) -> None:
    await relay.post(ANA | {"phone": "617-555-0100", "disclose": "full"})
    for letter in await relay.letters():
        assert "24 Beacon St, Boston, MA 02108" in letter.body
        assert "617-555-0100" in letter.body


async def test_a_vacant_seat_is_mentioned_and_the_other_member_gets_a_letter(relay: Relay) -> None:
    response = await relay.post(DEERFIELD)
    assert [letter.chamber for letter in await relay.letters()] == ["senate"]
    assert "vacant" in (await relay.client.get(response.headers["location"])).text


async def test_a_post_without_any_recipient_is_refused(start: OpenRelay) -> None:
    relay = await start(campaign(recipients=("representative",)))
    response = await relay.post(DEERFIELD, **JSON)
    assert response.status_code == 422
    assert "Nobody holds" in response.json()["errors"][0]["message"]
    assert await relay.letters() == []


# --- faults ---


async def test_the_form_with_errors_keeps_what_was_typed(relay: Relay) -> None:
    typed = {"first_name": "<b>Ana", "email": "nonsense", "city": "Boston", "zip": "1", "message": "Mine & <only>"}
    response = await relay.post(typed)
    assert response.status_code == 422
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    for shown in ("&lt;b&gt;Ana", "nonsense", "Boston", "Mine &amp; &lt;only&gt;"):
        assert shown in response.text
    for field in ("email", "zip"):
        assert f'href="#{field}"' in response.text
    assert "<title>Error:" in response.text
    assert await relay.letters() == []


async def test_json_lists_each_error_by_field(relay: Relay) -> None:
    response = await relay.post(ANA | {"email": "nonsense", "first_name": "", "last_name": ""}, **JSON)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 422
    assert [error["field"] for error in problem["errors"]] == ["first_name", "email"]
    assert all(error["message"] for error in problem["errors"])


async def test_the_forms_language_takes_precedence_over_the_browsers(relay: Relay) -> None:
    page = await relay.post({"lang": "en"}, accept_language="es")
    assert '<html lang="en"' in page.text
    assert '<html lang="es"' in (await relay.post({"lang": ""}, accept_language="fr, es-MX;q=0.8")).text


@pytest.mark.parametrize("field", ["first_name", "last_name", "email", "street", "city", "zip", "phone", "subject"])
async def test_a_line_break_in_a_single_line_begins_no_header(relay: Relay, field: str) -> None:
    await relay.post(ANA | {field: "a@b.example\r\nBcc: troll@mail.example", "message": "Plain words"}, **JSON)
    for letter in await relay.letters():
        message = message_from_bytes(compose(letter, SENDER, NOON), policy=default)
        assert message["Bcc"] is None
        assert "troll@mail.example" not in str(message["To"])
        assert "\nBcc:" not in message.get_content()


@pytest.mark.parametrize("field", ["lang", "disclose", "public_name", "district_house", "district_proof", "website"])
async def test_odd_values_in_hidden_fields_break_nothing(relay: Relay, field: str) -> None:
    response = await relay.post(ANA | {field: "\r\nX: y\x00<script>\ud7ff" * 9})
    assert response.status_code in (303, 422)
    assert "<script>\ud7ff" not in response.text
    for letter in await relay.letters():
        assert "\n" not in letter.subject + letter.from_name + letter.reply_to


# --- which district? ---


async def test_an_ambiguous_address_gets_a_map_of_its_districts_without_a_script(relay: Relay) -> None:
    page = (await relay.post(GAP)).text
    assert page.count('<figure class="map">') == 1
    assert page.count('<path class="area') > page.count("</text>") >= 2  # the rest of the town is visible too
    stylesheet = re.search(r'href="[^"]*(/theme/map\.css\?\w+)"', page)
    assert stylesheet
    assert (await relay.client.get(stylesheet[1])).status_code == 200


async def test_an_ambiguous_address_gets_a_choice_of_districts(relay: Relay) -> None:
    page = await relay.post(GAP)
    assert page.status_code == 422
    assert 'name="district_house"' in page.text
    response = await relay.post(GAP, **JSON)
    choices = response.json()["choices"]
    assert 2 <= len(choices) <= 4
    assert choices[0]["districts"]["house"]["ocd_id"].startswith("ocd-division/country:us/state:ma/sldl:")
    assert [member["chamber"] for member in choices[0]["legislators"]] == ["senate", "house"]
    assert await relay.letters() == []


async def test_choosing_an_offered_pair_sends_the_letters(relay: Relay) -> None:
    offered = (await relay.post(GAP, **JSON)).json()["choices"][1]["districts"]
    chosen = {f"district_{chamber}": offered[chamber]["name"] for chamber in ("senate", "house")}
    assert (await relay.post(GAP | chosen)).status_code == 303
    assert {letter.district for letter in await relay.letters()} == set(chosen.values())


async def test_choosing_one_chamber_is_enough_where_it_decides(relay: Relay) -> None:
    offered = (await relay.post(GAP, **JSON)).json()["choices"][0]["districts"]
    assert (await relay.post(GAP | {"district_house": offered["house"]["name"]})).status_code == 303


@pytest.mark.parametrize("address", [GAP, ANA, CHELSEA])
async def test_a_district_far_from_the_address_is_refused(relay: Relay, address: dict[str, str]) -> None:
    far = {"district_senate": "Cape and Islands", "district_house": "4th Barnstable"}
    response = await relay.post(address | far, **JSON)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].startswith("district_")
    assert await relay.letters() == []


async def test_an_invalid_choice_is_dropped_from_the_form(relay: Relay) -> None:
    page = await relay.post(ANA | {"district_senate": "Cape and Islands", "district_house": "4th Barnstable"})
    assert "4th Barnstable" not in page.text


async def test_an_unknown_town_is_an_error_of_the_city_or_zip_field(relay: Relay) -> None:
    response = await relay.post(ANA | {"city": "Atlantis", "zip": ""}, **JSON)
    assert [error["field"] for error in response.json()["errors"]] == ["zip"]
    response = await relay.post(ANA | {"city": "Providence", "zip": "02903"}, **JSON)
    assert [error["field"] for error in response.json()["errors"]] == ["city"]
    assert response.json()["choices"] == []


# --- when no letter can be taken ---


async def test_an_unknown_campaign_is_not_found(relay: Relay) -> None:
    assert (await relay.post(ANA, "no-such")).status_code == 404
    response = await relay.post(ANA, "no-such", **JSON)
    assert (response.status_code, response.json()["status"]) == (404, 404)


async def test_a_newly_published_campaign_is_found_without_a_restart(relay: Relay) -> None:
    relay.publish(campaign(), campaign(slug="new"))
    assert (await relay.post(ANA, "new")).status_code == 303


@pytest.mark.parametrize("dates", [{"closes": "2020-01-01"}, {"opens": "2100-01-01"}])
async def test_a_campaign_that_is_not_open_accepts_no_letters(start: OpenRelay, dates: dict[str, str]) -> None:
    relay = await start(campaign(**{name: date.fromisoformat(day) for name, day in dates.items()}))
    assert (await relay.post(ANA)).status_code == 409
    response = await relay.post(ANA, **JSON)
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert await relay.letters() == []


async def test_a_withdrawn_campaign_is_gone(start: OpenRelay) -> None:
    relay = await start(campaign(status="withdrawn"))
    assert (await relay.post(ANA)).status_code == 410
    assert (await relay.post(ANA, **JSON)).json()["status"] == 410


async def test_a_recipient_that_the_operator_did_not_allow_gets_nothing(start: OpenRelay) -> None:
    relay = await start(campaign(recipients=("senator", LIBRARY)))
    response = await relay.post(ANA)
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert "Silva" in response.text
    assert "libraries.example" in (await read_checks(relay.client))["campaign open-libraries"]
    assert await relay.letters() == []


async def test_too_many_posts_from_one_address_are_limited_and_lose_nothing(relay: Relay) -> None:
    for _ in range(60):
        assert (await relay.post({"lang": "en"})).status_code == 422
    response = await relay.post(ANA | {"message": "Kept words"})
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) >= 1
    assert "Kept words" in response.text
    assert (await relay.post(ANA, **JSON)).json()["status"] == 429


async def test_a_store_that_cannot_write_is_503_and_keeps_what_was_typed(relay: Relay) -> None:
    assert isinstance(relay.settings.database, Path)
    other = sqlite3.connect(relay.settings.database)
    other.executescript("CREATE TRIGGER full BEFORE INSERT ON submissions BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    other.close()
    response = await relay.post(ANA | {"message": "Kept words"})
    assert response.status_code == 503
    assert "retry-after" in response.headers
    assert "Kept words" in response.text
    assert (await relay.post(ANA, **JSON)).json()["status"] == 503


# --- drafts ---


async def test_who_tried_a_draft_has_not_written_yet(start: OpenRelay) -> None:
    relay = await start(campaign(status="draft", organiser="org@campaign.example"))
    assert (await relay.post(ANA)).status_code == 303
    assert {mail.kind for mail in await relay.mails()} == {"test"}
    relay = await start(campaign())
    for fields in (ANA, ANA | {"message": "Other words"}):
        assert (await relay.post(fields)).status_code == 303
    # The same letter is no repeat and waits for nothing; only then the mailbox is known.
    assert sorted(mail.kind for mail in await relay.mails()) == ["confirmation", "legislator", "legislator", "receipt"]


async def test_a_drafts_letters_go_only_to_the_organizer_and_are_marked(start: OpenRelay) -> None:
    relay = await start(campaign(status="draft", organiser="org@campaign.example", confirm="always"))
    assert (await relay.post(ANA)).status_code == 303
    letters = await relay.letters()
    assert {letter.to_email for letter in letters} == {"org@campaign.example"}
    assert len(letters) == 2
    assert all(letter.subject.startswith("[TEST]") for letter in letters)
