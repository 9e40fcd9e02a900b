"""Every message of the relay to visitors has its text."""

from typing import get_args

import pytest

from relay.outbox import LetterStatus
from tests.samples.pages import SITE
from tests.samples.settings import RELAY_URL
from theme.faults import Fault, FaultCode
from theme.fields import FIELD
from theme.pages.languages import language_of
from theme.pages.sentences import describe_status, explain_notice, explain_refusal, title_notice
from theme.render import Renderer


def plain(text: str) -> str:
    return text


@pytest.mark.parametrize("code", get_args(FaultCode))
@pytest.mark.parametrize("field", [*FIELD, "disclose", "district_house", "district_proof"])
def test_every_error_is_one_or_two_full_sentences(code: FaultCode, field: str) -> None:
    said = Renderer(SITE, RELAY_URL).explain(Fault(field, code, 60, "Massachusetts"), "en")
    assert said.endswith(".")
    assert said[0].isupper()
    assert "%" not in said
    assert len(said) <= 130, said


def test_the_po_box_error_says_why_a_street_is_needed() -> None:
    said = Renderer(SITE, RELAY_URL).explain(Fault("street", "po_box"), "en")
    assert said == (
        "Enter the street address where you live. A PO box says where your mail goes, not which district you live in."
    )


def test_a_limit_is_in_the_message() -> None:
    said = Renderer(SITE, RELAY_URL).explain(Fault("message", "too_long", 10_000), "en")
    assert said == "Your message is too long: 10,000 characters at most."


def test_every_letter_status_has_its_own_text() -> None:
    said = {status: describe_status(status, plain) for status in get_args(LetterStatus)}
    said.pop("sending")  # shown like queued
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 415, 429, 500, 503])
def test_every_notice_says_what_to_do(status: int) -> None:
    assert title_notice(status, plain)
    assert explain_notice(status, plain).endswith(".")
    assert explain_refusal(status, plain).endswith(".")


def test_a_language_without_a_catalog_falls_back_to_english() -> None:
    assert language_of("so").gettext("Send my letter") == "Send my letter"
    assert language_of("so").ngettext("one", "many", 2) == "many"
