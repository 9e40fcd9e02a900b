"""The output of a build: the same site from both commands, the manifest, and nothing if something is wrong."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from boundaries.data import shipped
from boundaries.state import open_state
from tests.site.conftest import EPOCH, GOOD, ROOT, Pelican
from tests.site.html import check
from theme.assets import read_assets
from theme.counts import dump_counts, read_counts
from theme.manifest import Organization, parse_manifest
from theme.pages.languages import known_languages
from theme.recipients import NamedRecipient
from theme.render import Renderer
from theme.site.build import build_site
from theme.site.check import check_content
from theme.site.folder import SiteError
from theme.site.replacement import NotASite, replace_site

PRIVACY = "---\ntitle: Privacy\n---\nWords. [Erased after] [Unconfirmed after] [Ceiling]\n"
PRIVACIDAD = PRIVACY.replace("Privacy", "Privacidad")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def words_of(page: Path) -> Iterator[str]:
    """All text that a reader sees or hears on a page, except the letter and elements with their own `lang`."""
    root = html5lib.parse(page.read_text(), namespaceHTMLElements=False)
    main = root.attrib["lang"]

    def walk(element: Element) -> Iterator[str]:
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "meta", "textarea"):
            return
        if element.get("lang", main) != main or element.get("class") == "home":
            return
        yield from (
            element.attrib[name]
            for name in element.attrib
            if name == "aria-label" or (name.startswith("data-") and name not in ("data-chamber", "data-of"))
        )
        yield element.text or ""
        for child in element:
            yield from walk(child)
            yield child.tail or ""

    yield from (text.strip() for text in walk(root) if text.strip())


ORGANIZATION = {"name": "Pond Friends", "line": "Neighbors of Mill Pond.", "contact": "https://pondfriends.org/us"}


def prepare_to_publish(project: Path) -> None:
    """With publishconf.py, and somebody behind the site."""
    shutil.copy(ROOT / "publishconf.py", project)
    with (project / "pelicanconf.py").open("a") as conf:
        conf.write(f"\nBEACONPOST_ORGANIZATION = {ORGANIZATION!r}\n")


def test_both_commands_build_the_same_site_byte_for_byte(
    project: Path, pelican: Pelican, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = pelican("--fatal", "errors", "--output", "by-hand")
    assert run.returncode == 0, run.stderr
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    build_site(Path("content"), Path("by-command"), "", "")
    assert files(project / "by-command") == files(project / "by-hand")


def test_a_site_has_its_own_pages_and_no_blog_pages(site: Path) -> None:
    pages = (
        "campaigns/safe-communities-act/index.html",
        "campaigns/sunday-libraries/index.html",
        "index.html",
        "phones/index.html",
        "privacy/index.html",
    )
    others = (
        ".nojekyll",
        "404.html",
        "_headers",
        "_redirects",
        "atom.xml",
        "campaigns.json",
        "favicon.ico",
        "for-offices/index.html",
        "robots.txt",
        "sitemap.xml",
        *(f"theme/{name}" for name in read_assets()),
    )
    missing = {f"{tag}/{name}" for tag in known_languages() for name in ("404.html", "atom.xml")}
    letters = [page.replace("index", "letter/index") for page in pages if page.startswith("campaigns/")]
    translated = {f"{tag}/{page}" for tag in known_languages() for page in (*pages, *letters)}
    pictures = {
        f"{tag}{page.replace('index.html', 'share.png')}"
        for tag in ("", *(f"{language}/" for language in known_languages()))
        for page in pages[:2]
    }
    frames = {
        page.replace("campaigns/", f"embed/{tag}", 1)
        for tag in ("", *(f"{language}/" for language in known_languages()))
        for page in pages[:2]
    }
    assert set(files(site)) == {*others, *pages, *translated, *pictures, *frames, *missing}


def test_the_manifest_has_what_the_relay_needs(site: Path) -> None:
    manifest = parse_manifest((site / "campaigns.json").read_bytes())
    assert (manifest.site.url, manifest.site.languages) == ("https://campaign.example", ("en", *known_languages()))
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


def test_the_sample_matches_the_original_campaign_page(site: Path) -> None:
    page = (site / "campaigns/safe-communities-act/index.html").read_text()
    for words in (
        "Families Belong Together",
        "Message recipients",
        "Your State Senator",
        "Your State Representative",
        "Your message",
        "[First Name] [Last Name]\n[Your Address]",
        "Recent participants",
    ):
        assert words in page


def test_markup_in_a_letter_is_escaped(project: Path) -> None:
    campaign = GOOD.replace("A title", "'Five <script than & \"six\"'").replace("Dear", "</textarea <b Dear")
    (project / "content/campaigns/good.md").write_text(campaign)
    build_site(Path("content"), Path("output"), "", "")
    page = Path("output/campaigns/good/index.html").read_text()
    assert "<script than" not in page
    assert "</textarea <b" not in page
    assert "&lt;/textarea &lt;b Dear" in page


def test_images_are_linked_at_their_output_path(project: Path) -> None:
    (project / "content/images").mkdir()
    (project / "content/images/pond.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (project / "content/campaigns/good.md").write_text(GOOD.replace("Words.", "![A pond]({static}/images/pond.svg)"))
    build_site(Path("content"), Path("output"), "https://campaign.example", "")
    manifest = parse_manifest(Path("output/campaigns.json").read_bytes())
    assert 'src="https://campaign.example/images/pond.svg"' in manifest.campaigns[0].texts["en"].body_html
    assert Path("output/images/pond.svg").is_file()


def test_a_translation_has_its_own_page_and_keeps_the_letter(project: Path) -> None:
    (project / "content/campaigns/good.es.md").write_text(
        "---\ntitle: Un título\n---\nPalabras.\n\n## Message\n\nEstimado legislador\n"
    )
    build_site(Path("content"), Path("output"), "", "")
    page = Path("output/es/campaigns/good/index.html").read_text()
    assert '<html lang="es"' in page
    assert "<h1>Un título</h1>" in page
    assert "Palabras." in page
    letter = re.search(r'<textarea id="message"[^>]*>(.*?)</textarea>', page, re.S)
    assert letter
    assert "Dear [Legislator]" in letter[1]
    assert "Estimado" in Path("output/es/campaigns/good/letter/index.html").read_text()
    assert parse_manifest(Path("output/campaigns.json").read_bytes()).site.languages == ("en", "es")


def test_a_page_names_the_chairs_and_leaders_it_writes_to(project: Path) -> None:
    recipients = "[senator, committee:Judiciary, committee:House Ethics/house, leader:speaker]"
    (project / "content/campaigns/good.md").write_text(GOOD.replace("[senator, representative]", recipients))
    (project / "content/campaigns/good.es.md").write_text("---\ntitle: Un título\n---\n")
    build_site(Path("content"), Path("output"), "", "")
    state = open_state(shipped("ma"))
    senator, representative = state.chairs("Judiciary")
    (ethics,) = state.chairs("House Ethics")
    assert _recipients("output/campaigns/good/index.html") == [
        "Your State Senator",
        f"Senator {senator.name}, chair of Judiciary",
        f"Representative {representative.name}, chair of Judiciary",
        f"Representative {ethics.name}, chair of House Ethics",
        f"Speaker {state.leader('speaker').name}",
    ]
    assert f"{senator.name}, preside Judiciary" in _recipients("output/es/campaigns/good/index.html")[1]


def _recipients(page: str) -> list[str]:
    section = re.search(r'<section class="recipients".*?</section>', Path(page).read_text("utf-8"), re.S)
    assert section
    return [re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<li.*?</li>", section[0])]


@pytest.mark.parametrize(
    ("given", "translated", "english", "spanish"),
    [
        (
            "",
            "",
            "Leave out anyone’s immigration status, employer or court case, your own too. Letters to officials may",
            "No mencione el estatus migratorio, el empleador ni el caso judicial de nadie, tampoco los suyos. Las",
        ),
        ("safety: No names.\n", "safety: Sin nombres.\n", "No names. Letters to officials", "Sin nombres. Las cartas"),
        ("safety: No names.\n", "", "No names. Letters to officials", "No names. Las cartas"),
        ("safety: none\n", "", '<p class="hint">Letters to officials may', '<p class="hint">Las cartas a funcionarios'),
    ],
)
def test_a_campaign_says_what_its_writers_should_leave_out(
    project: Path, given: str, translated: str, english: str, spanish: str
) -> None:
    (project / "content/campaigns/good.md").write_text(GOOD.replace("subject:", f"{given}subject:"))
    (project / "content/campaigns/good.es.md").write_text(f"---\ntitle: Un título\n{translated}---\n")
    build_site(Path("content"), Path("output"), "", "")
    assert english in Path("output/campaigns/good/index.html").read_text("utf-8")
    assert spanish in Path("output/es/campaigns/good/index.html").read_text("utf-8")
    warned = [str(warning) for warning in check_content(Path("content")).warnings if "safety" in warning.text]
    assert bool(warned) == (given == "safety: No names.\n" and not translated)


@pytest.mark.parametrize("translated", ["join: {text: Envíenme noticias}\n", ""])
def test_a_box_joins_the_list_in_words_of_its_own_language_or_not_at_all(project: Path, translated: str) -> None:
    joined = "join: {text: Send me news, privacy: https://org.example/privacy}\n"
    (project / "content/campaigns/good.md").write_text(GOOD.replace("subject:", f"{joined}subject:"))
    (project / "content/campaigns/good.es.md").write_text(f"---\ntitle: Un título\n{translated}---\n")
    build_site(Path("content"), Path("output"), "", "")
    english, spanish = (Path(f"output/{path}campaigns/good/index.html").read_text("utf-8") for path in ("", "es/"))
    assert '<label for="join">Send me news</label>' in english
    assert 'href="https://org.example/privacy"' in english
    assert re.search(r'name="join_list"[^>]*>', english)[0].count("checked") == 0  # type: ignore[index]
    assert ('<label for="join">Envíenme noticias</label>' in spanish) is bool(translated)
    assert ("join_list" in spanish) is bool(translated)
    warned = [str(warning) for warning in check_content(Path("content")).warnings if "join" in warning.text]
    assert bool(warned) is not bool(translated)


def test_several_organizers_may_be_named(project: Path) -> None:
    named = "organiser: [ana@mail.example, ben@mail.example]\n"
    (project / "content/campaigns/good.md").write_text(GOOD.replace("subject:", f"{named}subject:"))
    build_site(Path("content"), Path("output"), "", "")
    campaign = parse_manifest(Path("output/campaigns.json").read_bytes()).campaigns[0]
    assert (campaign.organiser, campaign.organisers) == ("ana@mail.example", ("ana@mail.example", "ben@mail.example"))


def test_a_translation_may_translate_campaign_action_and_outcome(project: Path) -> None:
    first = project / "content/campaigns/good.md"
    first.write_text(GOOD.replace("subject:", "closes: 2025-12-30\noutcome: It passed.\nsubject:"))
    (project / "content/campaigns/good.es.md").write_text(
        "---\ncampaign: Una campaña\naction: Una carta\noutcome: Se aprobó.\n---\nPalabras.\n"
    )
    (project / "content/campaigns/good.pt.md").write_text("---\ntitle: Um título\n---\nPalavras.\n")
    build_site(Path("content"), Path("output"), "", "")
    page = Path("output/es/campaigns/good/index.html").read_text()
    assert '<p class="label">Una campaña</p>' in page
    assert "Esta campaña terminó. Se aprobó." in page
    assert "Se aprobó." in Path("output/es/index.html").read_text()
    inherited = Path("output/pt/campaigns/good/index.html").read_text()
    assert '<p class="label">A campaign</p>' in inherited
    assert "It passed." in inherited
    campaign = parse_manifest(Path("output/campaigns.json").read_bytes()).campaigns[0]
    assert (campaign.campaign, campaign.text("es").campaign) == ("A campaign", "Una campaña")
    assert campaign.text("pt").outcome == "It passed."


def test_links_lead_to_the_translation_of_a_page(project: Path) -> None:
    (project / "content/pages").mkdir()
    (project / "content/pages/privacy.md").write_text(PRIVACY)
    (project / "content/pages/privacy.es.md").write_text(PRIVACIDAD)
    (project / "content/campaigns/good.es.md").write_text("---\ntitle: Un título\n---\nPalabras.\n")
    (project / "content/campaigns/good.pt.md").write_text("---\ntitle: Um título\n---\nPalavras.\n")
    build_site(Path("content"), Path("output"), "", "")
    assert "<h1>Privacidad</h1>" in Path("output/es/privacy/index.html").read_text()
    assert 'href="/es/privacy/"' in Path("output/es/campaigns/good/index.html").read_text()
    assert 'href="/privacy/"' in Path("output/pt/campaigns/good/index.html").read_text()


def test_an_unreviewed_translation_is_labeled_and_an_unreviewed_page_is_not_published(
    project: Path, pelican: Pelican
) -> None:
    """In a language without a catalog, so that nothing else is unreviewed."""
    prepare_to_publish(project)
    (project / "content/pages").mkdir()
    (project / "content/pages/privacy.md").write_text(PRIVACY)
    page = project / "content/pages/privacy.so.md"
    page.write_text(PRIVACY.replace("\n---", "\ntranslation: unreviewed\n---", 1))
    (project / "content/campaigns/good.so.md").write_text("---\ntitle: Cinwaan\ntranslation: unreviewed\n---\nErayo.\n")
    build_site(Path("content"), Path("output"), "", "")
    line = "has not been checked by a native speaker"
    for path in ("privacy", "campaigns/good"):
        assert line in Path(f"output/so/{path}/index.html").read_text()
        assert line not in Path(f"output/{path}/index.html").read_text()
    assert line not in Path("output/404.html").read_text()
    address = {"BEACONPOST_SITE_URL": "https://campaign.example"}
    run = pelican("--fatal", "errors", conf="publishconf.py", env=address)
    assert run.returncode != 0
    assert "privacy.so.md: no native speaker has checked this page" in run.stderr
    page.write_text(page.read_text().replace("unreviewed", "reviewed"))
    assert pelican("--fatal", "errors", conf="publishconf.py", env=address).returncode == 0


def test_a_translation_without_an_original_stops_the_build(project: Path) -> None:
    (project / "content/pages").mkdir()
    (project / "content/pages/privacy.es.md").write_text(PRIVACIDAD)
    with pytest.raises(SiteError, match=r"privacy\.es\.md.*privacy\.md is missing"):
        build_site(Path("content"), Path("output"), "", "")


def test_drafts_and_withdrawn_campaigns_are_not_on_the_index(project: Path, pelican: Pelican) -> None:
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


def test_the_policy_lists_every_origin_a_post_may_redirect_to(site: Path) -> None:
    """Chromium checks form-action again after the 303: with only the relay, it would block the thank-you page."""
    page = (site / "campaigns/safe-communities-act/index.html").read_text()
    match = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert match
    policy = match[1].replace("&#39;", "'")
    assert "form-action 'self' https://campaign.example https://relay.example" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    headers = (site / "_headers").read_text()
    assert f"/*\n  Content-Security-Policy: {policy}\n" in headers
    assert "  Referrer-Policy: strict-origin-when-cross-origin\n" in headers


def test_only_the_listed_sites_may_frame_the_form(project: Path, pelican: Pelican) -> None:
    """Hosts merge all rules that match a path and browsers enforce them all: no global rule may forbid frames."""
    with (project / "pelicanconf.py").open("a") as conf:
        conf.write('BEACONPOST_EMBED = ["https://one.example", "https://*.two.example"]\n')
    assert pelican().returncode == 0
    rules = dict(re.findall(r"^(/\S*)\n((?:  .*\n)+)", (project / "output/_headers").read_text(), re.MULTILINE))
    assert "frame-ancestors 'self' https://one.example https://*.two.example\n" in rules["/embed/*"]
    assert "frame-ancestors" not in rules["/*"]
    assert "frame-ancestors 'none'" in rules["/"]
    assert "frame-ancestors 'none'" in rules["/campaigns/*"]


def test_an_invalid_embed_origin_stops_the_build(project: Path, pelican: Pelican) -> None:
    with (project / "pelicanconf.py").open("a") as conf:
        conf.write('BEACONPOST_EMBED = ["coalition.example/page"]\n')
    run = pelican()
    assert run.returncode != 0
    assert "“coalition.example/page” is not an origin: write scheme and host without a path" in run.stderr


def test_a_failed_build_leaves_the_old_site_as_it_was(project: Path) -> None:
    build_site(Path("content"), Path("output"), "", "")
    before = files(Path("output"))
    (project / "content/campaigns/good.md").write_text("Words.\n")
    with pytest.raises(SiteError, match=r"content/campaigns/good\.md:1:1: no front matter"):
        build_site(Path("content"), Path("output"), "", "")
    assert files(Path("output")) == before


def test_a_folder_that_is_not_a_built_site_is_not_emptied(project: Path) -> None:
    (project / "thesis").mkdir()
    (project / "thesis/chapter.txt").write_text("years of work")
    with pytest.raises(SiteError, match="something other than a built site"):
        build_site(Path("content"), Path("thesis"), "", "")
    assert files(Path("thesis")) == {"chapter.txt": b"years of work"}


@pytest.mark.parametrize("roundabout", ["new/../thesis", "new/deeper/../../thesis", "link"])
def test_no_way_of_writing_a_path_leads_around_that(project: Path, roundabout: str) -> None:
    (project / "thesis").mkdir()
    (project / "thesis/chapter.txt").write_text("years of work")
    (project / "link").symlink_to("thesis")
    with pytest.raises(SiteError, match="something other than a built site"):
        build_site(Path("content"), Path(roundabout), "", "")
    assert files(Path("thesis")) == {"chapter.txt": b"years of work"}


def test_what_comes_into_the_folder_during_the_build_is_not_deleted(tmp_path: Path) -> None:
    made, served = tmp_path / "made", tmp_path / "served"
    for folder in (made, served):
        folder.mkdir()
    (made / "index.html").write_text("a page")
    (served / "chapter.txt").write_text("years of work")
    with pytest.raises(NotASite):
        replace_site(made, served)
    assert files(served) == {"chapter.txt": b"years of work"}


@pytest.mark.parametrize("options", [(), ("--fatal", "errors")], ids=["lenient", "fatal"])
def test_a_plugin_that_fails_to_register_fails_the_build(
    options: tuple[str, ...], project: Path, pelican: Pelican
) -> None:
    """Pelican alone would log it and exit 0 with a site that has no campaigns."""
    broken = "\ndef _broken():\n    raise RuntimeError('broken')\nplugin.register = _broken\n"
    (project / "broken.py").write_text((project / "pelicanconf.py").read_text() + broken)
    assert pelican(*options, conf="broken.py").returncode != 0
    assert not (project / "output/campaigns.json").exists()


@pytest.mark.parametrize("options", [(), ("--fatal", "errors")], ids=["lenient", "fatal"])
@pytest.mark.parametrize(
    "part",
    [
        "load_content",
        "ContentReader.read",
        "build_manifest",
        "SiteGenerator.generate_output",
        "add_campaign_context",
        "write_output",
    ],
)
def test_a_plugin_that_crashes_later_fails_the_build_too(
    part: str, options: tuple[str, ...], project: Path, pelican: Pelican
) -> None:
    """Pelican logs a reader's exception and continues with a site that lacks the page."""
    broken = f"\ndef _broken(*_, **__):\n    raise RuntimeError('broken')\nplugin.{part} = _broken\n"
    (project / "broken.py").write_text((project / "pelicanconf.py").read_text() + broken)
    assert pelican(*options, conf="broken.py").returncode != 0
    assert not (project / "output/campaigns.json").exists()


