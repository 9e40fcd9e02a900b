"""What writes by itself and is no report: absence notes, read receipts, challenges, list notes (RFC 3834, RFC 8098).

With headers that say so, and by their words without: many carry none. Languages are those of the page and the commonest
of the servers that send them. Whatever is left may be a person's answer, so words count only where notes have them.
"""

import re
from email.message import Message
from email.utils import parseaddr
from typing import Final

NOTE_MAX: Final = 600  # characters: a note is short, and a person who is away may still say something in a long letter
MACHINES: Final = re.compile(
    r"(?:no|do[-_.]?not|dont|never)[-_.]?repl(?:y|ies)|bounces?|notifications?|autoresponder|robot|challenge"
    r"|moderator.*|.*-(?:bounces|owner|request)",
)
SAYS_SO: Final = (
    "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Vacation", "X-Autoreply-From", "X-Mail-Autoreply",
    "X-Challenge", "X-Boxbe-Challenge",
)  # fmt: skip
# A person at an office whose mailbox is a list answers through it.
OF_A_LIST: Final = ("X-Mailman-Version", "X-BeenThere", "List-Id", "List-Post")


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_SUBJECT: Final = _any(
    r"\bauto(?:mat(?:ic|ed))?[- ]?(?:re(?:ply|sponse|sponder)|answer|confirmation|acknowledg)",
    r"\bout[- ]of[- ](?:the[- ])?office\b", r"\booo\b", r"\bvacation\b", r"\baway (?:from|message|notice|until)\b",
    r"\bon (?:annual |parental |maternity |medical )?leave\b",
    r"\backnowledg(?:e?ment of|ing) (?:your|receipt)", r"\bwe (?:have )?received your (?:e-?mail|message)",
    r"\bthank you for (?:contacting|writing|your (?:e-?mail|message))",
    r"respuesta autom[aá]tica", r"fuera de (?:la )?oficina", r"resposta autom[aá]tica", r"fora do escrit[oó]rio",
    r"aus[eê]n(?:cia|te)", r"r[eé]ponse automatique", r"absen(?:ce|t) d[ue] bureau", r"absent du", r"repons otomatik",
    r"otomatik", r"deyò biwo",
    r"tr[aả] l[oờ]i t[uự] đ[oộ]ng", r"thư trả lời tự động", r"vắng mặt", r"自动(?:回复|答复|回覆|应答)",
    r"自動(?:回覆|回復|答覆|回應|応答|返信)", r"不在(?:办公室|辦公室|通知)?", r"休假",
    r"외출|부재중|자동 ?(?:회신|응답|답장)",
    r"رد تلقائي", r"الرد التلقائي", r"خارج المكتب", r"automatische (?:antwort|afwezigheid)", r"automatisch antwoord",
    r"abwesen(?:d|heit)", r"risposta automatica", r"fuori (?:sede|ufficio)", r"автоматическ", r"автоответ",
    r"отсутств", r"automatyczna odpowied", r"poza biurem", r"autosvar|automatiskt? svar", r"automaattinen vastaus",
    r"otomatik yan[i\u0131]t", r"αυτόματη απάντηση", r"automatická odpov",
)  # fmt: skip
_RECEIPT: Final = re.compile(
    r"\s*(?:read|not read|deleted|displayed|recall|message recall|return receipt|le[ií]d[oa]|no le[ií]d[oa]"
    r"|lid[ao]|n[aã]o lid[ao]|lu|non lu|gelesen|ungelesen|letto|li|pa li|đã đọc|chưa đọc|已读|未读|已讀|未讀"
    r"|مقروءة?|غير مقروءة?|開封済み)\s*(?:\([^)]*\))?\s*[:\uff1a]",
    re.IGNORECASE,
)
_CHALLENGE: Final = _any(
    r"\b(?:confirm|verify|validate|prove)\b.{0,60}\b(?:you are|you're|your (?:message|e-?mail|address|identity)"
    r"|sender|human|legitimate)\b", r"\bplease confirm\b",
    r"\b(?:message|e-?mail|mail)\b.{0,60}\b(?:waits?|held|quarantined?|is waiting|will be (?:held"
    r"|delivered))\b.{0,80}\b(?:until|after|once|click|pending)\b",
    r"\bclick\b.{0,60}\bto (?:deliver|release|complete|approve|verify|prove)", r"\bchallenge[- ]response\b",
    r"\bsender (?:verification|authentication|authorization) (?:required|request)",
    r"\b(?:boxbe|spam ?arrest|sender base|tmda)\b", r"\bapproved senders?\b", r"\bguest list\b",
    r"\banti-?spam\b", r"\b(?:clique|cliquez|haga clic|pulse|klicken sie)\b",
    r"confirm[ae] (?:que|su|seu|tu|o seu)\b", r"veuillez confirmer", r"请(?:点击|确认)",
    r"vui lòng (?:xác nhận|nhấp)", r"tanpri konfime", r"(?:يرجى|الرجاء) (?:تأكيد|النقر)",
)  # fmt: skip
_MODERATION: Final = _any(
    r"\b(?:await|pending|waiting for|needs?|requires?|held for|holding for)\w* (?:the )?(?:moderat\w+"
    r"|list owner\W*s?|group owner\W*s?|approval|review)", r"\bmoderator (?:approval|review)",
    r"\bpost by (?:a )?non-?member", r"\bis being held until\b", r"\bmessage to \S+ (?:awaits|waits)",
)  # fmt: skip
_AWAY: Final = _any(
    r"\bi(?:'m| am|\u2019m| will be| shall be|'ll be)(?: currently| now| presently)? (?:away|out of"
    r"|on (?:\w+ )?(?:leave|vacation|holiday|travel)|travell?ing|not in the office|out until|unavailable)",
    r"\b(?:office|we) (?:is|are|will be)(?: currently)? closed\b", r"\bno longer (?:work|employed|with)\b",
    r"\b(?:has|have) left (?:the|this|our)\b",
    r"\bthis is an? (?:automat(?:ed|ic)|auto)[- ](?:generated )?(?:re(?:ply|sponse)|message|e-?mail|acknowledg)",
    r"\bautomat(?:ed|ic)(?:ally)?[- ](?:generated )?(?:re(?:ply|sponse)|message)\b",
    r"\bdo not (?:reply|respond) to this\b",
    r"\bthank you for (?:contacting|writing to) (?:the )?(?:office|representative|senator)",
    r"\b(?:high|large) volume of (?:e-?mail|mail|messages|correspondence)",
    r"\b(?:estoy|estar[eé]|me encuentro) (?:fuera|ausente|de vacaciones|de licencia)",
    r"\b(?:estou|estarei|encontro-me) (?:fora|ausente|de f[eé]rias|de licen[cç]a)",
    r"\bje (?:suis|serai) (?:absent|en cong[eé]|en vacances|hors)",
    r"\bm(?:wen|ap)? (?:pa la|deyò|an vakans|an konje)",
    r"\btôi (?:vắng mặt|đang (?:nghỉ|đi)|sẽ (?:vắng|nghỉ)|không có mặt)",
    r"我(?:目前|现在|現在|正在|将|將)?(?:不在|休假|外出|出差)", r"(?:أنا|سأكون|إنني) (?:خارج|في إجازة|غائب)",
    r"\bich bin (?:derzeit |zurzeit |bis )?(?:abwesend|nicht im|im urlaub|au(?:ß|ss)er haus)",
    r"\bsono (?:assente|fuori|in ferie)",
)  # fmt: skip


