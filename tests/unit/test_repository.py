"""What the repository promises: lock files without hosts, a small state, one test command, accurate paths."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()]


def test_lock_files_hold_versions_and_hashes_and_no_address() -> None:
    for lock in LOCKS:
        text = (ROOT / lock).read_text()
        assert "://" not in text, lock
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pins, lock
        assert all("==" in pin for pin in pins), lock
        assert text.count("--hash=sha256:") >= len(pins), lock


def test_lock_files_hold_the_hashes_of_every_machine() -> None:
    """A lock with the one wheel that somebody's mirror had installs on no other Python."""
    for lock in sorted(ROOT.glob("requirements*.lock")):
        packages = re.findall(r"^(\S+)==\S+.*?\\\n((?:    --hash\S+(?: \\)?\n?)+)", lock.read_text(), re.MULTILINE)
        assert packages
        few = {name for name, hashes in packages if hashes.count("--hash") < 2}
        assert few <= {"dkimpy"}, lock.name  # it has no wheel


def test_nothing_is_built_with_a_tool_that_is_not_locked() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\n.venv/installed:")[2].partition("\n\n")[0]
    installs = re.findall(r"\$\(PIP\) (.*)", recipe)
    assert len(installs) == 3
    assert all("--no-build-isolation" in options or "--no-binary" not in options for options in installs)
    (tool,) = re.findall(r"^\S+==\S+", (ROOT / "requirements-build.lock").read_text(), re.MULTILINE)
    assert f"\n{tool} " in (ROOT / "requirements-dev.lock").read_text()


def test_ci_runs_exactly_the_test_command_of_the_readme() -> None:
    assert "make test" in (ROOT / "README.md").read_text()
    assert "\nmake test " in (ROOT / ".ci/run").read_text()


def test_contributing_names_only_existing_paths() -> None:
    named = re.findall(r"`([\w./-]+/[\w./*-]*)`", (ROOT / "CONTRIBUTING.md").read_text())
    assert len(named) > 20
    for name in named:
        assert list(ROOT.glob(name.rstrip("/"))), name


def test_massachusetts_stays_under_three_megabytes() -> None:
    files = [path for path in tracked() if path.is_relative_to(ROOT / "boundaries/ma")]
    assert files
    assert sum(path.stat().st_size for path in files) < 3_000_000
    assert (ROOT / "boundaries/ma/streets.bin").stat().st_size < 1_000_000