def test_the_published_site_must_know_its_address(project: Path, pelican: Pelican) -> None:
    prepare_to_publish(project)
    run = pelican("--fatal", "errors", conf="publishconf.py")
    assert run.returncode != 0
    assert "BEACONPOST_SITE_URL" in run.stderr
    run = pelican("--fatal", "errors", conf="publishconf.py", env={"BEACONPOST_SITE_URL": "https://campaign.example"})
    assert run.returncode == 0, run.stderr
    assert (
        'rel="canonical" href="https://campaign.example/campaigns/good/"'
        in Path("output/campaigns/good/index.html").read_text()
    )


def test_unreviewed_safety_messages_are_published_only_if_the_operator_allows_it(
    project: Path, pelican: Pelican
) -> None:
    prepare_to_publish(project)
    (project / "content/campaigns/good.es.md").write_text("---\ntitle: Un título\n---\nPalabras.\n")
    address = {"BEACONPOST_SITE_URL": "https://campaign.example"}
    run = pelican("--fatal", "errors", conf="publishconf.py", env=address)
    assert run.returncode != 0
    assert "es: no native speaker has checked" in run.stderr
    assert 'add "es" to BEACONPOST_UNREVIEWED in publishconf.py' in run.stderr
    assert not Path("output").exists()
    conf = (project / "publishconf.py").read_text()
    (project / "publishconf.py").write_text(conf.replace("list[str] = []", 'list[str] = ["es"]'))
    run = pelican("--fatal", "errors", conf="publishconf.py", env=address)
    assert run.returncode == 0, run.stderr
    assert "no ha sido revisada" in Path("output/es/campaigns/good/index.html").read_text()


