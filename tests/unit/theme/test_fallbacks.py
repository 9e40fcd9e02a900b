"""The options for an address that does not decide, in every language and for every error that needs them."""

from typing import get_args

import msgspec
import pytest

from boundaries.model import Reason
from tests.samples.pages import SITE
from theme.faults import Fault, FaultCode
from theme.fields import FIELD
from theme.pages.fallbacks import find_fallbacks
from theme.pages.languages import SOURCE, known_languages

IN_EVERY_LANGUAGE = pytest.mark.parametrize("tag", known_languages())


@pytest.mark.parametrize("reason", sorted(set(get_args(Reason)) - {""}))
@pytest.mark.parametrize("field", ["street", "city", "district_house"])
def test_every_lookup_failure_offers_location_and_phone_directory(reason: FaultCode, field: str) -> None:
    assert all(find_fallbacks([Fault("email", "invalid"), Fault(field, reason)], SITE, SOURCE).values())


@pytest.mark.parametrize("code", ["vacant", "no_email"])
def test_an_unreachable_office_offers_only_the_phone_directory(code: FaultCode) -> None:
    options = find_fallbacks([Fault("city", code)], SITE, SOURCE)
    assert options["place"] is None
    assert options["phones"]


@pytest.mark.parametrize("field", FIELD)
def test_a_missing_field_offers_nothing_else(field: str) -> None:
    assert not any(find_fallbacks([Fault(field, "required")], SITE, SOURCE).values())
    options = find_fallbacks([Fault(field, "required")], SITE, SOURCE, always=True)
    assert options["phones"]
    assert options["place"] is None


@IN_EVERY_LANGUAGE
def test_each_language_has_its_own_texts_and_phone_directory(tag: str) -> None:
    site = msgspec.structs.replace(SITE, languages=(SOURCE, tag))
    own, english = (find_fallbacks([Fault("street", "gap")], site, language) for language in (tag, SOURCE))
    for option in ("place", "phones"):
        translated, source = own[option], english[option]
        assert translated
        assert source
        assert not set(translated.values()) & set(source.values())
