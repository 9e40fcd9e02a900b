"""What comes out of a build: the same site by either command, the manifest, and nothing when something is wrong."""

import re
from pathlib import Path

import pytest

from relay.contract import NamedRecipient, parse_manifest
from tests.site.conftest import EPOCH, GOOD, ROOT, Pelican
from theme.site import SiteError, build_site


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_both_commands_build_the_same_site_byte_for_byte(
    project: Path, pelican: Pelican, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = pelican("--fatal", "errors", "--output", "by-hand")
    assert run.returncode == 0, run.stderr
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    build_site(Path("content"), Path("by-command"), "", "")
    assert files(project / "by-command") == files(project / "by-hand")


def test_a_site_holds_its_pages_and_nothing_a_blog_would(site: Path) -> None:
    assert sorted(files(site)) == [
        ".nojekyll",
        "404.html",
        "_headers",
        "campaigns.json",
        "campaigns/safe-communities-act/index.html",
        "campaigns/sunday-libraries/index.html",
        "index.html",
        "privacy/index.html",
        "theme/icon.svg",
        "theme/letter.js",
        "theme/site.css",
    ]


def test_the_manifest_says_what_the_relay_needs(site: Path) -> None:
    manifest = parse_manifest((site / "campaigns.json").read_bytes())
    assert (manifest.site.url, manifest.site.languages) == ("https://campaign.example", ("en",))
    act, libraries = manifest.campaigns
    assert (act.slug, act.recipients, act.bills) == (
        "safe-communities-act",
        ("senator", "representative"),
        ("H.3573", "S.1401"),
    )
    text = act.texts["en"]
    assert text.url == "/campaigns/safe-communities-act/"
    assert text.message.startswith("Dear [Legislator],")
    assert text.message.endswith("[First Name] [Last Name]\n[Your Address]")
    assert "<h2>" not in text.body_html
    assert libraries.recipients == (
        "representative",
        NamedRecipient(
            "Office of Library Hours", "hours@libraries.example.org", "Colleagues at the Office of Library Hours"
        ),
    )


def test_the_sample_reads_like_the_page_that_started_it(site: Path) -> None:
    page = (site / "campaigns/safe-communities-act/index.html").read_text()
    for words in (
        "Families Belong Together",
        "SCA Message Action 2.0",
        "Message recipients",
        "Your State Senator",
        "Your State Representative",
        "Your message",
        "[First Name] [Last Name]\n[Your Address]",
        "Recent participants",
    ):
        assert words in page


def test_a_letter_is_text_and_markup_in_it_stays_text(project: Path) -> None:
    campaign = GOOD.replace("A title", '"<script>alert(1)</script>"').replace("Dear", "</textarea><b>Dear")
    (project / "content/campaigns/good.md").write_text(campaign)
    build_site(Path("content"), Path("output"), "", "")
    page = Path("output/campaigns/good/index.html").read_text()
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page
    assert "&lt;/textarea&gt;&lt;b&gt;Dear" in page


def test_pictures_are_linked_where_they_end_up(project: Path) -> None:
    (project / "content/images").mkdir()
    (project / "content/images/pond.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (project / "content/campaigns/good.md").write_text(GOOD.replace("Words.", "![A pond]({static}/images/pond.svg)"))
    build_site(Path("content"), Path("output"), "https://campaign.example", "")
    manifest = parse_manifest(Path("output/campaigns.json").read_bytes())
    assert 'src="https://campaign.example/images/pond.svg"' in manifest.campaigns[0].texts["en"].body_html
    assert Path("output/images/pond.svg").is_file()


def test_a_translation_has_its_own_page_and_the_letter_stays_the_same(project: Path) -> None:
    (project / "content/campaigns/good.es.md").write_text(
        "---\ntitle: Un título\n---\nPalabras.\n\n## Message\n\nEstimado legislador\n"
    )
    build_site(Path("content"), Path("output"), "", "")
    page = Path("output/es/campaigns/good/index.html").read_text()
    assert '<html lang="es"' in page
    assert "<h1>Un título</h1>" in page
    assert "Palabras." in page
    letter = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert letter
    assert "Dear [Legislator]" in letter[1]
    assert "Estimado" in page.replace(letter[0], "")
    assert parse_manifest(Path("output/campaigns.json").read_bytes()).site.languages == ("en", "es")


def test_only_open_and_closed_campaigns_are_on_the_index(project: Path, pelican: Pelican) -> None:
    states = {
        "draft": "status: draft\norganiser: a@b.example",
        "withdrawn": "status: withdrawn",
        "closed": "closes: 2025-12-30\noutcome: It passed.",
        "upcoming": "opens: 2026-05-01",
    }
    for name, lines in states.items():
        text = GOOD.replace("subject:", f"{lines}\nsubject:").replace("A title", f"The {name} one")
        (project / f"content/campaigns/{name}.md").write_text(text)
    assert pelican("--fatal", "errors").returncode == 0
    index = Path("output/index.html").read_text()
    assert "The draft one" not in index
    assert "The withdrawn one" not in index
    assert index.index("A title") < index.index("The upcoming one") < index.index("The closed one")
    assert "It passed." in index
    for name in states:
        page = Path(f"output/campaigns/{name}/index.html").read_text()
        assert ("<form" in page) == (name == "draft")
        assert ('content="noindex"' in page) == (name in ("draft", "withdrawn"))


def test_the_policy_names_every_origin_a_post_may_end_at(site: Path) -> None:
    """Chromium checks form-action again after the 303: with the relay alone, the thank-you page would be blocked."""
    page = (site / "campaigns/safe-communities-act/index.html").read_text()
    match = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert match
    policy = match[1].replace("&#39;", "'")
    assert "form-action 'self' https://campaign.example https://relay.example" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    headers = (site / "_headers").read_text()
    assert f"  Content-Security-Policy: {policy}; frame-ancestors 'none'\n" in headers
    assert "  Referrer-Policy: strict-origin-when-cross-origin\n" in headers


def test_a_failed_build_leaves_the_old_site_as_it_was(project: Path) -> None:
    build_site(Path("content"), Path("output"), "", "")
    before = files(Path("output"))
    (project / "content/campaigns/good.md").write_text("Words.\n")
    with pytest.raises(SiteError, match=r"content/campaigns/good\.md:1:1: no front matter"):
        build_site(Path("content"), Path("output"), "", "")
    assert files(Path("output")) == before


def test_a_folder_that_is_no_site_of_ours_is_not_emptied(project: Path) -> None:
    (project / "thesis").mkdir()
    (project / "thesis/chapter.txt").write_text("years of work")
    with pytest.raises(SiteError, match="something else"):
        build_site(Path("content"), Path("thesis"), "", "")
    assert files(Path("thesis")) == {"chapter.txt": b"years of work"}


@pytest.mark.parametrize("options", [(), ("--fatal", "errors")], ids=["lenient", "fatal"])
def test_a_plugin_that_fails_to_register_fails_the_build(
    options: tuple[str, ...], project: Path, pelican: Pelican
) -> None:
    """Pelican alone would say so and exit 0 with a site that lacks its campaigns."""
    broken = "\ndef _broken():\n    raise RuntimeError('broken')\nplugin.register = _broken\n"
    (project / "broken.py").write_text((project / "pelicanconf.py").read_text() + broken)
    assert pelican(*options, conf="broken.py").returncode != 0
    assert not (project / "output/campaigns.json").exists()


@pytest.mark.parametrize("options", [(), ("--fatal", "errors")], ids=["lenient", "fatal"])
@pytest.mark.parametrize("part", ["read", "ContentReader.read", "prepare", "describe_campaign", "write_files"])
def test_a_plugin_that_crashes_later_fails_the_build_too(
    part: str, options: tuple[str, ...], project: Path, pelican: Pelican
) -> None:
    """Pelican logs what a reader raises and goes on to a site without the page."""
    broken = f"\ndef _broken(*_, **__):\n    raise RuntimeError('broken')\nplugin.{part} = _broken\n"
    (project / "broken.py").write_text((project / "pelicanconf.py").read_text() + broken)
    assert pelican(*options, conf="broken.py").returncode != 0
    assert not (project / "output/campaigns.json").exists()


def test_the_published_site_must_know_its_address(project: Path, pelican: Pelican) -> None:
    (project / "publishconf.py").write_text((ROOT / "publishconf.py").read_text())
    run = pelican("--fatal", "errors", conf="publishconf.py")
    assert run.returncode != 0
    assert "BEACONPOST_SITE_URL" in run.stderr
    run = pelican("--fatal", "errors", conf="publishconf.py", env={"BEACONPOST_SITE_URL": "https://campaign.example"})
    assert run.returncode == 0, run.stderr
    assert (
        'rel="canonical" href="https://campaign.example/campaigns/good/"'
        in Path("output/campaigns/good/index.html").read_text()
    )