def test_the_sitemap_lists_every_page_with_its_other_languages(site: Path) -> None:
    assert (site / "robots.txt").read_text() == "Sitemap: https://campaign.example/sitemap.xml\n"
    entries = {}
    for entry in (site / "sitemap.xml").read_text().split("<url>")[1:]:
        links = dict(re.findall(r'hreflang="([a-z-]+)" href="([^"]*)"', entry))
        entries[entry.partition("<loc>")[2].partition("</loc>")[0]] = links
    for page in ("", "phones/", "privacy/", "campaigns/safe-communities-act/"):
        address = f"https://campaign.example/es/{page}"
        assert f'rel="canonical" href="{address}"' in (site / "es" / page / "index.html").read_text()
        links = entries[address]
        assert set(links) == {"x-default", "en", *known_languages()}
        assert links["es"] == address
        assert links["x-default"] == links["en"] == f"https://campaign.example/{page}"
    for address in entries:
        path = address.removeprefix("https://campaign.example/")
        assert (site / path / "index.html").is_file(), path


def test_the_letter_and_its_translation_share_a_page(site: Path) -> None:
    page = (site / "es/campaigns/safe-communities-act/letter/index.html").read_text()
    assert "Vivo en [Town]" in page
    assert "I live in [Town]" in page
    assert check(page, "https://campaign.example") == []
    assert not (site / "campaigns/safe-communities-act/letter").exists()


