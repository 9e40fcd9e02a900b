"""A letter's life: its statuses, and the only transitions between them.

held ──▶ queued ──▶ sending ──▶ sent ──▶ bounced ──▶ queued | held (as the next)
  │ ◀──────┤  ▲       │ └────▶ failed ──▶ queued | held | cancelled (by an operator, or held for a later trial)
  │        │  └───────┘ (put off, or the lease ran out)
  └────────┴──▶ cancelled | expired
"""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

LetterStatus: TypeAlias = Literal["held", "queued", "sending", "sent", "failed", "cancelled", "expired", "bounced"]

TRANSITIONS: Final[Mapping[LetterStatus, frozenset[LetterStatus]]] = {
    "held": frozenset({"queued", "failed", "cancelled", "expired"}),
    "queued": frozenset({"sending", "held", "cancelled", "expired"}),
    "sending": frozenset({"sent", "failed", "queued"}),
    "sent": frozenset({"bounced"}),
    "failed": frozenset({"queued", "held", "cancelled"}),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "bounced": frozenset({"queued", "held"}),
}
SETTLED: Final[frozenset[LetterStatus]] = frozenset({"sent", "failed", "cancelled", "expired", "bounced"})
