"""Somebody's answer, made fit to be attached to a mail (RFC 2046 section 5.2.1: seven bits, lines of 998)."""

import re
from email import message_from_bytes
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP, compat32
from hashlib import sha256
from io import BytesIO
from typing import Final

from relay.letters.organizer_mail import Answer
from relay.mail.report import prepare, read_subject, read_text

LARGEST: Final = 256 << 10  # bytes; a mail server may refuse more
TEXT_MAX: Final = 20_000  # characters of the text of a larger one
LONGEST_LINE: Final = 998
# Whoever knows the seal in a return address can report that letter as bounced.
SEALED: Final = re.compile(rb"bounces\+[a-z2-7]{40}@", re.IGNORECASE)


def attach(raw: bytes) -> Answer:
    """raw: the message as it arrived, perhaps cut."""
    digest = sha256(raw).hexdigest()
    whole = _flatten(raw) if len(raw) <= LARGEST else b""
    fits = whole.isascii() and b"\0" not in whole and max(map(len, whole.splitlines()), default=0) <= LONGEST_LINE
    if whole and fits:
        return Answer(whole.decode(), digest, is_cut=False)
    return Answer(_rewrite(raw).decode("ascii", "replace"), digest, is_cut=True)


def _flatten(raw: bytes) -> bytes:
    flat = BytesIO()
    policy = compat32.clone(cte_type="7bit", max_line_length=0)
    try:
        message = message_from_bytes(SEALED.sub(b"bounces@", raw))
        BytesGenerator(flat, mangle_from_=False, policy=policy).flatten(message)
    except Exception:  # hostile MIME finds bugs in every generator
        return b""
    return flat.getvalue()


def _rewrite(raw: bytes) -> bytes:
    """Who wrote it, when, and its text."""
    message = message_from_bytes(prepare(SEALED.sub(b"bounces@", raw)))
    answer = EmailMessage(policy=SMTP)
    for name in ("From", "To", "Date"):
        value = "".join(character for character in str(message.get(name, "")) if character.isprintable())[:500]
        if value:
            try:
                answer[name] = value
            except Exception:  # noqa: S112  # what is no address is left out
                continue
    answer["Subject"] = "".join(character for character in read_subject(message) if character.isprintable())
    answer.set_content(read_text(message)[:TEXT_MAX] or "(no text)", cte="base64")
    return answer.as_bytes()
