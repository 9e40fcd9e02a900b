"""No address is a dead end: whatever the lookup returns, a next step leads to a letter or to phone numbers."""

import re
from datetime import UTC, datetime
from typing import get_args

import pytest
from msgspec import structs

from boundaries.data import shipped
from boundaries.district_order import place_of
from boundaries.model import Answer, Pair, Reason
from boundaries.state import State, open_state
from relay.keys.signing import Keys
from relay.web.matching import sign_proof
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign, manifest
from tests.samples.people import ANA, GAP
from tests.samples.settings import JSON, SECRET_KEY
from theme.manifest import dump_manifest

pytestmark = pytest.mark.anyio

CAMPAIGN = "/campaigns/open-libraries"
PHONES = "https://site.example/phones/"
# Real addresses by their lookup's status and reason: street, city, ZIP.
ADDRESSES = {
    ("need_street", "no_street"): ("", "Boston", "02108"),
    ("need_street", "po_box"): ("PO Box 12", "Boston", "02108"),
    ("need_street", "several_towns"): ("", "Chestnut Hill", "02467"),
    ("choose", "no_number"): ("Massachusetts Ave", "Cambridge", "02139"),
    ("choose", "gap"): ("215 Agawam Rd", "Acton", "02139"),
    ("choose", "several_streets"): ("70 Main St", "Andover", "01810"),
    ("not_found", "several_streets"): ("500 Washington", "Worcester", "01608"),
    ("choose", "unknown_street"): ("12 Nosuch Rd", "Cambridge", "02139"),
    ("not_found", "unknown_street"): ("12 Nosuch Rd", "Worcester", "01608"),
    ("not_found", "unknown_town"): ("12 Main St", "Nowhere", "01999"),
    ("choose", "several_towns"): ("461 Adams St", "Acton", "02108"),
    ("not_found", "several_towns"): ("5 Nosuch St", "Chestnut Hill", "02467"),
    ("choose", "other_state"): ("24 Beacon St", "Boston", "62701"),
    ("not_found", "other_state"): ("12 Main St", "Providence", "02903"),
    ("not_found", "other_state", "a ZIP of ours"): ("12 Main St", "New York", "02139"),
}
EACH_ADDRESS = pytest.mark.parametrize("answered", ADDRESSES, ids=lambda key: ", ".join(key))


@pytest.fixture(scope="module")
def massachusetts() -> State:
    return open_state(shipped("ma"))


@pytest.fixture
def typed(answered: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(("street", "city", "zip"), ADDRESSES[answered], strict=True))


@pytest.fixture
def answer(answered: tuple[str, ...], typed: dict[str, str], massachusetts: State) -> Answer:
    """The lookup of the address, which must be the one it was chosen for."""
    answer = massachusetts.locate(**typed)
    assert (answer.status, answer.reason) == answered[:2], "the data changed: choose another address"
    return answer


def prove(state: State, pair: Pair) -> dict[str, str]:
    """What a script posts after "Use my location" was pressed there."""
    return {"district_proof": sign_proof(state, pair, Keys([SECRET_KEY]), datetime.now(UTC))}


def test_every_reason_is_covered() -> None:
    assert {reason for _, reason, *_ in ADDRESSES} == set(get_args(Reason)) - {""}


@EACH_ADDRESS
async def test_the_page_offers_a_next_step(relay: Relay, typed: dict[str, str]) -> None:
    """Without a script: always the numbers, and the button that a script shows."""
    page = await relay.post(ANA | typed)
    assert page.status_code == 422
    assert page.text.count('<div id="ways">') == page.text.count('<button class="plain" type="button" id="locate"') == 1
    assert f'<a href="{PHONES}">Or call the offices' in page.text
    assert f'value="{typed["city"]}"' in page.text


@EACH_ADDRESS
async def test_json_offers_the_same(relay: Relay, typed: dict[str, str], answer: Answer) -> None:
    problem = (await relay.post(ANA | typed, **JSON)).json()
    looked_up = (await relay.client.post(f"{CAMPAIGN}/legislators", data=typed)).json()
    for body in (problem, looked_up):
        assert body["place"]["ask"] == "Use my location"
        assert body["phones"] == {"text": "Or call the offices: phone numbers by town", "href": PHONES}
    assert looked_up["status"] == answer.status
    assert looked_up["said"].endswith(".")


