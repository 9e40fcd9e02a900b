"""The night of 2027-01-06, rehearsed: a new General Court takes office, and a third of its members are new.

A real relay on a clock the test sets, a real store, a real mail server, and the real `boundaries update`.
"""

import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.contract.web.night import BOSTON, LATER, MIDNIGHT, MINUTE, ORGANIZER, Night
from tests.contract.web.succession import LOCAL, Succession
from tests.samples.campaigns import campaign, publish

pytestmark = pytest.mark.anyio
EVENING: Final = datetime(2027, 1, 5, 21, 0, tzinfo=BOSTON)
MORNING: Final = datetime(2027, 1, 6, 10, 0, tzinfo=BOSTON)
WAITING: Final = "Waiting: a new term has begun."


async def test_no_letter_is_lost_and_nobody_who_left_office_gets_one(
    night: Night, term: Succession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "beaconpost")
    homes = {name: getattr(term, name) for name in ("same", "new", "vacant", "silent", "promoted")}
    assert 60 < len(term.newcomers) < 75

    # The evening before. Some letters are sent; the server defers those to some offices.
    night.script.replies = {
        f"rcpt {home.representative.email}": LATER for name, home in homes.items() if name != "vacant"
    } | {f"rcpt {term.promoted.senator.email}": LATER}
    async with night.running(MIDNIGHT - 10 * MINUTE):
        deferred = {name: await night.post(home) for name, home in homes.items()}
        await night.until_settled(sent=10, queued=5)  # receipts, four senators, one representative
        assert WAITING not in await night.page(deferred["new"])
    assert term.vacant.representative.email in night.offices()  # in office until midnight

    # Two minutes before midnight the worker is down: these letters are queued when the term ends.
    night.script.replies = {}
    async with night.running(MIDNIGHT - 2 * MINUTE, sending=False):
        queued = {name: await night.post(home) for name, home in homes.items()}
        await night.until_settled(sent=10, queued=5 + 15)

    # After midnight, still with the old roster.
    async with night.running(MIDNIGHT + 10 * MINUTE):
        after = {name: await night.post(home) for name, home in homes.items()}
        await night.until_settled(sent=10 + 5 + 5, held=5 + 10 + 10)
        assert night.offices() == {}  # no office got a letter, whoever holds it
        for receipt in (deferred["new"], queued["same"], after["vacant"]):
            page = await night.page(receipt)
            assert WAITING in page
            assert term.new.representative.name not in page
        checks = await night.checks()
        assert "a new term began on 2027-01-06" in checks["roster ma"]
        assert "`beaconpost boundaries update ma --only roster`" in checks["roster ma"]
        assert checks["waiting"] == "25 for roster"
        assert "letters are held until it is known who holds their offices, see /readyz" in caplog.text

    said = night.update()
    assert "kept from before; none for " in said
    promotion = f"{term.promoted.senator.name} → {term.promoted.representative.name}"
    assert f"senate {term.promoted.pair.senate}: {promotion}" in said

    # The next morning, with the newer roster: five letters have no recipient, and the organizers are told.
    caplog.clear()
    async with night.running(MORNING, sending=False):
        await night.until_settled(sent=20, queued=20, failed=5)
        assert "25 letters have an address now, or nobody to go to" in caplog.text
    async with night.running(MORNING + MINUTE):
        fresh = {name: await night.post(home) for name, home in homes.items()}
        await night.until_settled(sent=20 + 20 + 5 + 8 + 1, failed=5)
        checks = await night.checks()
        assert checks["roster ma"] == "as of 2027-01-06"
        assert "waiting" not in checks
        arrived = night.offices()
        assert not term.departed & set(arrived)
        (alert,) = arrived[ORGANIZER]
        check_greetings(term, arrived)
        for receipt in (deferred["silent"], queued["silent"], after["silent"], fresh["silent"]):
            page = await night.page(receipt)
            assert page.count("This office has no e-mail address, so no letter went there.") == 1
            assert "Nova Newcomer999" in page
            assert LOCAL in page
            assert term.silent.representative.name not in page
        for receipt in (queued["vacant"], after["vacant"], fresh["vacant"]):
            assert (await night.page(receipt)).count("This seat is vacant, so no letter went there.") == 1
        gone = await night.page(deferred["vacant"])
        assert "Delivered" in gone
        assert "vacant" not in gone  # it was sent in time to the member who held the seat
        for name in ("same", "new", "promoted"):
            for receipt in (deferred[name], queued[name], after[name], fresh[name]):
                assert (await night.page(receipt)).count("Delivered to the office") == 2
    states = {line.status for line in await night.lines()}
    assert states == {"sent", "failed"}
    for home, count in ((term.vacant, 2), (term.silent, 3)):
        assert f"- house {home.pair.house}: {count} letters\n    the seat is vacant, or its holder has no" in alert
    for secret in ("Silva", "mail.example", term.new.town):
        assert secret not in caplog.text


