"""`make messages`: extract every translatable message into the `.pot` template and update the catalogs from it.

Messages no longer in the code are removed. New ones have no translation yet, and the tests fail until they do.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from theme.pages.languages import DOMAIN, ENDONYMS, LOCALE, SOURCE, is_reviewed, known_languages, read_catalog

ROOT: Final = Path(__file__).parents[2]
TEMPLATE: Final = LOCALE / f"{DOMAIN}.pot"
UNREVIEWED: Final = "not reviewed by a native speaker"

_ROOMS: Final = ("theme", "relay")
_METHODS: Final = [("starter/**", "ignore"), ("**.html", "jinja2"), ("**.py", "python")]
_OPTIONS: Final = {"**.html": {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true"}}
# theme.fields.Field takes its label second.
_KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "Field": (2,),
}
# A fixed date, or every run would change the file.
_CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC)


def extract_messages() -> Catalog:
    """Every message in templates and code, with the files it occurs in."""
    catalog = Catalog(project=DOMAIN, version="1", charset="utf-8", creation_date=_CREATED, header_comment="")
    for room in _ROOMS:
        extracted = extract_from_dir(ROOT / room, _METHODS, _OPTIONS, _KEYWORDS, comment_tags=("Translators:",))
        for file, _, message, comments, context in extracted:
            catalog.add(message, locations=[(f"{room}/{file}", 0)], auto_comments=comments, context=context)
    return catalog


def update_catalog(template: Catalog, path: Path) -> Catalog:
    """The catalog at `path` with exactly the template's messages, each marked as reviewed or not."""
    catalog = read_catalog(path)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        if message.id and not is_reviewed(message) and UNREVIEWED not in message.user_comments:
            message.user_comments.append(UNREVIEWED)
    return catalog


def write_catalog(catalog: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_by_file=True, include_lineno=False)


def find_untranslated(catalog: Catalog) -> Iterator[str]:
    """The msgids without a translation, or without all plural forms."""
    for message in catalog:
        forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        if message.id and not all(forms):
            yield str(message.id)


def main() -> None:
    template = extract_messages()
    write_catalog(template, TEMPLATE)
    for tag in ENDONYMS:
        if tag != SOURCE and tag not in known_languages():
            print(f"{tag}: no catalog in {LOCALE.name}/", file=sys.stderr)
    for tag, path in known_languages().items():
        catalog = update_catalog(template, path)
        write_catalog(catalog, path)
        missing = list(find_untranslated(catalog))
        print(f"{tag}: {len(catalog)} messages, {len(missing)} without a translation", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