def test_the_phone_directory_lists_every_town_without_the_relay(site: Path) -> None:
    page = (site / "phones/index.html").read_text()
    massachusetts = open_state(shipped("ma"))
    assert page.count("<details>") == len(massachusetts.towns) == 351
    chelsea = page.partition("<bdi>Chelsea</bdi></summary>")[2].partition("</details>")[0]
    (senator,) = massachusetts.legislators("senate", "Middlesex and Suffolk")
    for member in (senator, *massachusetts.legislators("house", "11th Suffolk")):
        assert member is not None
        assert f"<bdi>{member.name}</bdi>" in chelsea
        assert f'href="tel:+1{member.phone.replace("-", "")}"' in chelsea
    boston = page.partition("<bdi>Boston</bdi></summary>")[2].partition("</details>")[0]
    assert boston.count("<li>") == len({*re.findall(r'"district"><bdi>([^<]*)', boston)}) > 20
    spanish = "https://campaign.example/es/phones/"
    for name in ("index.html", "campaigns/safe-communities-act/index.html"):
        assert f'href="{spanish}">' in (site / "es" / name).read_text()
    # Only the form may be framed, and what was typed in it must stay.
    assert f'href="{spanish}" target="_blank">' in (site / "embed/es/safe-communities-act/index.html").read_text()
    assert check(page, "https://campaign.example") == []


