"""The outbox: a durable queue of letters.

protocols       what it promises, by who relies on it: Intake, Queue, Seats, Administration, Backups,
                Statistics
records, listings, status, throttle, retry_schedule: what goes in and out, a letter's life, when it is sent
intake, retries, consent, queue, policy_blocks, suppressions, bounces, alerts, seats, administration, retention,
receipts, statistics, participants, members, desk, tallies, snapshot, mailbox_erasure: the queries, each written once
for every store
sql             what the queries need of a database
store           which query keeps which promise; `sqlite` and `postgres` run them
"""

from relay.outbox.listings import (
    Attempt,
    Burst,
    CampaignSeat,
    DayFigures,
    DeskFigures,
    DomainFigures,
    Figures,
    HeldFor,
    Holder,
    LetterFilter,
    LetterLine,
    Member,
    MemberStatus,
    OfficeFigures,
    PendingRecipient,
    Suppression,
    Waiting,
    WaitingGroup,
)
from relay.outbox.mailbox_erasure import Erasure
from relay.outbox.protocols import Administration, Backups, Desk, Intake, Lists, Outbox, Queue, Seats, Statistics
from relay.outbox.records import (
    CONFIRM_WITHIN,
    OFFICES,
    Accepted,
    Claim,
    Confirmation,
    Participant,
    Receipt,
    ReceiptLetter,
    Recipient,
    SubmissionStatus,
)
from relay.outbox.snapshot import Restored
from relay.outbox.status import SETTLED, TRANSITIONS, LetterStatus
from relay.outbox.throttle import Pause, Scope, Throttle

__all__ = [
    "CONFIRM_WITHIN", "OFFICES", "SETTLED", "TRANSITIONS", "Accepted", "Administration", "Attempt", "Backups",
    "Burst", "CampaignSeat", "Claim", "Confirmation", "DayFigures", "Desk", "DeskFigures", "DomainFigures", "Erasure",
    "Figures",
    "HeldFor", "Holder", "Intake", "LetterFilter", "LetterLine", "LetterStatus", "Lists", "Member", "MemberStatus",
    "OfficeFigures", "Outbox", "Participant", "Pause", "PendingRecipient", "Queue", "Receipt", "ReceiptLetter",
    "Recipient", "Restored", "Scope", "Seats", "Statistics", "SubmissionStatus", "Suppression", "Throttle", "Waiting",
    "WaitingGroup",
]  # fmt: skip
