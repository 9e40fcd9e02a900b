"""`make messages`: collect every sentence that a visitor may read into one template, and bring the catalogues up to
date with it. What is no longer said goes; what is new waits for its translation, which the tests then ask for."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from theme.pages.languages import DOMAIN, ENDONYMS, LOCALE, SOURCE, known_languages, read_catalogue, reviewed

ROOT: Final = Path(__file__).parents[2]
TEMPLATE: Final = LOCALE / f"{DOMAIN}.pot"
UNREVIEWED: Final = "not reviewed by a native speaker"

_ROOMS: Final = ("theme", "relay")
_METHODS: Final = [("templates/starter.md", "ignore"), ("**.html", "jinja2"), ("**.py", "python")]
_OPTIONS: Final = {"**.html": {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true"}}
# A field's label is its second argument (theme.fields.Field).
_KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "Field": (2,),
}
# A date that changed with every run would make a difference where there is none.
_CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC)


def collect() -> Catalog:
    """Every message in the templates and the code, with the files that say it."""
    catalogue = Catalog(project=DOMAIN, version="1", charset="utf-8", creation_date=_CREATED, header_comment="")
    for room in _ROOMS:
        found = extract_from_dir(ROOT / room, _METHODS, _OPTIONS, _KEYWORDS, comment_tags=("Translators:",))
        for file, _, message, comments, context in found:
            catalogue.add(message, locations=[(f"{room}/{file}", 0)], auto_comments=comments, context=context)
    return catalogue


def renew(template: Catalog, path: Path) -> Catalog:
    """The catalogue at `path` with just the template's messages; each says whether a native speaker reviewed it."""
    catalogue = read_catalogue(path)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        if message.id and not reviewed(message) and UNREVIEWED not in message.user_comments:
            message.user_comments.append(UNREVIEWED)
    return catalogue


def write(catalogue: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_by_file=True, include_lineno=False)


def untranslated(catalogue: Catalog) -> Iterator[str]:
    """The English of messages that have no translation, or only some of its plural forms."""
    for message in catalogue:
        forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        if message.id and not all(forms):
            yield str(message.id)


def main() -> None:
    template = collect()
    write(template, TEMPLATE)
    for tag in ENDONYMS:
        if tag != SOURCE and tag not in known_languages():
            print(f"{tag}: no catalogue in {LOCALE.name}/", file=sys.stderr)
    for tag, path in known_languages().items():
        catalogue = renew(template, path)
        write(catalogue, path)
        missing = list(untranslated(catalogue))
        print(f"{tag}: {len(catalogue)} messages, {len(missing)} without a translation", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