def test_translated_pages_contain_no_english(site: Path) -> None:
    """Except the letter, which goes to offices in English, and proper names."""
    names = {
        "ZIP",
        "Beaconpost",
        "Network",
        "https",
        "Safe Communities Act",
        "Error:",
        "Email",
        "Office of Library Hours",
        "docs/privacy.md",
    }
    for page in ("", "privacy/", "campaigns/safe-communities-act/", "campaigns/sunday-libraries/"):
        english = set(words_of(site / page / "index.html"))
        for tag in known_languages():
            left = english & set(words_of(site / tag / page / "index.html")) - names
            assert {text for text in left if re.search("[a-z]{3}", text)} == set(), (tag, page)


def test_name_logo_colors_and_footer_are_set_in_one_file(project: Path, pelican: Pelican) -> None:
    (project / "content/images").mkdir()
    (project / "content/images/logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"/>')
    with (project / "pelicanconf.py").open("a") as conf:
        conf.write(
            'SITENAME = "Pond Friends"\nBEACONPOST_BRAND = "#7a1f5c"\nBEACONPOST_LOGO = "images/logo.svg"\n'
            'BEACONPOST_FOOTER = ["1 Main St", ("Write to us", "mailto:desk@pond.example"), ("Terms", "/terms/")]\n'
        )
    address = {"BEACONPOST_SITE_URL": "https://pond.example", "BEACONPOST_RELAY_URL": "https://relay.pond.example"}
    run = pelican("--fatal", "errors", env=address)
    assert run.returncode == 0, run.stderr
    page = Path("output/campaigns/good/index.html").read_text()
    assert '<img src="https://pond.example/images/logo.svg" alt="" width="120" height="40"> Pond Friends</a>' in page
    assert '<link rel="icon" href="https://pond.example/images/logo.svg">' in page
    assert "<p>1 Main St</p>" in page
    assert '<a href="mailto:desk@pond.example">Write to us</a>' in page
    assert '<a href="https://pond.example/terms/">Terms</a>' in page
    assert "--brand:#7a1f5c" in Path("output/theme/site.css").read_text()
    assert Path("output/images/logo.svg").is_file()
    site = parse_manifest(Path("output/campaigns.json").read_bytes()).site
    theirs = Renderer(site, "https://relay.pond.example").notice("en", 404)
    for same in ("https://pond.example/images/logo.svg", "1 Main St", "mailto:desk@pond.example"):
        assert same in theirs
    assert "img-src 'self' https://pond.example" in theirs.replace("&#39;", "'")


def test_an_unreadable_color_stops_the_build_before_anything_is_deleted(project: Path, pelican: Pelican) -> None:
    assert pelican("--fatal", "errors").returncode == 0
    with (project / "pelicanconf.py").open("a") as conf:
        conf.write('BEACONPOST_BRAND = "#ffcc00"\n')
    run = pelican("--fatal", "errors")
    assert run.returncode == 1
    assert "BEACONPOST_BRAND: #ffcc00 is too pale" in run.stderr
    assert "Traceback" not in run.stderr
    assert Path("output/campaigns/good/index.html").is_file()
    with pytest.raises(SiteError, match="too pale"):
        check_content(Path("content"))


def test_a_page_shows_the_last_exported_count_without_a_script(project: Path) -> None:
    path = project / "content/counts.json"
    path.write_bytes(dump_counts({"good": 12345, "other": 4}, datetime(2026, 3, 2, tzinfo=UTC)))
    assert read_counts(project / "content") == {"good": 12345}
    (project / "content/campaigns/good.es.md").write_text("---\ntitle: Un título\n---\nPalabras.\n")
    build_site(Path("content"), Path("output"), "", "")
    for page in ("campaigns", "embed"):
        shown = Path(f"output/{page}/good/index.html").read_text()
        assert "<strong>12,345</strong>" in shown
        assert '<progress aria-labelledby="count-title" value="12345" max="25000">' in shown
    assert "<strong>12.345</strong>" in Path("output/es/campaigns/good/index.html").read_text()
    path.unlink()
    build_site(Path("content"), Path("output"), "", "")
    assert '<div id="count" class="pending">' in Path("output/campaigns/good/index.html").read_text()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"version": 9, "exported": "2026-03-02T00:00:00Z", "counts": {}}'])
