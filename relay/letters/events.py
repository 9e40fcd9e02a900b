"""Events: what an organization's own program is told, as the outbox keeps them until it has heard.

Each is JSON, `{"type": …, "timestamp": …, "data": {…}}`, and goes to one URL (`relay.mail.webhook`). docs/webhooks.md
describes them all; nothing but `member.joined` names a person, who said yes to it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

from relay.letters import Letter, alert_id

EventType: TypeAlias = Literal[
    "member.joined", "member.left", "campaign.paused", "domain.paused", "address.suppressed", "letters.burst"
]
TRANSPORT: Final = "webhook"


def write_event(
    event: EventType,
    occasion: str,
    at: datetime,
    data: Mapping[str, Any],
    host: str,
    *,
    campaign: str = "",
    about: str = "",
) -> Letter:
    """occasion: the same for the same event, which is told once. at: aware. host: whose program is told. about: a
    member's id."""
    payload = {"type": event, "timestamp": at.astimezone(UTC).isoformat(timespec="seconds"), "data": dict(data)}
    return Letter(
        id=alert_id(f"{event} {occasion}", campaign),
        submission="",
        campaign=campaign,
        kind="event",
        chamber="",
        district=about,
        to_name="",
        to_email=f"{TRANSPORT}@{host}",
        from_name="",
        reply_to="",
        subject=event,
        body=json.dumps(payload, ensure_ascii=False),
        transport=TRANSPORT,
    )
