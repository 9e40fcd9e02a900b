"""The organizers' page: behind a signed link that expires, with totals only and no small numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from relay.keys.signing import Keys
from relay.web.report_page import sign_link, suppress_small
from relay.web.services import Discretion
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.people import form_of
from tests.samples.settings import SECRET_KEY

pytestmark = pytest.mark.anyio


def link(days: int = 30, slug: str = "open-libraries", key: bytes = SECRET_KEY) -> str:
    return sign_link(Keys([key]), "", slug, datetime.now(UTC) + timedelta(days=days))


async def write(relay: Relay, number: int, city: str = "Chelsea", zip_code: str = "02150") -> None:
    address = {"street": "", "city": city, "zip": zip_code}
    assert (await relay.post(form_of(number, address))).status_code == 303


async def test_it_shows_how_many_people_wrote_from_where_and_their_letters_status(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="never"))
    for number in range(6):
        await write(relay, number)
    for number in range(6, 11):
        await write(relay, number, "Deerfield", "01342")
    page = await relay.client.get(link())
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "People who have written: <strong>11</strong>" in page.text
    assert page.text.count("<td>6</td>") == page.text.count("<td>5</td>") == 2  # in either chamber
    assert "<svg" in page.text
    assert "Captured here. No office received it." in page.text
    assert "will be sent" not in page.text  # this relay sends nothing
    for secret in ("Silva", "mail.example", "Ana"):
        assert secret not in page.text


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ({"a": 9, "b": 7}, (("a", 9), ("b", 7))),
        ({"a": 9, "b": 7, "c": 2}, (("a", 9), ("", 9))),
        ({"a": 9, "b": 4, "c": 3, "d": 2}, (("a", 9), ("", 9))),
        ({"a": 4}, (("", None),)),
        ({"a": 6, "b": 1}, (("", 7),)),
    ],
)
def test_no_small_number_can_be_inferred_from_the_others(
    people: dict[str, int], shown: tuple[tuple[str, int | None]]
) -> None:
    assert suppress_small(people, 5) == shown


async def test_the_number_of_a_few_people_is_not_shown(relay: Relay) -> None:
    await write(relay, 1, "Deerfield", "01342")
    page = (await relay.client.get(link())).text
    assert page.count("fewer than 5") >= 2
    assert "<svg" not in page


@pytest.mark.parametrize(
    "wrong",
    [{"days": -1}, {"slug": "another"}, {"key": b"x" * 32}],
)
async def test_an_expired_link_or_one_for_another_campaign_or_relay_opens_nothing(
    start: OpenRelay, wrong: dict[str, object]
) -> None:
    relay = await start(campaign(), campaign(slug="another"))
    address = link(**wrong).replace("/reports/another", "/reports/open-libraries")  # type: ignore[arg-type]
    assert (await relay.client.get(address)).status_code == 404
    assert (await relay.client.get("/reports/open-libraries")).status_code == 404


async def test_it_counts_who_said_why_it_matters(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="never"), discretion=Discretion(timedelta(0), 2))
    told = "Said in their own words why it matters: <strong>{}</strong>"
    for number, shown in ((0, "0"), (1, "fewer than 2"), (2, "2")):
        if number:
            reason = f"My child number {number} learned to read there."
            assert (await relay.post(form_of(number) | {"reason": reason})).status_code == 303
        page = (await relay.client.get(link())).text
        assert told.format(shown) in page
