"""The visitor's language: on every page of the relay, in its mail, and in a letter."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from relay.mail.message import compose
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.letters import SENDER
from tests.samples.people import ANA, CHELSEA
from tests.samples.settings import JSON

pytestmark = pytest.mark.anyio


async def test_a_paragraph_in_any_language_arrives_as_written(relay: Relay) -> None:
    """Arabic, Haitian Creole and Chinese, encoded as MIME for the mail server and decoded again."""
    own = "أسكن هنا منذ عشر سنوات.\n\nMwen rete isit la depi dis an, ak fanmi m.\n\n我在这里住了十年。"
    await relay.post(CHELSEA | {"lang": "es", "message": f"Dear [Legislator],\n\n{own}\n\n[First Name] [Last Name]"})
    for letter in await relay.letters():
        sent = compose(letter, SENDER, datetime.now(UTC))
        mail = message_from_bytes(sent, policy=policy.default)
        assert mail.get_content_charset() == "utf-8"
        assert own in mail.get_content().replace("\r\n", "\n")


async def test_without_a_form_the_browsers_language_is_used(relay: Relay) -> None:
    page = await relay.client.get("/receipts/unknown", headers={"Accept-Language": "es-US,en;q=0.5"})
    assert page.status_code == 404
    assert '<html lang="es" dir="ltr">' in page.text
    assert "Aquí no hay ninguna página" in page.text


async def test_errors_in_json_are_in_the_forms_language(relay: Relay) -> None:
    response = await relay.post(CHELSEA | {"lang": "es", "email": ""}, **JSON)
    assert response.json()["errors"] == [
        {"field": "email", "message": "Escriba su correo electrónico, para que la oficina pueda responderle."}
    ]


async def test_a_relay_page_says_that_its_translation_is_unreviewed(relay: Relay) -> None:
    assert "no ha sido revisada" in (await relay.post({"lang": "es"})).text
    assert "has not been checked" not in (await relay.post({"lang": "en"})).text


async def test_the_confirmation_mail_and_page_are_in_the_forms_language(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="always"))
    await relay.post(ANA | {"lang": "es"}, accept_language="en")
    (mail,) = await relay.letters()
    assert mail.subject == "Confirme su carta: Sunday Libraries"
    assert "la carta nunca se envía" in mail.body
    sent = compose(mail, SENDER, datetime.now(UTC))
    assert mail.body in message_from_bytes(sent, policy=policy.default).get_content().replace("\r\n", "\n")
    link = re.search(r"https://relay\.example(/letters/confirm/\S+)", mail.body)
    assert link
    page = await relay.client.get(link[1], headers={"Accept-Language": "en"})
    assert "¿Escribió usted esta carta?" in page.text
