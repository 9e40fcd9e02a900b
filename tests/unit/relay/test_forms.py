"""Parsing and validating the form. Nothing typed is trusted, and nothing typed is lost."""

from typing import Final
from urllib.parse import unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay import forms
from relay.typed_text import mend
from tests.samples.people import CHELSEA
from theme.faults import Fault
from theme.fields import FIELD, FIELDS


def read(values: dict[str, str]) -> dict[str, str]:
    return forms.parse(urlencode(values).encode())


def codes(values: dict[str, str]) -> dict[str, str]:
    return {fault.field: fault.code for fault in forms.check(values)}


def test_a_valid_form_is_parsed_without_errors() -> None:
    assert read(CHELSEA) == CHELSEA
    assert forms.check(CHELSEA) == ()


def test_line_endings_are_normalized_and_edges_trimmed() -> None:
    assert read({"message": " a\r\nb\rc\n\n"}) == {"message": "a\nb\nc"}


@given(st.text("%=&+ aAfF09zé\r\n~._"))
def test_escapes_are_decoded_like_the_standard_library_does(text: str) -> None:
    raw = text.replace("&", "").encode()
    expected = unquote_to_bytes(raw.replace(b"+", b" ")).decode(errors="replace")
    assert forms.parse(b"message=" + raw)["message"] == mend(expected, one_line=False)


def test_unknown_fields_and_second_values_are_dropped() -> None:
    assert forms.parse(b"email=a&email=b&surprise=1&__proto__=x") == {"email": "a"}


def test_invalid_utf8_is_an_error() -> None:
    assert codes(forms.parse(b"first_name=Jos%E9"))["first_name"] == "unprintable"
    assert forms.parse("first_name=José".encode()) == {"first_name": "José"}


def test_a_form_of_a_thousand_fields_is_refused() -> None:
    with pytest.raises(ValueError, match="fields"):
        forms.parse(b"&".join(b"x=1" for _ in range(1000)))


def test_missing_fields_are_reported_in_the_order_of_the_form() -> None:
    required = [field.name for field in FIELDS if field.required]
    assert forms.check({}) == tuple(Fault(name, "required") for name in ["first_name", *required])


def test_an_empty_message_is_an_error_and_an_empty_subject_is_not() -> None:
    assert codes(CHELSEA | {"message": ""}) == {"message": "required"}
    assert codes(CHELSEA | {"subject": ""}) == {}


@pytest.mark.parametrize("name", [field.name for field in FIELDS])
def test_lengths_count_characters_not_bytes(name: str) -> None:
    most = FIELD[name].max_chars
    assert Fault(name, "too_long", most) in forms.check(CHELSEA | {name: "😀" * (most + 1)})
    assert codes(CHELSEA | {name: "😀" * most}).get(name) != "too_long"


UNSEEN: Final = (
    "\x00", "\x07", "\x0b", "\x0c", "\r\n", "\t", "\x1f", "\x7f", "\x85", "\xa0", "\xad", "\u200b", "\u200c", "\u200d",
    "\u200e", "\u2028", "\u2029", "\u202c", "\u2060", "\u2069", "\u3000", "\ufeff", "\ufffc",
)  # fmt: skip


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_no_letter_is_refused_for_what_nobody_sees(unseen: str) -> None:
    pasted = {name: f"{unseen}{value}{unseen}" for name, value in (CHELSEA | {"message": "Dear, all"}).items()}
    assert codes(read(pasted | {"city": f"Chel{unseen}sea" if unseen not in SPACES else "Chelsea"})) == {}


SPACES: Final = ("\x0b", "\x0c", "\r\n", "\t", "\x85", "\xa0", "\u2028", "\u2029", "\u3000")


@pytest.mark.parametrize("name", [field.name for field in FIELDS if field.type != "textarea"])
@pytest.mark.parametrize("space", [*SPACES, "\n", "\r", " \r\n\r\n "], ids=ascii)
def test_a_single_line_has_one_space_where_lines_were(name: str, space: str) -> None:
    assert read({name: f"a{space}Bcc: b"}) == {name: "a Bcc: b"}


@pytest.mark.parametrize("mark", ["\u061c", "\u200f", "\u202e", "\u2066"], ids=ascii)
def test_a_name_does_not_read_backwards(mark: str) -> None:
    assert read({"first_name": f"A{mark}na"}) == {"first_name": "Ana"}


def test_a_letter_may_have_lines_tabs_and_any_script() -> None:
    assert codes(CHELSEA | {"message": "One\n\ttwo\n\nأهلا 你好 👩‍👧"}) == {}


