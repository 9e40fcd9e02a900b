"""What a form says: the text of each of a campaign's letters, and what is wrong with those that are sent."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

from relay.letters import Thanks
from relay.letters.addressees import Addressee
from relay.letters.wording import add_reason
from theme.faults import Fault
from theme.manifest import Campaign
from theme.placeholders import find_brackets
from theme.stances import LetterName

# Subject and message of each letter, with placeholders.
Words: TypeAlias = Mapping[LetterName, tuple[str, str]]

_FIELDS: Final[Mapping[str, LetterName]] = {
    "subject": "ask", "message": "ask", "thanks_subject": "thanks", "thanks_message": "thanks",
}  # fmt: skip


def list_letters(campaign: Campaign, to: Sequence[Addressee] | None) -> frozenset[LetterName]:
    """Those that are sent, or may be as long as it is unknown to whom."""
    if to:
        return frozenset(addressee.letter for addressee in to)
    return frozenset(("ask", "thanks")) if campaign.has_thanks else frozenset(("ask",))


def keep_relevant(faults: Sequence[Fault], letters: Collection[LetterName]) -> tuple[Fault, ...]:
    """Without those in a letter that nobody gets."""
    return tuple(fault for fault in faults if _FIELDS.get(fault.field, "") in ("", *letters))


def read_words(campaign: Campaign, values: Mapping[str, str]) -> Words:
    """As typed, or else the campaign's own; the writer's reason comes first in both letters."""
    text, reason = campaign.text(campaign.language), values.get("reason", "")
    ask = values.get("subject") or text.subject, values.get("message") or text.message
    thanks = values.get("thanks_subject") or text.thanks_subject, values.get("thanks_message") or text.thanks
    return {"ask": (ask[0], add_reason(ask[1], reason)), "thanks": (thanks[0], add_reason(thanks[1], reason))}


def divide(words: Words, to: Sequence[Addressee]) -> tuple[tuple[str, str], Thanks | None]:
    """What all read, or all but those who are thanked; and what these read if that is not the same."""
    thanked = tuple(addressee.full_name for addressee in to if addressee.letter == "thanks")
    if len(thanked) == len(to):
        return words["thanks"], None
    return words["ask"], Thanks(*words["thanks"], thanked) if thanked else None


def check_brackets(campaign: Campaign, values: Mapping[str, str]) -> tuple[Fault, ...]:
    """Words that the letters' templates ask for, and nobody fills in. Asked once: the writer may mean them."""
    if values.get("brackets"):
        return ()
    text = campaign.text(campaign.language)
    written = {
        "reason": values.get("reason", ""),
        "subject": values.get("subject") or text.subject,
        "message": values.get("message") or text.message,
        "thanks_subject": values.get("thanks_subject") or text.thanks_subject,
        "thanks_message": values.get("thanks_message") or text.thanks,
    }
    return tuple(Fault(name, "brackets") for name, words in written.items() if find_brackets(words))
