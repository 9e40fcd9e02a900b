"""Reports in words: what mail servers write that use no fields. Only for mail of a mail system: a person may write any
of it, too."""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from relay.mail.verdict import ENHANCED, judge

Fate: TypeAlias = Literal["failed", "delayed", "arrived"]

WORDS_MAX: Final = 2_000  # characters of an answer that are read
# Subjects that no person writes, of gateways that report under a name like any other.
TITLE: Final = re.compile(
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
_REPLY: Final = re.compile(
    r"(?<![\d.@:])([45]\d\d)(?=[- #]|$)(?!\s*(?:hours?|bytes|kb|mb|seconds|minutes|days|messages))[- ]?.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a report says about one recipient. Addresses as `relay.mail.report.fold_address` has them; "" if it names
    none."""

    fate: Fate
    code: int  # SMTP's, or 0
    status: str  # RFC 3463, or ""
    words: str  # the mail server's, which may quote anything: never stored
    final: str = ""  # where it was to be delivered
    original: str = ""  # whom it was written to
    actual: str = ""  # the mailbox behind an alias, as Sendmail has it


def read_words(subject: str, text: str, final: str) -> Row | None:
    """final: whom it was for, if a header names one (Exim), as `relay.mail.report.fold_address` has it."""
    reply = find_reply(text)
    whole = f"{subject}\n{text}"
    status = next(iter(ENHANCED.findall(reply or text)), "")
    late = _DELAYED.search(whole) is not None and not _GIVEN_UP.search(text)
    code = int(reply[:3]) if reply else 0
    broken = _FAILED.search(whole) is not None or bool(final) or reply.startswith("5") or status.startswith("5")
    broken = broken or judge(code, status, reply or text, final=True).mailbox_gone
    if late and not (reply.startswith("5") or final):
        return Row("delayed", 0, status, reply)
    if _ARRIVED.search(subject) and not _FAILED.search(subject):
        return Row("arrived", 0, status, reply)
    if not broken:
        return None
    return Row("failed", code, status, (reply or text)[:WORDS_MAX], final)


def find_reply(text: str) -> str:
    """A mail server's reply that is quoted in a text: from its code to the end of the paragraph, or ""."""
    found = ""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        for match in _REPLY.finditer(" ".join(paragraph.split())):
            if match[1].startswith("5"):
                return match[0][:WORDS_MAX]
            found = found or match[0][:WORDS_MAX]
    return found
