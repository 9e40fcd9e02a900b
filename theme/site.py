"""Build the site: Pelican with our settings, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from relay.contract import MANIFEST_NAME

CONF: Final = "pelicanconf.py"


class SiteError(Exception):
    """The site was not built. Its text is what is wrong, `file:line:column: …` for each fault in the content."""


def build_site(content: Path, output: Path, site_url: str, relay_url: str) -> None:
    """Build what is in `content` into `output`, which is emptied first unless something is wrong with the content.

    site_url, relay_url: where they will be, without a trailing slash; "" for one origin. Settings are read from
    the pelicanconf.py beside `content`, else the one in the working folder. Raises SiteError.

    A process of its own, because Pelican keeps state between runs, and a `pelican` typed by hand does the same.
    """
    conf = next((one for one in (content.resolve().parent / CONF, Path(CONF).resolve()) if one.is_file()), None)
    if conf is None:
        raise SiteError(f"no {CONF} beside {content} or here: run this in the folder of your site")
    if output.is_dir() and any(output.iterdir()) and not (output / MANIFEST_NAME).is_file():
        raise SiteError(f"{output} holds something else than a site of ours, which a build would delete: move it away")
    run = subprocess.run(  # noqa: S603  (our own arguments)
        [
            *(sys.executable, "-m", "pelican", str(content), "--settings", str(conf), "--output", str(output)),
            *("--fatal", "errors", "--log-handler", "plain"),
        ],
        env=os.environ | {"BEACONPOST_SITE_URL": site_url, "BEACONPOST_RELAY_URL": relay_url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if run.returncode != 0:
        raise SiteError(run.stderr.strip() or run.stdout.strip())
    if run.stderr.strip():
        print(run.stderr.strip(), file=sys.stderr)
