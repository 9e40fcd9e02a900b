"""Under which envelope sender mail leaves, from the post to the mail server."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx2
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from relay.app import open_relay
from relay.mail.verp import Verp
from relay.settings import load
from tests.contract.delivery.peers import Peer, open_peer
from tests.contract.web.conftest import CHELSEA, RELAY
from tests.unit.relay.samples import campaign, manifest
from theme.manifest import dump_manifest

pytestmark = pytest.mark.anyio
MAILS = 3  # a letter to each office, and the receipt
KEY = b"k" * 32


class Counting(Peer):
    """A mail server one can wait for."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.got) == MAILS:
            self.all_here.set()
        return answer

    all_here: asyncio.Event


async def test_each_mail_has_an_envelope_sender_of_its_own_that_tells_which_letter_came_back(tmp_path: Path) -> None:
    (tmp_path / "campaigns.json").write_bytes(dump_manifest(manifest(campaign())))
    peer = Counting()
    peer.all_here = asyncio.Event()
    async with open_peer(peer=peer):
        settings = replace(
            load({}), campaigns=str(tmp_path / "campaigns.json"), database=tmp_path / "letters.db", relay_url=RELAY,
            secret_keys=(KEY,), smtp=peer.server(), bounce_domain="bounces.campaign.example",
            sender="letters@campaign.example", trust_roster=date.max,  # the shipped roster's term will end
        )  # fmt: skip
        async with open_relay(settings) as app:
            transport = httpx2.ASGITransport(app, client=("203.0.113.7", 50000))
            async with httpx2.AsyncClient(transport=transport, base_url=RELAY) as client:
                assert (await client.post("/campaigns/open-libraries/letters", data=CHELSEA)).status_code == 303
            async with asyncio.timeout(30):
                await peer.all_here.wait()
    ours = Verp("bounces.campaign.example", (KEY,))
    senders = [envelope.mail_from or "" for envelope in peer.got]
    came_back = [ours.read(sender) for sender in senders]
    assert [f"Message-ID: <{letter}@campaign.example>" for letter in came_back] == peer.ids()
    assert len(set(senders)) == MAILS
    assert max(len(sender.partition("@")[0]) for sender in senders) <= 64
