"""Every sentence a visitor may read is said in every language, and what nobody has checked says so."""

import io
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import write_po

from theme.pages.catalogs import (
    TEMPLATE,
    UNREVIEWED,
    extract_messages,
    find_untranslated,
    update_catalog,
    write_catalog,
)
from theme.pages.languages import (
    ENDONYMS,
    LOCALE,
    SENSITIVE,
    SOURCE,
    is_reviewed,
    known_languages,
    read_catalog,
    unreviewed_sensitive,
)

PLACEHOLDER = re.compile(r"%\(\w+\)s|\[TEST\]|%")
IN_EVERY_LANGUAGE = pytest.mark.parametrize("tag", known_languages())
extract_once = cache(extract_messages)


def catalog(tag: str) -> Catalog:
    return read_catalog(known_languages()[tag])


def messages(catalog: Catalog) -> dict[tuple[str, str], Message]:
    return {(one.context or "", key(one)): one for one in catalog if one.id}


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> list[str]:
    said = message.string
    return [said] if isinstance(said, str) else list(said or ())


def written(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=110, sort_by_file=True, include_lineno=False)
    return file.getvalue()


def test_every_language_that_is_offered_has_a_catalogue() -> None:
    assert {SOURCE, *known_languages()} == set(ENDONYMS)


def test_the_template_holds_just_what_the_code_says() -> None:
    """If this fails: `make messages`, and translate what it lists."""
    with TEMPLATE.open("rb") as file:
        assert file.read() == written(extract_once())


@IN_EVERY_LANGUAGE
def test_a_catalogue_holds_just_what_the_code_says_and_all_of_it_is_translated(tag: str) -> None:
    assert messages(catalog(tag)).keys() == messages(extract_once()).keys()
    assert list(find_untranslated(catalog(tag))) == []
    assert [key(one) for one in catalog(tag) if one.id and one.fuzzy] == []


@IN_EVERY_LANGUAGE
def test_a_translation_holds_the_placeholders_of_its_message(tag: str) -> None:
    for message in messages(catalog(tag)).values():
        source = message.id if isinstance(message.id, str) else message.id[-1]
        for said in forms(message):
            assert sorted(PLACEHOLDER.findall(said)) == sorted(PLACEHOLDER.findall(source)), said


@IN_EVERY_LANGUAGE
def test_numbers_have_as_many_forms_as_the_language_has(tag: str) -> None:
    """As the CLDR counts them; two for a language it does not know."""
    found = catalog(tag)
    assert found.num_plurals == {"ar": 6, "vi": 1, "zh-hans": 1}.get(tag, 2)
    if tag != "ht":
        assert found.plural_expr == get_plural(known_languages()[tag].stem).plural_expr
    for message in messages(found).values():
        if not isinstance(message.id, str):
            assert len(forms(message)) == found.num_plurals


@IN_EVERY_LANGUAGE
def test_every_translation_says_whether_a_native_speaker_has_checked_it(tag: str) -> None:
    for message in messages(catalog(tag)).values():
        assert is_reviewed(message) != (UNREVIEWED in message.user_comments), key(message)


@IN_EVERY_LANGUAGE
def test_collecting_again_keeps_every_translation_and_every_mark(tag: str) -> None:
    path = known_languages()[tag]
    assert written(update_catalog(extract_once(), path)) == path.read_bytes()


def test_a_review_is_kept_and_what_is_new_has_none(tmp_path: Path) -> None:
    template, path = extract_once(), tmp_path / "es.po"
    found = read_catalog(LOCALE / "es.po")
    message = next(one for one in found if one.id and one.context in SENSITIVE)
    message.user_comments = ["reviewed by Rosa Muster, 2026-12-01"]
    del found["Senator"]
    write_catalog(found, path)
    again = update_catalog(template, path)
    kept = messages(again)[message.context or "", key(message)]
    assert is_reviewed(kept)
    assert UNREVIEWED not in kept.user_comments
    new = messages(again)["", "Senator"]
    assert (new.string or "", UNREVIEWED in new.user_comments) == ("", True)


def test_what_is_said_about_safety_and_consent_is_known_to_be_so() -> None:
    """These stop a build for the public until they are checked: see publishconf.py."""
    sensitive = {key(one) for one in extract_once() if one.context in SENSITIVE}
    for words in (
        "You need not be a citizen or a voter to write to your lawmakers.",
        "Letters to officials may become public.",
        "Show my first name and town under Recent participants",
        "My full address",
        "Erase my letter",
        "If you do nothing, the letter is never sent, and everything typed is erased after three days.",
    ):
        assert words in sensitive
        assert words in unreviewed_sensitive("es")
    assert unreviewed_sensitive("en") == ()
