"""Pelican's writer, for a site most of which is served already."""

from collections.abc import Mapping
from typing import Any, Final

from pelican import signals  # type: ignore[import-untyped]
from pelican.writers import Writer  # type: ignore[import-untyped]

from theme.site.run import current_run

_UNUSUAL: Final = {"relative_urls", "paginated", "template_name"}  # options of Pelican that we leave to it
_OPTIONS: Final = {*_UNUSUAL, "override_output", "url"}  # that are no part of a page's context


class StagingWriter(Writer):  # type: ignore[misc]  # Pelican's writers are untyped
    """Hands pages to the run's staging. Pages of several parts, and a site whose own plugins look at each written file,
    are written as Pelican does."""

    def write_file(self, name: str, template: Any, context: Mapping[str, Any], *args: Any, **options: Any) -> None:  # noqa: ANN401
        is_unusual = args or any(options.get(option) for option in _UNUSUAL)
        if not name or is_unusual or signals.content_written.receivers:
            super().write_file(name, template, context, *args, **options)
            return
        page = {option: value for option, value in options.items() if option not in _OPTIONS}
        shown = {**context, "localsiteurl": context.get("localsiteurl"), "output_file": name, **page}
        current_run(self.settings).staging.write(name, template.render(shown).encode())
