"""`beaconpost dev` and `beaconpost relay`, started and stopped as real processes with real sockets."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from relay.cli import main
from relay.dev import run
from relay.dev_site import Preview
from tests.samples.campaigns import publish
from tests.samples.people import ANA
from tests.samples.settings import BROWSER

ROOT: Final = Path(__file__).parents[3]
PATIENCE: Final = 30  # seconds, enough for a slow machine
PAGE: Final = {"Accept": "text/html"}  # what a browser asks for
OUTSIDE: Final = {
    "BEACONPOST_SMTP_URL": "smtp://user:amaryllis@mail.invalid",
    "BEACONPOST_DATABASE": "sqlite:////nowhere/at/all.db",
    "BEACONPOST_CAMPAIGNS": "https://site.invalid/campaigns.json",
    "BEACONPOST_SITE_URL": "https://site.invalid",
    "BEACONPOST_NONSENSE": "1",
}


class Running:
    """A command that was started, and the URL it printed."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.process = process
        self.url = url

    def stop(self, number: signal.Signals) -> tuple[int, str, str]:
        """Stop it; return the exit status and what it has printed to stdout and stderr since."""
        self.process.send_signal(number)
        stdout, stderr = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, stdout, stderr


Start = Callable[..., Running]


@contextmanager
def started(*arguments: str, folder: Path, **environ: str) -> Iterator["subprocess.Popen[str]"]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BEACONPOST_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "relay.cli", *arguments],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT), "HOME": str(folder)} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[Start]:
    """Start `dev` on a copy of a small site, in an environment with a mail server set."""
    with ExitStack() as stack:

        def start(*more: str, conf: bool = True) -> Running:
            content = tmp_path / "content"
            content.joinpath("campaigns").mkdir(parents=True, exist_ok=True)
            source = ROOT / "content/campaigns/safe-communities-act.md"
            content.joinpath("campaigns/act.md").write_text(source.read_text())
            if conf:
                tmp_path.joinpath("pelicanconf.py").write_text(ROOT.joinpath("pelicanconf.py").read_text())
            tmp_path.joinpath(".env").write_text("BEACONPOST_SMTP_URL=smtp://other.invalid\n")
            process = stack.enter_context(started("dev", "--port", "0", *more, folder=tmp_path, **OUTSIDE))
            assert process.stdout
            line = process.stdout.readline()
            assert line.count("http://") == 1, process.communicate(timeout=PATIENCE)[1]
            return Running(process, line.split()[0].rstrip("/"))

        yield start


def wait_for(url: str, enough: Callable[[Any], bool]) -> Any:  # noqa: ANN401  (JSON)
    """Poll until the response is complete: another process works at its own pace."""
    with httpx2.Client(timeout=PATIENCE) as client:
        for _ in range(20_000):
            body = client.get(url).json()
            if enough(body):
                return body
    raise AssertionError(f"{url} never was complete: {body}")


def test_dev_serves_the_site_and_captures_letters(dev: Start) -> None:
    running = dev()
    page = httpx2.get(f"{running.url}/campaigns/act/", timeout=PATIENCE)
    assert page.status_code == 200
    assert "Families Belong Together" in page.text
    response = httpx2.post(f"{running.url}/campaigns/act/letters", data=ANA, headers=BROWSER, timeout=PATIENCE)
    assert response.status_code == 303
    captured = wait_for(f"{running.url}/_mail/messages", lambda messages: len(messages) == 3)
    to_offices = [message for message in captured if message["reply_to"] == "ana@mail.example"]
    assert len(to_offices) == 2
    policies = httpx2.get(f"{running.url}/_mail/", timeout=PATIENCE).headers.get_list("content-security-policy")
    assert len(policies) == 1  # a second policy would block the page's own style
    assert "style-src 'sha256-" in policies[0]
    assert httpx2.get(running.url + response.headers["location"], timeout=PATIENCE).status_code == 200
    counted = httpx2.get(f"{running.url}/campaigns/act/participants", timeout=PATIENCE).json()
    assert counted["count"] == 1
    status, stdout, stderr = running.stop(signal.SIGINT)
    assert (status, stdout, stderr) == (0, "", "")


def test_dev_writes_a_test_letter_at_one_click(dev: Start) -> None:
    url = dev().url
    page = httpx2.get(f"{url}/_dev/test", timeout=PATIENCE)
    assert 'value="act"' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    for letters in (2, 4):  # the second is no repeat; one seat of that town may be vacant
        sent = httpx2.post(f"{url}/_dev/test", data={"campaign": "act"}, timeout=PATIENCE)
        assert (sent.status_code, sent.headers["location"]) == (303, "/_mail/")
        wait_for(f"{url}/_mail/messages", lambda messages, least=letters: len(messages) >= least)  # type: ignore[misc]
    assert "Testa Persona" in httpx2.get(f"{url}/_mail/messages", timeout=PATIENCE).text


