"""The privacy page says what the settings say, in every language, and the manifest tells the relay."""

from pathlib import Path

import pytest

from tests.site.conftest import ROOT
from theme.manifest import Promises, parse_manifest
from theme.pages.languages import ENDONYMS
from theme.site.build import build_site
from theme.site.check import check_content
from theme.site.folder import SiteError
from theme.site.promises import SLOTS

PRIVACY = (
    "---\ntitle: Privacy\n---\nErased after [Erased after], dropped after [Unconfirmed after], gone by [Ceiling].\n"
)
IN_SPANISH = PRIVACY.replace("title", "translation: unreviewed\ntitle")


def set_days(project: Path, days: str) -> None:
    conf = project / "pelicanconf.py"
    conf.write_text(f"{conf.read_text()}BEACONPOST_ERASED_AFTER = {days}\n")
    (project / "content/pages").mkdir(exist_ok=True)
    (project / "content/pages/privacy.md").write_text(PRIVACY)


def built(path: str) -> str:
    return Path("output", path).read_text()


def test_the_page_says_what_the_setting_says_and_so_does_the_manifest(project: Path) -> None:
    set_days(project, "1")
    (project / "content/pages/privacy.es.md").write_text(IN_SPANISH)
    build_site(Path("content"), Path("output"), "", "")
    assert "Erased after 1 day, dropped after 3 days, gone by 30 days." in built("privacy/index.html")
    assert "Erased after 1 día, dropped after 3 días, gone by 30 días." in built("es/privacy/index.html")
    promises = parse_manifest(Path("output/campaigns.json").read_bytes()).site.promises
    assert promises == Promises(erased_after=1, unconfirmed_after=3, ceiling=30)


@pytest.mark.parametrize("days", ["0", "31", '"7"', "1.5"])
def test_a_period_that_cannot_be_kept_stops_the_build(project: Path, days: str) -> None:
    set_days(project, days)
    with pytest.raises(SiteError, match="BEACONPOST_ERASED_AFTER: give a number of days from 1 to 30"):
        build_site(Path("content"), Path("output"), "", "")
    with pytest.raises(SiteError, match="give a number of days"):
        check_content(Path("content"))


@pytest.mark.parametrize("slot", SLOTS)
def test_a_privacy_page_that_leaves_a_period_out_stops_the_build(project: Path, slot: str) -> None:
    set_days(project, "7")
    (project / "content/pages/privacy.md").write_text(PRIVACY.replace(slot, "soon"))
    (fault,) = check_content(Path("content")).faults
    assert f"write {slot} where the period belongs" in str(fault)


def test_the_privacy_page_shows_no_slot_in_any_language(site: Path) -> None:
    for tag in ENDONYMS:
        source = (ROOT / f"theme/builtin/privacy{'' if tag == 'en' else f'.{tag}'}.md").read_text()
        page = (site / ("" if tag == "en" else tag) / "privacy/index.html").read_text()
        for slot in SLOTS:
            assert slot in source, tag
            assert slot not in page, tag
