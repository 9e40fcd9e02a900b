"""Delivery reports in every shape: which recipients they name, and what the mail server said of each.

The fields of RFC 3464 and RFC 6533 first, wherever they stand; else the words of those that write none. The letter that
comes back inside a report is never read: its own words say nothing about it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from html import unescape
from typing import Final, Literal, TypeAlias

from boundaries.email_addresses import parse_email
from relay.mail.verdict import ENHANCED, UNDEFINED, judge

Fate: TypeAlias = Literal["failed", "delayed", "arrived"]

WORDS_MAX: Final = 2_000  # characters of an answer that are read
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

# Subjects that no person writes, of gateways that report under a name like any other.
_TITLE: Final = re.compile(
    r"(?:\[postmaster\] )?(?:undeliver(?:ed|able)\b|undelivered mail|failure notice"
    r"|delivery (?:status notification|failure|has failed|notification)|returned mail\b|mail delivery (?:fail"
    r"|system|error)|(?:failed mail|automatically rejected)|(?:e-?mail|mail|message) (?:delivery failure"
    r"|undeliver|could not be delivered|not delivered)|non[- ]?deliver)",
    re.IGNORECASE,
)
_FAILED: Final = re.compile(
    r"undeliver|\bun-?deliverable|delivery (?:has |to .{1,60} )?(?:failed|failure)|failure notice"
    r"|returned (?:mail|to sender)|returning (?:message|your|mail)|(?:mail|message"
    r"|delivery)\W{1,3}(?:status notification )?\W*(?:error|failure|failed)"
    r"|(?:could|can|was|were|has|have)(?: ?not|n.t) (?:be |been |be successfully )?(?:deliver|reach|sent)"
    r"|not delivered|unable to deliver|(?:wasn.t|not) able to deliver|permanent(?:ly)? (?:error|fail|fatal)"
    r"|failed permanently|fatal error|did(?: not|n.t) reach"
    r"|rejected (?:your|the|this) (?:message|mail|e-?mail)|(?:message|mail) (?:was |has been |is )?(?:rejected"
    r"|refused|bounced|blocked)|(?:i|we)(?:'ve| have) given up|non-?delivery|aborted after|(?:been"
    r"|was) returned because|automatically rejected|deliver\w+[^.]{0,80} (?:aborted|abandoned)"
    r"|error has occurred while attempting to deliver|an? error occurred while trying to deliver"
    r"|unzustellbar|nicht zugestellt|konnte nicht|no se (?:puede|pudo|ha podido|han? podido) entregar"
    r"|no ha podido (?:ser )?entrega|no se entreg[oó]|n[aã]o (?:foi )?(?:p[oô]de|poss[ií]vel|entregue|pode"
    r"|p[oô]de ser)|non remis|n.a pas pu [eê]tre|[eé]chec de (?:la )?(?:remise|livraison|distribution)"
    r"|impossible de (?:remettre|distribuer|livrer)"
    r"|không (?:thể )?(?:gửi|chuyển|phát)(?: được)?|无法(?:送达|投递|传递|发送)|無法(?:傳遞|送達|投遞)|未(?:送达"
    r"|送達|能送达|传递)|退信|投递失败|(?:送信|配信|配送)(?:でき|不能|失敗|エラー)|تعذر (?:التسليم|تسليم|إرسال)"
    r"|لم يتم (?:تسليم|التسليم)|pa t kapab (?:livre|delivre)|non recapitabil|non (?:è"
    r"|e) stato (?:possibile )?(?:recapita|consegna)|onbestelbaar|niet (?:afgeleverd|bezorgd)|недостав"
    r"|не (?:удалось|может быть) достав|nie (?:można|udało się) dostarcz|niedostarcz|kunde inte levereras"
    r"|kunne ikke leveres|teslim edilemedi",
    re.IGNORECASE,
)  # fmt: skip
_DELAYED: Final = re.compile(
    r"still (?:being )?(?:trying|retried|attempt|in (?:the )?queue)|(?:will|are|is|to) (?:continue"
    r"|keep)[^.]{0,20} (?:trying|to (?:try|be|attempt|retry))|will (?:be )?(?:retr(?:y|ied)|try (?:again|to))"
    r"|(?:delivery )?attempts will continue|not yet been delivered|has been delayed|delivery (?:is "
    r"|was )?(?:delay|incomplete|temporarily)"
    r"|\bwarning only\b|\(delay(?:ed)?\)|\bdelayed for\b|only a temporary failure|kept in the queue"
    r"|do not need to resend|no action is required on your part|delayed \d+ (?:hour|day)|for the past \d+ (?:hour"
    r"|day|minute)|se sigue(?:n)? intentando|tentando entregar|retard de|wird weiterhin versucht|verzögert",
    re.IGNORECASE,
)  # fmt: skip
_GIVEN_UP: Final = re.compile(
    r"given up|giving up|(?:will|i'm) not (?:be |going to )?(?:be )?retr|too long"
    r"|(?:retry )?time(?:out)? (?:exceeded|not reached)|permanent|has expired|could not be delivered for"
    r"|removed from (?:the )?queue",
    re.IGNORECASE,
)
_ARRIVED: Final = re.compile(
    r"success(?:ful(?:ly)?)?\b|\bdelivered to\b|\brelayed\b|\bdelivery report\b.{0,20}\bdelivered",
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
_REPLY: Final = re.compile(
    r"(?<![\d.@:])([45]\d\d)(?=[- #]|$)(?!\s*(?:hours?|bytes|kb|mb|seconds|minutes|days|messages))[- ]?.*",
    re.IGNORECASE,
)
_GENERATED: Final = re.compile(
    r"\((?:(?:ultimately )?generated|expanded) from:?\s+<?(\S+@[^\s)>]+)>?\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a report says about one recipient. Addresses as `fold_address` writes them, "" if they are not named."""

    fate: Fate
    code: int  # SMTP's, or 0
    status: str  # RFC 3463, or ""
    words: str  # the mail server's, which may quote anything: never stored
    final: str = ""  # where it was to be delivered
    original: str = ""  # whom it was written to
    actual: str = ""  # the mailbox behind an alias, as Sendmail has it


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
    return by_daemon or named or typed or marked or _TITLE.match(read_subject(message)) is not None


