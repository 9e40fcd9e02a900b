"""Dates, numbers, writing direction and language negotiation."""

from datetime import UTC, date, datetime

import pytest

from theme.faults import Fault
from theme.pages.languages import choose_language, direction, language_of
from theme.pages.sentences import explain_fault

OFFERED = ("en", "es", "pt", "ht", "zh-hans", "vi", "ar")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "June 30, 2027"),
        ("es", "30 de junio de 2027"),
        ("pt", "30 de junho de 2027"),
        ("ht", "30 jen 2027"),
        ("zh-hans", "2027年6月30日"),
        ("vi", "30 tháng 6, 2027"),
        ("ar", "30 يونيو 2027"),
        ("so", "Juun 30, 2027"),  # without a catalog, but known to the CLDR
        ("tlh", "June 30, 2027"),
    ],
)
def test_a_date_is_formatted_for_the_language(tag: str, expected: str) -> None:
    assert language_of(tag).day(date(2027, 6, 30)) == expected


def test_a_moment_has_date_and_time() -> None:
    noon = datetime(2027, 6, 30, 15, 4, tzinfo=UTC)
    assert language_of("en").moment(noon).replace("\u202f", " ") == "June 30, 2027, 3:04 PM"
    assert language_of("es").moment(noon) == "30 de junio de 2027, 15:04"
    assert language_of("zh-hans").moment(noon) == "2027年6月30日 15:04"


def test_numbers_are_grouped_for_the_language() -> None:
    assert [language_of(tag).number(10_000) for tag in ("en", "es", "vi")] == ["10,000", "10.000", "10.000"]


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en;q=0.5, pt-BR;q=0.9", "pt"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("zh-Hans-CN, en;q=0.1", "zh-hans"),
        ("zh-TW,zh;q=0.9", "zh-hans"),
        ("ar-EG", "ar"),
        ("so, ht;q=0.7", "ht"),
        ("es;q=0, vi;q=0.1", "vi"),
        ("so", None),
        ("*", None),
        ("", None),
        (";;;q=,,en;q=x", None),
    ],
)
def test_accept_language_chooses_the_language(accepted: str, chosen: str | None) -> None:
    assert choose_language(accepted, OFFERED) == chosen


@pytest.mark.parametrize(("limit", "said"), [(3, "3 أحرف"), (60, "60 حرفًا"), (254, "254 حرفًا"), (10_000, "10,000 حرف")])
def test_arabic_uses_the_plural_form_of_the_number(limit: int, said: str) -> None:
    """The catalog's forms follow its own plural rule, which is not the CLDR's."""
    sentence = explain_fault(Fault("message", "too_long", limit), language_of("ar"))
    assert sentence.endswith(f"{said}.")


def test_arabic_is_written_from_right_to_left() -> None:
    assert (direction("ar"), direction("ar-eg"), direction("es")) == ("rtl", "rtl", "ltr")
