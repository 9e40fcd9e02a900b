"""What else leads on, said in every language and for every fault that needs it."""

from typing import get_args

import msgspec
import pytest

from boundaries.model import Reason
from tests.unit.theme.samples import SITE
from theme.faults import Fault, FaultCode
from theme.fields import FIELD
from theme.pages.fallbacks import find_fallbacks
from theme.pages.languages import SOURCE, known_languages

IN_EVERY_LANGUAGE = pytest.mark.parametrize("tag", known_languages())


@pytest.mark.parametrize("reason", sorted(set(get_args(Reason)) - {""}))
@pytest.mark.parametrize("field", ["street", "city", "district_house"])
def test_no_reason_is_without_a_place_and_numbers(reason: FaultCode, field: str) -> None:
    assert all(find_fallbacks([Fault("email", "invalid"), Fault(field, reason)], SITE, SOURCE).values())


@pytest.mark.parametrize("code", ["vacant", "no_email"])
def test_where_nobody_can_be_written_to_a_place_would_not_help(code: FaultCode) -> None:
    ways = find_fallbacks([Fault("city", code)], SITE, SOURCE)
    assert ways["place"] is None
    assert ways["phones"]


@pytest.mark.parametrize("field", FIELD)
def test_what_only_has_to_be_filled_in_needs_no_other_way(field: str) -> None:
    assert not any(find_fallbacks([Fault(field, "required")], SITE, SOURCE).values())
    ways = find_fallbacks([Fault(field, "required")], SITE, SOURCE, always=True)
    assert ways["phones"]
    assert ways["place"] is None


@IN_EVERY_LANGUAGE
def test_each_language_has_its_own_words_and_its_own_page_of_numbers(tag: str) -> None:
    site = msgspec.structs.replace(SITE, languages=(SOURCE, tag))
    own, english = (find_fallbacks([Fault("street", "gap")], site, one) for one in (tag, SOURCE))
    for way in ("place", "phones"):
        said, source = own[way], english[way]
        assert said
        assert source
        assert not set(said.values()) & set(source.values())
