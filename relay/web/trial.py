"""A test from the desk: the letters of an invented person, to the organizer instead of the offices."""

from typing import Final

import msgspec

from boundaries.model import CHAMBERS, Pair
from boundaries.state import State
from relay.letters import Letter, Submission
from relay.letters.addressees import address_letters
from relay.letters.wording import Writer, write_letter
from relay.web.services import Services
from relay.web.words import read_words
from theme.manifest import Campaign

FIRST, LAST, TOWN, MAILBOX = "Ana", "Sample", "Sampletown", "ana@mail.example"
FOUND_BY: Final = "invented, as this letter's writer is"


def write_trial(services: Services, campaign: Campaign) -> list[Letter]:
    """Marked [TEST], as a draft's letters are, and in no count."""
    state = services.rosters.state_of(campaign)
    rehearsal = msgspec.structs.replace(campaign, status="draft")
    pair = _pick_pair(state)
    text = campaign.text(campaign.language)
    writer = Writer(FIRST, LAST, MAILBOX, "", TOWN, state.name, f"{TOWN}, {state.name}", pair)
    submission = Submission(
        id="", campaign=campaign.slug, language=campaign.language, first_name=FIRST, last_name=LAST, email=MAILBOX,
        phone="", town=TOWN, senate=pair.senate, house=pair.house, public_name=False, join_words="", gave_reason=False,
        own_words=False, subject=text.subject, message=text.message, repeat_key=b"", post_key=b"", mailbox_key=b"",
        folded_key=b"", receipt_token="", confirm_token="", accepted_at=services.now(),
    )  # fmt: skip
    words = read_words(campaign, {})
    return [
        write_letter(
            services.identifiers.letter(services.identifiers.submission()), submission, rehearsal, writer, to,
            words[to.letter], FOUND_BY, services.frame,
        )
        for to in address_letters(campaign, state, pair, services.rosters.outdated(state))
    ]  # fmt: skip


def _pick_pair(state: State) -> Pair:
    """Any district of each chamber."""
    first = {chamber: next((name for of, name in state.seats() if of == chamber), "") for chamber in CHAMBERS}
    return Pair(first["senate"], first["house"])
