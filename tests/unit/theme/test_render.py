"""The relay's pages keep what was typed, show each error twice, and escape everything."""

import re

import pytest
from jinja2 import Environment, UndefinedError
from msgspec import structs

from boundaries.offices import Choice
from tests.samples.pages import (
    ANA,
    BEN,
    CAMPAIGN,
    CARLA,
    SILENT,
    SITE,
    TEXT,
    TYPED,
    VACANT,
    either,
    pages,
    receipt,
)
from tests.samples.settings import RELAY_URL
from theme.faults import Fault
from theme.fields import DISCLOSURES
from theme.manifest import Organization
from theme.pages.csp import content_security_policy
from theme.pages.environment import ENVIRONMENT
from theme.pages.views import Form
from theme.render import Renderer

RENDERER = Renderer(SITE, RELAY_URL)


def campaign(*faults: Fault, choices: tuple[Choice, ...] = ()) -> str:
    return RENDERER.campaign(CAMPAIGN, "en", "open", Form(TYPED, faults, choices))


@pytest.mark.parametrize(
    "name", [name for name in pages("en") if name.startswith(("errors", "choose", "not ", "refusal"))]
)
def test_every_error_page_keeps_what_was_typed(name: str) -> None:
    page = pages("en")[name]
    assert 'value="Rosa &#34;R&#34; &lt;b&gt;"' in page
    assert "My own\nwords &amp; more</textarea>" in page
    assert re.search('name="disclose" value="street" [^>]*checked', page)
    assert 'name="public_name" value="1" checked' in page


def test_a_late_letter_is_shown_to_its_writer() -> None:
    page = pages("en")["too late"]
    assert "This campaign is not taking letters now. Nothing was sent." in page
    assert "My own\nwords &amp; more" in page
    assert "<form" not in page


def test_each_disclosure_explains_itself_and_town_is_the_default() -> None:
    page = RENDERER.campaign(CAMPAIGN, "en", "open", Form())
    assert [f'aria-describedby="shows-{value}"' in page for value in DISCLOSURES] == [True] * 3
    assert page.count(" checked") == 1
    assert re.search('name="disclose" value="town" [^>]*checked', page)


def test_the_form_does_not_offer_a_mailing_list() -> None:
    assert "join_list" not in RENDERER.campaign(CAMPAIGN, "en", "open", Form())


def test_languages_are_listed_by_their_own_names() -> None:
    both = structs.replace(CAMPAIGN, texts={"en": TEXT, "es": structs.replace(TEXT, url="/es/campaigns/pond/")})
    page = RENDERER.campaign(both, "es", "open", Form())
    assert '/es/campaigns/pond/" lang="es" aria-current="page">Español</a>' in page
    assert ">English</a>" in page


def test_an_error_is_in_the_summary_and_next_to_its_field() -> None:
    page = campaign(Fault("email", "invalid"))
    said = "Enter an e-mail address with a name, an @ and a domain, like ana@mail.example."
    assert f'<li><a href="#email">{said}</a></li>' in page
    assert f'<p class="fault" id="email-fault">{said}</p>' in page
    assert 'aria-describedby="email-hint email-fault" aria-invalid="true"' in page
    assert "<title>Error: Keep &lt;the&gt; pond" in page


def test_one_question_is_asked_if_one_answer_decides() -> None:
    page = campaign(Fault("street", "gap"), choices=(either(ANA, CARLA), either(BEN, VACANT)))
    assert page.count('type="radio" form="letter" name="district_house"') == 2
    assert 'name="district_senate"' not in page
    assert "There is a problem</h2>\n<ul>\n</ul>" in page  # hidden, for the script


def test_a_multi_member_district_is_one_choice_with_all_names() -> None:
    page = campaign(Fault("street", "gap"), choices=(Choice((ANA,), (CARLA, VACANT)), Choice((ANA,), (SILENT,))))
    assert page.count('type="radio" form="letter" name="district_house"') == 2
    assert f"{CARLA.name}</bdi>, Representative: the seat is vacant</strong>" in page


