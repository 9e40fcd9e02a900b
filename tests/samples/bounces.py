"""What comes back for one letter, in the shapes of well-known servers. All are invented, names and words included."""

from base64 import encodebytes
from dataclasses import dataclass
from typing import Final

from relay.mail.verp import Verp
from tests.samples.letters import letters, submission
from tests.samples.settings import SECRET_KEY

LETTER: Final = letters(submission())[0].id
ADDRESSES: Final = Verp("bounce.campaign.example", [SECRET_KEY])
TO: Final = ADDRESSES.write(LETTER)
OFFICE: Final = "aide@house.example"
# The letter as it comes back: its words say everything that a report may say.
RETURNED: Final = (
    "From: letters@campaign.example\r\nTo: aide@house.example\r\nSubject: Address unknown: user unknown, spam,"
    " blocked\r\n\r\n"
    "Dear Representative, my old landlord does not exist, no such user. 550 5.1.1 mailbox not found. 550 5.7.1"
    " blocked.\r\n"
)


def dsn(action: str, status: str, diagnostic: str = "smtp; 550 no such user", sender: str = "MAILER-DAEMON") -> bytes:
    """A delivery status notification (RFC 3464) to LETTER's envelope sender."""
    fields = f"Final-Recipient: rfc822; {OFFICE}\r\nAction: {action}\r\nStatus: {status}\r\n"
    return report(f"{fields}Diagnostic-Code: {diagnostic}\r\n", sender=f"{sender}@mx.example")


