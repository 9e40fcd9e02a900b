"""Where a letter says its writer lives, when the device's location decided the districts.

A person posts an address that does not decide and the relay's proof for a location; the letters are read.
"""

import re
from datetime import timedelta
from typing import Any

import pytest

from relay.web.services import Discretion
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.people import ANA, GAP
from tests.samples.settings import JSON

pytestmark = pytest.mark.anyio

PROVIDENCE = ANA | {"street": "12 Main St", "city": "Providence", "zip": "02903"}  # in Rhode Island
NOWHERE = ANA | {"street": "12 Main St", "city": "Nowhere", "zip": "01999"}  # no such ZIP
SPRINGFIELD = ANA | {"street": "1 A St", "city": "Springfield", "zip": "62701"}  # the ZIP is of Springfield, Illinois
BOSTON = (42.3588, -71.0638)  # its districts have no other town
CENTRAL_SQUARE = (42.3655, -71.1037)  # in Cambridge
BERKSHIRE = (42.1959, -73.3621)  # its districts have eighteen towns, all of them undivided
IN_SPRINGFIELD = (42.1015, -72.5898)
TOWN = "I live in [Town], and I ask you to open the libraries.\r\n\r\n[First Name] [Last Name]\r\n[Your Address]"
EITHER_WAY = pytest.mark.parametrize("headers", [{}, JSON], ids=["without a script", "with a script"])


async def locate(relay: Relay, place: tuple[float, float], typed: dict[str, str] | None = None) -> dict[str, Any]:
    """The lookup after pressing "Use my location", with the address in the form if there is one."""
    address = {name: (typed or {}).get(name, "") for name in ("street", "city", "zip")}
    fields = {"lat": str(place[0]), "lon": str(place[1])} | (address if typed else {})
    body: dict[str, Any] = (await relay.client.post("/campaigns/open-libraries/legislators", data=fields)).json()
    return body


async def read(
    relay: Relay, typed: dict[str, str], place: tuple[float, float], headers: dict[str, str] | None = None
) -> list[str]:
    """The letters of somebody who typed this and whose device was there."""
    proof = (await locate(relay, place))["proof"]
    response = await relay.post(typed | {"district_proof": proof}, **(headers or {}))
    assert response.status_code in (202, 303), response.text
    letters = [letter.body for letter in await relay.letters()]
    assert len(letters) == 2
    for letter in letters:
        assert not re.search(r"\bin ,|, ,|\n,|\[Town\]|\[Your Address\]", letter)
    return letters


@EITHER_WAY
@pytest.mark.parametrize("disclosed", ["town", "street", "full"])
async def test_the_locations_town_is_named_instead_of_one_in_another_state(
    relay: Relay, disclosed: str, headers: dict[str, str]
) -> None:
    for letter in await read(relay, PROVIDENCE | {"disclose": disclosed, "message": TOWN}, BOSTON, headers):
        assert letter.startswith("Please open the libraries (H.1, S.2). I live in Boston, in your district.\n")
        assert "I live in Boston, and I ask you to open the libraries.\n\nAna Silva\nBoston, MA\n" in letter
        assert "Sent by Ana Silva <ana@mail.example>, Boston, MA,\n" in letter
        assert "the place where the writer's device was; no address was matched to it." in letter
        assert not re.search("Providence|02903|Main St", letter)


@EITHER_WAY
@pytest.mark.parametrize("disclosed", ["town", "street", "full"])
@pytest.mark.parametrize("typed", [PROVIDENCE, NOWHERE], ids=["in another state", "nowhere"])
async def test_no_town_is_named_where_the_location_may_be_in_several(
    relay: Relay, disclosed: str, typed: dict[str, str], headers: dict[str, str]
) -> None:
    for letter in await read(relay, typed | {"disclose": disclosed, "message": TOWN}, BERKSHIRE, headers):
        assert letter.startswith("Please open the libraries (H.1, S.2). I live in your district.\n")
        assert "I live in Massachusetts, and I ask you to open the libraries.\n\nAna Silva\nMassachusetts\n" in letter
        assert "Sent by Ana Silva <ana@mail.example>, Massachusetts,\n" in letter
        assert not re.search("Providence|02903|Nowhere|Main St", letter)