def test_unreadable_counts_stop_the_build(project: Path, body: bytes) -> None:
    (project / "content/counts.json").write_bytes(body)
    with pytest.raises(SiteError, match=r"counts\.json"):
        build_site(Path("content"), Path("output"), "", "")
    with pytest.raises(SiteError, match=r"^content/counts\.json: "):
        check_content(Path("content"))


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("BEACONPOST_ORGANIZATION = {}", "a public page says who is behind it: in pelicanconf.py, write"),
        ("del BEACONPOST_ORGANIZATION", "a public page says who is behind it: in pelicanconf.py, write"),
        ("", "is still the invented sample: write"),
    ],
)
def test_a_site_is_not_published_until_it_says_who_is_behind_it(
    setting: str, said: str, project: Path, pelican: Pelican
) -> None:
    shutil.copy(ROOT / "publishconf.py", project)
    with (project / "pelicanconf.py").open("a") as conf:
        conf.write(f"\n{setting}\n")
    run = pelican("--fatal", "errors", conf="publishconf.py", env={"BEACONPOST_SITE_URL": "https://campaign.example"})
    assert run.returncode != 0
    assert said in run.stderr
    assert 'BEACONPOST_ORGANIZATION = {"name": ' in run.stderr
    assert not Path("output").exists()


