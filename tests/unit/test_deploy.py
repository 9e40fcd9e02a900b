"""The files in deploy/ match the program."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from relay.outbox.records import CEILING
from relay.settings import PREFIX, VARIABLES, PostgresUrl, load
from relay.web.serving import OPEN_FILES

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
SYSTEMD: Final = DEPLOY / "systemd"
UNITS: Final = sorted(SYSTEMD.glob("*.service"))
SCRIPTS: Final = sorted([*DEPLOY.glob("*.sh"), *DEPLOY.parent.glob("tests/deploy/*.sh")])
# Their own: the rest of what Debian's unit for Caddy says about its walls.
CADDY: Final = """\
[Service]
User=caddy
PrivateTmp=true
AmbientCapabilities=CAP_NET_BIND_SERVICE
"""


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return services


@pytest.mark.parametrize("service", ["relay", "worker"])
def test_compose_passes_every_setting(services: dict[str, Any], service: str) -> None:
    assert set(services[service]["environment"]) == {PREFIX + variable.name for variable in VARIABLES}


def test_what_is_not_set_for_compose_is_the_default(services: dict[str, Any]) -> None:
    given = {name: "" if "{" in value else value for name, value in services["relay"]["environment"].items()}
    ours = {PREFIX + name for name in ("CAMPAIGNS", "BOUNDARIES", "DATABASE", "SITE_URL", "RELAY_URL")}
    assert {name for name, value in given.items() if value} <= ours
    load({name: value for name, value in given.items() if name not in ours})


def test_all_relays_and_workers_share_one_postgresql_and_one_key(services: dict[str, Any]) -> None:
    assert services["relay"]["environment"] == services["worker"]["environment"]
    url = services["relay"]["environment"]["BEACONPOST_DATABASE"].replace("${POSTGRES_PASSWORD}", "hunter2")
    assert isinstance(load({"BEACONPOST_DATABASE": url}).database, PostgresUrl)


def test_compose_sends_nothing_unless_a_mail_server_is_set(services: dict[str, Any]) -> None:
    assert services["relay"]["environment"]["BEACONPOST_SMTP_URL"] == "${BEACONPOST_SMTP_URL:-}"


def test_the_image_is_made_of_files_that_exist_and_has_the_package_itself() -> None:
    """`beaconpost --version` reads the version of what pip installed."""
    text = (DEPLOY / "Dockerfile").read_text()
    copied = [name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for name in line.split()]
    assert [name for name in copied if not (DEPLOY.parent / name).exists()] == []
    assert {"requirements.lock", "requirements-build.lock", "pyproject.toml", "boundaries", "theme", "relay"} <= {
        *copied
    }
    assert 'CMD ["beaconpost", "relay"' in text
    assert text.count("pip install") == text.count("--require-hashes") + text.count("--no-index")


@pytest.mark.parametrize("unit", ["beaconpost.service", "beaconpost-trial.service"])
def test_the_service_may_open_as_many_files_as_the_relay_asks_for(unit: str) -> None:
    assert f"\nLimitNOFILE={OPEN_FILES}\n" in (SYSTEMD / unit).read_text()


def test_a_version_is_tried_within_the_same_walls_and_sends_nothing() -> None:
    served, tried = ((SYSTEMD / f"{name}.service").read_text() for name in ("beaconpost", "beaconpost-trial"))
    assert walls(served) == walls(tried)
    assert " --no-worker " in tried


def test_no_backup_is_kept_longer_than_it_can_be_restored() -> None:
    unit = (SYSTEMD / "beaconpost-backup.service").read_text()
    (days,) = re.findall(r"^ExecStartPre=.* -mtime \+(\d+) -delete$", unit, re.MULTILINE)
    # `find` counts whole days, and the next night is a day later
    assert int(days) + 2 <= CEILING.days


def test_the_units_run_the_folders_that_the_script_makes() -> None:
    script = (DEPLOY / "debian.sh").read_text()
    folders = dict(re.findall(r"^(OPT|SITE|STATE|BACKUPS|ETC)=(\S+)", script, re.MULTILINE))
    text = "".join(path.read_text() for path in SYSTEMD.iterdir())
    known = (*folders.values(), "/var/cache/beaconpost", "/etc/beaconpost.env")
    for path in re.findall(r"(?:/\w+)+/beaconpost[\w./-]*", text):
        assert path.startswith(known), path
    assert f"root * {folders['SITE']}/output" in (DEPLOY / "Caddyfile").read_text()


def test_the_script_writes_settings_that_the_relay_accepts() -> None:
    script = (DEPLOY / "debian.sh").read_text()
    (text,) = re.findall(r'write "\$SETTINGS" [^\n]*\n(.*?)\n\tEND\n', script, re.DOTALL)
    written = re.findall(r"^\t\t(#?)(BEACONPOST_\w+)=(.*)$", text, re.MULTILINE)
    values = {"$1": "campaign.example", "$2": "relay.campaign.example", "$SITE": "/srv/beaconpost"}
    values |= {"$STATE": "/var/lib/beaconpost", "$ETC": "/etc/beaconpost"}

    def fill(value: str) -> str:
        return re.sub(r"\$\w+", lambda match: values[match[0]], value)

    settings = load({name: fill(value) for commented, name, value in written if not commented})
    assert (settings.smtp, settings.is_public) == (None, True)  # nothing is sent before the operator says so
    assert str(settings.database) == "/var/lib/beaconpost/beaconpost.db"
    assert {name for commented, name, _ in written if commented} == {"BEACONPOST_SMTP_URL", "BEACONPOST_PING_URL"}
    load({name: fill(value).replace("user:password", "us:flower") for _, name, value in written})
    assert settings.manifest_key.startswith("$(head -c 32 /dev/urandom")  # drafts are sealed unless somebody objects


def test_the_ports_of_ssh_and_the_web_are_all_that_is_open() -> None:
    rules = (DEPLOY / "firewall.nft").read_text()
    assert "policy drop;" in rules
    assert re.findall(r"tcp dport \{ (.*) \} accept", rules) == ["SSH_PORTS", "80, 443"]
    assert "flush ruleset" not in rules


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", [*UNITS, SYSTEMD / "caddy.conf"], ids=lambda path: path.name)
def test_every_service_stands_behind_walls(unit: Path, tmp_path: Path) -> None:
    """`systemd-analyze security` says from 0.0, safe, to 10.0."""
    if unit.suffix == ".conf":
        whole = CADDY + "\n".join(line for line in unit.read_text().splitlines() if not line.endswith("="))
        unit = tmp_path / "caddy.service"
        unit.write_text(whole)
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said.stdout)
    assert found, said.stderr
    assert float(found[1]) < 2.0


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_finds_nothing() -> None:
    command = ["shellcheck", "-x", *map(str, SCRIPTS)]
    done = subprocess.run(command, cwd=DEPLOY.parent, capture_output=True, text=True, check=False)
    assert done.stdout == ""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_are_bash(script: Path) -> None:
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed")
def test_caddy_accepts_the_caddyfile(tmp_path: Path) -> None:
    environ = {"SITE_DOMAIN": "site.example", "RELAY_DOMAIN": "relay.example", "HOME": str(tmp_path)}
    command = [shutil.which("caddy") or "", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def walls(unit: str) -> Mapping[str, list[str]]:
    """What a unit may not do."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^([A-Z]\w+)=(.*)$", unit, re.MULTILINE):
        if name not in ("Description", "After", "Wants", "Conflicts", "ExecStart", "Restart", "RestartSec",
                        "TimeoutStopSec", "WantedBy"):  # fmt: skip
            found.setdefault(name, []).append(value)
    return found
