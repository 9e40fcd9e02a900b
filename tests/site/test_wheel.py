"""The wheel by itself: in an empty folder, with nothing of this clone, and only what the relay's lock file names."""

import json
import re
import shutil
import subprocess
import sys
import urllib.request
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

import pytest

pytestmark = pytest.mark.matrix

ROOT: Final = Path(__file__).parents[2]


def locked(lock: Path) -> list[str]:
    return re.findall(r"^([\w.-]+)==", lock.read_text(), re.MULTILINE)


def link_installed(names: list[str], into: Path) -> None:
    """Link installed packages, so that nothing is downloaded. One of another platform is none."""
    for name in names:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        for top in {file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")}:
            if not (into / top).exists():
                (into / top).symlink_to(Path(str(found.locate_file(top))))


@pytest.fixture(scope="module")
def beaconpost(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("relay", "theme", "boundaries"):
        shutil.copytree(ROOT / name, folder / "source" / name)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "source")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(folder / "source"),
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-q",
    ]
    subprocess.run([*pip, "-w", str(folder)], check=True)
    (wheel,) = folder.glob("beaconpost-*.whl")
    venv.create(folder / "venv", with_pip=True, symlinks=True)
    python = folder / "venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--no-deps", "--no-index", "-q", wheel], env=environ(), check=True)
    (packages,) = folder.glob("venv/lib/python*/site-packages")
    link_installed(locked(ROOT / "requirements.lock"), packages)
    return folder / "venv/bin/beaconpost"


@pytest.fixture
def site(beaconpost: Path, tmp_path: Path) -> Path:
    """A folder made by `init`."""
    subprocess.run([beaconpost, "init", tmp_path / "my-site"], check=True, env=environ(), capture_output=True)
    return tmp_path / "my-site"


def environ() -> Mapping[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}


@contextmanager
def running(*command: str | Path, folder: Path, announced: str, **more: str) -> Iterator[str]:
    """The address that a server says it serves at. more: variables of its environment."""
    with subprocess.Popen(
        command, cwd=folder, env={**environ(), **more}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        said = []
        try:
            for line in process.stdout:
                said.append(line)
                if found := re.search(announced, line):
                    yield found[1]
                    break
            else:
                raise AssertionError("".join(said))
        finally:
            process.terminate()


def get(url: str) -> Any:  # noqa: ANN401
    with urllib.request.urlopen(url) as response:
        return response.read().decode()


def test_a_site_is_checked_and_built_without_a_clone(beaconpost: Path, site: Path) -> None:
    for command in (["check"], ["build"]):
        done = subprocess.run(
            [beaconpost, *command], cwd=site, env=environ(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    manifest = json.loads((site / "output/campaigns.json").read_text())
    assert manifest["site"]["name"] == "My Site"


def test_dev_shows_the_site_and_the_mailbox(beaconpost: Path, site: Path) -> None:
    with running(beaconpost, "dev", "--port", "0", folder=site, announced=r"(http://\S+)") as address:
        assert "Write your message" in get(f"{address}campaigns/my-campaign/")
        assert get(f"{address}_mail/")


def test_a_relay_serves_what_was_built(beaconpost: Path, site: Path) -> None:
    subprocess.run([beaconpost, "build"], cwd=site, env=environ(), capture_output=True, check=True)
    keys = {"BEACONPOST_SECRET_KEYS": "k" * 32}
    announced = r"taking posts at (http://\S+)"
    with running(beaconpost, "relay", "--port", "0", folder=site, announced=announced, **keys) as address:
        assert get(f"{address}/readyz")
        assert "Show the phone numbers" in get(f"{address}/campaigns/my-campaign/call")