def check_greetings(term: Succession, arrived: dict[str, list[str]]) -> None:
    """Everybody is greeted by their own name, and no word of a writer has changed."""
    new = term.newcomers["house", term.new.pair.house]
    assert len(arrived[new.email]) == 4
    promoted = term.newcomers["senate", term.promoted.pair.senate]
    assert len(arrived[promoted.email]) == 4
    assert promoted.id == term.promoted.representative.id
    assert term.promoted.representative.email not in arrived
    for text in arrived[new.email]:
        assert f"Representative {new.name}" in text.partition("\n")[0]
        assert f"Dear Representative {new.family_name}," in text
        assert f"What Representative {term.new.representative.family_name} said pleased me." in text
    for text in arrived[promoted.email]:
        assert f"Dear Senator {promoted.family_name}," in text
    for text in arrived[term.same.representative.email]:
        assert f"Dear Representative {term.same.representative.family_name}," in text
    assert len(arrived[term.same.representative.email]) == 4


async def test_letters_to_a_chair_and_a_leader_who_left_wait_until_their_offices_are_filled(
    night: Night, term: Succession, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wide = campaign(recipients=("committee:Judiciary", "leader:speaker"), organiser=ORGANIZER)
    publish(tmp_path, wide)
    senator = next(chair for chair in term.old.chairs("Judiciary") if chair.chamber == "senate")
    gone = {term.judiciary.email, term.speaker.email}
    night.script.replies = {f"rcpt {address}": LATER for address in gone}
    async with night.running(MIDNIGHT - 10 * MINUTE):
        before = await night.post(term.same)
        await night.until_settled(sent=2, queued=2)
        assert set(night.offices()) == {senator.email}
    night.script.replies = {}
    async with night.running(MIDNIGHT + 10 * MINUTE):
        after = await night.post(term.same)
        await night.until_settled(sent=3, held=2 + 3)
        for receipt in (before, after):
            page = await night.page(receipt)
            assert "Chair of Judiciary" in page
            assert term.judiciary.name not in page
            assert term.speaker.name not in page
    said = night.update()
    assert "committees.csv names somebody who is no longer in the roster: " in said
    assert "leadership.csv names somebody who is no longer in the roster: speaker" in said

    # The senate's chair is known again; the others' successors are not recorded yet, and the operator is told.
    async with night.running(MORNING):
        await night.until_settled(sent=4, held=2 + 2)
        assert set(night.offices()) == {senator.email}
        assert WAITING in await night.page(before)
        checks = await night.checks()
        assert checks["waiting"] == "under 5 for roster"
        assert checks["campaign open-libraries"].startswith("the roster knows no 'speaker'")
        assert "name no holder of committee:Judiciary house; leader:speaker house" in caplog.text

    folder = tmp_path / "states" / "ma"
    chair, speaker = (term.newcomers["house", home.pair.house] for home in (term.new, term.promoted))
    for table, old, new in (("committees", term.judiciary, chair), ("leadership", term.speaker, speaker)):
        path = folder / f"{table}.csv"
        path.write_text(path.read_text().replace(old.id, new.id))
    async with night.running(MORNING + timedelta(days=1)):
        await night.until_settled(sent=8)
        arrived = night.offices()
        assert set(arrived) == {chair.email, speaker.email}
        assert all(f"Dear Representative {chair.family_name}," in text for text in arrived[chair.email])
        assert all(f"Dear Speaker {speaker.family_name}," in text for text in arrived[speaker.email])
        assert "campaign open-libraries" not in await night.checks()
        assert (await night.page(before)).count("Delivered to the office") == 3


async def test_a_member_who_leaves_mid_term_gets_no_queued_letter(
    night: Night, term: Succession, tmp_path: Path
) -> None:
    night.script.replies = {f"rcpt {term.new.representative.email}": LATER}
    async with night.running(EVENING):
        receipts = [await night.post(term.new)]
        await night.until_settled(sent=2, queued=1)
    async with night.running(EVENING, sending=False):  # this letter is due at once when the relay restarts
        receipts.append(await night.post(term.new))
    night.offices()
    night.script.replies = {}
    roster = tmp_path / "states/ma/roster.csv"
    old, new = term.new.representative, term.newcomers["house", term.new.pair.house]
    roster.write_text(
        roster.read_text().replace(old.id, new.id).replace(old.name, new.name).replace(old.email, new.email)
        .replace(f",{old.given_name},{old.family_name},", f",{new.given_name},{new.family_name},")
    )  # fmt: skip
    async with night.running(EVENING + MINUTE):
        await night.until_settled(sent=6)
        arrived = night.offices()
        assert set(arrived) == {new.email, term.new.senator.email}
        assert all(f"Dear Representative {new.family_name}," in text for text in arrived[new.email])
        for receipt in receipts:
            assert (await night.page(receipt)).count("Delivered to the office") == 2


async def test_an_operator_may_vouch_for_the_old_roster_until_a_date(
    night: Night, term: Succession, tmp_path: Path
) -> None:
    async with night.running(MIDNIGHT - 2 * MINUTE, sending=False):
        await night.post(term.same)
    vouched = night.settings
    night.settings = replace(vouched, trust_roster=MIDNIGHT.date() + timedelta(days=1))
    async with night.running(MIDNIGHT + MINUTE):
        await night.until_settled(sent=3)
    async with night.running(MIDNIGHT + timedelta(days=2) - MINUTE, sending=False):
        await night.post(term.same)
    async with night.running(MIDNIGHT + timedelta(days=2)):
        await night.until_settled(sent=4, held=2)
    described = json.loads((tmp_path / "states/ma/state.json").read_text())
    assert described["roster_date"] == "2026-08-05"
