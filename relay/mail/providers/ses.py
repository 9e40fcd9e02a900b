"""Amazon SES: bounces, through Amazon SNS
(https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html)."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from relay.mail.providers.events import Event, Fate, Rejected
from relay.mail.providers.sns import Sns

TAGS: Final = "X-SES-MESSAGE-TAGS"
# Subtypes of a bounce, and the status that they stand for. On Amazon's own lists: says nothing new of the mailbox.
SUBTYPES: Final[Mapping[str, str]] = {
    "NoEmail": "5.1.1",
    "MailboxFull": "5.2.2",
    "MessageTooLarge": "5.3.4",
    "ContentRejected": "5.6.0",
    "AttachmentRejected": "5.6.0",
}
SUPPRESSED: Final = ("Suppressed", "OnAccountSuppressionList")
_CODE: Final = re.compile(r"(?:letter=|bounces\+)([a-z2-7]+)", re.IGNORECASE)


class _Recipient(msgspec.Struct, frozen=True, rename="camel"):
    email_address: str = ""
    action: str | None = None
    status: str | None = None
    diagnostic_code: str | None = None


class _Bounce(msgspec.Struct, frozen=True, rename="camel"):
    bounce_type: str = ""
    bounce_sub_type: str = ""
    bounced_recipients: list[_Recipient] = []


class _Header(msgspec.Struct, frozen=True):
    name: str = ""
    value: str = ""


class _Mail(msgspec.Struct, frozen=True, rename="camel"):
    source: str = ""  # the envelope sender
    destination: list[str] = []
    headers: list[_Header] = []
    tags: dict[str, list[str]] = {}


class _Record(msgspec.Struct, frozen=True, rename="camel"):
    mail: _Mail = _Mail()
    event_type: str = ""
    notification_type: str = ""  # of notifications without a configuration set
    bounce: _Bounce = _Bounce()


class Ses:
    """sns: the topic that the events are published to."""

    name: Final = "ses"

    def __init__(self, sns: Sns) -> None:
        self._sns = sns

    def headers(self, code: str) -> Mapping[str, str]:
        return {TAGS: f"letter={code}"}

    async def read(self, body: bytes, authorization: str) -> Sequence[Event]:  # noqa: ARG002  (the body is signed)
        message = await self._sns.open(body)
        if message is None:
            return []
        try:
            record = msgspec.json.decode(message, type=_Record)
        except msgspec.DecodeError:
            raise Rejected(400, "not an event of Amazon SES") from None
        code = _find_code(record.mail)
        match record.event_type or record.notification_type:
            case "Bounce":
                return [_read(code, record.bounce, to) for to in record.bounce.bounced_recipients]
            case "Reject":  # a virus
                return [Event(code, to, "failed", SUBTYPES["ContentRejected"]) for to in record.mail.destination]
            case other:
                fates: dict[str, Fate] = {"Complaint": "complaint", "DeliveryDelay": "delayed"}
                return [Event(code, "", fates.get(other, "other"))]


def _find_code(mail: _Mail) -> str:
    """Configuration sets publish the tags; other notifications have at least the envelope sender."""
    marks = [f"letter={value}" for value in mail.tags.get("letter", [])]
    marks += [header.value for header in mail.headers if header.name.upper() == TAGS]
    found = _CODE.search(" ".join([*marks, mail.source]))
    return found[1] if found else ""


def _read(code: str, bounce: _Bounce, to: _Recipient) -> Event:
    words = to.diagnostic_code or ""
    # An absence note comes as a transient bounce without a report.
    is_note = bounce.bounce_type == "Transient" and bounce.bounce_sub_type == "General" and not to.action and not words
    fate: Fate = "automatic" if is_note else "delayed" if (to.action or "").lower() == "delayed" else "failed"
    if bounce.bounce_sub_type in SUPPRESSED:
        return Event(code, to.email_address, fate)
    return Event(code, to.email_address, fate, to.status or SUBTYPES.get(bounce.bounce_sub_type, ""), words)
