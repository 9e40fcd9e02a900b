"""docs/openapi.yaml names what the code has: routes, methods, form fields and their limits."""

import tomllib
from pathlib import Path
from typing import get_args

import pytest
from starlette.routing import Route

from boundaries.model import Reason, Status
from relay.forms import MAX_BODY, MAX_PAIRS
from relay.web.composing import MAX_BODY as MAX_LETTER
from relay.web.connections import MAX_HEADERS
from relay.web.matching import ADDRESS
from tests.contract.web.description import API, PATH, RAW, described_statuses, schema_of
from tests.fuzz.target import CountingTransport, open_target
from theme.counts import MIN_GROUP_SIZE
from theme.fields import CHECKBOXES, DISCLOSURES, FIELDS, HIDDEN, HONEYPOT, Field

LETTER = schema_of("Letter")


def test_the_description_is_valid_openapi_of_this_version() -> None:
    API.validate()
    project = tomllib.loads((PATH.parents[1] / "pyproject.toml").read_text())["project"]
    assert RAW["info"]["version"] == project["version"]


@pytest.mark.anyio
async def test_exactly_the_routes_and_methods_of_the_relay_are_described(tmp_path: Path) -> None:
    async with open_target(tmp_path, CountingTransport(), lambda: "token") as app:
        routes = [route for route in app.routes if isinstance(route, Route)]
        assert len(routes) == len(app.routes)
    served = {
        (route.path.replace(":path}", "}").replace("/bounces/postmark", "/bounces/{provider}"), method)
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert served == set(described_statuses())


def test_exactly_the_fields_of_the_form_are_described() -> None:
    names = {field.name for field in FIELDS} | {*CHECKBOXES, *HIDDEN, HONEYPOT, "disclose"}
    assert set(LETTER["properties"]) == names
    assert set(LETTER["required"]) == {field.name for field in FIELDS if field.required}
    assert LETTER["properties"]["disclose"]["enum"] == list(DISCLOSURES)
    assert set(schema_of("Place")["properties"]) == {*ADDRESS, "disclose", "lat", "lon", "lang"}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_field_may_be_as_long_as_described(field: Field) -> None:
    for schema in (LETTER, schema_of("Place")):
        described = schema["properties"].get(field.name)
        if described:
            assert described["maxLength"] == field.max_chars


def test_answers_have_the_words_that_the_code_has() -> None:
    assert schema_of("Reason")["enum"] == list(get_args(Reason))
    assert schema_of("Legislators")["properties"]["status"]["enum"] == list(get_args(Status))
    assert schema_of("Participants")["properties"]["count"]["minimum"] == MIN_GROUP_SIZE


def test_the_limits_in_words_are_those_of_the_code() -> None:
    said = RAW["info"]["description"]
    assert f"{MAX_BODY // 1024} KiB and {MAX_PAIRS} fields" in said
    assert f"{MAX_HEADERS // 1024} KiB" in said
    assert f"{MAX_LETTER:,}" in LETTER["properties"]["message"]["description"]
