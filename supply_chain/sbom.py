"""`make sbom`: what a relay is made of, as CycloneDX JSON.

The lock file says what is installed and from which files, but not what depends on what; so only the direct dependencies
have an edge.
"""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply_chain.locks import RELAY_LOCK, ROOT, Pin, read_lock

OUTPUT: Final = Path("sbom.cdx.json")
NAMESPACE: Final = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562: of URLs


def main() -> None:
    pins = list(read_lock(RELAY_LOCK))
    OUTPUT.write_text(write_sbom(pins, (ROOT / "pyproject.toml").read_text(), datetime.now(UTC)))
    print(f"{OUTPUT}: the {len(pins)} packages of {RELAY_LOCK.name}")


def write_sbom(pins: Sequence[Pin], pyproject: str, made: datetime) -> str:
    """pyproject: the text of pyproject.toml, which says who we are and what we ask for. made: aware."""
    project = tomllib.loads(pyproject)["project"]
    relay = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        licenses=[LicenseExpression(project["license"])],
        bom_ref=project["name"],
    )
    components = {pin.name: _describe(pin) for pin in pins}
    serial = uuid5(NAMESPACE, pyproject + repr(pins))
    bom = Bom(components=components.values(), serial_number=serial)
    bom.metadata.component = relay
    bom.metadata.timestamp = made
    direct = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    bom.register_dependency(relay, [components[name] for name in sorted(direct)])
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _describe(pin: Pin) -> Component:
    purl = PackageURL("pypi", name=pin.name, version=pin.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(purl.to_string()),
        comment="one of the files with these hashes",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=content) for content in pin.hashes],
    )
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=purl.to_string(),
        external_references=[files],
    )


if __name__ == "__main__":
    main()
