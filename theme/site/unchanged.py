"""Whether a site would be built as it is: from the same content, settings, code and day, into the same files.

Then there is nothing to do. Everything is compared by its bytes, never by its time.
"""

import re
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from theme.site.admin import FOLDER as ADMIN
from theme.site.cache import FOLDER, digest_code, digest_folder, frame, write
from theme.site.staging import Staged

EPOCH: Final = "SOURCE_DATE_EPOCH"
_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{2,}")  # of a variable in an organization's own Python


class Build(msgspec.Struct, frozen=True):
    """What a build was made of, and what it made."""

    made_of: str
    states: str  # folder of the site's own states; "" if there is none
    timezone: str
    today: date
    kept: tuple[str, ...]  # names in the output folder that are not the site's
    made: str
    said: str  # warnings


def find_build(output: Path, conf: Path, content: Path, environ: Mapping[str, str]) -> Build | None:
    """The build that made this very output from these very things; None if there is none."""
    try:
        build = msgspec.json.decode(_place(output, conf).read_bytes(), type=Build)
        same = (
            build.today == _today(build.timezone, environ)
            and build.made_of == _digest_sources(conf, content, build.states, environ)
            and build.made == digest_folder(output, build.kept)
        )
    except (OSError, ValueError):
        return None
    return build if same else None


def keep_build(output: Path, conf: Path, content: Path, environ: Mapping[str, str], staged: Staged, said: str) -> None:
    """Remember what was built."""
    try:
        build = Build(
            _digest_sources(conf, content, staged.states, environ),
            staged.states,
            staged.timezone,
            _today(staged.timezone, environ),
            tuple(staged.retained),
            digest_folder(output, staged.retained),
            said,
        )
    except OSError:
        return
    write(_place(output, conf), msgspec.json.encode(build))


def _place(output: Path, conf: Path) -> Path:
    places = "\n".join((str(output.resolve()), str(conf.resolve())))
    return FOLDER / f"build-{sha256(places.encode()).hexdigest()}"


def _today(timezone: str, environ: Mapping[str, str]) -> date:
    now = datetime.fromtimestamp(int(environ.get(EPOCH) or time.time()), UTC)
    return now.astimezone(ZoneInfo(timezone)).date()


def _digest_sources(conf: Path, content: Path, states: str, environ: Mapping[str, str]) -> str:
    digest = sha256(digest_code().encode())
    named = {EPOCH}
    for path in sorted(conf.parent.glob("*.py")):
        text = path.read_bytes()
        digest.update(frame(path.name.encode(), text))
        named |= set(_NAME.findall(text.decode(errors="replace")))
    for name in sorted(environ):
        if name.startswith("BEACONPOST_") or name in named:
            digest.update(frame(name.encode(), environ[name].encode(errors="replace")))
    for folder in (content, content.resolve().parent / ADMIN, conf.parent / states if states else None):
        if folder:
            digest.update(digest_folder(folder).encode())
    return digest.hexdigest()