def test_the_organization_is_in_the_manifest_and_on_the_page_for_offices(project: Path, pelican: Pelican) -> None:
    prepare_to_publish(project)
    address = {"BEACONPOST_SITE_URL": "https://campaign.example"}
    run = pelican("--fatal", "errors", conf="publishconf.py", env=address)
    assert run.returncode == 0, run.stderr
    manifest = parse_manifest(Path("output/campaigns.json").read_bytes())
    assert manifest.site.organization == Organization(**ORGANIZATION)
    page = Path("output/for-offices/index.html").read_text()
    assert "<strong>Pond Friends</strong>. Neighbors of Mill Pond." in page
    assert 'href="https://pondfriends.org/us"' in page
    assert "<code>X-Campaign: good</code>" in page
    assert "https://campaign.example/for-offices/" in Path("output/sitemap.xml").read_text()


@pytest.mark.usefixtures("project")
def test_a_site_has_its_states_page_that_finds_a_district() -> None:
    build_site(Path("content"), Path("output"), "", "")
    manifest = parse_manifest(Path("output/campaigns.json").read_bytes())
    assert manifest.site.finders == {"ma": "https://malegislature.gov/Search/FindMyLegislator"}


def test_what_is_missing_in_a_language_is_said_in_it(project: Path) -> None:
    (project / "content/campaigns/good.es.md").write_text("---\ntitle: Un título\n---\nPalabras.\n")
    build_site(Path("content"), Path("output"), "", "")
    assert '<html lang="es"' in Path("output/es/404.html").read_text()
    assert "Aquí no hay ninguna página" in Path("output/es/404.html").read_text()
    assert '<html lang="en"' in Path("output/404.html").read_text()
    assert Path("output/_redirects").read_text() == "/es/*  /es/404.html  404\n"
