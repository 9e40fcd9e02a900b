"""Build the site by running Pelican in a subprocess."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from theme.manifest import MANIFEST_NAME
from theme.site.folder import CONF, SiteError, find_conf, load_settings
from theme.site.replacement import NotASite, check_served, replace_site
from theme.site.staging import SERVED, take_staged
from theme.site.unchanged import find_build, keep_build

PUBLISH: Final = "publishconf.py"


def build_site(
    content: Path, output: Path, site_url: str, relay_url: str, *, public: bool = False, manifest_key: str = ""
) -> None:
    """Build `content`, and let `output` hold the site and nothing else; if there are problems, `output` stays as it is.
    People may be reading it meanwhile (see `replacement`).

    site_url, relay_url: public URLs without a trailing slash; "" for one origin. Settings come from the pelicanconf.py
    next to `content`, else from the one in the working directory; public: from the publishconf.py beside it, which
    refuses what the public should not see. manifest_key: see theme.hidden_part. Raises SiteError.

    Pelican runs in a subprocess because it keeps state between runs, and so that `pelican` by hand does the same.
    """
    conf = find_conf(content)
    if conf is None:
        raise SiteError(f"no {CONF} next to {content} or here: run this in your site's folder (see `beaconpost init`)")
    if public:
        conf = conf.with_name(PUBLISH)
        if not conf.is_file():
            raise SiteError(f"no {conf}: `beaconpost init` in an empty folder makes one that you can copy")
    try:
        check_served(output)
    except NotASite as error:
        raise SiteError(str(error)) from None
    environ = os.environ | {
        "BEACONPOST_SITE_URL": site_url, "BEACONPOST_RELAY_URL": relay_url, "BEACONPOST_MANIFEST_KEY": manifest_key,
    }  # fmt: skip
    if build := find_build(output, conf, content, environ):
        _print(build.said)
        return
    with tempfile.TemporaryDirectory(prefix="beaconpost-") as folder:
        made = Path(folder) / "output"
        run = subprocess.run(  # noqa: S603  (our own arguments)
            [
                *(sys.executable, "-m", "pelican", str(content), "--settings", str(conf), "--output", str(made)),
                *("--fatal", "errors", "--log-handler", "plain"),
            ],
            env=environ | {SERVED: str(output.resolve())},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if run.returncode != 0:
            _check_settings(conf)
            raise SiteError(run.stderr.strip() or run.stdout.strip())
        staged = take_staged(made)
        try:
            had_site = (output / MANIFEST_NAME).is_file()
            replace_site(made, output, staged.retained, staged.kept)
        except NotASite as error:  # since it was checked
            raise SiteError(str(error)) from None
        except OSError as error:
            left = f"the site in {output} is partly the old one" if had_site else f"there is no whole site in {output}"
            raise SiteError(f"{error.filename}: {error.strerror}: {left}") from None
    keep_build(output, conf, content, environ, staged, run.stderr.strip())
    _print(run.stderr.strip())


def _print(warnings: str) -> None:
    if warnings:
        print(warnings, file=sys.stderr)


def _check_settings(conf: Path) -> None:
    """Raises SiteError if the site's settings cannot be read, which Pelican would say by a traceback. publishconf.py
    says itself what is wrong."""
    try:
        load_settings(conf.with_name(CONF))
    except Exception as error:  # an organization's own Python may raise anything
        raise SiteError(f"{conf.with_name(CONF)}: {error}") from error
