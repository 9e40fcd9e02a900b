"""How bounces come back, and whether the mail provider follows who reads our letters."""

import asyncio
import ssl

from relay.errors import MailboxError
from relay.mail.bounce_mailbox import try_mailbox
from relay.mail.check.findings import Finding
from relay.settings import ImapServer, MailProvider

# A followed link would tell the provider who opened a confirmation, and changes the letter; no office agreed to either.
TRACKING = {
    "mailgun": "each letter has X-Mailgun-Track: no, so Mailgun follows neither opening nor links.",
    "postmark": "each letter has X-PM-TrackOpens: false and X-PM-TrackLinks: None, so Postmark follows nothing.",
    "ses": "no header can switch it off. In the configuration set that you use for SMTP, publish no Open and no Click "
    "events; Bounce, Complaint, Delivery delay and Reject are what the relay reads.",
}


async def check_ways_back(
    provider: MailProvider | None,
    mailbox: ImapServer | None,
    *,
    relay_url: str,
    is_verp: bool,
    tls_context: ssl.SSLContext | None = None,
) -> list[Finding]:
    """is_verp: whether each letter has its own envelope sender. Never raises. The mailbox gets its folders, no more."""
    findings = []
    if provider:
        about = f"tracking by {provider.name}"
        findings.append(Finding("note" if provider.name == "ses" else "good", about, TRACKING[provider.name]))
        address = f"post its events to {relay_url}/bounces/{provider.name} (docs/bounces.md)."
        findings.append(Finding("note", f"events of {provider.name}", address))
    if mailbox:
        findings.append(await _check_mailbox(mailbox, tls_context))
    if not (provider or is_verp):
        text = "bounces go to BEACONPOST_FROM, where nobody reads them for you: see docs/bounces.md."
        findings.append(Finding("note", "bounces", text))
    return findings


async def _check_mailbox(mailbox: ImapServer, tls_context: ssl.SSLContext | None) -> Finding:
    about = f"bounce mailbox {mailbox.host}:{mailbox.port}"
    try:
        async with asyncio.timeout(60):
            waiting, folders = await try_mailbox(mailbox, tls_context)
    except (MailboxError, TimeoutError) as error:
        return Finding("fix", about, f"cannot be read: {error}. Check BEACONPOST_BOUNCE_IMAP.")
    found = f"the login works; {waiting} messages wait in {mailbox.folder}, and go to {', '.join(folders)}."
    return Finding("good", about, found)
