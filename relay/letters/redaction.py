"""What an organizer may read of a letter that is not sent yet: its words, without what would find its writer."""

import re
from typing import Final

HIDDEN: Final = "[…]"
_MAILBOX: Final = re.compile(r"\S+@\S+")
_NUMBERED: Final = re.compile(r"\+?\d[\d().\s-]{6,}\d")  # a telephone
# A house number before a name, as in "24 Beacon St": the rest of the line may be the address.
_STREET: Final = re.compile(r"\b\d{1,5}[A-Za-z]?(?:[ -]\d{1,3})?,? +[A-Z][\w.'\u2019-]+[^\n]*")


def redact(text: str, last_name: str, email: str, phone: str) -> str:
    """Without the writer's last name, e-mail address and telephone, and without what looks like any mailbox, telephone
    or street address: people sign by hand, too."""
    for known in (email, phone, last_name):
        if len(known) > 1:
            text = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    for pattern in (_MAILBOX, _NUMBERED, _STREET):
        text = pattern.sub(HIDDEN, text)
    return text
