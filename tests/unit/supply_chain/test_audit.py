"""The audit never says that all is well if it could not look."""

import json
from collections.abc import Mapping

from supply_chain.audit import judge

SKIPPED = {"name": "anyio", "skip_reason": "Dependency not found"}
SOUND = {"name": "msgspec", "version": "1.0", "vulns": []}
BROKEN = {"name": "pillow", "version": "1.0", "vulns": [{"id": "CVE-2000-1", "fix_versions": ["1.1"]}]}


def report(*packages: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_without_a_service_it_says_that_nothing_was_audited_and_fails_nothing() -> None:
    for empty in ("", "Traceback", report(), report(SKIPPED)):
        status, (line,) = judge(empty, set())
        assert status == 0
        assert line.startswith("Nothing was audited")


def test_a_known_vulnerability_fails_and_says_what_to_do_and_where_it_is() -> None:
    status, lines = judge(report(SOUND, BROKEN), {"pillow"})
    assert (status, lines[0]) == (1, "pillow 1.0 (relay): CVE-2000-1, fixed in 1.1")


def test_packages_that_were_not_audited_are_named() -> None:
    status, lines = judge(report(SOUND, SKIPPED), set())
    assert (status, lines[0]) == (0, "Not audited: anyio")
    assert lines[1].startswith("1 of 2 locked packages audited, 0 known")
