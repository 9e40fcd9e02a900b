"""What a form may not be used for."""

import pytest

from tests.contract.web.conftest import Relay
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