@EACH_ADDRESS
async def test_every_offered_choice_is_accepted(relay: Relay, typed: dict[str, str], answer: Answer) -> None:
    """Every pair of the town, or of the ZIP's towns if the town is unknown, each with numbers to call."""
    choices = (await relay.post(ANA | typed, **JSON)).json()["choices"]
    page = (await relay.post(ANA | typed)).text
    if answer.status == "need_street" or (answer.reason, typed["zip"]) in {
        ("unknown_town", "01999"),
        ("other_state", "02903"),
    }:
        assert choices == []
        return
    if answer.pairs:
        assert [tuple(district["name"] for district in choice["districts"].values()) for choice in choices] == [
            (pair.senate, pair.house) for pair in answer.pairs
        ]
    asked_about = set(re.findall(r'type="radio" form="letter" name="(district_\w+)"', page))
    assert page.count('<figure class="map">') == len(asked_about) > 0
    for choice in {str(choice): choice for choice in (choices[0], choices[-1])}.values():
        names = {f"district_{chamber}": district["name"] for chamber, district in choice["districts"].items()}
        offered = re.findall(r'form="letter" name="(district_\w+)" value="([^"]+)"', page)
        shown = set(names.items()) & set(offered)
        assert shown
        for member in choice["legislators"]:
            asked = (f"district_{member['chamber']}", member["district"]) in shown
            assert f"tel:+1{member['phone'].replace('-', '')}" in page or not (asked and member["phone"])
        # As a browser posts the page: only fields on the page are sent.
        sent = ANA | typed | dict(shown) | {"email": f"{len(shown)}.{choices.index(choice)}@mail.example"}
        assert (await relay.post(sent)).status_code == 303
        assert {letter.district for letter in await relay.letters()} == set(names.values())


@EACH_ADDRESS
async def test_a_location_decides(relay: Relay, typed: dict[str, str], answer: Answer, massachusetts: State) -> None:
    pair = answer.pairs[0] if answer.pairs else Pair("Third Suffolk", "8th Suffolk")
    assert (await relay.post(ANA | typed | prove(massachusetts, pair))).status_code == 303
    assert {letter.district for letter in await relay.letters()} == {pair.senate, pair.house}


@EACH_ADDRESS
async def test_the_call_page_gives_numbers(relay: Relay, typed: dict[str, str]) -> None:
    page = await relay.client.post(f"{CAMPAIGN}/call", data=typed)
    assert f'<a href="{PHONES}">Or call the offices' in page.text
    assert '<button class="plain" type="button" id="locate"' in page.text
    if page.status_code == 200:
        assert page.text.count('href="tel:') >= 2
    else:
        assert page.status_code == 422
        assert "There is a problem" in page.text


@EACH_ADDRESS
async def test_everything_is_in_the_visitors_language(relay: Relay, typed: dict[str, str]) -> None:
    page = (await relay.post(ANA | typed | {"lang": "es"})).text
    assert '<a href="https://site.example/es/phones/">O llame a las oficinas' in page
    assert "Usar mi ubicación" in page
    for path in ("letters", "legislators"):
        body = (await relay.client.post(f"{CAMPAIGN}/{path}", data=ANA | typed | {"lang": "es"}, headers=JSON)).json()
        assert body["phones"]["href"] == "https://site.example/es/phones/"
        assert body["phones"]["text"].startswith("O llame")


# --- special cases ---


async def test_a_visitor_from_another_state_reads_which_lawmakers_get_letters(relay: Relay) -> None:
    page = (await relay.post(ANA | {"city": "Providence", "zip": "02903"})).text
    assert "in another state, and this campaign writes to the lawmakers of Massachusetts. If you live there" in page


async def test_if_only_the_zip_is_in_this_state_its_towns_districts_are_offered(relay: Relay) -> None:
    typed = ANA | {"street": "12 Main St", "city": "New York", "zip": "02139", "disclose": "full"}
    choices = (await relay.post(typed, **JSON)).json()["choices"]
    assert len(choices) == 9  # all of Cambridge
    chosen = {f"district_{chamber}": district["name"] for chamber, district in choices[0]["districts"].items()}
    assert (await relay.post(typed | chosen)).status_code == 303
    for letter in await relay.letters():
        assert "I live in Cambridge, in your district." in letter.body
        assert not re.search("New York|Main St", letter.body)


async def test_a_location_replaces_a_missing_street_but_not_another_town(relay: Relay, massachusetts: State) -> None:
    typed = ANA | {"street": "", "city": "Boston", "zip": "02108"}
    far = prove(massachusetts, Pair("Cape and Islands", "4th Barnstable"))
    page = await relay.post(typed | far)
    assert page.status_code == 422
    assert "Your device is not in the districts of the address you typed." in page.text
    assert 'name="district_proof"' not in page.text
    near = prove(massachusetts, massachusetts.town_pairs("Boston")[0])
    assert (await relay.post(typed | near)).status_code == 303
    assert "I live in Boston, in your district." in (await relay.letters())[0].body


async def test_choosing_one_chamber_leaves_the_other_to_ask(relay: Relay) -> None:
    """In Worcester neither chamber decides alone."""
    typed = ANA | {"street": "12 Nosuch Rd", "city": "Worcester", "zip": "01608"}
    page = await relay.post(typed | {"district_senate": "Second Worcester"})
    assert page.status_code == 422
    assert "Which districts are yours?" in page.text
    asked = re.findall(r'type="radio" form="letter" name="(\w+)" value="([^"]+)"', page.text)
    assert [value for name, value in asked if name == "district_senate"] == ["Second Worcester"]
    assert 'value="Second Worcester" id="district_senate" checked' in page.text
    assert '<p class="fault">Choose your State Representative.</p>' in page.text
    assert "Choose your State Senator." not in page.text
    for house in (value for name, value in asked if name == "district_house"):
        chosen = {"district_senate": "Second Worcester", "district_house": house, "email": f"{house[:2]}@mail.example"}
        assert (await relay.post(typed | chosen)).status_code == 303
        assert {letter.district for letter in await relay.letters()} == {"Second Worcester", house}


