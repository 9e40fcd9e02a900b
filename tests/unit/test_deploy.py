"""The files in deploy/ match the program."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from relay.settings import PREFIX, VARIABLES, PostgresUrl, load
from relay.web.serving import OPEN_FILES

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return services


@pytest.mark.parametrize("service", ["relay", "worker"])
def test_compose_uses_only_known_settings(services: dict[str, Any], service: str) -> None:
    known = {PREFIX + variable.name for variable in VARIABLES}
    assert set(services[service]["environment"]) <= known


def test_all_relays_and_workers_share_one_postgresql_and_one_key(services: dict[str, Any]) -> None:
    assert services["relay"]["environment"] == services["worker"]["environment"]
    url = services["relay"]["environment"]["BEACONPOST_DATABASE"].replace("${POSTGRES_PASSWORD}", "hunter2")
    assert isinstance(load({"BEACONPOST_DATABASE": url}).database, PostgresUrl)


def test_compose_sends_nothing_unless_a_mail_server_is_set(services: dict[str, Any]) -> None:
    assert services["relay"]["environment"]["BEACONPOST_SMTP_URL"] == "${BEACONPOST_SMTP_URL:-}"


def test_the_service_may_open_as_many_files_as_the_relay_asks_for() -> None:
    assert f"\nLimitNOFILE={OPEN_FILES}\n" in (DEPLOY / "beaconpost.service").read_text()


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed")
def test_caddy_accepts_the_caddyfile(tmp_path: Path) -> None:
    environ = {"SITE_DOMAIN": "site.example", "RELAY_DOMAIN": "relay.example", "HOME": str(tmp_path)}
    command = [shutil.which("caddy") or "", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
