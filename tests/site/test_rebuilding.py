"""A build takes what was made before from a cache, and its bytes are those of a build without one."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from relay.cli import main
from tests.site.conftest import EPOCH, GOOD, ROOT
from theme.site.build import build_site
from theme.site.cache import FOLDER

KEY = "k" * 32


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def build(output: str = "output", key: str = KEY) -> dict[str, bytes]:
    build_site(Path("content"), Path(output), "https://pond.example", "https://r.example", manifest_key=key)
    return read(Path(output))


def build_clean(key: str = KEY) -> dict[str, bytes]:
    """Without anything of earlier builds."""
    for folder in (FOLDER, Path("clean")):
        if folder.exists():
            shutil.move(folder, folder.with_name(f"{folder.name}-away"))
    try:
        return build("clean", key)
    finally:
        for folder in (FOLDER, Path("clean")):
            shutil.rmtree(folder, ignore_errors=True)
            if (away := folder.with_name(f"{folder.name}-away")).exists():
                shutil.move(away, folder)


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


def edit(campaigns: Path, chance: random.Random, number: int) -> None:
    """Something that people do to a site."""
    path = campaigns / f"c{chance.randrange(4)}.md"
    match chance.randrange(6):
        case 0:
            path.write_text(GOOD.replace("A title", f"Title {number}"))
        case 1:
            path.write_text(GOOD.replace("Words.", f"Words {number}, see [this](/campaigns/good/)."))
        case 2:
            path.unlink(missing_ok=True)
            path.with_suffix(".es.md").unlink(missing_ok=True)
        case 3 if path.exists():
            path.with_suffix(".es.md").write_text(f"---\ntitle: Título {number}\n---\n")
        case 4:
            path.write_text(GOOD.replace("subject:", "status: draft\norganiser: a@b.example\nsubject:"))
        case _:
            (campaigns.parent / "pages").mkdir(exist_ok=True)
            (campaigns.parent / "pages/about.md").write_text(f"---\ntitle: About\n---\nUs, {number}.\n")


@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_edits_the_site_is_byte_for_byte_that_of_a_clean_build(project: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (no secret)
    for number in range(4):
        edit(project / "content/campaigns", chance, number)
        assert build() == build_clean()


def test_nothing_is_done_if_nothing_has_changed_and_everything_else_is(project: Path) -> None:
    first = build()
    stamps = {path: path.stat().st_mtime_ns for path in Path("output").rglob("*")}
    assert build() == first
    assert {path: path.stat().st_mtime_ns for path in Path("output").rglob("*")} == stamps
    Path("output/index.html").write_text("somebody else's")
    Path("output/more.html").write_text("left over")
    assert build() == first  # what somebody did to the site is undone
    conf = project / "pelicanconf.py"
    conf.write_text(conf.read_text().replace('SITENAME = "Beaconpost"', 'SITENAME = "Ponds"'))
    assert b"Ponds" in build()["index.html"]
    assert build(key="n" * 32)["campaigns.json"] != build()["campaigns.json"]


def test_warnings_are_said_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "content/campaigns/good.md").write_text(GOOD.replace("A subject", "STOP ALL OF THESE CUTS"))
    for _ in range(2):
        assert main(["build"]) == 0
        assert "this shouts" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_a_cache_that_is_damaged_or_gone_changes_nothing() -> None:
    first = build()
    for path in FOLDER.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-7])
    shutil.rmtree("output")
    assert build() == first
    shutil.rmtree(FOLDER)
    FOLDER.write_text("no folder")
    shutil.rmtree("output")
    assert build() == first


@pytest.mark.parametrize("made", [1, 4, 8])
def test_after_a_build_that_was_killed_the_next_one_is_whole(project: Path, made: int) -> None:
    build()
    (project / "content/campaigns/more.md").write_text(GOOD.replace("A title", "Another title"))
    before = count(FOLDER)
    process = subprocess.Popen([sys.executable, "-m", "relay.cli", "build"], stderr=subprocess.DEVNULL)
    while process.poll() is None and count(FOLDER) < before + made:
        pass
    process.kill()
    process.wait()
    assert build() == build_clean()


def test_after_a_build_by_another_release_nothing_of_it_is_left(project: Path, tmp_path: Path) -> None:
    packages = tmp_path / "release"
    for package in ("boundaries", "relay", "theme"):
        shutil.copytree(ROOT / package, packages / package, ignore=shutil.ignore_patterns("__pycache__"))
    template = packages / "theme/templates/base.html"
    template.write_text(template.read_text().replace("</body>", "<p>Another release</p></body>"))
    environ = os.environ | {"PYTHONPATH": str(packages)}
    subprocess.run([sys.executable, "-m", "relay.cli", "build"], cwd=project, env=environ, check=True)
    assert "Another release" in Path("output/campaigns/good/index.html").read_text()
    assert build() == build_clean()


def count(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))
