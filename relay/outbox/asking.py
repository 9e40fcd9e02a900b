"""Until when a letter waits for its writer's yes: for CONFIRM_WITHIN from the mail that asks, and CEILING at most.

The mail may have to wait: for its mailbox's turn, for everybody's, for a campaign that is stopped, for a mail server.
Counted from the post, the letter would be dropped before anybody was asked.
"""

from datetime import datetime
from typing import Final

from relay.outbox.records import CEILING, CONFIRM_WITHIN
from relay.outbox.timestamps import stamp

MAIL: Final = "FROM letters AS asking WHERE asking.submission = submissions.id AND asking.kind = 'confirmation'"
# Of a submission: whether its time is over. $1, $2: as `limits` returns them. Without such a mail, as for a mailbox
# that is never written to, the time runs from the post.
IS_OVER: Final = (
    "(submissions.accepted_at <= $2 OR (submissions.accepted_at <= $1 AND NOT EXISTS"
    f" (SELECT 1 {MAIL} AND (asking.status IN ('queued', 'sending') OR asking.changed_at > $1))))"
)
# When it began: when the mail was sent, or given up.
ASKED_AT: Final = f"coalesce((SELECT max(asking.changed_at) {MAIL}), submissions.accepted_at)"


def limits(now: datetime) -> tuple[int, int]:
    """$1 and $2 of IS_OVER."""
    return stamp(now - CONFIRM_WITHIN), stamp(now - CEILING)
