"""The envelope sender of each mail, from the post to the mail server."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from relay.mail.verp import Verp
from tests.contract.delivery.peers import Peer, open_peer
from tests.contract.web.client import open_client
from tests.samples.campaigns import publish
from tests.samples.letters import SENDER
from tests.samples.people import CHELSEA
from tests.samples.settings import SECRET_KEY, relay_settings

pytestmark = pytest.mark.anyio
MAILS = 3  # a letter to each office, and the receipt


class Counting(Peer):
    """A mail server a test can wait for."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.got) == MAILS:
            self.all_here.set()
        return answer

    all_here: asyncio.Event


async def test_each_mail_has_its_own_envelope_sender_that_identifies_the_letter(tmp_path: Path) -> None:
    publish(tmp_path)
    peer = Counting()
    peer.all_here = asyncio.Event()
    async with open_peer(peer=peer):
        settings = relay_settings(
            tmp_path, smtp=peer.server(), bounce_domain="bounces.campaign.example", sender=SENDER.address,
            trust_roster=date.max,  # the shipped roster's term will end
        )  # fmt: skip
        async with open_client(settings, with_worker=True) as client:
            assert (await client.post("/campaigns/open-libraries/letters", data=CHELSEA)).status_code == 303
            async with asyncio.timeout(30):
                await peer.all_here.wait()
    ours = Verp("bounces.campaign.example", (SECRET_KEY,))
    senders = [envelope.mail_from or "" for envelope in peer.got]
    came_back = [ours.read(sender) for sender in senders]
    assert [f"Message-ID: <{letter}@campaign.example>" for letter in came_back] == peer.ids()
    assert len(set(senders)) == MAILS
    assert max(len(sender.partition("@")[0]) for sender in senders) <= 64
