"""The SBOM lists exactly what a relay is made of."""

import json
import re

from cyclonedx.model.bom import Bom

from supply_chain.locks import RELAY_LOCK, ROOT, read_lock
from supply_chain.sbom import write_sbom
from tests.samples.letters import NOON

PINS = list(read_lock(RELAY_LOCK))
PROJECT = (ROOT / "pyproject.toml").read_text()
TEXT = write_sbom(PINS, PROJECT, NOON)


def test_every_locked_package_is_listed_with_version_and_hashes() -> None:
    assert len(PINS) == len(re.findall(r"^[\w.-]+==", RELAY_LOCK.read_text(), re.MULTILINE))
    assert sum(len(pin.hashes) for pin in PINS) == RELAY_LOCK.read_text().count("--hash=sha256:")
    listed = {
        (
            component["name"],
            component["version"],
            tuple(sorted(item["content"] for item in component["externalReferences"][0]["hashes"])),
        )
        for component in json.loads(TEXT)["components"]
    }
    assert listed == {(pin.name, pin.version, tuple(sorted(pin.hashes))) for pin in PINS}


def test_the_relay_depends_on_what_the_project_asks_for() -> None:
    edges = {edge["ref"]: edge.get("dependsOn", []) for edge in json.loads(TEXT)["dependencies"]}
    assert [ref for ref in edges["beaconpost"] if ref.startswith("pkg:pypi/starlette@")]
    assert not [ref for ref in edges["beaconpost"] if ref.startswith("pkg:pypi/anyio@")]


def test_it_is_cyclonedx_and_names_no_host() -> None:
    document = json.loads(TEXT)
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    read: Bom = Bom.from_json(document)  # type: ignore[attr-defined]  # py-serializable adds it
    assert len(read.components) == len(PINS)
    assert re.findall(r'"url": "(?!pkg:pypi/)[^"]*"', TEXT) == []


def test_the_same_lock_and_time_make_the_same_text() -> None:
    assert write_sbom(PINS, PROJECT, NOON) == TEXT
