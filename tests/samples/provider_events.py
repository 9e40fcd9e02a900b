"""Events of mail providers about one letter, with the fields that they publish. All are invented."""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID

from relay.mail.verp import LetterCodes
from tests.samples.bounces import LETTER
from tests.samples.settings import SECRET_KEY

CODE: Final = LetterCodes([SECRET_KEY]).write(LETTER)
SECRET: Final = "s" * 32  # Mailgun's signing key, and the password of Postmark's webhook
TOPIC: Final = "arn:aws:sns:us-east-1:123456789012:bounces"
CERTIFICATE_URL: Final = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
OFFICE: Final = "senator@senate.example"
GONE: Final = {"action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no such user"}  # by Amazon

_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)


# --- Postmark


def postmark(kind: str, details: str = "", **more: Any) -> bytes:  # noqa: ANN401
    event = {
        "RecordType": "Bounce", "ID": 42, "Type": kind, "TypeCode": 1, "Name": "", "Tag": "", "MessageID": "0-1",
        "Metadata": {"letter": CODE}, "ServerID": 23, "MessageStream": "outbound", "Description": "",
        "Details": details, "Email": OFFICE, "From": "letters@campaign.example", "BouncedAt": "2026-11-30T12:00:00Z",
        "DumpAvailable": True, "Inactive": True, "CanActivate": True, "Subject": "", "Content": "",
    }  # fmt: skip
    return json.dumps(event | more).encode()


def basic(password: str = SECRET) -> str:
    return "Basic " + b64encode(f"postmark:{password}".encode()).decode()


# --- Mailgun


def mailgun(event: Mapping[str, Any], at: datetime, key: str = SECRET) -> bytes:
    """event: what differs in `event-data`."""
    data = {
        "id": "G9Bn5sl1TC6nu79C8C0bwg", "timestamp": at.timestamp(), "log-level": "error", "event": "failed",
        "severity": "permanent", "reason": "bounce", "recipient": OFFICE, "recipient-domain": "senate.example",
        "envelope": {"sender": "letters@campaign.example", "transport": "smtp", "targets": OFFICE},
        "message": {"headers": {"to": OFFICE, "message-id": "x@campaign.example"}, "size": 111},
        "delivery-status": {"attempt-no": 1, "code": 550, "enhanced-code": "5.1.1", "message": "5.1.1 no such user",
                            "description": "", "session-seconds": 0.4},
        "flags": {"is-routed": False, "is-test-mode": False}, "tags": [], "campaigns": [],
        "user-variables": {"letter": CODE},
    }  # fmt: skip
    stamp, token = str(int(at.timestamp())), "t" * 50
    signature = hmac.new(key.encode(), (stamp + token).encode(), sha256).hexdigest()
    signed = {"timestamp": stamp, "token": token, "signature": signature}
    return json.dumps({"signature": signed, "event-data": {**data, **event}}).encode()


# --- Amazon SES, through SNS


def ses_bounce(
    kind: str, subtype: str, recipient: Mapping[str, Any], mail: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """recipient: what its entry has beside the address. mail: what differs in `mail`."""
    sent = {
        "timestamp": "2026-11-30T12:00:00.000Z", "messageId": "0100-EXAMPLE", "source": "letters@campaign.example",
        "sourceArn": "arn:aws:ses:us-east-1:123456789012:identity/campaign.example", "sendingAccountId": "123456789012",
        "destination": [OFFICE], "headersTruncated": False, "headers": [{"name": "Subject", "value": ""}],
        "commonHeaders": {"subject": ""}, "tags": {"ses:caller-identity": ["root"], "letter": [CODE]},
    }  # fmt: skip
    bounce = {
        "bounceType": kind, "bounceSubType": subtype, "timestamp": "2026-11-30T12:00:01.000Z", "feedbackId": "0-1",
        "reportingMTA": "dsn; mx.example", "bouncedRecipients": [{"emailAddress": OFFICE, **recipient}],
    }  # fmt: skip
    return {"eventType": "Bounce", "mail": {**sent, **(mail or {})}, "bounce": bounce}


def sns(
    message: Mapping[str, Any] | str,
    at: datetime,
    *,
    kind: str = "Notification",
    version: str = "2",
    **changed: str,
) -> bytes:
    """A signed notification. changed: fields that are not what was signed."""
    fields = {
        "Type": kind, "MessageId": "22b80b92", "TopicArn": TOPIC, "Timestamp": f"{at:%Y-%m-%dT%H:%M:%S.000Z}",
        "Message": message if isinstance(message, str) else json.dumps(message),
    }  # fmt: skip
    if kind != "Notification":
        fields |= {"Token": "2336", "SubscribeURL": subscribe_url()}
    signed = "".join(f"{name}\n{fields[name]}\n" for name in sorted(fields))
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303  (theirs)
    signature = b64encode(_KEY.sign(signed.encode(), PKCS1v15(), algorithm)).decode()
    more = {"SignatureVersion": version, "Signature": signature, "SigningCertURL": CERTIFICATE_URL}
    return json.dumps(fields | more | changed).encode()


def subscribe_url() -> str:
    return f"https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336"


def certificate() -> bytes:
    """Of the key that `sns` signs with, as Amazon publishes its own."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(_KEY.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(_KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