_ABOUT: Final = re.compile(
    r"(?:^|[\s\[(])(?:re|fwd?|aw|wg|sv|vs|rv|res|enc|tr|回复|答复|回覆|رد)\s*[:\uff1a]", re.IGNORECASE
)
_QUOTED: Final = re.compile(
    r"^[ \t]*(?:>|-{3,}|_{5,}|(?:on|le|el|em|am) .{5,120}(?:wrote|écrit|escribió|escreveu|schrieb)\W*$)",
    re.IGNORECASE | re.MULTILINE,
)


def describe_automatic(message: Message, subject: str, text: str) -> str:
    """What wrote this by itself, or "" if a person may have. text: the human-readable part, without what it quotes."""
    subject = _ABOUT.split(subject)[0]  # what is replied to is the letter's own subject
    note = _QUOTED.split(text)[0].strip()
    note = note if len(note) <= NOTE_MAX else ""
    local = parseaddr(str(message.get("From", "")))[1].rpartition("@")[0].lower()
    if _RECEIPT.match(subject):
        return "a read receipt"
    if _MODERATION.search(subject) or _MODERATION.search(note):
        return "a mailing list's note"
    machine = MACHINES.fullmatch(local) is not None
    if _CHALLENGE.search(subject) or (_CHALLENGE.search(note) and (machine or "http" in note)):
        return "a challenge"
    if _is_marked(message) or machine or _SUBJECT.search(subject) or _AWAY.search(note):
        return "an automatic reply"
    return ""


def _is_marked(message: Message) -> bool:
    submitted = re.split(r"[;(\s]", str(message.get("Auto-Submitted", "no")).strip().lower())[0]
    precedence = str(message.get("Precedence", "")).strip().lower()
    answers = "In-Reply-To" in message or "References" in message
    return (
        submitted not in {"", "no"}
        or precedence in {"auto_reply", "auto-reply", "bulk", "junk"}
        or str(message.get("Return-Path", "")).strip() == "<>"
        or "all" in str(message.get("X-Auto-Response-Suppress", "")).lower()
        or any(name in message for name in SAYS_SO)
        or (not answers and (precedence == "list" or any(name in message for name in OF_A_LIST)))
    )
