"""The editor's configuration: its form, from what checks front matter, and where it saves the files.

Source: https://sveltiacms.app/en/docs/config-basics and the editor's types/public.d.ts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from boundaries.state import State
from theme.cms.fields import Field, make_choice, make_field
from theme.recipients import CHAMBER_OF, CommitteeChairs, Leader
from theme.site.campaign_file import KEYS, REQUIRED, STATE, TRANSLATED
from theme.site.file_names import CAMPAIGNS, PAGES, SLUG
from theme.site.hearing import KIND, NEEDS, NEVER, ONLY
from theme.site.key_meanings import MEANT
from theme.site.links import IMAGES
from theme.site.page_file import PAGE_KEYS
from theme.site.starter import read_body
from theme.site.validators import Validator

_FIRST: Final = (
    "title",
    "campaign",
    "action",
    "summary",
    *ONLY,
    "recipients",
    "bills",
    "subject",
    "status",
    "organiser",
)
# What a file may leave out, and the form may not. The status is chosen each time: the editor would put a default also
# into files that have none, and "draft" would take an open campaign off. A draft's letters go to its organizer.
_ALSO_REQUIRED: Final = ("status", "organiser")
_NAME: Final = {
    "template": "{{title}}",
    "editable": ["create"],  # later it is in links, receipts and mail
    "pattern": [f"^{SLUG.pattern}$", "Use lowercase letters, digits and hyphens, like fair-rent"],
    "hint": "Part of the page's address, and short, like fair-rent. It cannot be changed later",
}


@dataclass(frozen=True, slots=True)
class Site:
    """What a form depends on."""

    first: str  # language of files without one in their name
    tags: Sequence[str]  # of all languages, the first one first
    states: Sequence[State]
    prefix: str = ""  # the site's folder in its repository, like "site/"
    content: str = "content"


def make_config(site: Site, backend: Mapping[str, object]) -> dict[str, Any]:
    """The whole configuration. backend: where the repository is."""
    folder = f"{site.prefix}{site.content}"
    return {
        "backend": backend,
        "app_title": "Campaigns",
        "media_folder": f"{folder}/{IMAGES}",
        "public_folder": f"/{IMAGES}",  # with {static} its preview would show no picture
        "slug": {"encoding": "ascii", "clean_accents": True, "maxlength": 80},
        "output": {"omit_empty_optional_fields": True},
        "i18n": {
            "structure": "multiple_files",
            "locales": list(site.tags),
            "default_locale": site.first,
            "omit_default_locale_from_file_path": True,
            "initial_locales": "default",
        },
        "collections": [
            {
                **_collection("campaigns", "Campaigns", "Campaign", f"{folder}/{CAMPAIGNS}"),
                "filter": {"field": "kind", "value": [None, "letter"]},
                "delete": False,  # who wrote would get a 404: set its status to withdrawn
                "fields": list(_make_fields(site, testimony=False)),
            },
            {
                **_collection("testimony", "Testimony", "Testimony", f"{folder}/{CAMPAIGNS}"),
                "filter": {"field": "kind", "value": KIND},
                "delete": False,
                "fields": list(_make_fields(site, testimony=True)),
            },
            {
                **_collection("pages", "Pages", "Page", f"{folder}/{PAGES}"),
                "fields": list(_make_page_fields(site)),
            },
        ],
    }


def _collection(name: str, label: str, singular: str, folder: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "label_singular": singular,
        "folder": folder,
        "i18n": True,
        "slug": _NAME,
        "aliases_field": False,
    }


def _make_fields(site: Site, *, testimony: bool) -> Iterator[Field]:
    """Every key of a campaign of one kind: those that everybody fills in, the text, and the others."""
    keys = [key for key in KEYS if key not in (NEVER if testimony else ONLY)]
    first: list[str] = [key for key in _FIRST if key in keys]
    for key in first:
        yield _make_field(site, key, testimony=testimony)
    yield {"name": "kind", "widget": "hidden"} | ({"default": KIND} if testimony else {})
    hint = "The argument, in Markdown; under ## Message the letter, as plain text"
    yield _make_body(site, "Text and letter", hint) | {"default": read_body(site.first)}
    for key in keys:
        if key not in (*first, "kind"):
            yield _make_field(site, key, testimony=testimony)


def _make_field(site: Site, key: str, *, testimony: bool) -> Field:
    required = key in (*REQUIRED, *_ALSO_REQUIRED, *(NEEDS if testimony else ()))
    field = _make_any(site, key, KEYS[key], required=required)
    if key == "recipients":
        field |= make_choice(dict(_list_recipients(site.states)), multiple=True) | {"default": list(CHAMBER_OF)}
    if key == STATE:  # a text to its validator, which knows no states
        field = {option: field[option] for option in ("name", "label", "hint")} | {"required": len(site.states) > 1}
        field |= make_choice({state.code: state.name for state in site.states})
    return field


def _make_page_fields(site: Site) -> Iterator[Field]:
    for key, validator in PAGE_KEYS.items():
        yield _make_any(site, key, validator, required=key == "title")
    yield _make_body(site, "Text", "In Markdown")


def _make_any(site: Site, key: str, validator: Validator, *, required: bool) -> Field:
    """A translation inherits what it does not say, so only the first language requires anything."""
    translated = key in TRANSLATED
    wanted = [site.first] if required and translated else required
    return make_field(key, validator, MEANT[key], required=wanted, translated=translated)


def _make_body(site: Site, label: str, hint: str) -> Field:
    return {
        "name": "body",
        "label": label,
        "hint": hint,
        "widget": "richtext",
        "modes": ["raw"],  # the other mode writes a letter's "5 * 3" as 5 \\* 3, and its dashes as asterisks
        "required": [site.first],
        "i18n": True,
    }


def _list_recipients(states: Sequence[State]) -> Iterator[tuple[str, str]]:
    """Everybody who can be written to without an address of their own: what the file says, and how it reads."""
    for role in CHAMBER_OF:
        yield role, f"The writer's own state {role}"
    for state in states:
        where = f" ({state.name})" if len(states) > 1 else ""
        for name in state.committees:
            chairs = state.chairs(name)
            if chairs:
                yield str(CommitteeChairs(name)), f"{name}: chairs{where}"
            if len(chairs) > 1:
                for chair in chairs:
                    one = CommitteeChairs(name, chair.chamber)
                    yield str(one), f"{name}: chair from the {chair.chamber}{where}"
        for role in state.roles:
            yield str(Leader(role)), f"{role.title()}{where}"
