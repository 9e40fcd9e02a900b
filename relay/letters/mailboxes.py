"""Mailboxes as providers see them, for limits only: two spellings of one mailbox stay two people."""

from typing import Final

from boundaries.email_addresses import find_mailbox

# Google delivers ana.silva@, a.na.silva@ and anasilva@ to one mailbox: https://support.google.com/mail/answer/7436150
IGNORE_DOTS: Final = frozenset({"gmail.com", "googlemail.com"})
# Providers with so many users that the name says nothing about one. Their own limits protect their mailboxes.
LARGE_PROVIDERS: Final = frozenset((
    "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "rocketmail.com", "aol.com", "outlook.com", "hotmail.com",
    "live.com", "msn.com", "icloud.com", "me.com", "mac.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net",
    "bellsouth.net", "cox.net", "charter.net", "rcn.com", "proton.me", "protonmail.com", "gmx.com", "gmx.net",
    "mail.com", "zoho.com", "fastmail.com", "yandex.com", "qq.com", "163.com", "126.com", "sina.com", "yahoo.com.br",
    "hotmail.com.br", "outlook.com.br", "uol.com.br", "bol.com.br", "terra.com.br", "yahoo.es", "hotmail.es",
    "yahoo.fr", "hotmail.fr", "yahoo.com.vn", "yahoo.com.mx", "yahoo.co.uk", "hotmail.co.uk",
))  # fmt: skip


def fold_mailbox(email: str) -> str:
    """As `find_mailbox`, and without dots where the provider ignores them."""
    try:
        local, _, domain = find_mailbox(email).rpartition("@")
    except ValueError:  # an earlier release took it
        return email.lower()
    if domain in IGNORE_DOTS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