async def test_the_campaigns_text_reads_well_without_a_town(relay: Relay) -> None:
    for letter in await read(relay, PROVIDENCE, BERKSHIRE):
        assert "I live in Massachusetts and I ask you to open the libraries." in letter


async def test_a_recipient_without_a_district_reads_the_state(start: OpenRelay) -> None:
    relay = await start(campaign(recipients=("senator", "leader:president")))
    letters = await read(relay, PROVIDENCE, BERKSHIRE)
    assert "I live in your district." in letters[0]
    assert "I live in Massachusetts." in letters[1]


async def test_the_typed_town_is_named_if_it_lies_in_the_districts(relay: Relay) -> None:
    """The street may cross a line or be unknown: that is what the location is for."""
    offered = (await relay.post(GAP, **JSON)).json()["choices"]
    assert offered
    for letter in await read(relay, GAP | {"disclose": "full"}, (42.37, -71.1097)):  # Central Square
        assert "I live in Cambridge, in your district." in letter
        assert "Massachusetts Ave, Cambridge, MA 02139" in letter
        assert "the place where the writer's device was.\n" in letter


async def test_a_typed_village_is_named_if_one_of_its_towns_lies_in_the_districts(relay: Relay) -> None:
    village = ANA | {"street": "5 Nosuch St", "city": "Chestnut Hill", "zip": "02467"}
    for letter in await read(relay, village, (42.3258, -71.1650)):
        assert "I live in Chestnut Hill, in your district." in letter


async def test_a_zip_of_another_state_is_not_shown_next_to_the_town(relay: Relay) -> None:
    for letter in await read(relay, SPRINGFIELD | {"disclose": "full"}, IN_SPRINGFIELD):
        assert "I live in Springfield, in your district." in letter
        assert "<ana@mail.example>, Springfield, MA,\n" in letter
        assert not re.search("62701|1 A St", letter)


async def test_a_phone_number_is_disclosed_as_its_writer_chose(relay: Relay) -> None:
    for letter in await read(relay, PROVIDENCE | {"disclose": "full", "phone": "617-555-0100"}, BOSTON):
        assert "617-555-0100" in letter


@pytest.mark.parametrize(("place", "town"), [(BOSTON, "Boston"), (BERKSHIRE, "")])
async def test_participants_show_the_town_that_the_letter_names(
    start: OpenRelay, place: tuple[float, float], town: str
) -> None:
    relay = await start(discretion=Discretion(timedelta(0), 0))
    await read(relay, PROVIDENCE | {"public_name": "1"}, place)
    recent = (await relay.client.get("/campaigns/open-libraries/participants")).json()["recent"]
    assert [(person["name"], person["town"]) for person in recent] == [("Ana", town)]


@pytest.mark.parametrize("place", [BOSTON, BERKSHIRE])
async def test_the_page_previews_what_the_letter_will_say(relay: Relay, place: tuple[float, float]) -> None:
    body = await locate(relay, place, PROVIDENCE)
    fills, shown = body["fills"], body["shown"]
    for disclosed, address in shown.items():
        typed = PROVIDENCE | {"disclose": disclosed, "message": TOWN, "email": f"{disclosed}@mail.example"}
        letter = (await read(relay, typed, place))[0]
        assert f"I live in {fills['Town']}, and I ask" in letter
        assert f"Ana Silva\n{address}\n" in letter
    assert set(shown) == {"town", "street", "full"}


# --- a typed town in an address that the ZIP decides ---

BY_ZIP = ANA | {"street": "12 Main St", "city": "Providence", "message": TOWN, "disclose": "full"}


async def write(relay: Relay, typed: dict[str, str]) -> list[str]:
    """The letters of somebody who posts this and takes the first choice if there is one."""
    response = await relay.post(typed, **JSON)
    if response.status_code == 422:
        offered = response.json()["choices"][0]["districts"]
        response = await relay.post(
            typed | {f"district_{chamber}": offered[chamber]["name"] for chamber in ("senate", "house")}
        )
    assert response.status_code in (202, 303), response.text
    return [letter.body for letter in await relay.letters()]