def test_a_choice_has_its_districts_number_on_the_map() -> None:
    drawn = pages("en")["choose a pair"]
    assert "<strong>1. Representative <bdi>Carla Example" in drawn
    assert "<strong>2. Representative: the seat is vacant" in drawn
    assert "<strong>Senator <bdi>Ana Example" in drawn
    assert "<strong>1." not in pages("en")["choose by chamber"]


def test_two_questions_are_asked_if_neither_decides_alone() -> None:
    pairs = (either(ANA, CARLA), either(ANA, VACANT), either(BEN, CARLA))
    page = campaign(Fault("street", "gap"), choices=pairs)
    assert page.count('type="radio" form="letter" name="district_senate"') == 2
    assert page.count('type="radio" form="letter" name="district_house"') == 2


def test_a_choice_survives_another_error() -> None:
    chosen = TYPED | {"district_house": "3rd Test", "district_senate": "1st Test"}
    page = RENDERER.campaign(CAMPAIGN, "en", "open", Form(chosen, (Fault("email", "invalid"),)))
    assert '<input type="hidden" name="district_house" value="3rd Test">' in page
    assert '<input type="hidden" name="district_senate" value="1st Test">' in page


def test_a_redacted_receipt_shows_no_name_text_or_buttons() -> None:
    page = pages("en")["redacted"]
    for words in ("Ana", "Mine", "My own words", "617", "<form"):
        assert words not in page


def test_a_receipt_shows_vacancies_and_captured_mail() -> None:
    page = pages("en")["first thanks"]
    assert "This seat is vacant, so no letter went there." in page
    assert "This is a test installation: letters are captured, nothing was sent." in page
    assert 'href="tel:+16175550101"' in page


def test_an_office_without_email_is_shown_with_its_phone_number() -> None:
    page = Renderer(SITE, RELAY_URL).receipt(
        CAMPAIGN, "en", receipt((ANA, "sent"), unwritten=(SILENT,)), "/receipts/x", first_view=True
    )
    assert "has no e-mail address" in page
    assert "tel:+16175550104" in page


def test_a_drafts_receipt_says_that_no_office_gets_it() -> None:
    draft = structs.replace(CAMPAIGN, status="draft")
    page = Renderer(SITE, RELAY_URL).receipt(draft, "en", receipt((ANA, "sent")), "/receipts/token", True)
    assert "A draft. Letters from this page go to its organizers only" in page
    assert "on its way" not in page
    assert "Delivered to the office" not in page


def test_an_undefined_name_in_a_template_is_an_error() -> None:
    template = Environment(**ENVIRONMENT).from_string("{{ campain }}")  # noqa: S701
    with pytest.raises(UndefinedError):
        template.render(campaign="x")


def test_a_single_origin_is_self_in_the_policy() -> None:
    policy = content_security_policy("", "")
    assert "connect-src 'self'; form-action 'self';" in policy


def test_origins_are_listed_once_without_paths() -> None:
    policy = content_security_policy("https://a.example/site", "https://a.example")
    assert "form-action 'self' https://a.example;" in policy


def test_who_is_behind_the_page_stands_above_the_form() -> None:
    who = Organization(name="Pond <Friends>", line="Neighbors of Mill Pond.", contact="desk@pondfriends.example")
    page = Renderer(structs.replace(SITE, organization=who), RELAY_URL).campaign(CAMPAIGN, "en", "open", Form())
    above = page.partition('<form id="letter"')[0]
    assert "<strong><bdi>Pond &lt;Friends&gt;</bdi></strong> <bdi>Neighbors of Mill Pond.</bdi>" in above
    assert '<a href="mailto:desk@pondfriends.example">' in above
    assert f'<a href="{SITE.url}/for-offices/">' in above
    assert "organization" not in campaign().partition('<form id="letter"')[0].partition("<main")[2]
