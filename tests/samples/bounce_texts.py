"""Messages that come back without the fields of a report, and what is no report. All are invented."""

from typing import Final

from tests.samples.bounces import OFFICE, RETURNED, Sample, failed, report, text

AIDE: Final = "Ana Aide <aide@house.example>"
EXCHANGE: Final = "Microsoft Outlook <postmaster@house.onmicrosoft.example>"
STRIPPED: Final = 'multipart/report; report-type=delivery-status; boundary="b"'


def away(words: str, subject: str, headers: str = "") -> Sample:
    """An absence note, of which nothing follows."""
    return Sample(text(words, sender=AIDE, subject=subject, headers=headers), "nothing")


# The same in unusual clothes.
SHAPES: Final = {
    "base64": Sample(report(failed("5.1.1", "smtp; 550 5.1.1 none"), encoding="base64"), "gone"),
    "quoted-printable": Sample(
        report(
            "Final-Recipient: rfc822; aide@house.exam=\r\nple\r\nAction: failed\r\nStatus: 5.=\r\n1.1\r\n",
            encoding="quoted-printable",
        ),
        "gone",
    ),
    "international (RFC 6533)": Sample(
        report(
            f"Final-Recipient: utf-8; {OFFICE}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550"
            f" niemand hier\r\n",
            kind="message/global-delivery-status", encoding="8bit",
        ),
        "gone",
    ),
    "lines that are not indented": Sample(
        report(failed("5.0.0", "smtp; 550 5.1.1\r\n<aide@house.example>\r\nno such user")), "gone"
    ),
    "blank lines between the fields": Sample(
        report(f"Final-Recipient: rfc822; {OFFICE}\r\n\r\nAction: failed\r\n\r\nStatus: 5.1.1\r\n"), "gone"
    ),
    "a boundary that is not indented": Sample(
        report(failed("5.1.1", "smtp; 550 5.1.1 none")).replace(b'delivery-status; boundary="b"',
        b'delivery-status;\r\nboundary="b"', 1),
        "gone",
    ),
    "no action": Sample(report(f"Final-Recipient: rfc822; {OFFICE}\r\nStatus: 5.1.1\r\n"), "gone"),
    "cut in the middle": Sample(report(failed("5.1.1", "smtp; 550 5.1.1 none"))[:-200], "gone"),
    "Exchange without its report part": Sample(text(
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDelivery has failed to these recipients or"
        " groups:\r\n\r\n"
        "aide@house.example\r\nThe email address wasn't found at the destination domain.\r\n\r\n"
        "Diagnostic information for administrators:\r\n\r\naide@house.example\r\n"
        "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\r\n\r\n--b--\r\n",
        sender="postmaster@house.onmicrosoft.example", subject="Undeliverable: My spam was blocked",
        headers="Auto-Submitted: auto-replied\r\nX-MS-Exchange-Message-Is-Ndr:\r\n", kind=STRIPPED,
    ), "gone"),
    "Exchange in Spanish, full": Sample(text(
        "No se pudo entregar el mensaje a aide@house.example.\r\n\r\nEl buzón está lleno.\r\n\r\n"
        "Remote Server returned '554 5.2.2 mailbox full; STOREDRV.Deliver'\r\n",
        sender="postmaster@house.onmicrosoft.example", subject="No se puede entregar: Por favor",
        headers="X-MS-Exchange-Message-Is-Ndr:\r\n",
    ), "failed"),
    "Exchange as HTML, a rule": Sample(text(
        "<html><head><style>p {color: red}</style></head><body><p>Your message to aide couldn&#39;t be delivered.</p>"
        "<p>Remote Server returned &#39;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup&#39;</p></body></html>",
        sender=EXCHANGE, subject="Undeliverable: Please support", kind="text/html; charset=utf-8",
    ), "about us"),
    "WorkMail": Sample(text(
        "--b\r\nContent-Type: text/plain\r\n\r\nAn error occurred while trying to deliver the mail to:\r\n"
        "aide@house.example\r\n\r\nTechnical report:\r\n\r\nAction: failed\r\nFinal-Recipient: rfc822;"
        " aide@house.example\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{RETURNED}--b--\r\n",
        sender="MAILER-DAEMON@mail.example", subject="Delivery Status Notification (Failure)",
        kind='multipart/mixed; boundary="b"',
    ), "gone"),
    "OpenSMTPD": Sample(text(
        "    Hi!\r\n\r\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\r\n\r\n"
        "    An error has occurred while attempting to deliver a message for\r\n    the following list of"
        " recipients:\r\n\r\n"
        "aide@house.example: 550 5.2.2 over quota\r\n\r\n    Below is a copy of the original message:\r\n\r\n"
        + RETURNED,
        sender="Mailer Daemon <MAILER-DAEMON@mx.example>", subject="Delivery status notification: error",
    ), "failed"),
    "OpenSMTPD, late": Sample(text(
        "    Hi!\r\n\r\n    A message is delayed for more than 4 hours for the following\r\n    list of"
        " recipients:\r\n\r\n"
        "aide@house.example: Network error on destination MXs\r\n\r\n    Below is a copy of the original"
        " message:\r\n\r\n"
        + RETURNED,
        sender="Mailer Daemon <MAILER-DAEMON@mx.example>", subject="Delivery status notification: warning",
    ), "nothing"),
    "qmail": Sample(text(
        "Hi. This is the qmail-send program at mx.example.\r\nI'm afraid I wasn't able to deliver your message.\r\n\r\n"
        "<aide@house.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a"
        " copy of the"
        " message.\r\n\r\n" + RETURNED,
        sender="MAILER-DAEMON@mx.example", subject="failure notice",
    ), "gone"),
    "qmail, given up": Sample(text(
        "Hi. This is the qmail-send program at mx.example.\r\nI'm afraid I wasn't able to deliver your message.\r\n\r\n"
        "<aide@house.example>:\r\n192.0.2.7 does not like recipient.\r\nRemote host said: 451 busy\r\n"
        "I'm not going to try again; this message has been in the queue too long.\r\n\r\n--- Below this line is"
        " a copy of"
        " the message.\r\n\r\n" + RETURNED,
        sender="MAILER-DAEMON@mx.example", subject="failure notice",
    ), "failed"),
    "Exim": Sample(text(
        "This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be"
        " delivered to one or more of its\r\nrecipients. This is a permanent error. The following address(es)"
        " failed:\r\n\r\n"
        "  aide@house.example\r\n    host mx.house.example [192.0.2.7]\r\n    SMTP error from remote mail"
        " server after RCPT"
        " TO:<aide@house.example>:\r\n    550 Administrative prohibition - envelope blocked\r\n\r\n"
        "------ This is a copy of the message, including all the headers. ------\r\n\r\n" + RETURNED,
        sender="Mail Delivery System <Mailer-Daemon@mx.example>", subject="Mail delivery failed: returning message",
        headers="X-Failed-Recipients: aide@house.example\r\nAuto-Submitted: auto-replied\r\n",
    ), "about us"),
    "Exim, late": Sample(text(
        "A message that you sent has not yet been delivered to one or more of its\r\nrecipients after more than"
        " 24 hours on"
        " the queue on mx.example.\r\n\r\nNo action is required on your part. Delivery attempts will continue"
        " for\r\nsome"
        " time.\r\n",
        sender="Mail Delivery System <Mailer-Daemon@mx.example>", subject="Warning: message 1a delayed 24 hours",
    ), "nothing"),
    "Mimecast, as HTML": Sample(text(
        "<p>This is a delivery failure notification.</p><p>Delivery to aide@house.example failed.</p>"
        "<p>Reason: email rejected due to security policies</p>",
        sender="Postmaster <postmaster@gateway.example>", subject="[Postmaster] Email Delivery Failure",
        kind="text/html; charset=utf-8",
    ), "about us"),
    "Exchange, late, without its report part": Sample(text(
        "This message hasn't been delivered yet. Delivery will continue to be attempted.\r\n",
        sender=EXCHANGE, subject="Delivery delayed: Please support",
    ), "nothing"),
    "Exchange in German, gone": Sample(text(
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger:\r\n\r\naide@house.example\r\n\r\n"
        "Remote Server returned '<house.example #5.1.1 smtp;550 5.1.1 User unknown>'\r\n",
        sender="postmaster@house.example", subject="Unzustellbar: Bitte unterstützen Sie",
    ), "gone"),
    "a report within a gateway's envelope": Sample(text(
        '--o\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example\r\n\r\n{failed('5.1.1', '')}\r\n--b--\r\n--o\r\nContent-Type:"
        f" text/plain\r\n\r\n"
        "This e-mail may be blocked as spam.\r\n--o--\r\n",
        sender="MAILER-DAEMON@mx.example", subject="Undelivered Mail", kind='multipart/mixed; boundary="o"',
    ), "gone"),
    "hMailServer": Sample(text(
        "Your message did not reach some or all of the intended recipients.\r\n\r\n   Sent: Mon, 2 Mar 2026\r\n"
        "   Subject:"
        " Mailbox full\r\n\r\nThe following recipient(s) could not be reached:\r\n\r\naide@house.example\r\n"
        "   Error Type: SMTP\r\n   Remote server replied: 550 5.5.0 mailbox unavailable\r\n",
        sender="mailer-daemon@host.example", subject="Message undeliverable: Please support",
    ), "gone"),
    "Domino": Sample(text(
        "Your message\r\n\r\n  Subject: Blocked by spam\r\n\r\nwas not delivered to:\r\n\r\n "
        " aide@house.example\r\n\r\n"
        "because:\r\n\r\n  User aide (aide@house.example) not listed in Domino Directory\r\n",
        sender="postmaster@house.example", subject="DELIVERY FAILURE: User aide not listed in Domino Directory",
    ), "gone"),
    "MDaemon": Sample(text(
        "aide@house.example - no such user here.\r\n\r\nThere is no user by that name at this server.\r\n",
        sender="MDaemon@house.example", subject="Warning: aide@house.example - User unknown!",
        headers="Precedence: bulk\r\n",
    ), "gone"),
    "Dovecot, by a notification": Sample(text(
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message to <aide@house.example> was automatically rejected:\r\n"
        "Quota exceeded\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;"
        " aide@house.example\r\nDisposition: automatic-action/MDN-sent-automatically; deleted\r\n\r\n--b--\r\n",
        sender="Mail Delivery Subsystem <postmaster@house.example>", subject="Rejected: Please support",
        kind='multipart/report; report-type=disposition-notification; boundary="b"',
    ), "failed"),
    "a mailing group that may not exist": Sample(text(
        "We're writing to let you know that the group you tried to contact (aide) may not exist, or you may not"
        " have\r\n"
        "permission to post messages to the group.\r\n",
        sender="Mail Delivery Subsystem <mailer-daemon@mail.example>", subject="Delivery Status Notification (Failure)",
        headers="X-Failed-Recipients: aide@house.example\r\n",
    ), "failed"),
    "a report that says no more than that": Sample(
        text("It could not be delivered.\r\n", sender="MAILER-DAEMON@mx.example", subject="Returned mail"), "failed"
    ),
}  # fmt: skip

