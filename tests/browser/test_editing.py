"""Campaigns edited in the browser, at /admin/: what is saved passes `check`, and builds the same pages.

The git host is a fake of GitHub's API in this process; GitHub itself is not asked.
"""

import json
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jsonschema_rs import validator_for
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from relay.cli import main
from tests.browser.conftest import ROOT, open_app
from tests.browser.git_host import API, REPOSITORY, TOKEN, GitHost
from tests.browser.static_host import serve
from theme.cms.package import EDITOR, RELEASES
from theme.manifest import parse_manifest
from theme.recipients import NamedRecipient

EPOCH = "1767225600"  # 2026-01-01T00:00:00Z
PACKAGES = ROOT / "var/packages"
MISSING = [release.tarball for release in RELEASES if not (PACKAGES / release.tarball).is_file()]
POOL = """---
title: Open the town pool
campaign: Pool for all
action: Write about the pool
kind: testimony
hearing: Tuesday, March 10, 2026, 1 p.m.
deliver_by: 2026-03-12 17:00
committee: {name: Joint Committee on Pools, email: pools@malegislature.gov}
position: support
bills: [H.3573]
subject: "[Town] and its pool"
organiser: pool@organizers.example
status: published
---
It is hot.

## Message

Dear [Legislator],

[First Name] [Last Name]
[Your Address]
"""

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.skipif(bool(MISSING), reason=f"make more-packages, where npm is, brings {' and '.join(MISSING)}"),
]

Edit = Callable[..., Page]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site with the sample campaigns and the editor, built, and the working directory."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    site = tmp_path / "site"
    assert main(["init", str(site)]) == 0
    monkeypatch.chdir(site)
    shutil.copytree(ROOT / "content", "content", dirs_exist_ok=True)
    Path("content/campaigns/my-campaign.md").unlink()
    Path("content/campaigns/open-the-pool.md").write_text(POOL)
    packages = [option for release in RELEASES for option in ("--package", str(PACKAGES / release.tarball))]
    assert main(["cms", "--repository", REPOSITORY, *packages]) == 0
    assert main(["build"]) == 0
    return site


@pytest.fixture
def host(folder: Path) -> GitHost:
    return GitHost(
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted((folder / "content").rglob("*"))
            if path.is_file()
        }
    )


@pytest.fixture
def edit(browser: Browser, folder: Path, host: GitHost) -> Iterator[Edit]:
    """Sign in, and open a part of the editor, like "campaigns/entries/fair-rent". Afterwards no script has failed, and
    nobody but the site and the git host has been asked anything."""
    trouble: list[str] = []
    with serve(folder / "output") as port:
        site = f"http://127.0.0.1:{port}"

        def open_editor(where: str, width: int = 1280) -> Page:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="light")
            page.route(f"{API}/**", host.answer)
            page.on("pageerror", lambda error: trouble.append(f"uncaught: {error}"))
            page.on("response", lambda response: trouble.append(response.url) if not known(response.url) else None)
            page.goto(f"{site}/admin/#/collections/{where}")
            page.get_by_role("button", name="Sign In Using Access Token").click()
            page.get_by_role("textbox", name="Personal Access Token").fill(TOKEN)
            page.keyboard.press("Enter")
            return page

        def known(url: str) -> bool:
            return url.startswith((site, f"{API}/", "blob:", "data:"))

        yield open_editor
        for context in browser.contexts:
            context.close()
    assert trouble == []
    assert host.unknown == []
    assert host.refused == 0


def save(page: Page) -> None:
    """Save, and wait for the commit."""
    with page.expect_response(lambda response: "createCommitOnBranch" in (response.request.post_data or "")):
        page.get_by_role("button", name="Save", exact=True).click()


