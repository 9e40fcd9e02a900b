"""Campaigns' pages that were rendered before from the same words, settings and code are not rendered again."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, Protocol

import msgspec
from jinja2 import Environment, FileSystemBytecodeCache
from pelican.generators import Generator  # type: ignore[import-untyped]

from theme.site.cache import FOLDER, digest_code, remember_by

PAGES: Final = ("campaign", "embed", "letter", "phones")  # templates whose pages depend on DEPENDS alone
# Of a page's context. `form` is empty, and `text` and `letter` are the campaign's.
DEPENDS: Final = (
    "lang", "campaign", "versions", "unreviewed", "phase", "count", "embedded", "site", "relay_url", "assets_url",
    "policy", "directories",
)  # fmt: skip
_OWN: Final = ("THEME_TEMPLATES_OVERRIDES", "JINJA_GLOBALS", "JINJA_FILTERS", "JINJA_TESTS")


class Template(Protocol):
    def render(self, context: Mapping[str, Any]) -> str: ...


class RememberedTemplate:
    """Renders as its template does."""

    def __init__(self, name: str, template: Template) -> None:
        self._name = name
        self._template = template

    def render(self, context: Mapping[str, Any]) -> str:
        parts = [self._name, digest_code(), *(context.get(name) for name in DEPENDS)]
        made = remember_by(sha256(msgspec.json.encode(parts, enc_hook=str)).hexdigest(), lambda: self._render(context))
        return made.decode()

    def _render(self, context: Mapping[str, Any]) -> bytes:
        return self._template.render(context).encode()


def remember_templates(environment: Environment) -> None:
    """Let Jinja keep what it compiles from templates; it knows by their words whether that is still right."""
    folder = FOLDER / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def remember_pages(generator: Generator) -> None:
    """Let a generator take these pages from the cache; not if an organization's own templates make them, which may
    depend on anything."""
    if any(generator.settings.get(name) for name in _OWN):
        return
    get_template = generator.get_template

    def get_remembered(name: str) -> Template:
        template: Template = get_template(name)
        return RememberedTemplate(name, template) if name in PAGES else template

    generator.get_template = get_remembered