def report(
    fields: str,
    *,
    words: str = "Sorry.",
    kind: str = "message/delivery-status",
    encoding: str = "7bit",
    sender: str = "MAILER-DAEMON@mx.example",
    subject: str = "Undelivered Mail Returned to Sender",
) -> bytes:
    """A multipart/report that returns the letter. fields: of the recipient."""
    status = f"Reporting-MTA: dns; mx.example\r\n\r\n{fields}\r\n".encode()
    body = encodebytes(status).replace(b"\n", b"\r\n") if encoding == "base64" else status
    return (
        f"From: {sender}\r\nTo: {TO}\r\nSubject: {subject}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
        f"--b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    ).encode() + body + f"--b\r\nContent-Type: message/rfc822\r\n\r\n{RETURNED}--b--\r\n".encode()  # fmt: skip


def text(words: str, *, sender: str, subject: str, headers: str = "", kind: str = "text/plain; charset=utf-8") -> bytes:
    """A message of a single part. headers: more of them, with line ends."""
    return (
        f"From: {sender}\r\nTo: {TO}\r\nSubject: {subject}\r\n{headers}MIME-Version: 1.0\r\nContent-Type:"
        f" {kind}\r\n\r\n"
    ).encode() + words.encode()


def failed(status: str, diagnostic: str, more: str = "") -> str:
    """The fields of RFC 3464 for OFFICE."""
    given = f"Diagnostic-Code: {diagnostic}\r\n" if diagnostic else ""
    return f"Final-Recipient: rfc822; {OFFICE}\r\n{more}Action: failed\r\nStatus: {status}\r\n{given}"


@dataclass(frozen=True, slots=True)
class Sample:
    """A message, and what follows from it."""

    raw: bytes
    says: str  # gone, about us, failed (and nothing more), nothing, person


EXCHANGE: Final = "Microsoft Outlook <postmaster@house.onmicrosoft.example>"

# Reports with fields.
REPORTS: Final = {
    "Exchange: no such mailbox": Sample(report(
        failed("5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup"),
        words="aide wasn't found at house.example.", sender=EXCHANGE, subject="Undeliverable: Spam and abuse",
    ), "gone"),
    "Gmail: no such mailbox": Sample(report(
        failed("5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n"
               " double-checking the recipient's email address for typos. https://support.mail.example/answer/1"),
        sender="Mail Delivery Subsystem <mailer-daemon@mail.example>",
    ), "gone"),
    "the domain is gone": Sample(report(failed("5.1.2", "X-Mail; bad destination host, no such domain")), "gone"),
    "the address is none": Sample(report(failed("5.1.3", "smtp; 501 5.1.3 bad address syntax")), "gone"),
    "the mailbox has moved": Sample(report(failed("5.1.6", "smtp; 551 5.1.6 no longer on this server")), "gone"),
    "words without a code": Sample(report(failed("5.0.0", "smtp; 550 <aide@house.example>: User unknown")), "gone"),
    "Sendmail's own code, another's words": Sample(
        report(failed("5.1.1", "smtp; 550 Administrative prohibition: blocked, see https://rbl.example/user-unknown")),
        "about us",
    ),
    "a general code, an exact one in the words": Sample(report(failed("5.0.0", "smtp; 550-5.1.1 none")), "gone"),
    "a gateway's host name is no reason": Sample(
        report(failed("5.0.0", "smtp; host mx1.antispam-policy.example said: 550 no such mailbox")), "gone"
    ),
    "Sendmail: full": Sample(report(failed("5.2.2", "SMTP; 552 5.2.2 Mailbox full")), "failed"),
    "full, by a code for none": Sample(report(failed("5.1.1", "smtp; 550 5.1.1 the account is over quota")), "failed"),
    "disabled": Sample(report(failed("5.2.1", "smtp; 550 5.2.1 mailbox disabled")), "failed"),
    "too large": Sample(report(failed("5.3.4", "smtp; 552 5.3.4 message size exceeds fixed limit")), "failed"),
    "rate": Sample(report(failed("5.0.0", "smtp; 550 too many messages from you, try again later")), "failed"),
    "given up": Sample(report(failed("4.4.7", "smtp; 550 4.4.7 QUEUE.Expired; message expired")), "failed"),
    "given up, greylisted": Sample(report(failed("4.2.0", "smtp; 450 4.2.0 greylisted, try again")), "failed"),
    "unavailable for a while": Sample(report(failed("4.0.0", "smtp; 450 mailbox unavailable")), "failed"),
    "content": Sample(report(failed("5.0.0", "smtp; 550 Header value not allowed")), "failed"),
    "conversion": Sample(report(failed("5.6.1", "smtp; 554 5.6.1 media not supported")), "failed"),
    "access denied at the edge": Sample(
        report(failed("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied")), "failed"
    ),
    "no reason at all": Sample(report(failed("5.0.0", "")), "failed"),
    "Exchange: a rule": Sample(
        report(failed("5.7.1", "smtp;550 5.7.1 TRANSPORT.RULES.RejectMessage; by an administrator")), "about us"
    ),
    "DMARC": Sample(report(failed("5.7.26", "smtp; 550 5.7.26 unauthenticated mail, DMARC policy")), "about us"),
    "SPF, in words only": Sample(report(failed("5.0.0", "smtp; 550 SPF check failed for your domain")), "about us"),
    "our address": Sample(report(failed("5.1.7", "smtp; 550 5.1.7 bad sender's address")), "about us"),
    "our domain": Sample(
        report(failed("5.1.8", f"smtp; 553 5.1.8 <{TO}>: Domain of sender address does not exist")), "about us"
    ),
    "our domain, in words only": Sample(report(failed("5.0.0", "smtp; 550 Sender domain must resolve")), "about us"),
    "our address is called back": Sample(
        report(failed("5.0.0", f"smtp; 550-Callout verification failed: 550-<{TO}> no such user 550 Sender"
        f" verify failed")),
        "about us",
    ),
    "blocklist": Sample(report(failed("5.0.0", "smtp; 554 see https://www.spamhaus.org/query/192.0.2.1")), "about us"),
    "Postfix, late": Sample(report(
        f"Final-Recipient: rfc822; {OFFICE}\r\nAction: delayed\r\nStatus: 4.4.1\r\n"
        "Diagnostic-Code: X-Postfix; connect to mx.house.example: timed out\r\n",
        subject="Delayed Mail (still being retried)", words="THIS IS A WARNING ONLY.",
    ), "nothing"),
    "delivered": Sample(
        report(f"Final-Recipient: rfc822; {OFFICE}\r\nAction: delivered\r\nStatus: 2.1.5\r\n", subject="Success"),
        "nothing",
    ),
    "relayed": Sample(report(f"Final-Recipient: rfc822; {OFFICE}\r\nAction: relayed\r\nStatus: 2.0.0\r\n"), "nothing"),
    "expanded": Sample(report(f"Final-Recipient: rfc822; {OFFICE}\r\nAction: expanded\r\nStatus: 2.0.0\r\n"),
    "nothing"),
}  # fmt: skip

# What a member of an alias, or nobody, says about the office.
MEMBERS: Final = {
    "the address and its member": Sample(
        report(
            f"Original-Recipient: rfc822; {OFFICE}\r\nFinal-Recipient: rfc822; left.long.ago@house.example\r\n"
            "Action: failed\r\nStatus: 5.1.1\r\n"
        ),
        "nothing",
    ),
    "the member alone": Sample(
        report("Final-Recipient: rfc822; left.long.ago@house.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"), "nothing"
    ),
    "several members": Sample(
        report(
            "Final-Recipient: rfc822; one@elsewhere.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            "Final-Recipient: rfc822; two@elsewhere.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        ),
        "nothing",
    ),
    "Sendmail's member": Sample(
        report(failed("5.1.1", "smtp; 550 5.1.1 none", "X-Actual-Recipient: rfc822; left@elsewhere.example\r\n")),
        "nothing"
    ),
    "Exim's member": Sample(text(
        "A message that you sent could not be delivered. The following address(es) failed:\r\n\r\n"
        "  left@elsewhere.example\r\n    (generated from aide@house.example)\r\n    Unrouteable address\r\n",
        sender="Mail Delivery System <Mailer-Daemon@mx.example>", subject="Mail delivery failed",
        headers="X-Failed-Recipients: left@elsewhere.example\r\n",
    ), "nothing"),
    "the same mailbox in a tenant's domain": Sample(
        report("Final-Recipient: rfc822; AIDE@house.onmicrosoft.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"),
        "gone"
    ),
    "the address in other letters": Sample(
        report(f"Original-Recipient: rfc822; Aide@House.Example\r\n{failed('5.1.1', '')}"), "gone"
    ),
}  # fmt: skip