def test_dev_plays_the_outcome_that_a_magic_writer_asks_for(dev: Start) -> None:
    url = dev().url
    fields = ANA | {"email": "bounced@mail.example"}
    httpx2.post(f"{url}/campaigns/act/letters", data=fields, headers=BROWSER, timeout=PATIENCE)
    captured = wait_for(f"{url}/_mail/messages", lambda messages: len(messages) == 3)
    (link,) = {link for message in captured for link in re.findall(r"http://\S+/letters/confirm/\S+", message["text"])}
    with httpx2.Client(timeout=PATIENCE) as client:
        assert any("Came back undelivered." in client.get(link).text for _ in range(20_000))


def test_dev_shows_what_is_wrong_until_it_is_mended(dev: Start, tmp_path: Path) -> None:
    running = dev()
    path = tmp_path / "content/campaigns/act.md"
    good = path.read_text()
    path.write_text(good.replace("recipients: [senator, representative]", "recipients: [senator, king]"))
    assert running.process.stderr
    complaint = running.process.stderr.readline()
    assert "act.md:" in complaint
    assert "king" in complaint
    shown = httpx2.get(f"{running.url}/campaigns/act/", headers=PAGE, timeout=PATIENCE)
    assert shown.status_code == 500
    assert re.search(r"<li>content/campaigns/act\.md:\d+:\d+: .*king", shown.text)
    assert '<script type="module" src="/_dev/reload.js">' in shown.text
    assert httpx2.get(f"{running.url}/campaigns.json", timeout=PATIENCE).status_code == 200  # the relay goes on
    path.write_text(good.replace("Families Belong Together", "A Newer Campaign"))
    assert any("rebuilt the site" in line for line in running.process.stderr)
    assert "A Newer Campaign" in httpx2.get(f"{running.url}/campaigns/act/", headers=PAGE, timeout=PATIENCE).text
    assert running.stop(signal.SIGTERM)[0] == 0


def test_dev_starts_fresh_whatever_the_last_run_left(dev: Start, tmp_path: Path) -> None:
    (tmp_path / "pelicanconf.py").write_text("x = 1 / 0\n")
    broken = dev(conf=False)
    assert "division by zero" in httpx2.get(f"{broken.url}/", headers=PAGE, timeout=PATIENCE).text
    broken.stop(signal.SIGTERM)
    for _ in range(2):
        (tmp_path / "var/dev/site/half.html").write_text("of a run that was killed")
        running = dev()
        httpx2.post(f"{running.url}/campaigns/act/letters", data=ANA, headers=BROWSER, timeout=PATIENCE)
        assert len(wait_for(f"{running.url}/_mail/messages", lambda messages: len(messages) == 3)) == 3
        running.stop(signal.SIGTERM)


def test_dev_reloads_a_page_within_its_content_security_policy(dev: Start) -> None:
    url = dev().url
    page = httpx2.get(f"{url}/campaigns/act/", timeout=PATIENCE)
    assert '<script type="module" src="/_dev/reload.js"></script></body>' in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert httpx2.get(f"{url}/_dev/reload.js", timeout=PATIENCE).headers["content-type"].startswith("text/javascript")


def test_a_port_in_use_is_reported_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for command in ("dev", "relay"):
            with started(command, "--port", port, folder=tmp_path) as process:
                stdout, stderr = process.communicate(timeout=PATIENCE)
            assert process.returncode == 1
            assert stdout == ""
            assert port in stderr
            assert "Traceback" not in stderr


def test_the_relay_captures_letters_until_a_mail_server_is_set(tmp_path: Path) -> None:
    publish(tmp_path)
    tmp_path.joinpath(".env").write_text("BEACONPOST_CAMPAIGNS=campaigns.json\n")
    with started("relay", "--port", "0", folder=tmp_path) as process:
        assert process.stderr
        lines = iter(process.stderr.readline, "")
        assert any("never sent" in line for line in lines)
        url = next(line.split()[-1] for line in lines if "taking posts at" in line)
        response = httpx2.post(f"{url}/campaigns/open-libraries/letters", data=ANA, headers=BROWSER, timeout=PATIENCE)
        assert response.status_code == 303
        wait_for(f"{url}/readyz", lambda body: body["checks"]["letters"] == "under 5 sent")
        maps = Path(f"/proc/{process.pid}/maps")
        assert not maps.exists() or "uvloop" in maps.read_text()
        running = Running(process, url)
        status, _, stderr = running.stop(signal.SIGTERM)
    assert status == 0
    assert "Traceback" not in stderr
    assert response.headers["location"].removeprefix("/receipts/") not in stderr
    assert len(list(tmp_path.glob("var/mail/*.eml"))) == 3  # two letters and the receipt
    assert tmp_path.joinpath(".config/beaconpost/secret.key").stat().st_mode & 0o777 == 0o600


