"""Mail providers' events: who may report a bounce, which letter it is about, and what it says."""

from datetime import timedelta
from typing import Any

import pytest

from relay.mail.providers import Event, Mailgun, Postmark, Provider, Rejected, Ses
from relay.mail.providers.events import Fate
from relay.mail.providers.sns import Sns
from tests.samples.letters import NOON
from tests.samples.provider_events import (
    CERTIFICATE_URL,
    CODE,
    GONE,
    OFFICE,
    SECRET,
    TOPIC,
    basic,
    certificate,
    mailgun,
    postmark,
    ses_bounce,
    sns,
    subscribe_url,
)

pytestmark = pytest.mark.anyio


class Amazon:
    """What Amazon SNS answers, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        return certificate() if url == CERTIFICATE_URL else b"<ConfirmSubscriptionResponse/>"


@pytest.fixture
def amazon() -> Amazon:
    return Amazon()


@pytest.fixture
def ses(amazon: Amazon) -> Ses:
    return Ses(Sns(TOPIC, lambda: NOON, amazon.fetch))


async def read_one(provider: Provider, body: bytes, authorization: str = "") -> Event:
    [event] = await provider.read(body, authorization)
    return event


async def rejection(provider: Provider, body: bytes, authorization: str = "") -> int:
    with pytest.raises(Rejected) as caught:
        await provider.read(body, authorization)
    return caught.value.status


# --- Postmark


@pytest.mark.parametrize(
    ("kind", "details", "fate", "status"),
    [
        ("HardBounce", "smtp;550 5.1.1 no such user", "failed", ""),
        ("SoftBounce", "smtp;452 4.2.2 mailbox full", "failed", ""),
        ("BadEmailAddress", "", "failed", "5.1.3"),
        ("Blocked", "", "failed", "5.7.1"),
        ("DMARCPolicy", "", "failed", "5.7.1"),
        ("Transient", "smtp;451 try again", "delayed", ""),
        ("AutoResponder", "", "automatic", ""),
        ("ChallengeVerification", "", "automatic", ""),
        ("SpamComplaint", "", "complaint", ""),
        ("Subscribe", "", "other", ""),
        ("SomethingNew", "", "other", ""),
    ],
)
async def test_postmarks_types_are_told_apart(kind: str, details: str, fate: Fate, status: str) -> None:
    event = await read_one(Postmark(SECRET), postmark(kind, details), basic())
    assert event == Event(CODE, OFFICE, fate, status, details)


async def test_postmark_proves_itself_by_a_password() -> None:
    for authorization in ("", basic("guess"), f"Bearer {SECRET}", "Basic !", "Basic"):
        assert await rejection(Postmark(SECRET), postmark("HardBounce"), authorization) == 401
    assert await rejection(Postmark(SECRET), b"{}", basic()) == 400


# --- Mailgun


@pytest.mark.parametrize(
    ("changed", "fate", "status"),
    [
        ({}, "failed", "5.1.1"),
        ({"severity": "temporary", "reason": "generic"}, "delayed", "5.1.1"),
        ({"severity": "temporary", "reason": "old"}, "failed", "5.1.1"),
        ({"reason": "suppress-bounce"}, "failed", ""),
        ({"event": "rejected"}, "failed", "5.1.1"),
        ({"event": "complained"}, "complaint", "5.1.1"),
        ({"event": "delivered"}, "other", "5.1.1"),
    ],
    ids=str,
)
async def test_mailguns_events_are_told_apart(changed: dict[str, Any], fate: Fate, status: str) -> None:
    event = await read_one(Mailgun(SECRET, lambda: NOON), mailgun(changed, NOON))
    assert (event.code, event.recipient, event.fate, event.status) == (CODE, OFFICE, fate, status)


async def test_mailgun_proves_itself_by_its_signature() -> None:
    provider = Mailgun(SECRET, lambda: NOON)
    assert await rejection(provider, mailgun({}, NOON, key="guess")) == 401
    assert await rejection(provider, mailgun({}, NOON).replace(b'"token": "t', b'"token": "u')) == 401
    assert await rejection(provider, mailgun({}, NOON - timedelta(days=2))) == 401
    assert await rejection(provider, b"[]") == 400


# --- Amazon SES


@pytest.mark.parametrize(
    ("kind", "subtype", "recipient", "fate", "status"),
    [
        ("Permanent", "General", GONE, "failed", "5.1.1"),
        ("Permanent", "NoEmail", {}, "failed", "5.1.1"),
        ("Permanent", "Suppressed", GONE, "failed", ""),
        ("Permanent", "OnAccountSuppressionList", GONE, "failed", ""),
        ("Transient", "MailboxFull", {}, "failed", "5.2.2"),
        ("Transient", "MessageTooLarge", {}, "failed", "5.3.4"),
        ("Transient", "General", {"action": "failed", "status": "4.4.7"}, "failed", "4.4.7"),
        ("Transient", "General", {}, "automatic", ""),
        ("Transient", "General", {"action": "delayed", "status": "4.4.7"}, "delayed", "4.4.7"),
        ("Undetermined", "Undetermined", {}, "failed", ""),
    ],
)
async def test_amazons_bounces_are_told_apart(
    ses: Ses,
    kind: str,
    subtype: str,
    recipient: dict[str, str],
    fate: Fate,
    status: str,
) -> None:
    event = await read_one(ses, sns(ses_bounce(kind, subtype, recipient), NOON))
    assert (event.code, event.recipient, event.fate, event.status) == (CODE, OFFICE, fate, status)


@pytest.mark.parametrize(
    "mail",
    [
        {"headers": [{"name": "X-SES-MESSAGE-TAGS", "value": f"letter={CODE}"}]},
        {"source": f"bounces+{CODE}@bounce.campaign.example"},
        {"source": f"Campaign <bounces+{CODE}@bounce.campaign.example>"},
    ],
    ids=["headers", "envelope", "named"],
)
async def test_amazons_notification_without_tags_names_the_letter_otherwise(ses: Ses, mail: dict[str, Any]) -> None:
    record = ses_bounce("Permanent", "General", GONE, {"tags": {}} | mail)
    record["notificationType"] = record.pop("eventType")
    assert (await read_one(ses, sns(record, NOON))).code == CODE


async def test_other_events_of_amazon_say_nothing_of_the_mailbox(ses: Ses) -> None:
    mail = ses_bounce("", "", {})["mail"]
    fates = {"Complaint": "complaint", "DeliveryDelay": "delayed", "Delivery": "other", "Reject": "failed"}
    for kind, fate in fates.items():
        assert (await read_one(ses, sns({"eventType": kind, "mail": mail}, NOON))).fate == fate


@pytest.mark.parametrize("version", ["1", "2"])
async def test_what_amazon_signed_is_read_and_its_certificate_is_fetched_once(
    ses: Ses, amazon: Amazon, version: str
) -> None:
    for _ in range(2):
        assert await read_one(ses, sns(ses_bounce("Permanent", "NoEmail", {}), NOON, version=version))
    assert amazon.asked == [CERTIFICATE_URL]


@pytest.mark.parametrize(
    "changed",
    [
        {"Message": "{}"},
        {"TopicArn": TOPIC + "2"},
        {"SigningCertURL": "https://attacker.example/SimpleNotificationService-0.pem"},
        {"SigningCertURL": "https://sns.us-east-1.amazonaws.com.attacker.example/SimpleNotificationService-0.pem"},
        {"SigningCertURL": "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem"},
        {"Timestamp": "2026-01-01T00:00:00.000Z"},
    ],
    ids=lambda changed: str(next(iter(changed.items()))),
)
async def test_what_amazon_did_not_sign_is_turned_away(ses: Ses, amazon: Amazon, changed: dict[str, str]) -> None:
    assert await rejection(ses, sns(ses_bounce("Permanent", "NoEmail", {}), NOON, **changed)) == 401
    assert set(amazon.asked) <= {CERTIFICATE_URL}  # nobody else is asked for anything


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"Type": 1}', b"\xff"])
async def test_what_is_no_notification_is_said_to_be_none(ses: Ses, body: bytes) -> None:
    assert await rejection(ses, body) == 400


async def test_a_subscription_to_the_topic_is_confirmed(ses: Ses, amazon: Amazon) -> None:
    assert await ses.read(sns("", NOON, kind="SubscriptionConfirmation"), "") == []
    assert amazon.asked == [CERTIFICATE_URL, subscribe_url()]


# --- what letters carry


@pytest.mark.parametrize("provider", [Postmark(SECRET), Mailgun(SECRET, lambda: NOON)], ids=lambda found: found.name)
def test_a_letter_asks_for_no_tracking(provider: Provider) -> None:
    headers = provider.headers(CODE)
    assert CODE in str(headers)
    assert any("Track" in name and value in ("no", "false", "None") for name, value in headers.items())
