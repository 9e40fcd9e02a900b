"""What a site's workflow installs: this very release, from where it was installed here.

Source: https://packaging.python.org/en/latest/specifications/direct-url/ (PEP 610).
"""

import re
import shutil
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

REQUIREMENTS: Final = "requirements.txt"
WHEELS: Final = "wheels"  # in the site's folder
_PINNED: Final = re.compile(r"^beaconpost==([\w.!+-]+)|^(?:\./)?wheels/beaconpost-([\w.!+]+)-", re.MULTILINE)
_BY_HAND: Final = """\
# If no package index has this release, put its wheel into the folder wheels/ here, and write instead of the next line:
# ./wheels/beaconpost-{0}-py3-none-any.whl
beaconpost=={0}
"""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of requirements.txt, and the wheel that it names, if it is in the site's folder."""

    text: str
    wheel: Path | None = None

    @property
    def is_certain(self) -> bool:
        """Whether it is known that this can be installed."""
        return "#" not in self.text

    def copy_wheel(self, folder: Path) -> None:
        if self.wheel:
            (folder / WHEELS).mkdir(exist_ok=True)
            shutil.copyfile(self.wheel, folder / WHEELS / self.wheel.name)


class _Origin(msgspec.Struct):
    url: str
    vcs_info: dict[str, str] = {}


def find_requirement(installed: Distribution | None = None) -> Requirement:
    """Of the release that runs. installed: how; default: as it is."""
    installed = installed or distribution("beaconpost")
    by_hand = Requirement(_BY_HAND.format(installed.version))
    recorded = installed.read_text("direct_url.json")
    if not recorded:
        return by_hand
    origin = msgspec.json.decode(recorded, type=_Origin)
    parts = urlsplit(origin.url)
    if kind := origin.vcs_info.get("vcs"):
        return Requirement(f"beaconpost @ {kind}+{origin.url}@{origin.vcs_info['commit_id']}\n")
    if parts.scheme == "https":
        return Requirement(f"beaconpost @ {origin.url}\n")
    wheel = Path(unquote(parts.path))
    if wheel.suffix == ".whl" and wheel.is_file():
        return Requirement(f"./{WHEELS}/{wheel.name}\n", wheel)
    return by_hand


def read_pinned(folder: Path) -> str:
    """The release that a site's folder was made or upgraded for; "" if that is not known."""
    try:
        found = _PINNED.search((folder / REQUIREMENTS).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return (found[1] or found[2]) if found else ""
