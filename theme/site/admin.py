"""The folder `admin/` of a site, where campaigns are edited in the browser. `beaconpost cms` writes it; a build
publishes it as it is, and nothing else that lies there.

The editor is a program of others and needs a policy of its own: it styles its own elements, draws with blobs, and talks
to the git host. No other page gets that policy. No page links to it, and search engines are told to leave it out.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from theme.site.staging import Staging

FOLDER: Final = "admin"
PAGE: Final = "index.html"
CONFIG: Final = "config.json"
SCRIPT: Final = "sveltia-cms.js"
SYMBOLS: Final = "material-symbols.woff2"
LICENSES: Final = ("sveltia-cms.LICENSE.txt", "material-symbols.LICENSE.txt")
PUBLISHED: Final = (PAGE, CONFIG, SCRIPT, SYMBOLS, *LICENSES)
MARK: Final = '<meta name="generator" content="beaconpost cms">'  # in the page, so that nobody else's is taken for it
_GITHUB: Final = "https://api.github.com"
_AVATARS: Final = "https://avatars.githubusercontent.com"


def find_admin(content: Path) -> Path | None:
    """The folder, next to that of the content, or None if `beaconpost cms` has written none. Raises ValueError if
    anything of it is missing."""
    folder = content.resolve().parent / FOLDER
    if not has_editor(folder):
        return None
    if missing := [name for name in PUBLISHED if not (folder / name).is_file()]:
        raise ValueError(f"{FOLDER}/ has no {' and no '.join(missing)}: run `beaconpost cms` again")
    read_config(folder)
    return folder


def has_editor(folder: Path) -> bool:
    page = folder / PAGE
    return page.is_file() and MARK in page.read_text("utf-8", errors="replace")


def read_config(folder: Path) -> Mapping[str, Any]:
    """The editor's configuration. Raises ValueError if it is none."""
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{FOLDER}/{CONFIG}: {error}. Run `beaconpost cms` again") from None
    if not isinstance(config, dict) or not {"backend", "collections"} <= config.keys():
        raise ValueError(f"{FOLDER}/{CONFIG} is no configuration of the editor. Run `beaconpost cms` again")
    return config


def admin_policy(backend: Mapping[str, Any]) -> str:
    """The Content-Security-Policy of the editor's page. backend: of its configuration."""
    api = urlsplit(str(backend.get("api_root") or _GITHUB))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",  # its style elements and attributes
            f"img-src 'self' blob: data: {_AVATARS}",  # previews, icons, who is signed in
            "font-src 'self'",
            f"connect-src 'self' blob: data: {api.scheme}://{api.netloc}",
            "frame-src 'self' blob:",  # its preview
            "worker-src blob:",  # it makes pictures smaller
            "form-action 'none'",
            "base-uri 'none'",
        )
    )


def publish_admin(folder: Path | None, staging: Staging) -> str:
    """Copy the folder, if there is one (see `find_admin`). Returns the policy of its page, "" without one."""
    if folder is None:
        return ""
    for name in PUBLISHED:
        staging.write(f"{FOLDER}/{name}", (folder / name).read_bytes())
    return admin_policy(read_config(folder)["backend"])


def read_policy(output: Path) -> str:
    """The policy of the page in a built site."""
    return admin_policy(read_config(output / FOLDER)["backend"])
