"""Blanks that nobody fills in: placeholders of mail merge programs and of people, in any brackets and language, and
which of ours is meant."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import category, normalize

from theme.placeholders import PLACEHOLDERS

NAME: Final = "[First Name] [Last Name]"
# Words by what is meant, without regard to case, accents and punctuation. In English and in the languages of the pages.
_WORDS: Final = {
    NAME: "name|full name|fullname|complete name|name here|signature|sign here|signed|name and signature|nombre"
    "|nombre completo|nombre y apellido|nombre y apellidos|firma|nome|nome completo|assinatura|non|non konple|siyati ou"
    "|ten|ho ten|ho va ten|ten day du|姓名|名字|您的姓名|你的姓名|您的名字|你的名字|签名"
    "|اسم|الاسم|اسمك|الاسم الكامل|اسمك الكامل|constituent|constituent name|sender|writer|supporter",
    "[First Name]": "first name|firstname|fname|first|given name|forename|preferred name|primer nombre|primeiro nome"
    "|prenon|ten goi|名|الاسم الأول|اسمك الأول",
    "[Last Name]": "last name|lastname|lname|last|surname|family name|apellido|apellidos|sobrenome|siyati|ho|姓|姓氏"
    "|اسم العائلة|الكنية|اللقب",
    "[Your Address]": "address|street|street address|address line|address line one|address 1|address1|mailing address"
    "|home address|full address|postal address|address here|direccion|domicilio|calle|direccion postal|endereco|rua"
    "|endereco completo|adres|adres ou|dia chi|地址|您的地址|你的地址|住址|عنوان|العنوان|عنوانك"
    "|city state zip|city state|city zip|zip|zip code|zipcode|zip5|postal code|codigo postal|cep"
    "|kod postal|ma buu dien|邮编|邮政编码|الرمز البريدي",
    "[Legislator]": "legislator|legislators|legislator name|legislator last name|name of legislator|legislators name"
    "|senator|senator name|senators name|state senator|representative|representative name|state representative|rep"
    "|rep name|sen|senator representative|representative senator|lawmaker|lawmaker name|official|official name"
    "|elected official|decision maker|recipient|recipient name|target|salutation|honorific|greeting|dear|title"
    "|title and name|assemblymember|assembly member|delegate|senador|senadora|representante|legislador|legisladora"
    "|diputado|diputada|deputado|deputada|saludo|saudacao|senate|reprezantan|lejislate|thuong nghi si|dan bieu"
    "|nha lap phap|参议员|众议员|议员|立法者|عضو مجلس الشيوخ|النائب|المشرع|السيناتور",
    "[District]": "district|district name|district number|legislative district|senate district|house district|distrito"
    "|distri|khu vuc|khu vuc bau cu|选区|دائرة|الدائرة|دائرتك",
    "[Town]": "town|city|city town|town city|city or town|municipality|community|hometown|home town|town name|city name"
    "|neighborhood|village|ciudad|pueblo|municipio|localidad|comunidad|cidade|municipio|vil|vil ou|komin|thanh pho"
    "|thi tran|城市|城镇|您的城市|市|镇|مدينة|المدينة|مدينتك|بلدة|بلدتك",
    "[Email]": "email|e mail|email address|e mail address|mail|correo|correo electronico|email ou|imel|email cua ban|"
    "电子邮件|邮箱|电邮|بريد|البريد الإلكتروني|بريدك الإلكتروني",
    "": "phone|phone number|telephone|cell|mobile|telefono|telefone|telefon|so dien thoai|电话|الهاتف"
    "|state|county|country|date|today|todays date|fecha|data|日期|التاريخ|organization|organisation"
    "|org|company|school|school name|church"
    "|employer|age|occupation|job|profession|personal story|story|personal message|personal reason|reason|reasons"
    "|why|why this matters|why it matters|message|comment|comments|pronouns|issue|bill|bill number|bill name|number"
    "|insert|fill in|fill in the blank|text|your text|su historia|historia|tu historia|istwa|tbd|todo|xx|xxx|xxxx",
}
_FILLER: Final = (
    "your", "my", "the", "insert", "enter", "add", "type", "put", "fill", "in", "here", "contact", "user", "subscriber",
    "member", "merge", "recipient", "constituent", "supporter", "person", "sender", "su", "sus", "tu", "tus", "mi",
    "el", "la", "inserte", "inserta", "escriba", "seu", "sua", "o", "a", "insira", "ou", "an", "cua", "ban",
    "nhap", "您的", "你的",
)  # fmt: skip

# What a merge program fills in, whatever the word: nobody writes these for anything else.
_MERGE: Final = (
    r"\{\{\{?\s*[^{}\n]{1,60}?\s*\}\}\}?", r"\{%[^%\n]{1,60}%\}", r"\*\|[^|\n]{1,60}\|\*", r"\$\{[^{}\n]{1,60}\}",
    r"<<\s*[^<>\n]{1,60}?\s*>>", r"\[\[\s*[^\[\]\n]{1,60}?\s*\]\]", r"\{![^{}\n]{1,60}\}", r"<%[^%\n]{1,60}%>",
    r"%%[^%\n]{1,60}?%%", r"%[A-Za-z][A-Za-z0-9_.]*[A-Za-z0-9]%", r"@@[^@\s]{1,40}@@", r"##[^#\s]{1,40}##",
    r"\{\$[^{}\n]{1,60}\}", r"%[A-Za-z][\w.]*\|[^%\n]{0,40}%", r"\$\([A-Za-z_.]{1,40}\)", r"\|\*[^*\n]{1,60}\*\|",
)  # fmt: skip
# What may be something else, too: only with a word that we know.
_BRACKETED: Final = (
    r"\{\s*([^{}\n]{1,60}?)\s*\}",
    r"<\s*([^<>\n/@:=]{1,60}?)\s*>",
    r"[\(\uff08]\s*([^()\uff08\uff09\n]{1,60}?)\s*[\)\uff09]",
    r"[\u00ab\u2039]\s*([^\u00ab\u00bb\u2039\u203a\n]{1,60}?)\s*[\u00bb\u203a]",
    r"[\u3010\u3014\uff3b\u300c\u3016]\s*([^\n]{1,60}?)\s*[\u3011\u3015\uff3d\u300d\u3017]",
    r"(?<![\w#])#([A-Za-z][\w ]{1,30})#", r"(?<![\w_])__?([A-Za-z][A-Za-z ]{1,30}?)__?(?![\w_])",
    r"(?<![\w@~|:])[@~|:]([A-Za-z][\w ]{1,30})[@~|:](?![\w@~|:])",
    r"(?<![\w%])%\s?([A-Za-z][A-Za-z ]{1,30}?)\s?%", r"(?<![\w$])\$([A-Za-z][A-Za-z_]{1,30})\b",
)  # fmt: skip
_LINES: Final = r"_{4,}|\u2026{3,}|\.{6,}|(?<!\w)[xX]{4,12}(?!\w)"  # _____ and ......
_ANY: Final = re.compile(
    "|".join([*(f"(?P<merge{index}>{form})" for index, form in enumerate(_MERGE)), f"(?P<line>{_LINES})"])
)
_MAYBE: Final = tuple(re.compile(form) for form in _BRACKETED)
# A sign of each form, to look for first: most lines have none.
_OPENS: Final = re.compile(r"[{*$<\[%@#|_\u2026]|\.{6}|[xX]{4}")
_OPENERS: Final = ("{", "<", "(\uff08", "\u00ab\u2039", "\u3010\u3014\uff3b\u300c\u3016", "#", "_", "@~|:", "%", "$")
# Without any brackets, as people type them who mean to fill them in by hand.
_BARE: Final = (
    re.compile(r"(?<![\w\[({<])([A-Z][A-Z'\u2019]+(?:[ ,]+[A-Z][A-Z'\u2019]+){1,6})(?![\w\])}>])"),
    re.compile(r"(?<![\w\[({<])((?:[Ii]nsert|[Yy]our|[Ee]nter|[Tt]ype) (?:[\w']+ ){1,4}[Hh]ere)\b"),
    re.compile(r"(?<![\w\[({<])((?:(?:First|Last|Your|Full) Name[ ,]*)+|(?:Your|Street|Home) Address)(?![\w\])}>])"),
)
_ASKS: Final = {"your", "insert", "enter", "type", "fill", "add"}  # how such a blank begins, or it ends with "here"
_SQUARE: Final = re.compile(r"\[([^\[\]\n]*)\]")
_PAIRS: Final = re.compile(r"\[?\[[^\[\]\n]*\]\]?")
# Words that say enough in brackets, whatever stands beside them; the first that fits.
_SIGNS: Final = {
    "[Legislator]": {
        "sen",
        "senator",
        "rep",
        "representative",
        "legislator",
        "senador",
        "senadora",
        "deputado",
        "diputado",
    },
    "[Your Address]": {"address", "street", "zip", "direccion", "endereco", "adresse", "adres"},
    NAME: {"name", "nombre", "nome", "nom", "non", "ten", "nachname", "vorname", "nombres", "signature"},
    "[Town]": {"town", "city", "ciudad", "cidade", "ville", "stadt"},
    "": {"insert", "story", "date", "phone", "organization", "your"},
}
LEFT: Final = re.compile(r"\b(?:TODO|TBD|FIXME|XXX|[Ll]orem ipsum)\b")  # what people mean to do before they publish
_PERSONAL: Final = {NAME, "[First Name]", "[Last Name]", "[Your Address]", "[Email]"}


@dataclass(frozen=True, slots=True)
class Blank:
    """A placeholder that is none of ours."""

    start: int
    end: int
    text: str
    meant: str | None  # ours, to write instead; "": nothing fills that in; None: unknown
    sure: bool = True  # False: somebody may mean it

    @property
    def remedy(self) -> str:
        if self.meant:
            return f"write {self.meant}"
        if self.meant == "":
            return "nothing fills that in: write it out, or leave it out"
        return f"use one of {', '.join(f'[{word}]' for word in PLACEHOLDERS)}, or write it out"


def find_meant(words: str) -> str | None:
    """Which of our placeholders somebody means: "" for something that nothing fills in, None if unknown."""
    return _MEANT.get(_find_word(words))


def _find_word(words: str) -> str:
    """The words without what people put around them, like "insert your"; "" if they are none that we know."""
    folded = _fold(words)
    while folded not in _MEANT:
        first, _, rest = folded.partition(" ")
        before, _, last = folded.rpartition(" ")
        if first in _FILLER and rest:
            folded = rest
        elif last in _FILLER and before:
            folded = before
        else:
            return ""
    return folded


def guess_meant(words: str) -> str | None:
    """As `find_meant`, for words in brackets that hardly mean anything else: one of them is enough."""
    meant = find_meant(words)
    if meant is None:
        found = {form for word in _fold(words).split() for form in (word, word.removesuffix("s"))}
        meant = next((slot for slot, signs in _SIGNS.items() if found & signs), None)
    return meant


def find_blanks(text: str) -> Iterator[Blank]:
    """Other programs' placeholders, and people's, outside square brackets; in order."""
    found: list[Blank] = []
    for match in _ANY.finditer(text) if _OPENS.search(text) else ():
        inner = re.sub(r"^\W+|\W+$", "", match[0])
        meant = find_meant(inner.split("|")[0].split(".")[-1]) if match.lastgroup != "line" else ""
        found.append(Blank(match.start(), match.end(), match[0], meant))
    for opens, form in zip(_OPENERS, _MAYBE, strict=True):
        for match in form.finditer(text) if any(sign in text for sign in opens) else ():
            if any(match.start() < blank.end and blank.start < match.end() for blank in found):
                continue
            meant, words = find_meant(match[1]), match[1].strip()
            asks = _fold(words).split(" ")[0] in ("your", "insert", "enter", "su", "tu", "seu", "sua", "fill")
            plain = match[0][0] in "(\uff08_\u00ab\u300c" and words[:1].islower() and " " not in _find_word(words)
            if meant is None or (plain and not asks):
                continue
            round_one = match[0][0] in "(\uff08\u00ab\u300c"
            found.append(
                Blank(match.start(), match.end(), match[0], meant, not round_one or asks or meant in _PERSONAL)
            )
    found += list(_find_bare(text, found))
    return iter(sorted(found, key=lambda blank: blank.start))


def _find_bare(text: str, found: Sequence[Blank]) -> Iterator[Blank]:
    """`YOUR NAME HERE`, `Insert your name here`, `First Name Last Name`: sure, if nothing else is on the line."""
    seen = [range(blank.start, blank.end) for blank in found]
    bare = _PAIRS.sub(lambda match: "\0" * len(match[0]), text)
    for form in _BARE:
        for match in form.finditer(bare):
            words = match[1].strip(" ,")
            parts = _fold(words).split()
            asks = parts[0] in _ASKS or parts[-1] == "here" or form is _BARE[-1]
            if not asks or any(match.start() in covered for covered in seen):
                continue
            meant = NAME if set(parts) == {"first", "last", "name"} else find_meant(words)
            if meant is None:
                continue
            seen.append(range(match.start(), match.end()))
            alone = text.strip(" ,.") == words
            sure = alone or words.isupper() or len(parts) > 3
            yield Blank(match.start(), match.start() + len(words), words, meant, sure)


def find_square(text: str) -> Iterator[Blank]:
    """Words in square brackets that are no placeholder of ours. Figures, like a footnote's [1], are none."""
    for match in _SQUARE.finditer(text):
        if match[1] not in PLACEHOLDERS and not match[1].strip().isdigit():
            yield Blank(match.start(), match.end(), match[0], guess_meant(match[1]))


