"""`beaconpost cms`: the page where campaigns are edited in the browser."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from boundaries.state import open_state
from relay.cli.terminal import Subparsers, complain, read_states, say_if_it_takes_long
from theme.pages.languages import ENDONYMS

if TYPE_CHECKING:
    from theme.cms.config import Site

DESCRIPTION: Final = """Write the folder admin/, which a build publishes: a page where campaigns are edited in the
browser, signed in to GitHub. Each save there is a commit, which the workflow of `beaconpost init` publishes. Run it
again after an upgrade, or when the committees have changed: what it has written is replaced, anything else stays."""


def add_command(subparsers: Subparsers) -> None:
    """Add the command. It sets `run`, which returns 0: written; 1: not, and stderr says why."""
    parser = subparsers.add_parser("cms", help="edit campaigns in the browser", description=DESCRIPTION)
    parser.add_argument(
        "--repository", metavar="OWNER/NAME", help="on GitHub (default: as before, or where git pushes this folder)"
    )
    parser.add_argument("--branch", help="that is published (default: as before, or main)")
    parser.add_argument(
        "--package",
        action="append",
        default=[],
        type=Path,
        metavar="FILE.tgz",
        help="a package of the editor, from `npm pack`, if there is no npm here; repeatable",
    )
    parser.add_argument("--content", type=Path, default=Path("content"), help="content folder (default content)")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from theme.cms.folder import BRANCH, find_remote, read_backend, read_branch, read_repository, write_folder
    from theme.cms.package import RELEASES, PackageError, find_npm, gather_files
    from theme.site.admin import FOLDER
    from theme.site.folder import SiteError

    content: Path = args.content
    if not content.is_dir():
        return complain(f"no folder {content}: run this in your site's folder (see `beaconpost init`)")
    admin = content.parent / FOLDER
    backend: dict[str, Any] = {"name": "github", "auth_methods": ["token"], **read_backend(admin)}
    try:
        named = args.repository or backend.get("repo") or find_remote(content.parent)
        if not named:
            return complain("where is this site's repository? Write --repository OWNER/NAME, as it is on GitHub")
        backend["repo"] = read_repository(named)
        backend["branch"] = read_branch(args.branch or backend.get("branch") or BRANCH)
        site = _read_site(content)
        with say_if_it_takes_long("fetching the editor …"):
            files = gather_files(RELEASES, args.package, admin, find_npm())
        changed = write_folder(admin, site, backend, files)
    except (SiteError, PackageError, ValueError, FileExistsError) as error:
        return complain(str(error))
    except OSError as error:
        return complain(f"{error.filename}: {error.strerror}")
    print(f"{admin}/ edits {backend['repo']}, branch {backend['branch']}. Commit the folder and push it:")
    print("the next build publishes it at /admin/.")
    if changed:
        print(f"Replaced: {', '.join(changed)}.")
    return 0


def _read_site(content: Path) -> "Site":
    from theme.cms.config import Site
    from theme.cms.folder import find_prefix
    from theme.site.discovery import find_markdown
    from theme.site.folder import read_language

    first = read_language(content)
    files = {path.stem.partition(".")[2] for path in find_markdown(content)} - {"", first}
    tags = dict.fromkeys([first, *ENDONYMS, *sorted(files)])
    states = [open_state(folder) for folder in read_states().values()]
    return Site(first, tuple(tags), states, find_prefix(content.parent), content.name)
