"""From a letter to the bytes a mail server is given: RFC 5322 plain text, every script, nothing smuggled in.

Written out by hand: the e-mail library takes five times as long, and Python 3.11's lets some line breaks through.
"""

import re
import unicodedata
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from typing import Final

from relay.errors import MailError
from relay.letters import TO_WRITER, Letter

FOLD_AT: Final = 78  # RFC 5322 section 2.1.1
# RFC 5321 section 4.1.2 dot-atoms, with RFC 6531's UTF-8; no quoted local part, no address literal.
ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
LABEL: Final = r"[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9\u0080-\U0010ffff-]*[A-Za-z0-9\u0080-\U0010ffff])?"
ADDRESS: Final = re.compile(rf"({ATOM}(?:\.{ATOM})*)@({LABEL}(?:\.{LABEL})*)")
UNPRINTABLE: Final = {"Cc", "Cs", "Zl", "Zp"}  # Unicode: control, lone surrogate, line and paragraph separator
AUTOMATIC: Final = (*TO_WRITER, "alert")
UNSENDABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sender:
    """The campaign's own mailbox, and the host that Message-IDs are made under."""

    address: str
    host: str


def compose(letter: Letter, sender: Sender, date: datetime) -> bytes:
    """The message with CRLF line ends; `date` aware. Raises MailError for what no header or address may hold.

    The same letter gives the same Message-ID at every try, so that a mail server can drop a second copy.
    """
    headers = [
        _mailbox("From", letter.from_name, sender.address),
        *([_mailbox("Reply-To", "", letter.reply_to)] if letter.reply_to else []),
        _mailbox("To", letter.to_name, letter.to_email),
        f"Subject: {_text('Subject', letter.subject)}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: <{check_address(f'{letter.id}@{sender.host}')}>",
        f"X-Campaign: {_text('X-Campaign', letter.campaign)}",
        *(["Auto-Submitted: auto-generated"] if letter.kind in AUTOMATIC else []),  # RFC 3834 section 5
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    ]
    encoding, body = _body(letter.body)
    headers.append(f"Content-Transfer-Encoding: {encoding}")
    return "\r\n".join(headers).encode() + b"\r\n\r\n" + body


def check_address(address: str) -> str:
    """The address itself, its domain in ASCII (RFC 5891) where it can be. Raises MailError, which does not quote it."""
    found = ADDRESS.fullmatch(address)
    if not found or not _printable(address):
        raise MailError("an address is not one that mail can be sent to")
    local, domain = found[1], _ascii_domain(found[2])
    # RFC 5321 section 4.5.3.1: octets.
    if len(local.encode()) > 64 or max(map(len, domain.split("."))) > 63 or len(f"{local}@{domain}".encode()) > 254:
        raise MailError("an address is longer than mail allows")
    return f"{local}@{domain}"


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise MailError("an address has a domain that does not exist") from error


def _printable(text: str) -> bool:
    if text.isascii():
        return text.isprintable()  # a sixth of the time of composing, otherwise
    return not any(unicodedata.category(character) in UNPRINTABLE for character in text)


def _text(name: str, value: str) -> str:
    """An unstructured header's value, RFC 2047-encoded if it has to be, folded."""
    if not _printable(value):
        raise MailError(f"the {name} header would hold a line break or another control character")
    return _encoded(name, value) if not value.isascii() or "=?" in value else _folded(name, value)


def _encoded(name: str, value: str) -> str:
    return Header(value, "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _folded(name: str, value: str) -> str:
    if len(name) + 2 + len(value) <= FOLD_AT:
        return value
    # A word longer than a line would be broken by nothing but an encoded word.
    if max(map(len, value.split(" "))) > FOLD_AT - len(name) - 2:
        return _encoded(name, value)
    return Header(value, "us-ascii", header_name=name, maxlinelen=FOLD_AT).encode(splitchars=" ", linesep="\r\n")


def _mailbox(name: str, display: str, address: str) -> str:
    """A From, To or Reply-To line: RFC 5322 section 3.4, the name quoted or encoded (RFC 2047 section 5)."""
    address = check_address(address)
    if not display:
        return f"{name}: {address}"
    if not _printable(display):
        raise MailError(f"the {name} header would hold a line break or another control character")
    quoted = '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'
    plain = display.isascii() and "=?" not in display and len(name) + 2 + len(quoted) <= FOLD_AT
    words = quoted if plain else _encoded(name, display)
    last = f"{name}: {words}".rpartition("\r\n")[2]
    space = " " if len(last) + len(address) + 3 <= FOLD_AT else "\r\n "
    return f"{name}: {words}{space}<{address}>"


def _body(text: str) -> tuple[str, bytes]:
    """The body's transfer encoding and bytes. Long lines are kept whole for the reader (RFC 2045 section 6.7)."""
    if UNSENDABLE.search(text):
        raise MailError("the text holds a control character that no letter needs")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    raw = ("\r\n".join(lines) + "\r\n").encode()
    if raw.isascii() and max(map(len, lines)) <= FOLD_AT:
        return "7bit", raw
    quoted = b2a_qp(raw, istext=True)
    if len(quoted) > len(raw) * 3 // 2:  # Chinese, Arabic: base64 is half the size
        return "base64", encodebytes(raw).replace(b"\n", b"\r\n")
    return "quoted-printable", quoted