def read_rows(message: Message, subject: str, text: str) -> list[Row]:
    """What a report says, a row for each recipient; none if it says nothing that is understood.

    subject, text: as `read_subject` and `read_text` have them.
    """
    fields = "\n\n".join(_decode(part) for part in _own_parts(message) if part.get_content_type() == STATUS_TYPE)
    rows = [row for block in _blocks(fields) for row in _row(block, text)]
    rows = rows or [row for block in _blocks(text) for row in _row(block, "") if row.final or row.original]
    if rows:
        return _mark_aliases(rows, text)
    row = _read_words(subject, text, str(message.get("X-Failed-Recipients", "")))
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
    return address.casefold() if "@" in address else ""


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
        words = _find_reply(text) or text
    reply = re.search(r"(?<![\d.])([45]\d\d)(?=[- #:]|$)", words)
    yield Row(
        fate, int(reply[1]) if reply else 0, status, words[:WORDS_MAX],
        fold_address(block.get("final-recipient", "")), fold_address(block.get("original-recipient", "")),
        fold_address(block.get("x-actual-recipient", "")),
    )  # fmt: skip


def _read_words(subject: str, text: str, failed: str) -> Row | None:
    """A report that has no fields. failed: Exim's header that names whom it was for."""
    reply = _find_reply(text)
    whole = f"{subject}\n{text}"
    status = next(iter(ENHANCED.findall(reply or text)), "")
    late = _DELAYED.search(whole) is not None and not _GIVEN_UP.search(text)
    code = int(reply[:3]) if reply else 0
    broken = _FAILED.search(whole) is not None or bool(failed) or reply.startswith("5") or status.startswith("5")
    broken = broken or judge(code, status, reply or text, final=True).mailbox_gone
    if late and not (reply.startswith("5") or failed):
        return Row("delayed", 0, status, reply)
    if _ARRIVED.search(subject) and not _FAILED.search(subject):
        return Row("arrived", 0, status, reply)
    if not broken:
        return None
    final = fold_address(failed.split(",")[0]) if failed.count("@") == 1 else ""
    return Row("failed", code, status, (reply or text)[:WORDS_MAX], final)


def _find_reply(text: str) -> str:
    """A mail server's reply that is quoted in a text: from its code to the end of the paragraph, or ""."""
    found = ""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        for match in _REPLY.finditer(" ".join(paragraph.split())):
            if match[1].startswith("5"):
                return match[0][:WORDS_MAX]
            found = found or match[0][:WORDS_MAX]
    return found


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