async def test_no_answer_says_what_is_missing_in_both_chambers(relay: Relay) -> None:
    """The page posts a blank answer after the radio buttons, and the first of a name counts."""
    first = (await relay.post(GAP)).text
    assert "Choose your State" not in first
    blanks = re.findall(r'type="hidden" form="letter" name="(district_\w+)" value=""', first)
    assert blanks
    again = (await relay.post(GAP | dict.fromkeys(blanks, ""))).text
    assert again.count('<p class="fault">Choose your State') == len(blanks)


async def test_a_kept_answer_can_be_taken_back(relay: Relay) -> None:
    typed = ANA | {"street": "12 Nosuch Rd", "city": "Worcester", "zip": "01608"}
    page = (await relay.post(typed | {"district_senate": "Second Worcester"})).text
    assert 'type="radio" form="letter" name="district_senate" value=""' in page
    again = (await relay.post(typed | {"district_senate": "", "district_house": ""})).text
    assert 'value="First Worcester"' in again


async def test_districts_are_listed_by_place_and_number_and_numbered_so_on_the_map(relay: Relay) -> None:
    page = (await relay.post(ANA | {"street": "12 Nosuch Rd", "city": "Worcester", "zip": "01608"})).text
    houses = re.findall(r'name="district_house" value="([^"]+)"', page)
    assert houses == sorted(houses, key=place_of)
    drawn = re.search(r'<desc id="map-house-names">([^<]+)</desc>', page)
    assert drawn
    assert re.findall(r"\d+: ([^.]+)\.", drawn[1]) == houses
    assert '<desc id="map-senate-names">' in page


async def test_who_does_not_know_finds_the_legislatures_own_page(start: OpenRelay) -> None:
    """The address goes there only if its writer types it there, and no referrer says where from."""
    finder = "https://legislature.example/find"
    site = structs.replace(manifest().site, finders={"ma": finder})
    relay = await start(raw=dump_manifest(structs.replace(manifest(), site=site)))
    for page in (await relay.post(GAP), await relay.client.post(f"{CAMPAIGN}/call", data=GAP)):
        assert f'<a href="{finder}" target="_blank" rel="noreferrer"' in page.text
        assert "That is another site: it sees the address you type there." in page.text
    assert finder not in (await relay.client.get(f"{CAMPAIGN}/call")).text  # the address may still decide


async def test_an_office_that_cannot_be_written_to_can_be_called(start: OpenRelay) -> None:
    relay = await start(campaign(recipients=("representative",)))
    vacant = ANA | {"street": "", "city": "Deerfield", "zip": "01342"}
    assert f'<a href="{PHONES}">' in (await relay.post(vacant)).text
    body = (await relay.post(vacant, **JSON)).json()
    assert (body["place"], body["phones"]["href"]) == (None, PHONES)


async def test_other_errors_offer_no_alternatives(relay: Relay) -> None:
    assert 'id="ways"' not in (await relay.post(ANA | {"email": "nonsense"})).text
    body = (await relay.post(ANA | {"email": "nonsense"}, **JSON)).json()
    assert (body["place"], body["phones"]) == (None, None)


# --- a location on the call page ---


async def test_a_location_gives_two_numbers_without_typing(relay: Relay) -> None:
    page = await relay.client.post(f"{CAMPAIGN}/call", data={"lat": "42.3588", "lon": "-71.0638", "city": "Nowhere"})
    assert page.status_code == 200
    assert page.text.count('href="tel:') == 2
    assert "42.35" not in page.text


@pytest.mark.parametrize("place", [{"lat": "40.7", "lon": "-74.0"}, {"lat": "x", "lon": "y"}, {"lat": "42"}])
async def test_an_unusable_location_says_so(relay: Relay, place: dict[str, str]) -> None:
    page = await relay.client.post(f"{CAMPAIGN}/call", data=place)
    assert page.status_code == 422
    assert "Your device gave no place in this state. Enter your address instead." in page.text
    assert f'<a href="{PHONES}">' in page.text


async def test_no_location_is_asked_for_before_an_address_was_tried(relay: Relay) -> None:
    """As the privacy page promises. The numbers are there from the start."""
    page = (await relay.client.get(f"{CAMPAIGN}/call")).text
    assert "Use my location" not in page
    assert "call.js" not in page
    assert f'<a href="{PHONES}">' in page


async def test_numbers_near_a_district_line_come_with_a_map(relay: Relay) -> None:
    page = (
        await relay.client.post(f"{CAMPAIGN}/call", data={name: GAP[name] for name in ("street", "city", "zip")})
    ).text
    assert page.count('<figure class="map">') == 1
    assert "Add your house number" in page
    assert "<title>Error:" not in page