def take(host: GitHost, folder: Path) -> None:
    """What the workflow checks out after a save."""
    for path in folder.glob("content/**/*.*"):
        path.unlink()
    for name, content in host.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def read_site(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_role("textbox", name=label, exact=True).fill(text)


def test_a_new_title_is_saved_as_a_commit_and_nothing_else_changes(edit: Edit, host: GitHost, folder: Path) -> None:
    before = read_site(folder / "output")
    page = edit("campaigns/entries/sunday-libraries")
    fill(page, "Title", "Open our libraries on Sundays")
    page.get_by_role("radio", name="published").click()
    save(page)
    (commit,) = host.commits
    assert all(path.startswith("content/campaigns/sunday-libraries.") for path in commit.written)
    assert commit.deleted == ()
    text = host.files["content/campaigns/sunday-libraries.md"].decode()
    assert text.startswith("---\ntitle: Open our libraries on Sundays\ncampaign: Sunday Is a Library Day\n")
    take(host, folder)
    assert main(["check"]) == 0
    assert main(["build"]) == 0
    after = read_site(folder / "output")
    assert "Open our libraries on Sundays" in after["campaigns/sunday-libraries/index.html"].decode()
    assert after["campaigns/safe-communities-act/index.html"] == before["campaigns/safe-communities-act/index.html"]


@pytest.mark.parametrize("entry", ["campaigns/entries/sunday-libraries", "testimony/entries/open-the-pool"])
def test_saved_without_a_change_it_builds_the_same_bytes(edit: Edit, host: GitHost, folder: Path, entry: str) -> None:
    before = read_site(folder / "output")
    page = edit(entry)
    title = page.get_by_role("textbox", name="Title", exact=True)
    old = title.input_value()
    title.fill("Another")
    title.fill(old)
    page.get_by_role("radio", name="published").click()
    save(page)
    take(host, folder)
    assert main(["check"]) == 0
    assert main(["build"]) == 0
    assert read_site(folder / "output") == before


def test_a_new_campaign_is_a_draft_until_it_is_published(edit: Edit, host: GitHost, folder: Path) -> None:
    page = edit("campaigns/new")
    fill(page, "Title", "Fair rent: now")
    fill(page, "Name of the campaign", "Yes")
    fill(page, "What people do", "Write")
    fill(page, "Subject of every letter", "[Town] needs fair rent")
    page.get_by_role("radio", name="draft").click()
    page.get_by_role("group", name=re.compile("Organizer")).get_by_role("textbox").fill("rent@organizers.example")
    save(page)
    (commit,) = host.commits
    (path,) = commit.written
    assert path == "content/campaigns/fair-rent-now.md"
    take(host, folder)
    assert "status: draft" in commit.written[path].decode()
    assert main(["check"]) == 0
    assert main(["build"]) == 0
    assert not (folder / "output/campaigns/fair-rent-now").exists()
    assert list((folder / "output/drafts").iterdir())


def test_a_recipient_that_the_form_does_not_know_stays(edit: Edit, host: GitHost, folder: Path) -> None:
    page = edit("campaigns/entries/sunday-libraries")
    page.get_by_role("combobox", name="Recipients").click()
    page.get_by_role("option", name="The writer's own state senator").click()
    page.get_by_role("radio", name="published").click()
    save(page)
    take(host, folder)
    assert main(["check"]) == 0
    assert main(["build"]) == 0
    (campaign,) = (
        campaign
        for campaign in parse_manifest((folder / "output/campaigns.json").read_bytes()).campaigns
        if campaign.slug == "sunday-libraries"
    )
    named = NamedRecipient(
        "Office of Library Hours", "hours@libraries.example.org", "Colleagues at the Office of Library Hours"
    )
    assert campaign.recipients == ("representative", named, "senator")


def test_a_picture_goes_where_pictures_of_the_site_are(edit: Edit, host: GitHost, folder: Path, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "pond.png")
    page = edit("campaigns")
    page.goto(f"{page.url.partition('#')[0]}#/assets")
    page.locator("input[type=file]").first.set_input_files(tmp_path / "pond.png")
    with page.expect_response(lambda response: "createCommitOnBranch" in (response.request.post_data or "")):
        page.get_by_role("button", name="Upload").last.click()
    assert list(host.commits[0].written) == ["content/images/pond.png"]
    campaign = "content/campaigns/sunday-libraries.md"
    host.files[campaign] = host.files[campaign].replace(b"---\nOn ", b"---\n![A pond](/images/pond.png)\n\nOn ")
    take(host, folder)
    assert main(["build"]) == 0
    assert (folder / "output/images/pond.png").is_file()
    assert "/images/pond.png" in (folder / "output/campaigns/sunday-libraries/index.html").read_text("utf-8")


def test_the_editor_takes_the_configuration_for_one(folder: Path) -> None:
    with tarfile.open(PACKAGES / EDITOR.tarball) as package:
        stream = package.extractfile("package/schema/sveltia-cms.json")
        assert stream is not None
        schema = json.load(stream)
    validator_for(schema).validate(json.loads((folder / "admin/config.json").read_text("utf-8")))


def test_the_page_opens_under_dev(browser: Browser, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    with open_app(folder / "content", tmp_path / "dev") as app:
        page = browser.new_page()
        page.goto(f"{app}/admin/")
        expect(page.get_by_role("button", name="Sign In Using Access Token")).to_be_visible()
        page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_form_fits_its_screen(edit: Edit, width: int) -> None:
    page = edit("campaigns/entries/sunday-libraries", width)
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nobody_else_is_asked_and_icons_are_drawn(edit: Edit) -> None:
    page = edit("campaigns/entries/sunday-libraries")
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_be_visible()
    fonts = page.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family)")
    assert any("Material Symbols Outlined" in font for font in fonts)
