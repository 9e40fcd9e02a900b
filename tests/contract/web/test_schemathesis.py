"""Requests that schemathesis makes up from docs/openapi.yaml, valid and not, to a relay process on loopback."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

from relay.typed_text import mend
from tests.contract.web.description import API
from tests.fuzz.requests import BOUNCE_SECRET
from tests.fuzz.target import BOUNCE_DOMAIN, event_code, report_key
from tests.samples.campaigns import campaign, publish
from tests.samples.people import CHELSEA
from tests.samples.settings import BROWSER, OPERATOR, SECRET_KEY

ROOT: Final = Path(__file__).parents[3]
# An address that fits the description need not be a place.
TOO_STRICT: Final = [positive_data_acceptance]
ANY: Final = {
    "accept": st.sampled_from(["text/html", "application/json"]),
    "is_known": st.sampled_from([True, True, True, False]),  # whether the campaign and the receipt exist
}
FEW: Final = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
MANY: Final = settings(FEW, max_examples=400)
Case: TypeAlias = schemathesis.Case[Any]


@schemathesis.serializer("message/rfc822")
def write_message(context: schemathesis.SerializationContext, value: object) -> bytes:
    """A bounce, as made up."""
    del context
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@dataclass
class Relay:
    """A process."""

    url: str
    receipt: str  # the token of one
    log: list[str]

    def check(self, case: Case, accept: str, *, is_known: bool) -> None:
        """Send it and compare the answer with the description."""
        if is_known:
            code = event_code("open-libraries")
            names = {"slug": "open-libraries", "token": self.receipt, "name": "site.css", "code": code}
            names |= {"provider": "postmark", "table": "days", "chamber": "senate", "district": "Middlesex and Suffolk"}
            case.path_parameters = {name: names[name] for name in case.path_parameters}
        bearer = {"Authorization": f"Bearer {BOUNCE_SECRET}"} if case.path == "/bounces" else OPERATOR
        if case.path == "/reports/{slug}" and is_known:
            case.query = {"key": report_key("open-libraries")}
        # Whoever is not at the desk is shown the way to it, whatever they ask for there.
        is_lenient = is_shortened(case.body) or case.path.startswith("/desk")
        excluded = [*TOO_STRICT, negative_data_rejection] if is_lenient else TOO_STRICT
        case.call_and_validate(
            base_url=self.url, headers={"Accept": accept} | BROWSER | bearer, excluded_checks=excluded
        )


def is_shortened(body: object) -> bool:
    """Whether the relay drops characters that nobody sees: what is left may be short enough."""
    values = body.values() if isinstance(body, Mapping) else ()
    return any(len(mend(value, one_line=True)) < len(value) for value in values if isinstance(value, str))


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    folder = tmp_path_factory.mktemp("relay")
    publish(folder, campaign())
    environ = {
        "PYTHONPATH": str(ROOT),
        "BEACONPOST_CAMPAIGNS": "campaigns.json",
        "BEACONPOST_DATABASE": "sqlite:///beaconpost.db",
        "BEACONPOST_SECRET_KEYS": SECRET_KEY.decode(),
        "BEACONPOST_OPERATOR_TOKEN": OPERATOR["Authorization"].removeprefix("Bearer "),
        "BEACONPOST_BOUNCE_SECRET": BOUNCE_SECRET,
        "BEACONPOST_BOUNCE_DOMAIN": BOUNCE_DOMAIN,
        "BEACONPOST_MAIL_PROVIDER": "postmark",
    }
    command = [sys.executable, "-m", "relay.cli", "relay", "--port", "0"]
    log: list[str] = []
    with subprocess.Popen(command, cwd=folder, env=os.environ | environ, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        for line in process.stderr:
            log.append(line)
            if found := re.search(r"taking posts at (\S+)", line):
                break
        assert found, log
        reader = threading.Thread(target=lambda: log.extend(process.stderr or ()))
        reader.start()
        posted = httpx2.post(f"{found[1]}/campaigns/open-libraries/letters", data=CHELSEA, headers=BROWSER)
        yield Relay(found[1], posted.headers["location"].rpartition("/")[2], log)
        process.terminate()
        reader.join()
    assert [line for line in log if "ERROR" in line or "Traceback" in line] == []


@API.given(**ANY)
@API.parametrize()
@FEW
def test_a_few_answers_are_as_described(case: Case, relay: Relay, accept: str, is_known: bool) -> None:
    relay.check(case, accept, is_known=is_known)


@pytest.mark.matrix
@API.given(**ANY)
@API.parametrize()
@MANY
def test_many_answers_are_as_described(case: Case, relay: Relay, accept: str, is_known: bool) -> None:
    relay.check(case, accept, is_known=is_known)
