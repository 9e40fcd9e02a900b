"""What the mail server of `beaconpost dev` answers, by the name that a letter's writer has before the @: so that each
outcome can be looked at, on the page behind the mailed link and in `beaconpost outbox`."""

from collections.abc import Mapping
from email.utils import parseaddr
from typing import Final

# Said instead of "250", once the letter was read.
REPLIES: Final[Mapping[str, str]] = {
    "later": "451 4.3.0 Try again later",
    "refused": "554 5.6.0 This letter is not accepted",
    "gone": "550 5.1.1 No such user",
    "blocked": "554 5.7.1 Blocked by policy",
}
BOUNCED: Final = "bounced"  # accepted, and then it comes back
EXPLAINED: Final[Mapping[str, str]] = {
    "later": "put off, and tried again",
    "refused": "could not be delivered",
    "gone": "the mailbox of the office does not exist: further letters wait",
    "blocked": "refused for policy: after three letters the domain is paused",
    BOUNCED: "accepted, and comes back a moment later",
}


def outcome_of(reply_to: str) -> str:
    """The name of an outcome, or ""."""
    name = parseaddr(reply_to)[1].partition("@")[0].lower()
    return name if name in EXPLAINED else ""


def write_report(envelope_sender: str, recipient: str) -> bytes:
    """That a full mailbox did not take it (RFC 3464)."""
    lines = (
        "From: Mail Delivery System <MAILER-DAEMON@localhost>", f"To: {envelope_sender}",
        "Subject: Undelivered Mail Returned to Sender", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="part"', "",
        "--part", "Content-Type: text/plain", "", "The mailbox is full.",
        "--part", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; localhost", "",
        f"Final-Recipient: rfc822; {recipient}", "Action: failed", "Status: 5.2.2",
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full", "", "--part--", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()
