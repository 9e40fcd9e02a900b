"""The editor's script and the font of its icons, out of npm packages that nobody has changed.

Their code is not copied into this repository, and no host is named: `npm` knows where packages are, or somebody brings
the file. Either way it must have the SHA-512 that is written here, as npm states it in a lock file ("integrity").
Only the files named here are read; nothing is unpacked, so no name in a package can lead anywhere.
"""

import shutil
import subprocess
import tarfile
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256, sha512
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from theme.site.admin import SCRIPT, SYMBOLS


class PackageError(Exception):
    """A package is missing, or is not the one that is meant. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is taken out of a package."""

    member: str  # its path in the package
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """One release of an npm package. files: what is taken, by its name in admin/."""

    name: str
    version: str
    integrity: str
    files: Mapping[str, Taken]

    @property
    def specifier(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def tarball(self) -> str:
        """The name that `npm pack` gives to its file."""
        return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"


EDITOR: Final = Release(
    "@sveltia/cms",
    "0.221.1",
    "sha512-J+Qoik9kGMk2L7vNpOQrnDmFRi+NB6vwJ0f657YtsxWH0P8WYSYRRSRC2pQ/jGGbVlM//Pg/WIgmkpswqoo3gQ==",
    {
        SCRIPT: Taken(
            "package/dist/sveltia-cms.js", "2fc783907e1a4a70783f155cc28435c70b8f79792f2aab75e787984e84aa413a"
        ),
        "sveltia-cms.LICENSE.txt": Taken(
            "package/LICENSE.txt", "dcbe3c626d85741f6fabefed0b34d07a2e92c032f63aa21c0279062363859c32"
        ),
    },
)
# The font of its icons, in the version that the script would fetch from elsewhere.
ICONS: Final = Release(
    "@fontsource-variable/material-symbols-outlined",
    "5.3.7",
    "sha512-d6kLamaMdad40AYoyJEBgCH63fRLklC7GW7bgb7WWbPh/UzuW483Dlyfmn3vxpiNsHLIMBOcYYkZDtOC9Y3MUA==",
    {
        SYMBOLS: Taken(
            "package/files/material-symbols-outlined-latin-wght-normal.woff2",
            "98db9feefa170bf76e9c19d19af6dd62054165efc89c4b506c361e069719e884",
        ),
        "material-symbols.LICENSE.txt": Taken(
            "package/LICENSE", "18aabf190848725e2576eefb5c29ba06aac1029d02132252a7f312eac2e50cf3"
        ),
    },
)
RELEASES: Final = (EDITOR, ICONS)


def gather_files(
    releases: Sequence[Release], tarballs: Collection[Path], there: Path, npm: str | None
) -> Mapping[str, bytes]:
    """Every file of `releases`, by its name in admin/. tarballs: packages that somebody has brought. there: the folder
    with those of an earlier time. npm: the program, if there is one. Raises PackageError."""
    brought: dict[str, bytes] = {}
    for path in tarballs:
        content = _read(path)
        brought[integrity := digest(content)] = content
        if integrity not in {release.integrity for release in releases}:
            wanted = " or ".join(release.tarball for release in releases)
            raise PackageError(
                f"{path} is not {wanted} as it was published: its SHA-512 is another. Nothing was written"
            )
    files: dict[str, bytes] = {}
    missing = []
    for release in releases:
        if release.integrity in brought:
            files |= take_files(release, brought[release.integrity])
        elif kept := _read_kept(release, there):
            files |= kept
        else:
            missing.append(release)
    for release, content in zip(missing, _pack(missing, npm), strict=True):
        files |= take_files(release, content)
    return files


def take_files(release: Release, tarball: bytes) -> Mapping[str, bytes]:
    """The files of one release out of its package. Raises PackageError if that is another one."""
    if digest(tarball) != release.integrity:
        raise PackageError(f"{release.tarball} is not as it was published: its SHA-512 is another. Nothing was written")
    files = {}
    with tarfile.open(fileobj=BytesIO(tarball), mode="r:gz") as package:
        for name, taken in release.files.items():
            member = package.getmember(taken.member)
            content = package.extractfile(member) if member.isreg() else None  # a link could lead anywhere
            if content is None:
                raise PackageError(f"{release.tarball}: {taken.member} is no file")
            files[name] = content.read()
    return files


def _read_kept(release: Release, there: Path) -> Mapping[str, bytes]:
    """The files that are in `there` already; none if any is missing or has been changed."""
    try:
        files = {name: (there / name).read_bytes() for name in release.files}
    except OSError:
        return {}
    whole = all(sha256(files[name]).hexdigest() == taken.sha256 for name, taken in release.files.items())
    return files if whole else {}


def _pack(releases: Sequence[Release], npm: str | None) -> Sequence[bytes]:
    """The packages, from wherever npm finds them."""
    if not releases:
        return []
    wanted = [release.specifier for release in releases]
    elsewhere = (
        f"run `npm pack {' '.join(wanted)}` where there is one, and give the files with "
        f"{' '.join(f'--package {release.tarball}' for release in releases)}"
    )
    if npm is None:
        raise PackageError(f"there is no program `npm` here: install it, or {elsewhere}")
    with TemporaryDirectory(prefix="beaconpost-") as folder:
        run = subprocess.run(  # noqa: S603  (our own arguments)
            [npm, "pack", "--ignore-scripts", *wanted],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        paths = [Path(folder, release.tarball) for release in releases]
        if run.returncode != 0 or not all(path.is_file() for path in paths):
            said = next((line for line in reversed(run.stderr.splitlines()) if line.strip()), "it made no package")
            raise PackageError(f"npm could not fetch {' and '.join(wanted)}: {said}. Try again later, or {elsewhere}")
        return [path.read_bytes() for path in paths]


def find_npm() -> str | None:
    return shutil.which("npm")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackageError(f"{path}: {error.strerror}") from None


def digest(content: bytes) -> str:
    """As npm writes it: https://w3c.github.io/webappsec-subresource-integrity/."""
    return f"sha512-{b64encode(sha512(content).digest()).decode()}"
