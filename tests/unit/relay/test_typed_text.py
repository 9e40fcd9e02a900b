"""What people paste becomes what they meant."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.typed_text import mend, narrow, write_digits


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("one\x0btwo", "one\ntwo"),  # Shift+Enter in Word and PowerPoint
        ("one\u2028two", "one\ntwo"),
        ("one\x85two", "one\ntwo"),
        ("one\x0ctwo", "one\ntwo"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\u2029two", "one\n\ntwo"),
        ("ba\u200bna\ufeffna \xadsplit\u2060\x00\x07\ufffc", "banana split"),
        ("[First\xa0Name]\u202f!", "[First Name] !"),
        ("thirty\u2007days\u2003on", "thirty days on"),
        ("well\x1eknown", "well-known"),
        ("it\x92s \x93so\x94", "it’s “so”"),
        ("one\ttwo", "one\ttwo"),
        ("　我们", "我们"),
        ("我们　大家", "我们　大家"),
    ],
    ids=ascii,
)
def test_a_letter_reads_as_it_was_meant(pasted: str, meant: str) -> None:
    assert mend(pasted, one_line=False) == meant


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian: two parts of a word that do not join
        "क्\u200dष",  # Hindi: a half letter
        "ශ්\u200dරී ලංකා",  # Sinhala
        "👩\u200d👧 ❤\ufe0f\u200d🔥 🏳\ufe0f\u200d🌈",
        "ه\u200d.",  # Persian: the initial form, by itself
    ],
    ids=ascii,
)
def test_joiners_stay_where_a_script_needs_them(text: str) -> None:
    assert mend(text, one_line=False) == mend(text, one_line=True) == text


@pytest.mark.parametrize(
    "text", ["Ana\u200d", "\u200dAna", "A\u200c\u200dna", "Ana\u2003\u200d", "\u200dAna\u200c\u200c"], ids=ascii
)
def test_joiners_that_join_nothing_go(text: str) -> None:
    assert mend(text, one_line=True) == "Ana"


@given(st.text(), st.booleans())
def test_nothing_is_left_to_mend(text: str, one_line: bool) -> None:
    mended = mend(text, one_line=one_line)
    assert mend(mended, one_line=one_line) == mended


@given(st.text())
def test_no_control_character_and_no_strange_line_break_is_left(text: str) -> None:
    letter, line = mend(text, one_line=False), mend(text, one_line=True)
    assert {character for character in letter if unicodedata.category(character) in ("Cc", "Zl", "Zp")} <= {"\n", "\t"}
    assert letter.splitlines() == letter.split("\n") or letter == ""
    assert [character for character in line if unicodedata.category(character) in ("Cc", "Zl", "Zp")] == []
    assert len(line.splitlines()) <= 1
    assert line == " ".join(line.split())


@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\ufffc\ufffd")))
def test_what_is_seen_stays(text: str) -> None:
    assert mend(text, one_line=False) == mend(text, one_line=True) == text


@given(st.text())
def test_every_digit_can_be_read_by_everybody(text: str) -> None:
    written = write_digits(text)
    assert len(written) == len(text)
    assert all(not character.isdecimal() or character.isascii() for character in written)
    assert write_digits(text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == written


def test_wide_letters_and_dashes_are_ascii() -> None:
    assert narrow("ａｎａ＠ｍａｉｌ．example（617）555–0100") == "ana@mail.example(617)555-0100"
