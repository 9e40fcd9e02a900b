"""Delivery reports in every shape: which recipients they name, and what the mail server said of each.

The fields of RFC 3464 and RFC 6533 first, wherever they stand; else the words of those that write none. The letter that
comes back inside a report is never read: its own words say nothing about it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from html import unescape
from typing import Final

from boundaries.email_addresses import parse_email
from relay.mail.report_words import TITLE, WORDS_MAX, Fate, Row, find_reply, read_words
from relay.mail.verdict import ENHANCED, UNDEFINED

TEXT_MAX: Final = 20_000  # characters of the human-readable part that are read
FATES: Final[dict[str, Fate]] = {
    "fail": "failed", "expired": "failed", "reject": "failed", "bounce": "failed", "undeliver": "failed",
    "delay": "delayed", "deliver": "arrived", "relay": "arrived", "expand": "arrived",
}  # fmt: skip
# Python parses these parts as messages, before it decodes them, and stops at the first line that is no field.
STATUS_PART: Final = re.compile(
    rb"^(content-type:\s*)message/(?:global-)?delivery-status", re.IGNORECASE | re.MULTILINE
)
UNINDENTED: Final = re.compile(rb"^(?=(?:boundary|report-type|charset)=)", re.IGNORECASE | re.MULTILINE)
STATUS_TYPE: Final = "text/x-delivery-status"
RECIPIENTS: Final = {"original-recipient", "final-recipient"}
FIELD: Final = re.compile(
    r"\s{0,3}(reporting-mta|reporting-ua|dsn-gateway|received-from-mta|arrival-date|original-envelope-id"
    r"|original-recipient"
    r"|final-recipient|action|status|remote-mta|diagnostic-code|last-attempt-date|final-log-id|will-retry-until"
    r"|localized-reason|x-[a-z0-9-]+)\s*:\s*(.*)",
    re.IGNORECASE,
)
DAEMON: Final = re.compile(
    r"(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|post[-_.]?master|mail[-_. ]?delivery|mdaemon|mailadmin"
    r"|mail[-_.]?system|microsoftexchange[0-9a-f]*)\b.*",
    re.IGNORECASE,
)
DAEMON_NAME: Final = re.compile(
    r"mail(?:er)?[- ]?(?:daemon|delivery|system)|postmaster|microsoft outlook|delivery sub",
    re.IGNORECASE,
)

# What comes after is the letter, or its headers.
_RETURNED: Final = re.compile(
    r"^[^\w\n]*(?:below (?:this line )?is (?:a )?(?:copy )?(?:of )?(?:the|your)|-+ ?below this line"
    r"|this is a copy of (?:the|your)|(?:here is|the following is) (?:a |your )?(?:copy|message)"
    r"|included is a copy"
    r"|original message (?:headers|follows|text)|(?:message|headers?) (?:header )?follows?|unsent message"
    r"|undelivered message|copy of (?:the )?(?:original )?message|returned message"
    r"|your (?:original )?message (?:follows|is (?:below|included))"
    r"|-{2,} ?(?:original message|this is|returned|message|the (?:body|header|original)|transcript of returned"
    r"|unsent)|original message\s*-|begin (?:forwarded|original) message|return-path:|received: from"
    r"|dkim-signature:|message-id:|mime-version:|x-original-to:)",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
# The letter's own subject and names, which a report repeats above what it says.
_NAMED: Final = re.compile(
    r"^[ \t>]*(?:subject|from|to|cc|sent|date|betreff|von|an|asunto|para|de|objet|assunto|oggetto|主题"
    r"|主旨)[ \t]*[:\uff1a].*$",
    re.IGNORECASE | re.MULTILINE,
)
_GENERATED: Final = re.compile(
    r"\((?:(?:ultimately )?generated|expanded) from:?\s+<?(\S+@[^\s)>]+)>?\)",
    re.IGNORECASE,
)


def prepare(raw: bytes) -> bytes:
    """Give the parts with fields a type that is decoded like text, and headers' parameters their indent."""
    return STATUS_PART.sub(rb"\1" + STATUS_TYPE.encode(), UNINDENTED.sub(b" ", raw))


def is_report(message: Message) -> bool:
    """Whether a mail system wrote it, whatever it says of itself otherwise: Exchange calls its reports replies."""
    name, address = parseaddr(str(message.get("From", "")))
    by_daemon = DAEMON.match(address) is not None or ("@" not in address and DAEMON.match(address + name) is not None)
    named = DAEMON_NAME.search(name) is not None or DAEMON_NAME.search(address.partition("@")[0]) is not None
    typed = str(message.get_param("report-type", "")).lower() == "delivery-status" or any(
        part.get_content_type() == STATUS_TYPE for part in _own_parts(message)
    )
    marked = "X-Failed-Recipients" in message or "X-MS-Exchange-Message-Is-Ndr" in message
    return by_daemon or named or typed or marked or TITLE.match(read_subject(message)) is not None


def read_rows(message: Message, subject: str, text: str) -> list[Row]:
    """What a report says, a row for each recipient; none if it says nothing that is understood.

    subject, text: as `read_subject` and `read_text` have them.
    """
    fields = "\n\n".join(_decode(part) for part in _own_parts(message) if part.get_content_type() == STATUS_TYPE)
    rows = [row for block in _blocks(fields) for row in _row(block, text)]
    rows = rows or [row for block in _blocks(text) for row in _row(block, "") if row.final or row.original]
    if rows:
        return _mark_aliases(rows, text)
    failed = str(message.get("X-Failed-Recipients", ""))
    row = read_words(subject, text, fold_address(failed) if failed.count("@") == 1 else "")
    return _mark_aliases([row], text) if row else []


