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


@pytest.mark.parametrize(
    "email",
    [
        "Sal.DiDomenico@masenate.gov", "sal.didomenico+tag@masenate.gov", "sal.didomenico@\uff4dasenate.gov",
        "sal.didomenico@masenate\u3002gov", "letters@campaign.example", "Letters+tag@campaign\u3002example",
    ],
)  # fmt: skip
async def test_nobody_writes_as_an_office_or_as_the_relay(relay: Relay, email: str) -> None:
    response = await relay.post(CHELSEA | {"email": email}, **JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["email"]
    assert await relay.mails() == []


@pytest.mark.parametrize(
    "again", ["ANA@MAIL.EXAMPLE", "ana+tag@mail.example", "ana@mail\u3002example", "ana@\uff4dail.example"]
)
async def test_a_mailbox_spelled_in_another_way_is_the_same_and_asks_before_more_is_sent(
    relay: Relay, again: str
) -> None:
    """Or a stranger's mailbox could be flooded, each time under another spelling."""
    for email, name in ((CHELSEA["email"], "Ana"), (again, "Bo")):
        assert (await relay.post(CHELSEA | {"email": email, "first_name": name})).status_code == 303
    kinds = [mail.kind for mail in await relay.mails()]
    assert kinds == ["legislator", "legislator", "receipt", "confirmation"]
