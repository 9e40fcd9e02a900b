"""`beaconpost cms`: the form follows the schema, only known packages are used, and a build publishes what is known."""

import io
import json
import os
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import theme.cms.package as package_module
from relay.cli import main
from tests.browser.static_host import read_headers
from theme.cms.config import Site, make_config
from theme.cms.fields import make_field
from theme.cms.folder import read_branch, read_repository
from theme.cms.package import PackageError, Release, Taken, digest, gather_files, take_files
from theme.site import validators
from theme.site.admin import MARK, PUBLISHED, SCRIPT, SYMBOLS
from theme.site.campaign_file import KEYS, REQUIRED, TRANSLATED
from theme.site.hearing import NEEDS
from theme.site.key_meanings import MEANT
from theme.site.page_file import PAGE_KEYS


def pack(folder: Path, name: str, members: dict[str, bytes], *more: tarfile.TarInfo) -> Path:
    """A package as `npm pack` makes it."""
    path = folder / name
    with tarfile.open(path, "w:gz") as tar:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        for info in more:
            tar.addfile(info)
    return path


def release(name: str, files: dict[str, bytes], tarball: Path) -> Release:
    """As the code would pin `tarball`, with these files taken out of it, by their member's last name."""
    taken = {as_: Taken(f"package/{as_}", sha256(content).hexdigest()) for as_, content in files.items()}
    return Release(name, "1.0.0", digest(tarball.read_bytes()), taken)


