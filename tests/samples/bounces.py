"""Bounces of one letter. All are invented."""

from typing import Final

from relay.mail.verp import Verp
from tests.samples.letters import letters, submission
from tests.samples.settings import SECRET_KEY

LETTER: Final = letters(submission())[0].id
ADDRESSES: Final = Verp("bounce.campaign.example", [SECRET_KEY])
TO: Final = ADDRESSES.write(LETTER)


def dsn(action: str, status: str, diagnostic: str = "smtp; 550 no such user", sender: str = "MAILER-DAEMON") -> bytes:
    """A delivery status notification (RFC 3464) to LETTER's envelope sender."""
    return (
        f"From: {sender}@mx.example\r\nTo: {TO}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; aide@house.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {diagnostic}\r\n\r\n--b--\r\n"
    ).encode()