@pytest.mark.parametrize(
    "email", ["a@b.example", "o'hara+bills@mail.sub.example", "x_y=z@b-c.example", "a" * 64 + "@b.example"]
)
def test_valid_email_addresses(email: str) -> None:
    assert codes(CHELSEA | {"email": email}) == {}


@pytest.mark.parametrize(
    "email",
    [
        "ana",
        "ana@",
        "@mail.example",
        "ana@mail",
        "ana@@mail.example",
        "a b@mail.example",
        "ana@mail..example",
        "ana..s@mail.example",
        ".ana@mail.example",
        "ana(comment)@mail.example",
        '"ana"@mail.example',
        "ana@mail.example>",
        "ana@[192.0.2.1]",
        "ana,bo@mail.example",
        "a" * 65 + "@mail.example",
        "ana@mail.example.",
        "ana@-mail.example",
    ],
)
def test_invalid_email_addresses(email: str) -> None:
    assert codes(CHELSEA | {"email": email}) == {"email": "invalid"}


@pytest.mark.parametrize("email", ["ana@bücher.example", "ana@例え.example", "ana@مثال.example"])
def test_a_mailbox_may_have_an_international_domain(email: str) -> None:
    assert codes(CHELSEA | {"email": email}) == {}


@pytest.mark.parametrize(
    ("email", "letters"), [("josé@mail.example", "é"), ("阿娜@mail.example", "阿娜"), ("аnаbel@mail.example", "а")]
)
def test_what_offices_cannot_write_back_to_is_named(email: str, letters: str) -> None:
    assert forms.check(CHELSEA | {"email": email}) == (Fault("email", "foreign_letters", letters=letters),)
    assert codes(CHELSEA | {"email": f"{email}."}) == {"email": "invalid"}


def test_full_width_signs_in_an_address_are_ascii() -> None:
    assert read({"email": "ａｎａ＠mail．example"}) == {"email": "ana@mail.example"}


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])
def test_digits_of_every_script_are_understood(digits: str) -> None:
    written = str.maketrans("0123456789", digits)
    typed = {"street": "24 Beacon St".translate(written), "phone": "(617) 555–0100".translate(written)}
    assert read(typed) == {"street": "24 Beacon St", "phone": "(617) 555-0100"}


def test_a_single_name_is_enough_in_either_field() -> None:
    for name, typed in (("first_name", "Suharto"), ("last_name", "Suharto")):
        single = CHELSEA | {"first_name": "", "last_name": ""} | {name: typed}
        assert codes(single) == {}
        assert forms.read_name(single) == ("Suharto", "")
    assert codes(CHELSEA | {"first_name": "", "last_name": ""}) == {"first_name": "required"}
    assert forms.read_name(CHELSEA) == ("Ana", "Silva")


@pytest.mark.parametrize(
    ("code", "good"), [("02150", True), ("02150-1234", True), ("021501234", True), ("2150", False)]
)
def test_zip_codes(code: str, good: bool) -> None:
    assert (codes(CHELSEA | {"zip": code}) == {}) is good


@pytest.mark.parametrize(("phone", "good"), [("(617) 555-0100", True), ("+1 617.555.0100", True), ("call me", False)])
def test_phone_numbers(phone: str, good: bool) -> None:
    assert (codes(CHELSEA | {"phone": phone}) == {}) is good


def test_disclosure_is_one_of_three_values() -> None:
    assert codes(CHELSEA | {"disclose": "all"}) == {"disclose": "invalid"}


def test_a_ticked_box_is_1_whatever_its_value() -> None:
    assert read({"public_name": "on", "join_list": ""}) == {"public_name": "1"}


def test_robots_fill_in_the_hidden_field() -> None:
    assert forms.is_robot({"website": "https://spam.example"})
    assert not forms.is_robot(CHELSEA | {"website": ""})


@given(st.binary(max_size=300))
def test_no_input_crashes_the_parser(body: bytes) -> None:
    forms.check(forms.parse(body))


LONG = {field.name for field in FIELDS if field.type == "textarea"}


@given(st.dictionaries(st.sampled_from([field.name for field in FIELDS]), st.text(max_size=40)))
def test_valid_values_have_no_control_characters_and_headers_no_line_breaks(typed: dict[str, str]) -> None:
    values = read(typed)
    wrong = {fault.field for fault in forms.check(values)}
    for name, value in values.items():
        if name not in wrong:
            allowed = "\n\t" if name in LONG else ""
            assert all(character.isprintable() or character in allowed or ord(character) > 0x9F for character in value)
            assert name in LONG or len(value.splitlines()) <= 1
