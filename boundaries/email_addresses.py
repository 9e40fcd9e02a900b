"""What an e-mail address is: one grammar for rosters, campaign files, settings, forms and mail, by email-validator.

A domain is kept in ASCII, by IDNA 2008 (RFC 5891): straße.example is xn--strae-oqa.example, not strasse.example.
"""

import html
import re
import unicodedata
from typing import Final

import idna
from email_validator import EmailNotValidError, validate_email

_DOMAIN: Final = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# Scripts that are written together, as the names of their characters begin. All others stand alone in a label, or
# mahouse.gov with a Cyrillic letter would pass for the real one (Unicode TS 39 section 5.2, "highly restrictive").
_EAST_ASIAN: Final = {"LATIN", "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO"}
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4`", "'"))
_IN_BRACKETS: Final = re.compile(r"<([^<>]*@[^<>]*)>")
_MAILTO: Final = re.compile(r"mailto:(//)?\s*", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s,;|/<>()\[\]\"]+")


def parse_email(text: str, *, smtputf8: bool = False) -> str:
    """The address, with its domain in lower-case ASCII. No quoted local part, no address literal.

    smtputf8: whether the local part may be non-ASCII (RFC 6531).
    Raises ValueError, saying what is wrong. Its text may quote parts of the address.
    """
    try:
        # strict: the length limits of RFC 5321 section 4.5.3.1.
        address = validate_email(text, check_deliverability=False, allow_smtputf8=smtputf8, strict=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    _check_scripts(address.ascii_domain)
    return address.ascii_email or f"{address.local_part}@{address.ascii_domain}"


def parse_domain(text: str) -> str:
    """A domain in lower-case ASCII, as `parse_email` writes it. Raises ValueError."""
    domain = text.lower()
    if not text.isascii() or "xn--" in domain:
        try:
            domain = idna.encode(text, uts46=True, std3_rules=True).decode()
        except idna.IDNAError as error:
            raise ValueError(f"{text!r} is not a domain: {error}") from None
        _check_scripts(domain)
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"{text!r} is not a domain like campaign.example")
    return domain


def find_domain(address: str) -> str:
    """The domain of an address, in lower-case ASCII: what is allowed, throttled, paused and looked up. Never fails;
    what is no domain only gets lower case."""
    domain = address.rpartition("@")[2]
    try:
        return domain.lower() if domain.isascii() else parse_domain(domain)
    except ValueError:
        return domain.lower()


def suggest_emails(text: str) -> list[str]:
    """The addresses that somebody probably meant by a text that is none: what a web page, a spreadsheet or an address
    book put around them is left out. Nothing inside an address is guessed."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).translate(_APOSTROPHES)
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    text = _MAILTO.sub("", text)
    parts = _IN_BRACKETS.findall(text) or [part for part in _BETWEEN.split(text) if part]
    if not parts or "@" not in parts[0]:  # "mary smith@example.org" may be one address with a space in it
        return []
    found: dict[str, str] = {}
    for part in parts:
        try:
            address = parse_email(part.partition("?")[0].strip(" .,:'*"))
        except ValueError:
            continue
        found.setdefault(address.lower(), address)
    return list(found.values())


def find_mailbox(address: str) -> str:
    """What the ways to write to one mailbox have in common: its domain in ASCII, lower case, no tag after a plus (RFC
    5233), which most services ignore. Raises ValueError as parse_email."""
    local_part, _, domain = parse_email(address).lower().rpartition("@")
    return f"{local_part.partition('+')[0] or local_part}@{domain}"


def show_email(address: str) -> str:
    """As its owner writes it: an international domain in its own script. Unchanged if it is not an address."""
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return address


def is_email(text: str, *, smtputf8: bool = False) -> bool:
    """smtputf8: as `parse_email`."""
    try:
        parse_email(text, smtputf8=smtputf8)
    except ValueError:
        return False
    return True


def _check_scripts(domain: str) -> None:
    """ValueError if a label mixes scripts that nobody writes together. domain: in ASCII, valid."""
    for label in domain.split(".") if "xn--" in domain else ():
        letters = [letter for letter in idna.ulabel(label) if letter.isalpha()]
        scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
        if len(scripts) > 1 and not scripts <= _EAST_ASIAN:
            raise ValueError("The part after the @-sign mixes letters of two scripts, some of which only look alike.")
