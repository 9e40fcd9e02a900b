"""The durable queue of letters.

protocols       what it promises to whom: Intake, Queue, Seats, Administration, Statistics; `Outbox` is all of them
records, oversight, states, pacing: what it is asked and answers, the life of a letter, how fast letters go
intake, queue, refusals, seats, administration, retention, receipts, statistics: the queries, each once for all stores
connection      what the queries ask of a database
store           which query answers which promise; `sqlite` and `postgres` run them
"""

from relay.outbox.listings import Attempt, Figures, Holder, LetterLine, Query, Seat, Suspect, Waits, Written
from relay.outbox.protocols import Administration, Intake, Outbox, Queue, Seats, Statistics
from relay.outbox.records import OFFICES, Accepted, Claim, Participant, Receipt, ReceiptLetter, Standing
from relay.outbox.status import SETTLED, TRANSITIONS, State
from relay.outbox.throttle import Pace, Pause, Scope

__all__ = [
    "OFFICES", "SETTLED", "TRANSITIONS", "Accepted", "Administration", "Attempt", "Claim", "Figures", "Holder",
    "Intake", "LetterLine", "Outbox", "Pace", "Participant", "Pause", "Query", "Queue", "Receipt", "ReceiptLetter",
    "Scope", "Seat", "Seats", "Standing", "State", "Statistics", "Suspect", "Waits", "Written",
]  # fmt: skip
