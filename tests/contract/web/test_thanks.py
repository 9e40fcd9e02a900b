"""After the letter: thanks, one next step, and sharing; and the same pages in another language."""

import re

import pytest

from relay.letters import Letter
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.people import ANA, CHELSEA

pytestmark = pytest.mark.anyio

ADDRESS = "https://site.example/campaigns/open-libraries/"
CALL = "/campaigns/open-libraries/call"


async def thank(relay: Relay, fields: dict[str, str]) -> tuple[str, str]:
    """The receipt's path and page."""
    path = str((await relay.post(fields)).headers["location"])
    return path, (await relay.client.get(path)).text


def link(mail: Letter) -> str:
    match = re.search(r"https://relay\.example(/letters/confirm/\S+)", mail.body)
    assert match
    return match[1]


async def test_a_banner_says_in_one_sentence_whom_the_letter_is_to(relay: Relay) -> None:
    _, page = await thank(relay, CHELSEA)
    banner = page.partition('<div class="banner">')[2].partition("</div>")[0]
    assert "Thank you for writing" in banner
    assert re.search(r"We have your letter to Senator <bdi>[^<]+</bdi> and Representative <bdi>[^<]+</bdi>\.", banner)


async def test_it_can_be_shared_by_link_code_and_message_without_a_third_party(relay: Relay) -> None:
    _, page = await thank(relay, CHELSEA)
    assert f'<a id="address" href="{ADDRESS}">' in page
    assert '<figure class="qr">\n<svg' in page
    for start in ("https://wa.me/?text=", "sms:?&amp;body=", "mailto:?subject="):
        assert f'href="{start}' in page
    for source in re.findall(r'(?:src|srcset|data)="([^"]+)"', page):
        assert source.startswith("https://relay.example/"), source


async def test_where_everybody_is_asked_there_is_nothing_to_share_before_the_yes(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="always"))
    path, page = await thank(relay, ANA)
    assert "One more step: say yes" in page
    assert "look in your spam folder" in page
    assert 'id="share-title"' not in page
    (mail,) = await relay.letters()
    asked = (await relay.client.get(link(mail))).text
    assert "<strong><bdi>ana@mail.example</bdi></strong>" in asked  # its owner reads this
    assert 'id="share-title"' not in asked
    confirmed = (await relay.client.post(link(mail), data={"action": "confirm"})).text
    assert "Thank you. We have your yes" in confirmed
    assert 'id="share-title"' in confirmed
    assert 'id="share-title"' in (await relay.client.get(path)).text


async def test_who_said_yes_is_thanked_again_and_may_still_deny_it(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="always"))
    await thank(relay, ANA)
    (mail,) = await relay.letters()
    await relay.client.post(link(mail), data={"action": "confirm"})
    again = (await relay.client.get(link(mail))).text
    assert "Thank you. We have your yes" in again
    assert "Did you write this letter?" not in again
    assert 'value="deny"' in again
    assert 'value="confirm"' not in again


async def test_an_erased_letters_receipt_asks_nobody_to_share(relay: Relay) -> None:
    path, _ = await thank(relay, ANA)
    await relay.client.post(path, data={"action": "erase"})
    assert 'id="share-title"' not in (await relay.client.get(path)).text


async def test_nothing_captured_is_said_to_be_sent(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="always"))
    path, thanks = await thank(relay, ANA)
    (mail,) = await relay.letters()
    confirmed = (await relay.client.post(link(mail), data={"action": "confirm"})).text
    later = (await relay.client.get(path)).text
    assert "Captured here. No office received it." in later
    for page in (thanks, confirmed, later):
        assert "captured, nothing was sent" in page
        assert "on its way" not in page
        assert "will be sent" not in page


async def test_the_receipt_mail_thanks_first_and_disclaims_last(relay: Relay) -> None:
    await thank(relay, ANA)
    *_, mail = await relay.mails()
    assert mail.body.startswith("Hello,\n\nthank you for writing to your lawmakers")
    assert mail.body.index("/letters/confirm/") < mail.body.index("You did not write it?")
    assert "somebody, we hope it was you" not in mail.body


# --- the call ---


async def test_the_script_is_in_the_offices_language_with_its_meaning_beside_it(relay: Relay) -> None:
    page = (await relay.client.post(CALL, data={"city": "Chelsea", "zip": "02150", "lang": "es"})).text
    spoken = page.index('<blockquote lang="en" dir="ltr"><p>“Hello, I am a constituent')
    assert spoken < page.index("<p>«Hola, vivo en su distrito")
    assert page.count("(H.1, S.2)") == 2
    english = (await relay.client.post(CALL, data={"city": "Chelsea", "zip": "02150"})).text
    assert english.count("(H.1, S.2)") == 1


# --- another language ---


async def test_the_receipt_and_the_mailed_page_switch_language_and_their_buttons_keep_it(relay: Relay) -> None:
    path, page = await thank(relay, ANA | {"public_name": "1"})
    *_, mail = await relay.mails()
    for address, shown in ((path, page), (link(mail), (await relay.client.get(link(mail))).text)):
        assert '<a href="?lang=es" lang="es" hreflang="es">Español</a>' in shown
        assert '<a href="?lang=en" lang="en" hreflang="en" aria-current="page">English</a>' in shown
        switched = (await relay.client.get(f"{address}?lang=es")).text
        assert '<html lang="es"' in switched
        assert f'action="{address}?lang=es"' in switched
        assert '<html lang="en"' in (await relay.client.get(f"{address}?lang=xx")).text
    answer = await relay.client.post(f"{path}?lang=es", data={"action": "withdraw"})
    assert answer.headers["location"] == f"{path}?lang=es"
    denied = await relay.client.post(f"{link(mail)}?lang=es", data={"action": "deny"})
    assert '<html lang="es"' in denied.text


async def test_what_is_typed_on_the_call_page_survives_its_language_switch(relay: Relay) -> None:
    page = (await relay.client.get(CALL)).text
    assert f'form="where" formaction="{CALL}?lang=es" lang="es"' in page
    typed = {"city": "Boston", "zip": "", "street": "", "lang": "en"}
    switched = await relay.client.post(f"{CALL}?lang=es", data=typed)
    assert '<html lang="es"' in switched.text
    assert 'value="Boston"' in switched.text
    blank = await relay.client.post(f"{CALL}?lang=es", data=typed | {"city": ""})
    assert blank.status_code == 200
    assert 'role="alert"' not in blank.text
    found = await relay.client.post(f"{CALL}?lang=es", data=typed | {"city": "Chelsea", "zip": "02150"})
    assert found.text.count('href="tel:') == 2
    assert '<input type="hidden" name="city" value="Chelsea">' in found.text


async def test_chairs_and_leaders_stand_under_call_them_too_with_their_numbers(start: OpenRelay) -> None:
    """Before and after the yes."""
    others = ("committee:Judiciary", "leader:speaker")
    relay = await start(campaign(recipients=("senator", "representative", *others), confirm="always"))
    _, thanks = await thank(relay, CHELSEA)
    (mail,) = await relay.letters()
    confirmed = (await relay.client.post(link(mail), data={"action": "confirm"})).text
    for page in (thanks, confirmed):
        assert "Call them too" in page
        listed = page.partition('<ul class="letters">')[2].partition("</ul>")[0]
        assert (listed.count("<strong>"), listed.count('href="tel:')) == (5, 5)
