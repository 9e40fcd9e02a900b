"""What a mail server's answer says, given at once or reported later: the only place where words and codes are judged.

Three questions, because each has another consequence. Did the letter arrive? Is the mailbox gone, so that no letter can
arrive? Is it about us, so that no letter of ours would? A full mailbox, a letter that is too large, a rate limit, time
that ran out, or content that somebody does not like are none of the last two: the office is as trusted as before.
"""

import re
from dataclasses import dataclass
from typing import Final

# RFC 3463 section 3.2 and RFC 7505: mailbox, system, syntax, moved, a domain without mail. Nothing else is "gone".
GONE: Final = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")
ABOUT_US: Final = re.compile(r"5\.(7\.\d+|1\.[78])")  # RFC 3463 section 3.8; our address, our domain
UNDEFINED: Final = re.compile(r"[45]\.\d\.0|[45]\.5\.\d+")  # "other or undefined", or about commands: the words decide
ENHANCED: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")  # not within an IP address

_URL: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_OURS: Final = re.compile(r"<?bounces\+[a-z2-7]{40}@[^\s>,;]+>?", re.IGNORECASE)  # `relay.mail.verp`
_ADDRESS: Final = re.compile(r"<?[^\s<>()\[\]:;,'\"]+@[^\s<>()\[\]:;,'\"]*[^\s<>()\[\]:;,.'\"]>?")
_HOST: Final = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+\b", re.IGNORECASE)  # named in a reply, not said by it


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# Of sender checks: our own address or domain is what is missing, whatever else the words say is not found.
_SENDER: Final = _any(
    r"\bsender(?:'s)? (?:verif|address|domain|id\b|rejected|denied|refused|unknown|blocked|not |is not|does)",
    r"\b(?:envelope|unresolvable|unroutable|invalid|bad|forged|unauthori[sz]ed|unknown) sender", r"\breturn[- ]?path\b",
    r"\bdomain of sender", r"\b(?:reject|refus|block|verify)\w* (?:the )?sender",
    r"\bmail from\b.{0,60}\b(?:reject|refus|denied|not |invalid|resolve)",
    r"\bcallout (?:verification )?fail", r"\bcould not verify sender", r"\bverification failed for ours\b",
    r"\bours\b.{0,40}\b(?:reject|refus|denied|block|does not|not exist)", r"\bhelo\b",
    r"\behlo\b.{0,40}(?:reject|invalid)",
)  # fmt: skip
_POLICY: Final = _any(
    r"\b(?:block(?:ed|ing|list|listed)?|black-?list\w*|deny-?list\w*|spam\w*|unsolicited|polic(?:y|ies)"
    r"|reputation|rbl|dnsbl|banned|abuse)\b",
    r"\b(?:spf|dkim|dmarc|ptr)\b", r"\breverse dns\b", r"\bunauthenticated\b", r"\bnot authenticated\b",
    r"\badministrative prohibition", r"\baccess denied\b", r"\bip (?:address )?(?:is )?(?:listed|rejected|refused)",
    r"\b(?:spamhaus|spamcop|uceprotect|barracudacentral|sorbs)\b",
)  # fmt: skip
# None of these says that a mailbox is gone, and some come with words or codes that do.
_NOT_GONE: Final = _any(
    r"\bquota\b", r"\bquotum\b", r"\b(?:mailbox|inbox|maildrop|account|mail ?folder|disk)(?:[^.;]{0,40})\bfull\b",
    r"\bfull (?:mailbox|inbox)", r"\bover ?limit",
    r"\bexceed", r"\btoo (?:large|big|long|many|much|fast)\b", r"\binsufficient\b", r"\bstorage\b", r"\bout of space",
    r"\bno space",
    r"\b(?:message|mail) size\b", r"\bsize limit", r"\brate\b.{0,20}\blimit", r"\bthrottl", r"\bgr[ae]y-?list",
    r"\b(?:try|retry) (?:again )?later\b", r"\btemporar", r"\bdeferred\b", r"\btimed? ?out\b", r"\bexpired\b",
    r"\binactiv", r"\bsuspended\b", r"\bdisabled\b",
    r"\bconnect(?:ion)? (?:to|refused|reset|failed|timed)", r"\bcould ?n[o']t connect\b", r"\bloop\b",
    r"\btoo many hops", r"\bhop count",
    r"\brelay", r"not found,? try again", r"recipient preferences",
    r"\b(?:user|account|mailbox|recipient)(?: account)? (?:is |was |has been )?(?:blocked|locked|frozen)\b",
    r"\bvirus\b", r"\bmalware\b", r"\battachment\b", r"\bmoderat", r"\bmay not exist\b.{0,40}\bpermission",
)  # fmt: skip
_WHO: Final = (
    r"(?:user(?:name|id)?|recipient|mailbox|account|address(?:ee)?|addresses|alias|customer|local part|e-?mail|person"
    r"|inbox|destination|destinataire|empf[aä]nger|destinatario|destinat[aá]rio|conta|cuenta)"
)
_MISSING: Final = (
    r"(?:unknown|not known|not found|not (?:a |an )?(?:valid|listed|known|local|recogni[sz]ed)|not exist"
    r"|no longer (?:exist|valid|available|active|in use|works|accept|with|employ)|"
    r"(?:does|did|do)(?: not|n.t) (?:currently )?exist|invalid|non-?exist|unrout(?:e)?able|undeliverable address|"
    r"(?:could|can)(?: ?not|n.t) be found|(?:was|were|is|are)(?: not|n.t) (?:found|known)|has moved"
    r"|has been (?:deleted|removed|closed)|was deleted|gone|"
    r"inconnue?|unbekannt|desconocid[oa]|desconhecid[oa]|no existe|n[aã]o existe|introuvable|inexistente?"
    r"|inesistente|sconosciuto|onbekend)"
)
_NO_MAILBOX: Final = _any(
    rf"\b{_WHO}\b[^.;:]{{0,60}}?:? ?\b{_MISSING}",
    rf"\b(?:unknown|invalid|no such|non-?existent|unrout(?:e)?able|bad|no valid|no) (?:\w+ ){{0,2}}{_WHO}s?\b"
    r"(?! (?:verif|match|reject))",
    r"\bno such (?:domain|host|person|name|object|member|local)",
    r"\bno (?:mailbox|account|user|one|recipient)s? (?:here|at this|by that|with that|there|found|exist|is )",
    r"\bno (?:mailbox|account) here by that name", r"\bthere is no (?:one|such|user|mailbox|account)",
    r"\bnot (?:a|our) (?:valid )?(?:customer|user|mailbox|recipient)\b", r"\bnobody (?:here|by that name)",
    r"\b(?:domain|host)(?: name)?\b[^.;]{0,40}?(?:does(?: not|n.t) exist|not found|unknown|could(?: not"
    r"|n.t) be found)", r"\bnxdomain\b",
    r"\b(?:unknown|non-?existent) (?:domain|host)\b", r"\bnull mx\b",
    r"\brecip(?:ient)?notfound\b", r"\bno mx\b.{0,30}exist", r"\bnot listed in (?:the )?(?:domino|public|address)",
    r"\bdo(?:es)?(?: not|n.t) have an? \w* ?(?:account|mailbox)",
    r"\bmailbox name (?:is )?(?:invalid|not allowed|not valid)", r"\bdestination mailbox address invalid",
    r"(?:用户|邮箱|收件人|地址|帐户|账户|帳戶|使用者)[^。;]{0,20}(?:不存在|未知|无效|無效|未找到|找不到)",
    r"找不到[^。;]{0,12}(?:用户|邮箱|收件人|地址|使用者)",
    r"宛先[^。;]{0,20}(?:不明|見つかりません)", r"(?:không tồn tại|không tìm thấy)",
    r"(?:البريد|العنوان|المستخدم|المستلم)[^.؛]{0,30}(?:غير موجود|غير معروف)", r"\bpa egziste\b",
)  # fmt: skip
_UNAVAILABLE: Final = _any(
    r"\bmailbox (?:is )?(?:unavailable|not available)\b"
)  # RFC 5321: 550, and 450 if it is only busy


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer says about a letter, its address, and us."""

    final: bool  # it did not arrive and will not
    mailbox_gone: bool
    about_us: bool


NOTHING: Final = Verdict(final=False, mailbox_gone=False, about_us=False)


def judge(code: int, enhanced: str, words: str, *, final: bool | None = None) -> Verdict:
    """Judge one answer.

    code: the SMTP reply's (RFC 5321), 0 if there is none. enhanced: RFC 3463, or "". words: the rest, as the server
    wrote it. final: whether the letter was given up, where that is known: `Action: failed` with a 4.x status was (RFC
    3464 section 2.3.3). Else the code decides. What was not given up says nothing else.
    """
    if final is None:
        final = 500 <= code <= 599 or (not code and enhanced.startswith("5"))
    if not final:
        return NOTHING
    enhanced = _decisive(enhanced, words)
    text = _simplify(words)
    gone = _is_gone(code, enhanced, text)
    return Verdict(final=True, mailbox_gone=gone, about_us=not gone and _is_about_us(code, enhanced, text))


def _decisive(enhanced: str, words: str) -> str:
    """The status that the words quote, if they do: a gateway that reports what another server said often has only a
    general one of its own, as Sendmail has 5.1.1 for every 550."""
    found: list[str] = ENHANCED.findall(words)
    quoted = [status for status in found if not status.startswith("2")]
    defined = [status for status in quoted if not UNDEFINED.fullmatch(status)]
    return (defined or [enhanced])[0] or (quoted or [""])[0]


def _is_gone(code: int, enhanced: str, text: str) -> bool:
    about_sender = _SENDER.search(text) is not None
    otherwise = about_sender or _NOT_GONE.search(text) is not None or _POLICY.search(text) is not None
    named = _NO_MAILBOX.search(text) is not None
    if enhanced in GONE:
        return not otherwise or (named and not about_sender)
    if enhanced and not UNDEFINED.fullmatch(enhanced):
        return False
    if otherwise or enhanced.startswith("4") or 400 <= code <= 499:
        return False
    return named or _UNAVAILABLE.search(text) is not None


def _is_about_us(code: int, enhanced: str, text: str) -> bool:
    if ABOUT_US.fullmatch(enhanced):
        return True
    if (
        enhanced
        and enhanced not in GONE
        and not UNDEFINED.fullmatch(enhanced)
        and not re.match(r"4\.(7|1\.[78])", enhanced)
    ):
        return False
    full = _NOT_GONE.search(text) is not None
    return code == 571 or _SENDER.search(text) is not None or (_POLICY.search(text) is not None and not full)


def _simplify(words: str) -> str:
    """Without what the words only name: addresses, hosts and links have names like anything."""
    lists = " ".join(re.findall(r"spamhaus|spamcop|uceprotect|barracudacentral|sorbs", words, re.IGNORECASE))
    text = _URL.sub(" ", words)
    text = _OURS.sub(" ours ", text)
    text = _ADDRESS.sub(" mailbox ", text)
    text = _HOST.sub(lambda match: match[0] if "notfound" in match[0].lower() else " ", text)
    return " ".join(f"{text} {lists}".split())
