"""docs/openapi.yaml, read for the tests."""

from pathlib import Path
from typing import Any, Final

import schemathesis
import yaml
from schemathesis.config import SchemathesisConfig

PATH: Final = Path(__file__).parents[3] / "docs/openapi.yaml"
RAW: Final[dict[str, Any]] = yaml.safe_load(PATH.read_text())
# Whatever says no is a rejection; by default 413 is none, and a made-up value may be longer than a form can be.
CONFIG: Final = {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx", "5xx"]}}}
API: Final = schemathesis.openapi.from_dict(RAW, config=SchemathesisConfig.from_dict(CONFIG))
METHODS: Final = ("get", "post")


def described_statuses() -> dict[tuple[str, str], set[int]]:
    """By path and method."""
    return {
        (path, method.upper()): {int(status) for status in item[method]["responses"]}
        for path, item in RAW["paths"].items()
        for method in METHODS
        if method in item
    }


def described_types(path: str, method: str, status: int) -> set[str]:
    """The media types of an answer."""
    answer = RAW["paths"][path][method.lower()]["responses"][str(status)]
    if "$ref" in answer:
        answer = RAW["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return set(answer.get("content", ()))


def schema_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = RAW["components"]["schemas"][name]
    return found
