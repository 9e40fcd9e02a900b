"""Every message is translated into every language, and unreviewed translations are marked."""

import io
import re
import unicodedata
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
    return {(message.context or "", key(message)): message for message in catalog if message.id}


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> list[str]:
    text = message.string
    return [text] if isinstance(text, str) else list(text or ())


def written(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=110, sort_by_file=True, include_lineno=False)
    return file.getvalue()


def test_every_language_has_a_catalog() -> None:
    assert {SOURCE, *known_languages()} == set(ENDONYMS)


def test_the_template_has_exactly_the_messages_in_the_code() -> None:
    """If this fails: `make messages`, and translate what it lists."""
    with TEMPLATE.open("rb") as file:
        assert file.read() == written(extract_once())


@IN_EVERY_LANGUAGE
def test_a_catalog_has_exactly_the_messages_in_the_code_all_translated(tag: str) -> None:
    assert messages(catalog(tag)).keys() == messages(extract_once()).keys()
    assert list(find_untranslated(catalog(tag))) == []
    assert [key(message) for message in catalog(tag) if message.id and message.fuzzy] == []


@IN_EVERY_LANGUAGE
def test_a_translation_has_the_placeholders_of_its_message(tag: str) -> None:
    for message in messages(catalog(tag)).values():
        source = message.id if isinstance(message.id, str) else message.id[-1]
        for form in forms(message):
            assert sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(source)), form


@IN_EVERY_LANGUAGE
def test_messages_have_all_plural_forms_of_the_language(tag: str) -> None:
    """As in the CLDR; two for a language it does not know."""
    translated = catalog(tag)
    assert translated.num_plurals == {"ar": 6, "vi": 1, "zh-hans": 1}.get(tag, 2)
    if tag != "ht":
        assert translated.plural_expr == get_plural(known_languages()[tag].stem).plural_expr
    for message in messages(translated).values():
        if not isinstance(message.id, str):
            assert len(forms(message)) == translated.num_plurals


@IN_EVERY_LANGUAGE
def test_every_translation_says_whether_a_native_speaker_has_checked_it(tag: str) -> None:
    for message in messages(catalog(tag)).values():
        assert is_reviewed(message) != (UNREVIEWED in message.user_comments), key(message)


@IN_EVERY_LANGUAGE
def test_updating_a_catalog_keeps_translations_and_review_marks(tag: str) -> None:
    path = known_languages()[tag]
    assert written(update_catalog(extract_once(), path)) == path.read_bytes()


def test_a_review_is_kept_and_a_new_message_has_none(tmp_path: Path) -> None:
    template, path = extract_once(), tmp_path / "es.po"
    spanish = read_catalog(LOCALE / "es.po")
    message = next(message for message in spanish if message.id and message.context in SENSITIVE)
    message.user_comments = ["reviewed by Rosa Muster, 2026-12-01"]
    del spanish["Senator"]
    write_catalog(spanish, path)
    again = update_catalog(template, path)
    kept = messages(again)[message.context or "", key(message)]
    assert is_reviewed(kept)
    assert UNREVIEWED not in kept.user_comments
    new = messages(again)["", "Senator"]
    assert (new.string or "", UNREVIEWED in new.user_comments) == ("", True)


def test_messages_about_safety_and_consent_have_their_context() -> None:
    """These stop a public build until they are reviewed: see publishconf.py."""
    sensitive = {key(message) for message in extract_once() if message.context in SENSITIVE}
    for words in (
        "You need not be a citizen or a voter to write to your lawmakers.",
        "Your letter shows only your town, unless you choose more.",
        "Show my first name and town under Recent participants",
        "My full address",
        "Erase my letter",
        "If you do nothing, the letter is never sent, and everything typed is erased after three days.",
    ):
        assert words in sensitive
        assert words in unreviewed_sensitive("es")
    assert unreviewed_sensitive("en") == ()


SCRIPTS = {"ar": "ARABIC", "zh-hans": "CJK"}


@IN_EVERY_LANGUAGE
def test_a_catalog_is_written_in_its_own_script(tag: str) -> None:
    """Not in that of the catalog beside it."""
    letters = [letter for message in messages(catalog(tag)).values() for form in forms(message) for letter in form]
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters if letter.isalpha()}
    assert scripts & {"ARABIC", "CJK", "HEBREW", "CYRILLIC"} == ({SCRIPTS[tag]} if tag in SCRIPTS else set())
