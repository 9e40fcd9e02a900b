"""What became of a letter at the mail server, and what its replies mean (RFC 5321 section 4.2, RFC 3463)."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

ANSWER_MAX: Final = 500  # characters of the server's words that are kept
CLOSING: Final = 421  # RFC 5321 section 3.8: the server is closing the connection
# RFC 4954: authentication required or failed, encryption required; 503: bad sequence. None is about the letter.
OUR_FAULT: Final = {503, 530, 535, 538}
ENHANCED: Final = re.compile(r"\d{3}[ -]?([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 3463


@dataclass(frozen=True, slots=True)
class Sent:
    """The server accepted the message and is responsible for it now (RFC 5321 section 6.1)."""

    answer: str


# What blocklists and filters answer if they give no enhanced code, or an empty one (5.0.0).
POLICY: Final = re.compile(
    r"\b(block(ed|list|listed)?|black-?list(ed)?|deny-?list(ed)?|spam\w*|polic(y|ies)|reputation|rbl|dnsbl|banned|abuse)\b",
    re.IGNORECASE,
)
NO_SUCH_USER: Final = re.compile(
    r"\b(user unknown|unknown user|no such (user|mailbox|recipient)"
    r"|(user|mailbox|recipient) (not found|does not exist))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will never accept it."""

    code: int
    enhanced: str  # RFC 3463, such as "5.1.1", or ""
    answer: str

    @property
    def is_policy(self) -> bool:
        """Whether it is about the sender or the content (RFC 3463 section 3.8), not about the address."""
        if self.enhanced and not self.enhanced.startswith("5.0."):
            return self.enhanced.startswith("5.7.")
        return self.code == 571 or POLICY.search(self.answer) is not None

    @property
    def is_no_address(self) -> bool:
        """Whether there is no such mailbox (RFC 3463 section 3.2)."""
        if self.enhanced and not self.enhanced.startswith("5.0."):
            return self.enhanced in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")
        return NO_SUCH_USER.search(self.answer) is not None


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not now."""

    code: int  # 0 if no server answered
    enhanced: str
    answer: str


Outcome: TypeAlias = Sent | Refused | TryLater


def classify(code: int, answer: str) -> Refused | TryLater:
    """What a negative reply says about the letter. answer: on one line, starting with its code."""
    enhanced = ENHANCED.match(answer)
    kind = Refused if 500 <= code <= 599 and code not in OUR_FAULT else TryLater
    return kind(code, enhanced[1] if enhanced else "", answer[:ANSWER_MAX])


def defer(code: int, answer: str) -> TryLater:
    """As `classify`, for a reply that is not about the letter, whatever its code."""
    outcome = classify(code, answer)
    return TryLater(outcome.code, outcome.enhanced, outcome.answer)
