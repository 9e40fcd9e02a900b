"""`beaconpost init`: a folder of one's own, in which every command runs."""

from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from relay.cli import main
from theme.manifest import parse_manifest
from theme.site.build import build_site
from theme.site.folder import SiteError
from theme.site.requirement import find_requirement, read_pinned
from theme.site.starter import STARTER

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder just made, and the working directory."""
    assert main(["init", str(tmp_path / "pond-friends")]) == 0
    monkeypatch.chdir(tmp_path / "pond-friends")
    return tmp_path / "pond-friends"


def built(name: str) -> str:
    return Path("output", name).read_text("utf-8")


@pytest.mark.usefixtures("folder")
def test_a_new_folder_builds_in_the_one_language_that_somebody_asked_for() -> None:
    assert main(["check"]) == 0
    assert main(["build"]) == 0
    manifest = parse_manifest(Path("output/campaigns.json").read_bytes())
    assert (manifest.site.name, manifest.site.languages) == ("Pond Friends", ("en",))
    assert "What happens to what you type" in built("privacy/index.html")
    assert sorted(path.name for path in Path("output").iterdir() if path.is_dir()) == [
        "drafts", "for-offices", "phones", "privacy", "theme",
    ]  # fmt: skip


def test_drafts_and_organizers_are_hidden_without_anybody_thinking_of_it(folder: Path) -> None:
    assert (folder / ".env").stat().st_mode & 0o077 == 0
    assert ".env" in (folder / ".gitignore").read_text().split()
    assert main(["build"]) == 0
    assert parse_manifest(Path("output/campaigns.json").read_bytes()).campaigns == ()  # the starter is a draft
    assert not Path("output/campaigns").exists()


class Installed(PathDistribution):
    """A release that was installed as pip notes it."""

    version = "0.1.0"

    def __init__(self, origin: str) -> None:
        super().__init__(Path("nowhere"))
        self._origin = origin

    def read_text(self, filename: str) -> str | None:  # type: ignore[override]
        return self._origin if filename == "direct_url.json" else None


def test_the_workflow_installs_the_release_from_where_it_was_installed_here(tmp_path: Path) -> None:
    wheel = tmp_path / "beaconpost-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    requirement = find_requirement(Installed(f'{{"url": "{wheel.as_uri()}", "archive_info": {{}}}}'))
    assert requirement.text == f"./wheels/{wheel.name}\n"
    requirement.copy_wheel(tmp_path)
    assert (tmp_path / "wheels" / wheel.name).read_bytes() == b"wheel"
    cloned = '{"url": "https://code.example/b.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}'
    assert find_requirement(Installed(cloned)).text == "beaconpost @ git+https://code.example/b.git@abc\n"
    (tmp_path / "requirements.txt").write_text(requirement.text)
    assert read_pinned(tmp_path) == "0.1.0"


def test_where_that_is_unknown_the_folder_says_what_to_do(tmp_path: Path) -> None:
    requirement = find_requirement(Installed('{"url": "file:///gone/beaconpost-0.1.0-py3-none-any.whl"}'))
    assert requirement.text.endswith("\nbeaconpost==0.1.0\n")
    assert "put its wheel into the folder wheels/ here" in requirement.text
    (tmp_path / "requirements.txt").write_text(requirement.text)
    assert read_pinned(tmp_path) == "0.1.0"


def test_a_translation_brings_its_privacy_page_along(folder: Path) -> None:
    (folder / "content/campaigns/my-campaign.es.md").write_text("---\ntitle: Un título\n---\n")
    assert main(["build"]) == 0
    assert '<html lang="es"' in built("es/privacy/index.html")
    assert not Path("output/pt").exists()


def test_a_site_in_another_language_has_its_privacy_page_at_the_same_address(folder: Path) -> None:
    with (folder / "pelicanconf.py").open("a") as conf:
        conf.write('DEFAULT_LANG = "es"\n')
    assert main(["build"]) == 0
    assert '<html lang="es"' in built("privacy/index.html")


def test_a_page_of_ones_own_takes_the_place_of_the_one_that_comes_along(folder: Path) -> None:
    slots = "[Erased after] [Unconfirmed after] [Ceiling]"
    (folder / "content/pages/privacy.md").write_text(f"---\ntitle: Ours\n---\n{slots}\n")
    (folder / "content/campaigns/my-campaign.es.md").write_text("---\ntitle: Un título\n---\n")
    assert main(["build"]) == 0
    assert "<h1>Ours</h1>" in built("privacy/index.html")
    assert not Path("output/es/privacy").exists()  # the two would promise different things


def test_nothing_is_published_until_it_says_who_is_behind_it(folder: Path) -> None:
    with pytest.raises(SiteError, match="set BEACONPOST_SITE_URL"):
        build_site(Path("content"), Path("output"), "", "", public=True)
    with pytest.raises(SiteError, match="is still the invented sample"):
        build_site(Path("content"), Path("output"), "https://pond.example", "", public=True)
    conf = folder / "pelicanconf.py"
    conf.write_text(conf.read_text().replace("you@example.org", "https://pondfriends.org/us"))
    build_site(Path("content"), Path("output"), "https://pond.example", "", public=True)
    assert "pondfriends.org" in built("campaigns/my-campaign/index.html")


def test_a_folder_with_such_files_is_left_as_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "README.md").write_text("mine")
    (folder / "requirements.txt").unlink()
    assert main(["init", str(folder)]) == 1
    assert "README.md" in capsys.readouterr().err
    assert (folder / "README.md").read_text() == "mine"
    assert not (folder / "requirements.txt").exists()


def test_rosters_of_the_folder_count_more_than_those_that_ship(folder: Path) -> None:
    roster = folder / "states/ma"
    roster.parent.mkdir(exist_ok=True)
    main(["boundaries", "update", "ma", "--only", "roster", "--from", str(folder / "nowhere")])  # copies, then fails
    assert (roster / "state.json").is_file()
    members = roster / "roster.csv"
    members.write_text(members.read_text("utf-8").replace("617-722-1650", "617-555-0100"), "utf-8")
    assert main(["build"]) == 0
    assert "617-555-0100" in built("phones/index.html")
    assert "617-722-1650" not in built("phones/index.html")


def test_a_build_without_addresses_says_that_it_cannot_send(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build"]) == 0
    assert "no letter can be sent from this site" in capsys.readouterr().err
    (folder / ".env").write_text("BEACONPOST_SITE_URL=https://pond.example\nBEACONPOST_RELAY_URL=https://r.example\n")
    assert main(["build"]) == 0
    assert "no letter can be sent" not in capsys.readouterr().err
    assert 'action="https://r.example/' in built("campaigns/my-campaign/index.html")


def test_the_starters_are_those_of_this_repository() -> None:
    assert (STARTER / "publishconf").read_text() == (ROOT / "publishconf.py").read_text()
