"""What a letter's text says differently to each reader: placeholders, like `[First Name]`, and claims that the reader
represents the writer, which hold for the writer's own legislators only. `relay.letters.wording` fills in and adapts."""

import re
from collections.abc import Iterator
from typing import Final

PLACEHOLDERS: Final = ("First Name", "Last Name", "Your Address", "Legislator", "District", "Town", "Email")

_BRACKETS: Final = re.compile(r"\[([^\[\]\n]*[^\W\d_][^\[\]\n]*)\]")  # with a letter in them: a footnote's [1] is none

# What precedes a claim in its sentence, the claim, and what is true of any reader. Without the writer in the sentence,
# "your district" may well be the reader's own. A space stands for any white space.
_DISTRICT: Final = r"((?:own |state |house |senate |legislative |assembly )*)districts?\b"
_OFFICE: Final = r"(?:own )?(?:state )?(?:senator|rep(?:resentative)?|legislator|lawmaker|delegate|assembly ?\w+)\b"
_I: Final = r"\b(?:I|we|my|our|I['\u2019](?:m|ve)|as (?:an?|one|someone|somebody|residents|voters))\b"
_LIVE: Final = r"\b(?:live[sd]?|living|resid(?:e[sd]?|ing|ents?)|vot(?:e[sd]?|ing|ers?)|registered)\b"
_BE: Final = r"(?:\b(?:as|am|is|being|was|from|by) |['\u2019][ms] )"
_AT: Final = rf"(?: of yours| (?:of|in|from|within) your {_DISTRICT})?"
_LIVE_ES: Final = r"\b(?:vivo|vivimos|resido|residimos|voto|votamos)\b"
_LIVE_PT: Final = r"\b(?:moro|moramos|vivo|vivemos|resido|residimos|voto|votamos)\b"
_YOU_VI: Final = r"(?:quý vị|ông bà|ông|bà|ngài)"
_YOURS_VI: Final = rf"(?:khu vực|địa hạt|đơn vị|quận)(?: bầu cử)? của {_YOU_VI}"
_YOURS_ZH: Final = r"[您你贵貴]的?[选選][区區][内內里裡]?"
_YOURS_AR: Final = r"دائرت(?:كم|ك)(?: الانتخابية)?"
_RULES: Final = (
    # "I live in Chelsea, in your district, and …"
    ("", rf",? ?\((?:in|within) your {_DISTRICT}\)", ""),
    ("", rf", (?:(?:right|here|also) )*(?:in|within) your {_DISTRICT}(?= and\b| ?[,.;:!?]|\s*$)", ""),
    ("", rf" ?[\u2013\u2014] ?(?:in|within) your {_DISTRICT}(?: ?[\u2013\u2014] ?|(?=[,.;]))", " "),
    (r"\[Town\]$", rf",? (?:in|within) your {_DISTRICT}", ""),
    # "As your constituent, I …", "I am one of your constituents", "We are your constituents"
    ("", rf"(\b(?:as|we are|we['\u2019]re) )(?:all )?your ((?:[\w-]+ ){{0,3}})constituents\b{_AT}",
     r"\1\2residents of [Town]"),
    ("", rf"({_BE})(?:also )?(?:your|an?|one of your) ((?:[\w-]+ ){{0,3}})constituents?\b{_AT}(?! of)",
     r"\1a \2resident of [Town]"),
    # "I live on Elm St in your district", "I live in your district", "I teach in your district"
    (f"{_I}.*{_LIVE} (?:in|at|on|near)\\b", rf" (?:in|within|of|from) your {_DISTRICT}", ""),
    (f"{_I}.*{_LIVE}", rf"\b(in|within|of|from) your {_DISTRICT}", r"\1 [Town]"),
    (_I, rf"\b(in|within|of|from|across|through(?:out)?) your {_DISTRICT}", r"\1 my \2district"),
    # "As my senator, you …", "You represent me", "your service to our district"
    ("", rf"\b(as|you are|you['\u2019]re) my {_OFFICE}", r"\1 a legislator"),
    ("", r"\b(you represent) (?:me|us|my \w+|our \w+)\b", r"\1 the people of our state"),
    (r"\byour?\b", rf"\bour {_DISTRICT}", "our state"),
    # Spanish, Portuguese, Haitian Creole
    ("", r", en su distrito(?= y\b| ?[,.;:!?]|\s*$)", ""),
    (_LIVE_ES, r"\ben su distrito\b", "en [Town]"),
    ("", r"(\b(?:soy|somos|como) )(?:un[ao]? )?(?:de )?sus? (?:constituyente|elector[ae]?|votante|representad[ao])s?\b",
     r"\1residente de [Town]"),
    (r"\bsu servicio", r"\bnuestro distrito\b", "nuestro estado"),
    ("", r", (?:no|em) seu distrito(?= e\b| ?[,.;:!?]|\s*$)", ""),
    (_LIVE_PT, r"\b(?:no|em) seu distrito\b", "em [Town]"),
    ("", r"(\b(?:sou|somos|como) )(?:uma? )?(?:d[ao]s |de )?(?:seu|sua)s? (?:eleitor[ae]?|constituinte)s?\b",
     r"\1residente de [Town]"),
    (r"\bseu serviço", r"\bnosso distrito\b", "nosso estado"),
    ("", r", nan distri ou(?: an?\b)?(?= epi\b| ak\b| ?[,.;:!?]|\s*$)", ""),
    (r"\b(?:viv|rete|abite|vote)\b", r"\bnan distri ou(?: an?\b)?", "nan [Town]"),
    ("", r"(\b(?:mwen se|m se|nou se|antanke|kòm) )(?:yon )?(?:elektè|konstitiyan|sitwayen) ou(?: an?\b)?",
     r"\1yon rezidan [Town]"),
    (r"\bou\b", r"\bdistri nou an\b", "eta nou an"),
    # Vietnamese, Chinese, Arabic
    ("", rf", (?:trong|ở|tại|thuộc) {_YOURS_VI}", ""),
    (r"\b(?:sống|cư ngụ|ở)$", rf" (?:(?:trong|ở|tại) )?{_YOURS_VI}", " ở [Town]"),
    ("", rf"\bcử tri của {_YOU_VI}", "cư dân [Town]"),
    (r"quý vị|ông|bà", r"\bkhu vực(?: bầu cử)? của chúng tôi", "tiểu bang của chúng tôi"),
    ("", rf"{_YOURS_ZH}的 ?(?=\[Town\])", ""),
    (r"[您你]", r"我们的?选区|我們的?選區", "我们州"),
    ("", rf"[\uff0c,] ?就?(?:在|属于|屬於){_YOURS_ZH}", ""),
    (r"[住活居]在$", _YOURS_ZH, "[Town]"),
    ("", r"[您你]的?(?:[选選][区區]的?)?[选選]民", "[Town]的居民"),
    (r"(?:كم|ك)\b", r"لدائرتنا", "لولايتنا"),
    ("", rf"[،,] ?(?:في|ضمن) {_YOURS_AR}", ""),
    (r"(?:أعيش|أسكن|أقيم|نعيش|نسكن|نقيم)", rf"في {_YOURS_AR}", "في [Town]"),
    ("", r"(?:أحد|إحدى|من|أنا) ناخبي(?:كم|ك)", "من سكان [Town]"),
)  # fmt: skip


