"""Bounces in the formats of well-known mail servers. All are invented, including the names."""

import pytest

from relay.mail.bounces import parse_bounce
from tests.samples.bounces import ADDRESSES, LETTER, TO

FORMATS = {
    "Exchange": (
        "Microsoft Outlook <postmaster@house.example>", "Undeliverable: Please vote for the rent bill",
        "Your message to Ana.Aide@house.example couldn't be delivered.\r\nAna.Aide wasn't found at house.example.",
        "Final-Recipient: rfc822;Ana.Aide@house.example\r\nAction: failed\r\nStatus: 5.1.10\r\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        "hard", "5.1.10",
    ),
    "Gmail": (
        "Mail Delivery Subsystem <mailer-daemon@mail.example>", "Delivery Status Notification (Failure)",
        "** Address not found **\r\n\r\nYour message wasn't delivered to aide@house.example.",
        "Final-Recipient: rfc822; aide@house.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Remote-MTA: dns; mx.house.example. (192.0.2.7, the server for the domain house.example.)\r\n"
        "Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.",
        "hard", "5.1.1",
    ),
    "Postfix, late": (
        "MAILER-DAEMON@mx.example (Mail Delivery System)", "Delayed Mail (still being retried)",
        "THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
        "Final-Recipient: rfc822; aide@house.example\r\nOriginal-Recipient: rfc822;aide@house.example\r\n"
        "Action: delayed\r\nStatus: 4.4.1\r\nDiagnostic-Code: X-Postfix; connect to mx.house.example: timed out",
        "soft", "4.4.1",
    ),
    "Sendmail": (
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>", "Returned mail: see transcript for details",
        "   ----- The following addresses had permanent fatal errors -----\r\n<aide@house.example>",
        "Final-Recipient: RFC822; aide@house.example\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Remote-MTA: DNS; mx.house.example\r\nDiagnostic-Code: SMTP; 552 5.2.2 Mailbox full",
        "hard", "5.2.2",
    ),
}  # fmt: skip


@pytest.mark.parametrize("server", FORMATS)
def test_a_bounce_in_a_well_known_servers_format_is_parsed(server: str) -> None:
    sender, subject, words, fields, verdict, status = FORMATS[server]
    raw = (
        f"From: {sender}\r\nTo: {TO}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\n{words}\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;mx.example\r\n\r\n{fields}\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Please vote for the rent bill\r\n\r\nDear\r\n--b--\r\n"
    )
    report = parse_bounce(raw.encode(), ADDRESSES)
    assert (report.letter, report.verdict, report.status) == (LETTER, verdict, status)