@pytest.fixture
def tarballs(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two small packages, pinned in place of the real ones. Beside what is wanted they hold what no one may get."""
    editor = {SCRIPT: b"// an editor", "sveltia-cms.LICENSE.txt": b"MIT"}
    icons = {SYMBOLS: b"a font", "material-symbols.LICENSE.txt": b"OFL"}
    made, releases = [], []
    (project / "packages").mkdir()
    for name, files in (("@small/editor", editor), ("icons", icons)):
        members = {f"package/{member}": content for member, content in files.items()}
        members |= {"package/postinstall.js": b"x", "../escaped.txt": b"x", str(project.parent / "escaped.txt"): b"x"}
        link = tarfile.TarInfo("package/link")
        link.type, link.linkname = tarfile.SYMTYPE, "../../escaped.txt"
        path = pack(project / "packages", f"{name.lstrip('@').replace('/', '-')}-1.0.0.tgz", members, link)
        made.append(path)
        releases.append(release(name, files, path))
    monkeypatch.setattr(package_module, "RELEASES", tuple(releases))
    return made


def give(tarballs: list[Path]) -> list[str]:
    return [option for path in tarballs for option in ("--package", str(path))]


def write_editor(tarballs: list[Path], *options: str) -> int:
    return main(["cms", "--repository", "fair-rent/site", *give(tarballs), *options])


def read_config() -> dict[str, Any]:
    config: dict[str, Any] = json.loads(Path("admin/config.json").read_text("utf-8"))
    return config


def fields_of(config: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    (collection,) = (collection for collection in config["collections"] if collection["name"] == name)
    return {field["name"]: field for field in collection["fields"]}


@pytest.fixture
def config(tarballs: list[Path]) -> dict[str, Any]:
    assert write_editor(tarballs) == 0
    return read_config()


def test_the_form_has_every_key_and_nothing_that_check_would_refuse(config: dict[str, Any]) -> None:
    letters, testimony = fields_of(config, "campaigns"), fields_of(config, "testimony")
    assert {*letters, *testimony} == {*KEYS, "body"}
    assert set(fields_of(config, "pages")) == {*PAGE_KEYS, "body"}
    assert not {"hearing", "deliver_by", "committee", "position"} & letters.keys()
    assert not {"recipients", "thanks_subject"} & testimony.keys()


def test_what_is_required_and_translated_is_so_in_the_form(config: dict[str, Any]) -> None:
    letters, testimony = fields_of(config, "campaigns"), fields_of(config, "testimony")
    for key in REQUIRED:
        assert letters[key]["required"] in (True, ["en"]), key
    for key in NEEDS:
        assert testimony[key]["required"] in (True, ["en"]), key
    for fields in (letters, testimony):
        translated = {name for name, field in fields.items() if field.get("i18n")}
        assert translated == {*TRANSLATED, "body"} & fields.keys()


def test_a_new_status_would_be_a_choice_in_the_form(config: dict[str, Any]) -> None:
    status = KEYS["status"]
    assert isinstance(status, validators.Choice)
    options = fields_of(config, "campaigns")["status"]["options"]
    assert tuple(option["value"] for option in options) == status.options
    assert "default" not in fields_of(config, "campaigns")["status"]  # the editor would put it into open campaigns


def test_every_kind_of_validator_has_a_field() -> None:
    for key, validator in (*KEYS.items(), *PAGE_KEYS.items()):
        field = make_field(key, validator, MEANT[key], required=False, translated=False)
        assert field["widget"], key
        assert field["label"], key
        assert field["hint"], key


def test_a_validator_that_the_form_does_not_know_is_not_left_out() -> None:
    with pytest.raises(KeyError):
        make_field("new", lambda *_: None, "something new", required=False, translated=False)


def test_committees_and_leaders_can_be_chosen(config: dict[str, Any]) -> None:
    recipients = fields_of(config, "campaigns")["recipients"]
    values = [option["value"] for option in recipients["options"]]
    assert values[:2] == ["senator", "representative"]
    assert len(values) == len(set(values)) > 60
    assert any(value.startswith("committee:") and value.endswith("/senate") for value in values)
    assert "leader:speaker" in values


def test_the_letter_is_edited_as_plain_text(config: dict[str, Any]) -> None:
    body = fields_of(config, "campaigns")["body"]
    assert body["modes"] == ["raw"]
    assert "[First Name]" in body["default"]


def test_a_site_in_a_folder_of_its_repository_saves_there(
    project: Path, tarballs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ("init -q", "remote add origin git@github.com:fair-rent/site.git"):
        subprocess.run(["git", "-C", str(project), *command.split()], check=True)
    (project / "pages").mkdir()
    for name in ("content", "pelicanconf.py"):
        (project / name).rename(project / "pages" / name)
    monkeypatch.chdir(project / "pages")
    assert main(["cms", *give(tarballs)]) == 0
    written = read_config()
    assert written["backend"]["repo"] == "fair-rent/site"
    assert written["collections"][0]["folder"] == "pages/content/campaigns"
    assert written["media_folder"] == "pages/content/images"


def test_languages_of_the_site_are_languages_of_the_form(project: Path, tarballs: list[Path]) -> None:
    (project / "content/campaigns/good.fr.md").write_text("---\ntitle: Un titre\n---\n")
    assert write_editor(tarballs) == 0
    i18n = read_config()["i18n"]
    assert (i18n["default_locale"], i18n["locales"][0]) == ("en", "en")
    assert {"es", "zh-hans", "fr"} <= set(i18n["locales"])


def test_several_states_must_be_told_apart() -> None:
    one = fields_of(make_config(Site("en", ("en",), []), {"name": "github"}), "campaigns")["state"]
    assert one["required"] is False


def test_only_the_files_that_are_named_are_taken(project: Path, tarballs: list[Path]) -> None:
    before = {path for path in project.rglob("*") if "admin" not in path.parts}
    assert write_editor(tarballs) == 0
    assert {path.name for path in (project / "admin").iterdir()} == set(PUBLISHED)
    assert {path for path in project.rglob("*") if "admin" not in path.parts} == before
    assert not (project.parent / "escaped.txt").exists()
    assert (project / "admin" / SCRIPT).read_bytes() == b"// an editor"


def test_a_link_in_a_package_is_not_followed(tmp_path: Path) -> None:
    link = tarfile.TarInfo(f"package/{SCRIPT}")
    link.type, link.linkname = tarfile.SYMTYPE, "../secret"
    path = pack(tmp_path, "a-1.0.0.tgz", {}, link)
    with pytest.raises(PackageError, match="is no file"):
        take_files(release("a", {SCRIPT: b""}, path), path.read_bytes())


@pytest.mark.parametrize("how", ["another", "longer", "cut"])
def test_a_package_that_was_changed_is_refused(
    tarballs: list[Path], how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content = tarballs[0].read_bytes()
    tarballs[0].write_bytes({"another": b"x", "longer": content + b"\0", "cut": content[:-1]}[how])
    assert write_editor(tarballs) == 1
    said = capsys.readouterr().err
    assert "its SHA-512 is another" in said
    assert "small-editor-1.0.0.tgz" in said
    assert not Path("admin").exists()


def test_without_npm_it_says_how_to_bring_the_packages(
    tarballs: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert write_editor(tarballs[:1]) == 1
    said = capsys.readouterr().err
    assert "there is no program `npm` here" in said
    assert "npm pack icons@1.0.0" in said
    assert "--package icons-1.0.0.tgz" in said


@pytest.mark.usefixtures("tarballs")
@pytest.mark.parametrize(("works", "said"), [(True, ""), (False, "npm could not fetch @small/editor@1.0.0")])
def test_npm_brings_what_is_missing(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    works: bool,
    said: str,
) -> None:
    """npm is a program of this test, which takes packages from a folder."""
    program = project / "bin/npm"
    program.parent.mkdir()
    copy = f"cp {project}/packages/*.tgz ." if works else "echo npm error network >&2; exit 1"
    program.write_text(f'#!/bin/sh\n[ "$1 $2" = "pack --ignore-scripts" ] || exit 2\n{copy}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    assert write_editor([]) == (0 if works else 1)
    assert said in capsys.readouterr().err
    assert (project / "admin").exists() is works


def test_again_it_needs_no_package_and_keeps_what_is_not_its_own(
    project: Path, tarballs: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write_editor(tarballs, "--branch", "trunk") == 0
    config = read_config()
    config["backend"]["base_url"] = "https://sign-in.example"
    config["collections"] = []
    Path("admin/config.json").write_text(json.dumps(config))
    Path("admin/notes.txt").write_text("ours")
    monkeypatch.setenv("PATH", "")
    capsys.readouterr()
    assert main(["cms"]) == 0
    assert "Replaced: config.json." in capsys.readouterr().out
    again = read_config()
    assert again["backend"]["base_url"] == "https://sign-in.example"
    assert (again["backend"]["repo"], again["backend"]["branch"]) == ("fair-rent/site", "trunk")
    assert again["collections"]
    assert Path("admin/notes.txt").read_text() == "ours"
    assert main(["build"]) == 0
    assert not (project / "output/admin/notes.txt").exists()


def test_a_script_that_was_changed_is_not_kept(
    tarballs: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write_editor(tarballs) == 0
    Path("admin", SCRIPT).write_bytes(b"// another")
    monkeypatch.setenv("PATH", "")
    assert main(["cms"]) == 1
    assert "there is no program `npm` here" in capsys.readouterr().err


def test_somebody_elses_page_is_left_alone(tarballs: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    Path("admin").mkdir()
    Path("admin/index.html").write_text("<p>Ours")
    assert write_editor(tarballs) == 1
    assert "admin/index.html is not of `beaconpost cms`" in capsys.readouterr().err
    assert [path.name for path in Path("admin").iterdir()] == ["index.html"]
    assert main(["build"]) == 0
    assert not Path("output/admin").exists()


@pytest.mark.parametrize(
    "text", ["fair-rent/site", "https://github.com/fair-rent/site", "git@github.com:fair-rent/site.git",
             "ssh://git@github.com/fair-rent/site", "https://github.com/fair-rent/site.git/"],
)  # fmt: skip
def test_a_repository_may_be_written_as_its_address(text: str) -> None:
    assert read_repository(text) == "fair-rent/site"


@pytest.mark.parametrize("text", ["", "site", "a/b/c", "a/..", "-a/b", "a/b c", "https://git.example/a/b", "a/b?x"])
def test_what_is_no_repository_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write OWNER/NAME"):
        read_repository(text)


@pytest.mark.parametrize("text", ["", "-main", "a..b", "a b", ".a", "a/", "a.lock", "a~1", "a:b"])
def test_what_is_no_branch_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a branch"):
        read_branch(text)


def test_without_a_repository_it_asks_for_one(tarballs: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cms", *give(tarballs)]) == 1
    assert "Write --repository OWNER/NAME" in capsys.readouterr().err


def test_the_page_has_a_policy_of_its_own_and_others_keep_theirs(project: Path, tarballs: list[Path]) -> None:
    address = ["--site-url", "https://pond.example", "--relay-url", "https://relay.example"]
    assert main(["build", *address]) == 0
    output = project / "output"
    paths = ["/", "/index.html", "/404.html", "/campaigns/good/", "/embed/good/", "/privacy/", "/theme/site.css"]
    before = {path: policies(output, path) for path in paths}
    pages = {path: path.read_bytes() for path in output.rglob("*.html")}
    assert write_editor(tarballs) == 0
    assert main(["build", *address]) == 0
    assert {path: path.read_bytes() for path in pages} == pages
    for path, had in before.items():
        assert had <= policies(output, path), path
    (admin,) = policies(output, "/admin/")
    assert "connect-src 'self' blob: data: https://api.github.com;" in admin
    assert "script-src 'self';" in admin
    page = (output / "admin/index.html").read_text("utf-8")
    written = page.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    assert f"{written.replace('&#39;', chr(39))}; frame-ancestors 'none'" == admin
    assert read_headers(output, "/admin/")["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page


def policies(output: Path, path: str) -> set[str]:
    return set(read_headers(output, path)["Content-Security-Policy"].split(", "))


def test_nothing_public_names_the_page(project: Path, tarballs: list[Path]) -> None:
    assert write_editor(tarballs) == 0
    assert main(["check"]) == 0
    assert main(["build", "--site-url", "https://pond.example"]) == 0
    for path in (project / "output").rglob("*"):
        if path.is_file() and path.parent.name != "admin" and path.name != "_headers":
            assert b"/admin" not in path.read_bytes(), path


def test_a_build_notices_a_new_form(project: Path, tarballs: list[Path]) -> None:
    assert write_editor(tarballs) == 0
    assert main(["build"]) == 0
    assert main(["cms", "--branch", "other"]) == 0
    assert main(["build"]) == 0
    assert '"other"' in (project / "output/admin/config.json").read_text("utf-8")


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_half_folder_is_not_published(tarballs: list[Path], command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert write_editor(tarballs) == 0
    Path("admin", SCRIPT).unlink()
    assert main([command]) == 1
    assert f"admin/ has no {SCRIPT}: run `beaconpost cms` again" in capsys.readouterr().err


def test_check_tells_of_a_form_that_is_older_than_the_schema(
    tarballs: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert write_editor(tarballs) == 0
    text = Path("admin/config.json").read_text("utf-8")
    Path("admin/config.json").write_text(text.replace('"goal"', '"target"'))
    assert main(["check"]) == 0
    assert "the form in the browser does not ask for goal: run `beaconpost cms` again" in capsys.readouterr().err


def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="No such file"):
        gather_files((), [tmp_path / "none.tgz"], tmp_path, None)


def test_plain_pelican_publishes_the_page_too(project: Path, tarballs: list[Path]) -> None:
    assert write_editor(tarballs) == 0
    run = [sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py", "--fatal", "errors"]
    subprocess.run(run, cwd=project, check=True, capture_output=True)
    assert MARK in (project / "output/admin/index.html").read_text("utf-8")
