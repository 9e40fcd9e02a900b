"""A signed letter verifies as it arrived, with an independent implementation."""

import subprocess
from pathlib import Path

import dkim
import pytest

from relay.assembly import make_transport
from relay.mail.message import compose
from relay.mail.outcome import Sent
from relay.settings import SettingsError, load
from tests.contract.delivery.scripted import Script, open_script
from tests.samples.letters import NOON, SENDER, letters, submission

pytestmark = pytest.mark.anyio


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True, capture_output=True)
    path.chmod(0o600)
    return path


async def test_a_delivered_letter_verifies_with_the_record_that_the_relay_names(
    key: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "beaconpost.app")
    letter = letters(submission(1))[1]
    async with open_script(Script()) as script:
        environ = {
            "BEACONPOST_SMTP_URL": f"smtp://127.0.0.1:{script.port}?tls=none",
            "BEACONPOST_FROM": SENDER.address,
            "BEACONPOST_RELAY_URL": "https://relay.example",
            "BEACONPOST_DKIM_KEY": str(key),
            "BEACONPOST_DKIM_SELECTOR": "Summer2026",
        }
        transport = make_transport(load(environ))
        assert transport.name == "smtp"
        assert isinstance(await transport.deliver(compose(letter, SENDER, NOON), SENDER.address, letter.to_email), Sent)
        await transport.close()
    name, record = caplog.messages[-1].split("the TXT record ")[1].split(": ", 1)
    assert name == "summer2026._domainkey.campaign.example"

    def look_up(asked: bytes, timeout: int = 5) -> bytes | None:
        del timeout
        return record.encode() if asked.decode().rstrip(".") == name else None

    ((recipient, content),) = script.arrived
    assert recipient == letter.to_email
    assert dkim.verify(content.replace(b"\r\n..", b"\r\n."), dnsfunc=look_up)


def test_an_unusable_key_stops_the_relay_at_startup(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"BEACONPOST_DKIM_KEY: cannot read .* openssl genrsa"):
        make_transport(load({"BEACONPOST_DKIM_KEY": str(tmp_path / "missing.pem")}))
