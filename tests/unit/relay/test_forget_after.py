"""The relay keeps nobody longer than the site promises, nor than its own setting says."""

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from relay.campaigns import Campaigns
from relay.forget_after import ForgetAfter
from tests.samples.campaigns import manifest
from theme.manifest import Promises, dump_manifest

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


def publish(path: Path, promises: Promises | None) -> None:
    written = manifest()
    site = structs.replace(written.site, promises=promises)
    path.write_bytes(dump_manifest(structs.replace(written, site=site)))


def follow(path: Path, setting: timedelta) -> ForgetAfter:
    seconds = itertools.count(step=100)
    return ForgetAfter(setting, Campaigns(str(path), lambda: next(seconds), lambda _: ""))


@pytest.mark.parametrize(
    ("setting", "promised", "kept", "said"),
    [
        (7 * DAY, 7, 7 * DAY, "7 days, as the site promises"),
        (7 * DAY, 3, 3 * DAY, "3 days, as the site promises, although BEACONPOST_FORGET_AFTER is 7 days"),
        (DAY, 7, DAY, "1 day, sooner than the 7 days that the site promises"),
        (timedelta(hours=36), 7, timedelta(hours=36), "36 hours, sooner than the 7 days that the site promises"),
    ],
)
async def test_the_shorter_of_both_is_kept_and_said(
    tmp_path: Path, setting: timedelta, promised: int, kept: timedelta, said: str
) -> None:
    publish(tmp_path / "campaigns.json", Promises(erased_after=promised))
    forget_after = follow(tmp_path / "campaigns.json", setting)
    assert await forget_after.read() == kept
    assert forget_after.describe() == said


async def test_a_new_promise_counts_without_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "campaigns.json"
    forget_after = follow(path, 7 * DAY)
    assert await forget_after.read() == 7 * DAY  # there is no manifest yet
    publish(path, None)
    assert await forget_after.read() == 7 * DAY
    assert "does not say what it promises" in forget_after.describe()
    publish(path, Promises(erased_after=2))
    assert await forget_after.read() == 2 * DAY


async def test_what_this_relay_cannot_keep_is_said(tmp_path: Path) -> None:
    path = tmp_path / "campaigns.json"
    publish(path, Promises(unconfirmed_after=1, ceiling=20))
    forget_after = follow(path, 7 * DAY)
    await forget_after.read()
    assert "drop unconfirmed letters earlier than this relay does (3 days)" in forget_after.describe()
    assert "an earlier end than this relay keeps (30 days)" in forget_after.describe()