def read_text(message: Message) -> str:
    """The human-readable part, without a letter that follows or is quoted in it."""
    texts: list[str] = []
    for part in _own_parts(message):
        kind = part.get_content_type()
        if kind == STATUS_TYPE or kind.startswith("message/") or kind == "text/rfc822-headers":
            break  # the letter is behind it
        if kind == "text/plain" or kind.startswith("multipart/") or (kind == "text/html" and not texts):
            texts.append(_strip_markup(_decode(part)) if kind == "text/html" else _decode(part))
            if part.get_content_disposition() == "attachment" or len(texts) > 1:
                texts.pop()
                break
    text = _NAMED.sub("", "\n".join(texts).replace("\r\n", "\n")[:TEXT_MAX])
    returned = _RETURNED.search(text)
    return text[: returned.start()] if returned and returned.start() else text


def read_subject(message: Message) -> str:
    """In one line, decoded."""
    raw = str(message.get("Subject", ""))
    with suppress(LookupError, UnicodeError, ValueError):
        raw = str(make_header(decode_header(raw)))
    return " ".join(raw.split())[:500]


def fold_address(text: str) -> str:
    """One form for every way to write an address: type, brackets, encodings (RFC 6533 section 3, RFC 3461 section 4),
    international domains."""
    address = text.rpartition(";")[2].strip() if ";" in text else text.strip()
    address = re.sub(r"\\x\{([0-9A-Fa-f]{1,6})\}", lambda match: _character(match[1]), address)
    address = (parseaddr(address)[1] or address).strip("<> ")
    if not address.isascii() or "xn--" in address.lower():
        with suppress(ValueError):
            address = parse_email(address, smtputf8=True)
    inner = address.casefold().startswith("imcea")  # Exchange's own name of a mailbox, which nobody writes to
    return address.casefold() if "@" in address and not inner else ""


def unquote_xtext(address: str) -> str:
    """RFC 3461 section 4: `+2B` is a plus. Not every server decodes it."""
    return re.sub(r"\+([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), address.upper()).casefold()


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else ""


def _own_parts(message: Message) -> Iterator[Message]:
    """The leaves, but not those of a message within it."""
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _own_parts(part)
    else:
        yield message


def _decode(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    charset = part.get_content_charset("utf-8") or "utf-8"
    try:
        return raw.decode(charset, "strict" if charset == "utf-8" else "replace")
    except (LookupError, UnicodeDecodeError):
        return raw.decode("latin-1")


def _strip_markup(html: str) -> str:
    text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", " ", html)
    text = re.sub(r"(?i)<(?:br|/p|/div|/tr|/h\d|/li)\b[^>]*>", "\n", text)
    return unescape(re.sub(r"(?s)<[^>]{0,2000}>", " ", text))


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Groups of fields, one for each recipient. Lines that are no field continue the one before, indented or not. Blank
    lines may be anywhere: a group ends where the next recipient begins."""
    block: dict[str, str] = {}
    last = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        field = FIELD.match(line)
        if field:
            name = field[1].lower()
            is_next = not last and name in RECIPIENTS and "action" in block and not block.keys().isdisjoint(RECIPIENTS)
            if is_next or (name in block and not name.startswith("x-")):
                yield block
                block = {}
            block[name], last = field[2].strip(), name
        elif not line.strip():
            last = ""
        elif last:
            block[last] = f"{block[last]} {line.strip()}"[:WORDS_MAX]
    if block:
        yield block


def _row(block: dict[str, str], text: str) -> Iterator[Row]:
    """text: where to look for the server's words if the fields have none."""
    status = next(iter(ENHANCED.findall(block.get("status", ""))), "")
    action = block.get("action", "").strip().lower()
    fate = next((fate for start, fate in FATES.items() if action.startswith(start)), None)
    if fate is None and not action and status:
        fate = {"5": "failed", "4": "delayed"}.get(status[0], "arrived")  # type: ignore[assignment]
    if fate is None:
        return
    words = re.sub(r"^\s*[\w-]+\s*;\s*", "", block.get("diagnostic-code", ""))
    words = " ".join(filter(None, (words, block.get("x-supplementary-info", ""))))
    if not words and (not status or UNDEFINED.fullmatch(status)):
        words = find_reply(text) or text
    reply = re.search(r"(?<![\d.])([45]\d\d)(?=[- #:]|$)", words)
    yield Row(
        fate, int(reply[1]) if reply else 0, status, words[:WORDS_MAX],
        fold_address(block.get("final-recipient", "")), fold_address(block.get("original-recipient", "")),
        fold_address(block.get("x-actual-recipient", "")),
    )  # fmt: skip


def _mark_aliases(rows: list[Row], text: str) -> list[Row]:
    """Exim names the alias in the words."""
    origins = {fold_address(origin) for origin in _GENERATED.findall(text)}
    if len(origins) != 1:
        return rows
    origin = origins.pop()
    return [
        row if row.original else Row(row.fate, row.code, row.status, row.words, row.final or "?", origin, row.actual)
        for row in rows
    ]
