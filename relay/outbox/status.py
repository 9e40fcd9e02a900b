"""The life of a letter: its states, and the only ways from one to another.

held ──▶ queued ──▶ sending ──▶ sent ──▶ bounced
  │ ◀──────┤  ▲       │ └────▶ failed ──▶ queued | held | cancelled (an operator)
  │        │  └───────┘ (try later, or the lease ran out)
  └────────┴──▶ cancelled | expired
"""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

State: TypeAlias = Literal["held", "queued", "sending", "sent", "failed", "cancelled", "expired", "bounced"]

TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    "held": frozenset({"queued", "failed", "cancelled", "expired"}),
    "queued": frozenset({"sending", "held", "cancelled", "expired"}),
    "sending": frozenset({"sent", "failed", "queued"}),
    "sent": frozenset({"bounced"}),
    "failed": frozenset({"queued", "held", "cancelled"}),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "bounced": frozenset(),
}
SETTLED: Final[frozenset[State]] = frozenset({"sent", "failed", "cancelled", "expired", "bounced"})
