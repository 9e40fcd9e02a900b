"""What nobody but the relay reads of a public site: drafts, and organizers' addresses."""

from pathlib import Path
from typing import Final

import httpx2
import pytest

from relay.cli import main
from tests.contract.web.client import open_client
from tests.samples.people import ANA
from tests.samples.settings import relay_settings
from theme.hidden_part import hide, name_draft, reveal
from theme.manifest import Manifest, parse_manifest

KEY: Final = "k" * 32
ORGANIZER: Final = "lead@organizers.example"
SECOND = "second@organizer.example"
DRAFT: Final = """\
---
title: Not yet for everybody
campaign: A secret campaign
action: An action
recipients: [senator, representative]
subject: A subject
organiser: lead@organizers.example
status: draft
---
Words.

## Message

Dear [Legislator],
[First Name]
"""


@pytest.fixture
def built(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site with a draft and a published campaign, built with a key."""
    (project / "content/campaigns/soon.md").write_text(DRAFT)
    good = project / "content/campaigns/good.md"
    good.write_text(good.read_text().replace("subject:", f"organiser: [{ORGANIZER}, {SECOND}]\nsubject:"))
    monkeypatch.setenv("BEACONPOST_MANIFEST_KEY", KEY)
    assert main(["build"]) == 0
    return project / "output"


def test_the_public_site_names_neither_draft_nor_organizer(built: Path) -> None:
    public = built / "campaigns.json"
    assert [campaign.slug for campaign in parse_manifest(public.read_bytes()).campaigns] == ["good"]
    for name in ("campaigns.json", "index.html", "for-offices/index.html", "campaigns/good/index.html"):
        text = (built / name).read_text()
        assert ORGANIZER not in text
        assert SECOND not in text
        assert "secret" not in text
    assert not (built / "campaigns/soon").exists()
    assert not (built / "embed/soon").exists()
    page = built / f"drafts/{name_draft('soon', KEY)}/soon/index.html"
    assert "A secret campaign" in page.read_text()
    assert '<meta name="robots" content="noindex">' in page.read_text()


@pytest.mark.anyio
async def test_the_relay_with_the_key_takes_letters_for_the_draft(built: Path, tmp_path: Path) -> None:
    settings = relay_settings(tmp_path, campaigns=str(built / "campaigns.json"), manifest_key=KEY)
    async with open_client(settings) as client:
        assert (await post(client, "soon")).status_code == 303
        assert (await post(client, "good")).status_code == 303


@pytest.mark.anyio
@pytest.mark.parametrize("key", ["", "x" * 32])
async def test_a_relay_without_the_key_says_so_and_takes_nothing(built: Path, tmp_path: Path, key: str) -> None:
    settings = relay_settings(tmp_path, campaigns=str(built / "campaigns.json"), manifest_key=key)
    async with open_client(settings) as client:
        assert (await client.get("/readyz")).status_code == 503
        assert (await post(client, "good")).status_code == 503


async def post(client: httpx2.AsyncClient, slug: str) -> httpx2.Response:
    return await client.post(f"/campaigns/{slug}/letters", data=ANA)


def test_what_is_hidden_comes_back_whole(built: Path) -> None:
    public = parse_manifest((built / "campaigns.json").read_bytes())
    whole = reveal(public, KEY)
    assert [(campaign.slug, campaign.organiser) for campaign in whole.campaigns] == [
        ("good", ORGANIZER),
        ("soon", ORGANIZER),
    ]
    assert whole.campaigns[0].organisers == (ORGANIZER, SECOND)
    assert reveal(hide(whole, KEY), KEY) == whole
    assert hide(whole, "") == whole
    assert name_draft("soon", KEY) != name_draft("soon", "x" * 32)
    with pytest.raises(ValueError, match="set BEACONPOST_MANIFEST_KEY"):
        reveal(public, "")
    with pytest.raises(ValueError, match="another BEACONPOST_MANIFEST_KEY"):
        reveal(public, "x" * 32)


def test_a_damaged_part_is_told(built: Path) -> None:
    public = parse_manifest((built / "campaigns.json").read_bytes())
    for sealed in ("!", "AAAA", public.sealed[:-8] + "AAAAAAA="):
        damaged = Manifest(
            version=public.version, built=public.built, site=public.site, campaigns=public.campaigns, sealed=sealed
        )
        with pytest.raises(ValueError, match="BEACONPOST_MANIFEST_KEY"):
            reveal(damaged, KEY)