def _compile(pattern: str) -> re.Pattern[str]:
    # Few spaces at once, or a page of them would take seconds.
    return re.compile(pattern.replace(" ?", r"\s{0,9}").replace(" ", r"\s{1,9}"), re.IGNORECASE | re.DOTALL)


_CLAIMS: Final = tuple((_compile(before), _compile(claim), truth) for before, claim, truth in _RULES)
_SENTENCE: Final = 150  # characters before a claim that are looked at
_BREAK: Final = re.compile(r"[.!?]\s|[\u3002\uff01\uff1f\u061f]|\n\s*\n")
# "I do not live in your district" claims nothing.
_DENIAL: Final = re.compile(
    r"(?:\b(?:not|never|neither|nor|no longer|outside|if|no|nunca|fuera|não|fora|pa|không|ngoài|لا|لست|ليس)\b"
    r"|n['\u2019]t\b)(?:\W+\w+){0,3}\W*$|[不没沒]\w{0,4}$",
    re.IGNORECASE,
)


# A word that every claim has: most texts have none, and are not searched for each.
_CUE: Final = _compile(
    r"distri|constitu|konstitiyan|sitwayen|represent|\bmy (?:own|state|senat|rep|leg|law|del|ass)|ele(?:c|i)tor|elektè"
    r"|votante|khu vực|địa hạt|đơn vị|quận|cử tri|[选選區区]|دائرت|ناخب"
)
# Where one is meant that no rule knows, perhaps.
_PERHAPS: Final = _compile(
    r"\byours?\b.{0,40}\b(?:district|constituen\w+)|\bconstituents?\b|\bmy (?:senator|rep|legislator|delegate)"
    r"|distrito|\bdistri\b|khu vực|cử tri|[选選][区區民]|دائر[تة]|ناخب"
)


def find_brackets(text: str) -> list[str]:
    """Words in brackets that nobody fills in: a blank that the writer overlooked, or a misspelt placeholder."""
    return [words for words in _BRACKETS.findall(text) if words not in PLACEHOLDERS]


def find_claims(text: str) -> Iterator[tuple[int, str]]:
    """The words by which a text says that its reader represents the writer, with their position."""
    found = [match for before, claim, _ in _CLAIMS for match in claim.finditer(text) if _is_claim(match, before)]
    end = 0
    for match in sorted(found, key=lambda match: (match.start(), -match.end())):
        words = match[0].strip(" ,()\u2013\u2014\u060c\uff0c\n")
        if match.start() >= end:
            yield match.start() + match[0].index(words), words
        end = max(end, match.end())


def drop_claims(text: str) -> str:
    """A letter's text, with placeholders, for a reader who does not represent the writer: of such claims stays what is
    true. "I live in [Town], in your district" becomes "I live in [Town]". All other words stay."""
    if not _CUE.search(text):
        return text
    for before, claim, truth in _CLAIMS:
        text = claim.sub(lambda match: match.expand(truth) if _is_claim(match, before) else match[0], text)  # noqa: B023
    return text


def may_claim(text: str) -> bool:
    """Whether a text may, in words that `drop_claims` leaves, say that its reader represents the writer."""
    return bool(_PERHAPS.search(text))


def _is_claim(match: re.Match[str], before: re.Pattern[str]) -> bool:
    start = match.string[max(0, match.start() - _SENTENCE) : match.start()]
    start = _BREAK.split(start)[-1]
    return bool(before.search(start)) and not _DENIAL.search(start)
