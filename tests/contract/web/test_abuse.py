"""What a form may not be used for."""

import pytest

from relay.web.participants import is_plausible
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.people import ANA, CHELSEA
from tests.samples.settings import JSON

pytestmark = pytest.mark.anyio


async def test_a_message_that_placeholders_blow_up_is_too_long_and_kept(relay: Relay) -> None:
    response = await relay.post(ANA | {"message": "[Email] " * 1_200})
    assert response.status_code == 422
    assert "[Email] [Email]" in response.text
    assert await relay.letters() == []


@pytest.mark.parametrize("email", ["Sal.DiDomenico@masenate.gov", "letters@campaign.example"])
async def test_nobody_writes_as_an_office_or_as_the_relay(relay: Relay, email: str) -> None:
    response = await relay.post(CHELSEA | {"email": email}, **JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["email"]
    assert await relay.mails() == []


@pytest.mark.parametrize(
    "name", ["Ana", "María José", "O\u2019Neil", "D'Angelo", "Anne-Marie", "J. R.", "王小明", "सुनीता", "Đào", "محمد"]
)
def test_names_of_any_script_are_plausible(name: str) -> None:
    assert is_plausible(name)


@pytest.mark.parametrize(
    "name", ["spam.example", "https://spam.example", "Ana 617", "@ana", "Vote for X!", "a b c d e", "", "-", "$$$"]
)
def test_links_numbers_and_remarks_are_no_names(name: str) -> None:
    assert not is_plausible(name)


async def test_an_implausible_name_is_counted_and_not_shown(start: OpenRelay) -> None:
    relay = await start()
    for number in range(6):
        name = "spam.example" if number == 5 else "Ana"
        fields = CHELSEA | {"email": f"ana{number}@mail.example", "first_name": name, "public_name": "1"}
        assert (await relay.post(fields, **JSON)).status_code == 202
    shown = (await relay.client.get("/campaigns/open-libraries/participants")).json()
    assert shown["count"] == 6
    assert "spam" not in str(shown)
