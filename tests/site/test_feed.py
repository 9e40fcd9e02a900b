"""The Atom feed of the campaigns."""

from pathlib import Path
from xml.etree import ElementTree as ET

from tests.site.conftest import GOOD
from theme.site.build import build_site


def test_the_feed_lists_campaigns_by_when_they_opened_or_were_over(project: Path) -> None:
    more = {"new": "opens: 2025-06-01", "over": "closes: 2025-03-01\noutcome: We <won>.", "later": "opens: 2099-01-01"}
    for slug, keys in more.items():
        text = GOOD.replace("subject:", f"{keys}\nsubject:").replace("A title", f"The {slug} one")
        (project / f"content/campaigns/{slug}.md").write_text(text)
    (project / "content/campaigns/new.es.md").write_text("---\ntitle: La nueva\n---\n")
    build_site(Path("content"), Path("output"), "https://pond.example", "https://relay.example")
    atom = "{http://www.w3.org/2005/Atom}"
    for name, home, first in (("atom.xml", "/", "The new one"), ("es/atom.xml", "/es/", "La nueva")):
        feed = ET.parse(Path("output", name)).getroot()  # noqa: S314  (our own)
        titles = [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")]
        assert titles == ["A title", first, "The over one"]  # one without a day is as old as the build
        assert [entry.findtext(f"{atom}summary") for entry in feed.iter(f"{atom}entry")][2] == "We <won>."
        assert [entry.findtext(f"{atom}updated") for entry in feed.iter(f"{atom}entry")][1] == "2025-06-01T04:00:00Z"
        assert feed.findtext(f"{atom}id") == f"https://pond.example{home}"
        assert f'href="https://pond.example{home}atom.xml"' in Path("output", home.strip("/"), "index.html").read_text()