# What is no report at all.
OTHERS: Final = {
    "away, by a header": away("Back on Monday.", "Re: Please support", "Auto-Submitted: auto-replied (vacation)\r\n"),
    "away, by the subject": away("I am away.", "Automatic reply: Please support"),
    "away, by its words": away(
        "I am out of the office until Monday.\r\n\r\nOn Monday, Ana wrote:\r\n> Dear " + "x " * 600, "Re:"
        " Please support"
    ),
    "away, in Spanish": away(
        "Estoy fuera de la oficina. Su mensaje no ha podido ser entregado.", "Respuesta automática: Por favor"
    ),
    "away, in Portuguese": away("Estarei fora até segunda.", "Resposta automática: Por favor"),
    "away, in Vietnamese": away("Tôi vắng mặt.", "Trả lời tự động: Please support"),
    "away, in Chinese": away("我不在办公室。", "自动回复: Please support"),
    "away, in Arabic": away("أنا خارج المكتب.", "رد تلقائي: Please support"),
    "away, in Haitian Creole": away("Mwen pa la semèn sa a.", "Repons otomatik: Please support"),
    "away, from a null sender": Sample(
        text("Back on Monday.", sender=AIDE, subject="Please support", headers="Return-Path: <>\r\n"), "nothing"
    ),
    "thanks, by a machine": Sample(text(
        "Thank you for contacting the office of Representative Roe. Due to the large volume of mail, please"
        " allow time.",
        sender=AIDE, subject="Re: Please support",
    ), "nothing"),
    "a challenge": Sample(text(
        "Your message waits until you click https://guard.example/x", sender="Guard <no-reply@guard.example>",
        subject="Please confirm: Please support",
    ), "nothing"),
    "a list's note": Sample(text(
        "Your mail to 'aides' is being held until the list moderator can review it for approval.",
        sender="aides-owner@house.example", subject="Your message to aides awaits moderator approval",
    ), "nothing"),
    "read": Sample(text("Read.", sender=AIDE, subject="Read: Please support"), "nothing"),
    "deleted unread": Sample(text(
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message was deleted without being read\r\n--b\r\n"
        "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; aide@house.example\r\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\r\n--b--\r\n",
        sender=AIDE, subject="Not read: Please support",
        kind='multipart/report; report-type=disposition-notification; boundary="b"',
    ), "nothing"),
    "a complaint": Sample(text(
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n--b\r\nContent-Type:"
        " message/feedback-report\r\n"
        f"\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{RETURNED}--b--\r\n",
        sender="feedback@mail.example", subject="Abuse report",
        kind='multipart/report; report-type=feedback-report; boundary="b"',
    ), "nothing"),
    "a person": Sample(
        text("Dear Ms. Silva, the Representative supports the bill. Ana", sender=AIDE, subject="Re: Please"
        " support"), "person"
    ),
    "a person whose office is a list": Sample(text(
        "She supports the bill. Ana", sender=AIDE, subject="Re: Please support",
        headers="Precedence: list\r\nList-Id: <aides.house.example>\r\nIn-Reply-To: <1@campaign.example>\r\n",
    ), "person"),
    "a challenge, in Portuguese": Sample(text(
        "Este é um e-mail automático. Para que sua mensagem seja entregue, clique em https://guard.example/x",
        sender="Ana <ana@house.example>", subject="Sua mensagem",
    ), "nothing"),
    "a person, about a bill on vacation": Sample(
        text("She voted for it. Ana", sender=AIDE, subject="Re: Please support paid vacation and the automatic"
        " reply bill"),
        "person",
    ),
    "a person, who quotes what a report says": Sample(text(
        "I got this when I wrote to her home: 550 5.1.1 user unknown. What is her new address?", sender=AIDE,
        subject="Fwd: Returned mail",
    ), "person"),
}  # fmt: skip
