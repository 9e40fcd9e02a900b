"""The folder `admin/`: the editor's page, its configuration, and what it needs from packages."""

import json
import re
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha512
from pathlib import Path
from shutil import which
from typing import Any, Final

from markupsafe import escape

from theme.cms.config import Site, make_config
from theme.site.admin import CONFIG, MARK, PAGE, SCRIPT, SYMBOLS, admin_policy, has_editor, read_config

BRANCH: Final = "main"  # that the workflow of `beaconpost init` publishes
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\.{1,2}$)[\w.-]{1,100}", re.ASCII)
_BRANCH: Final = re.compile(r"(?![-/.])(?!.*(?:\.\.|//|@\{))[\w./@+-]{1,200}(?<![/.])", re.ASCII)
_ON_GITHUB: Final = re.compile(r"(?:https://(?:[^/@]+@)?|ssh://git@|git@)github\.com[/:]([^/]+/[^/]+?)(?:\.git)?/?")
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
{mark}
<title>Campaigns</title>
<link rel="cms-config-url" type="application/json" href="{config}">
<style>
@font-face {{ font-family: "Material Symbols Outlined"; font-weight: 400; font-display: block; src: url({symbols}); }}
</style>
</head>
<body>
<noscript>The editor is a script. Allow scripts on this page, or edit the files in the repository.</noscript>
<script src="{script}" integrity="sha512-{digest}"></script>
</body>
</html>
"""


def read_repository(text: str) -> str:
    """OWNER/NAME, of that or of an address on GitHub. Raises ValueError."""
    found = _ON_GITHUB.fullmatch(text.strip())
    name = found[1] if found else text.strip()
    if not _REPOSITORY.fullmatch(name):
        raise ValueError(f'"{text}" is no repository on GitHub: write OWNER/NAME, like fair-rent/site')
    return name


def read_branch(text: str) -> str:
    """Raises ValueError if no branch can have that name (git-check-ref-format)."""
    if not _BRANCH.fullmatch(text) or text.endswith(".lock"):
        raise ValueError(f'"{text}" cannot be the name of a branch: write one like {BRANCH}')
    return text


def find_remote(folder: Path) -> str:
    """The address that git pushes this folder to; "" if there is none."""
    return _ask_git(folder, "remote", "get-url", "origin")


def find_prefix(folder: Path) -> str:
    """Where this folder is in its repository: "" at the top, or like "site/"."""
    return _ask_git(folder, "rev-parse", "--show-prefix")


def read_backend(admin: Path) -> dict[str, Any]:
    """Where the repository is, as an earlier run or somebody has written it; empty without that. It may have options
    that are not ours, such as another way to sign in."""
    with suppress(ValueError):
        return dict(read_config(admin)["backend"])
    return {}


def write_folder(admin: Path, site: Site, backend: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    """Write everything; other files stay. files: out of packages. Returns the names of those that were there and have
    changed. Raises FileExistsError if there is a page of somebody else's."""
    if (admin / PAGE).exists() and not has_editor(admin):
        raise FileExistsError(f"{admin / PAGE} is not of `beaconpost cms`: move it away")
    page = _PAGE.format(
        policy=escape(admin_policy(backend)),
        mark=MARK,
        config=CONFIG,
        symbols=SYMBOLS,
        script=SCRIPT,
        digest=b64encode(sha512(files[SCRIPT]).digest()).decode(),
    )
    config = json.dumps(make_config(site, backend), ensure_ascii=False, indent=1)
    written = {**files, CONFIG: f"{config}\n".encode(), PAGE: page.encode()}  # the page last: then all of it is there
    admin.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, content in written.items():
        path = admin / name
        old = path.read_bytes() if path.is_file() else None
        if old != content:
            path.write_bytes(content)
        if old not in (None, content):
            changed.append(name)
    return changed


def _ask_git(folder: Path, *arguments: str) -> str:
    program = which("git")
    if program is None:
        return ""
    run = subprocess.run([program, "-C", str(folder), *arguments], capture_output=True, text=True)  # noqa: S603
    return run.stdout.strip() if run.returncode == 0 else ""