def test_all_wrong_settings_are_reported(tmp_path: Path) -> None:
    with started("relay", folder=tmp_path, BEACONPOST_DATABASE="?", BEACONPOST_FORM="a@b.example") as process:
        stderr = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 1
    assert "BEACONPOST_DATABASE" in stderr
    assert "BEACONPOST_FROM?" in stderr


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["relay", "--port", "x"]])
def test_wrong_usage_exits_with_2(tmp_path: Path, arguments: list[str]) -> None:
    with started(*arguments, folder=tmp_path) as process:
        assert "usage: beaconpost" in process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 2


@pytest.mark.parametrize("command", [[], ["dev"], ["relay"], ["build"], ["check"], ["new"], ["boundaries"]])
def test_every_command_has_help(tmp_path: Path, command: list[str]) -> None:
    with started(*command, "--help", folder=tmp_path) as process:
        assert "usage: beaconpost" in process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0


@pytest.mark.parametrize(("proxy", "status"), [("127.0.0.1", 429), ("", 422)])
def test_only_a_trusted_proxy_may_name_the_client(tmp_path: Path, proxy: str, status: int) -> None:
    publish(tmp_path)
    place = {"BEACONPOST_CAMPAIGNS": "campaigns.json"}
    with started("relay", "--port", "0", "--proxy", proxy, folder=tmp_path, **place) as process:
        assert process.stderr
        url = next(line.split()[-1] for line in process.stderr if "taking posts at" in line)
        with httpx2.Client(base_url=url, headers={"X-Forwarded-For": "203.0.113.9"}, timeout=PATIENCE) as client:
            responses = [client.post("/campaigns/open-libraries/letters", data={"lang": "en"}) for _ in range(61)]
        assert responses[-1].status_code == status
        assert Running(process, url).stop(signal.SIGTERM)[0] == 0


@pytest.mark.parametrize(("more", "warned"), [([], True), (["--proxy", "172.16.0.0/12"], False)])
def test_a_relay_that_others_reach_and_that_knows_no_proxy_says_so_at_its_start(
    tmp_path: Path, more: list[str], warned: bool
) -> None:
    publish(tmp_path)
    place = {"BEACONPOST_CAMPAIGNS": "campaigns.json"}
    with started("relay", "--port", "0", "--host", "0.0.0.0", *more, folder=tmp_path, **place) as process:
        assert process.stderr
        lines = []
        for line in process.stderr:
            lines.append(line)
            if "taking posts at" in line:
                break
        assert any("--proxy names none" in line for line in lines) == warned


def test_a_proxy_that_anybody_could_be_is_refused(tmp_path: Path) -> None:
    with started("relay", "--proxy", "0.0.0.0/0,::/0", folder=tmp_path) as process:
        assert "claim any address" in process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 2


@pytest.mark.parametrize("port", ["99999", "-1"])
@pytest.mark.parametrize("command", ["dev", "relay"])
def test_a_port_that_is_none_is_a_usage_error(command: str, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([command, "--port", port])
    assert exit_.value.code == 2
    assert "give a number from 0 to 65535" in capsys.readouterr().err


def test_dev_says_why_it_cannot_use_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert run("127.0.0.1", 0, tmp_path / "content", tmp_path / "file/dev") == 1
    assert "Not a directory; --folder names another" in capsys.readouterr().err


def test_dev_empties_no_relays_database_and_deletes_no_folder_called_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/thesis.txt").write_text("mine")
    (tmp_path / "beaconpost.db").write_text("letters")
    assert run("127.0.0.1", 0, tmp_path / "content", tmp_path) == 1
    assert "this database is a relay's, and dev would empty it" in capsys.readouterr().err
    assert (tmp_path / "beaconpost.db").read_text() == "letters"
    asyncio.run(Preview(tmp_path / "content", tmp_path).build())
    assert (tmp_path / "site/thesis.txt").read_text() == "mine"