async def test_an_unknown_town_is_not_named_where_its_zip_has_several(relay: Relay) -> None:
    body = (await relay.client.post("/campaigns/open-libraries/legislators", data=BY_ZIP | {"zip": "01230"})).json()
    assert (body["status"], body["fills"]["Town"]) == ("matched", "Massachusetts")
    for letter in await write(relay, BY_ZIP | {"zip": "01230"}):
        assert "I live in your district." in letter
        assert "I live in Massachusetts, and I ask you to open the libraries.\n\nAna Silva\nMassachusetts\n" in letter
        assert not re.search("Providence|Main St|01230", letter)


@pytest.mark.parametrize(("code", "town"), [("01201", "Pittsfield"), ("02139", "Cambridge"), ("02150", "Chelsea")])
async def test_an_unknown_town_is_replaced_by_the_only_town_of_its_zip(relay: Relay, code: str, town: str) -> None:
    for letter in await write(relay, BY_ZIP | {"zip": code}):
        assert f"I live in {town}, in your district." in letter
        assert "Providence" not in letter


@pytest.mark.parametrize(
    ("senate", "house", "where"),
    [
        ("Norfolk and Middlesex", "11th Middlesex", "in Newton, in"),
        ("Second Suffolk", "12th Suffolk", "in Boston, in"),
        ("Norfolk and Middlesex", "12th Middlesex", "in"),  # of Newton and of Brookline
    ],
)
async def test_a_choice_that_only_one_of_the_zips_towns_has_names_that_town(
    relay: Relay, senate: str, house: str, where: str
) -> None:
    typed = BY_ZIP | {"street": "5 Nosuch St", "zip": "02467"}  # of Boston, Brookline and Newton
    assert (await relay.post(typed | {"district_senate": senate, "district_house": house})).status_code == 303
    for letter in await relay.letters():
        assert f"I live {where} your district.\n" in letter.body


@pytest.mark.parametrize(
    ("city", "code", "town"),
    [
        ("Housatonic", "01236", "Great Barrington"),
        ("Chestnut Hill", "02467", "Chestnut Hill"),  # of three towns
        ("dorchester", "02125", "Boston"),
    ],
)
async def test_a_village_is_named_by_its_town_or_its_own_name(relay: Relay, city: str, code: str, town: str) -> None:
    for letter in await write(relay, ANA | {"street": "5 Nosuch St", "city": city, "zip": code, "message": TOWN}):
        assert f"I live in {town}, in your district.\n" in letter


# --- the lookup and the post agree ---


@EITHER_WAY
@pytest.mark.parametrize("typed", [GAP, PROVIDENCE, NOWHERE, ANA], ids=["a line", "another state", "nowhere", "found"])
@pytest.mark.parametrize("place", [BOSTON, BERKSHIRE, CENTRAL_SQUARE])
async def test_the_lookup_and_the_post_agree(
    relay: Relay, typed: dict[str, str], place: tuple[float, float], headers: dict[str, str]
) -> None:
    said = await locate(relay, place, typed)
    response = await relay.post(typed | {"district_proof": (await locate(relay, place))["proof"]}, **headers)
    if said["status"] == "matched":
        assert response.status_code in (202, 303)
        districts = [district["name"] for district in said["districts"].values()]
        assert [letter.district for letter in await relay.letters()] == districts
    else:
        assert response.status_code == 422
        assert "proof" not in said
        assert said["said"] in response.text
        assert said["choices"]


async def test_a_location_outside_the_typed_addresss_districts_leads_to_a_choice(relay: Relay) -> None:
    body = await locate(relay, BERKSHIRE, GAP)
    assert (body["status"], body["districts"]) == ("choose", {})
    assert body["said"] == "Your device is not in the districts of the address you typed. Check the address."
    page = (await relay.post(GAP | {"district_proof": (await locate(relay, BERKSHIRE))["proof"]})).text
    assert "Which districts are yours?" in page
    assert 'name="district_house"' in page
    assert 'name="district_proof"' not in page


async def test_a_location_does_not_change_an_address_that_decides(relay: Relay) -> None:
    body = await locate(relay, BERKSHIRE, ANA)
    assert body["districts"]["house"]["name"] == "8th Suffolk"
    assert body["address"] == "24 Beacon St, Boston, MA 02108"
    assert "proof" not in body


async def test_a_location_alone_names_no_town(relay: Relay) -> None:
    """The town in letters depends on the address that will be posted with the location."""
    body = await locate(relay, BOSTON)
    assert "Town" not in body["fills"]
    assert body["shown"] == {}
