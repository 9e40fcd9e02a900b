"""The folder of a site: where its settings are, and what they say."""

import sys
from pathlib import Path
from typing import Any, Final

CONF: Final = "pelicanconf.py"


class SiteError(Exception):
    """The site was not built. The text says why: `file:line:column: …` for each problem in the content."""


def find_conf(content: Path) -> Path | None:
    """The settings next to `content`, else those in the working directory; None without any."""
    return next((path for path in (content.resolve().parent / CONF, Path(CONF).resolve()) if path.is_file()), None)


def find_site(content: Path) -> Path:
    """The folder of the site, with its settings: next to `content`, else the working directory."""
    conf = find_conf(content)
    return conf.parent if conf else Path.cwd()


def load_settings(conf: Path) -> dict[str, Any]:
    """Pelican's, with the site's. Raises whatever an organization's own Python raises."""
    # Imported here: every command imports this module, and Pelican would add 20 MB to a relay that never uses it.
    from pelican.settings import get_settings_from_file  # type: ignore[import-untyped]

    sys.modules.pop("theme.settings", None)  # it depends on the environment and on the folder
    settings: dict[str, Any] = get_settings_from_file(str(conf))
    return settings


def read_language(content: Path) -> str:
    """The site's first language, "en" without settings. Raises SiteError if they cannot be read."""
    conf = find_conf(content)
    try:
        return str(load_settings(conf)["DEFAULT_LANG"]).lower() if conf else "en"
    except Exception as error:  # an organization's own Python may raise anything
        raise SiteError(f"{conf}: {error}") from error