def find_half(text: str) -> Iterator[Blank]:
    """Placeholders with one bracket: "[First Name", "Last Name]"."""
    bare = _PAIRS.sub(lambda match: "\0" * len(match[0]), text)
    for match in re.finditer(r"[\[\]]", bare):
        after = bare[match.end() :] if match[0] == "[" else ""
        before = bare[: match.start()] if match[0] == "]" else ""
        words = re.split(r"[\0,.;:!?]", after)[0] if after else re.split(r"[\0,.;:!?]", before)[-1]
        near = _find_near(words, from_start=match[0] == "[")
        yield Blank(
            match.start(), match.end(), match[0] + near if match[0] == "[" else near + match[0], find_meant(near)
        )


def _find_near(words: str, *, from_start: bool) -> str:
    """The placeholder's words next to a lonely bracket."""
    parts = words.split()
    for size in (3, 2, 1):
        near = " ".join(parts[:size] if from_start else parts[-size:])
        if near and find_meant(near):
            return near
    return " ".join(parts[:2] if from_start else parts[-2:])


def _fold(words: str) -> str:
    """Lower case without accents, camelCase and punctuation taken apart."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words)
    plain = "".join(char for char in normalize("NFKD", words.casefold()) if category(char) != "Mn")
    plain = re.sub("['\u2019]", "", plain.replace("\u0111", "d"))
    return " ".join(re.findall(r"[^\W_]+", plain))


_MEANT: Final = {_fold(word): slot for slot, words in _WORDS.items() for word in words.split("|")}
