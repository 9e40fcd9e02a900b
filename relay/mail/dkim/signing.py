"""Sign letters so that mail servers can verify that they come from the campaign's domain (RFC 6376, RFC 8463).

relaxed/relaxed. Every header that matters to a reader or a mail program is signed; those that a reader sees are signed
once more than they occur, so that nobody can prepend a second one (section 5.4.2).
"""

import asyncio
import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from relay.mail.dkim.key import Key
from relay.mail.outcome import Outcome
from relay.mail.transport import Transport

SEEN: Final = ("From", "Reply-To", "To", "Subject")
SIGNED: Final = (
    *SEEN, "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post", "X-Campaign",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
)  # fmt: skip
LINE: Final = 72  # characters of the signature per line
SPACES: Final = re.compile(rb"[ \t]+")
FOLD: Final = re.compile(rb"\r\n(?=[ \t])")
FIELD_END: Final = re.compile(rb"\r\n(?![ \t])")


class Signer:
    """Signs as `domain`, with the key whose public half DNS has at `selector`._domainkey.`domain`."""

    def __init__(self, domain: str, selector: str, key: Key) -> None:
        self._key = key
        self._tags = f"v=1; a={key.algorithm}; c=relaxed/relaxed;\r\n d={domain}; s={selector};"
        self.record = f"{selector}._domainkey.{domain}", f"v=DKIM1; k={key.algorithm.partition('-')[0]}; p={key.public}"

    def sign(self, message: bytes) -> bytes:
        """The message with its DKIM-Signature prepended. message: with CRLF line ends."""
        head, _, body = message.partition(b"\r\n\r\n")
        fields: dict[str, list[bytes]] = {}
        for field in FIELD_END.split(head):
            name, _, value = field.partition(b":")
            fields.setdefault(name.strip().decode("ascii", "replace").lower(), []).append(value)
        names = [name for name in SIGNED for _ in range(len(fields.get(name.lower(), ())) + (name in SEEN))]
        digest = b64encode(hashlib.sha256(relax_body(body)).digest()).decode()
        unsigned = f" {self._tags}\r\n h={_folded_list(names)};\r\n bh={digest};\r\n b="
        # Section 5.4.2: of several headers with one name, the last comes first; a missing one adds nothing.
        covered = [relax_header(name, fields[name.lower()].pop()) for name in names if fields.get(name.lower())]
        signature = self._key.sign(b"\r\n".join([*covered, relax_header("DKIM-Signature", unsigned.encode())]))
        written = "\r\n  ".join(_pieces(b64encode(signature).decode()))
        return f"DKIM-Signature:{unsigned}{written}\r\n".encode() + message


class SigningTransport:
    """Signs, then delivers by `inner`. Signing runs in a thread, so that the event loop goes on."""

    def __init__(self, inner: Transport, signer: Signer) -> None:
        self._inner = inner
        self._signer = signer
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="dkim")

    @property
    def name(self) -> str:
        return self._inner.name

    async def deliver(self, message: bytes, envelope_sender: str, recipient: str) -> Outcome:
        signed = await asyncio.get_running_loop().run_in_executor(self._thread, self._signer.sign, message)
        return await self._inner.deliver(signed, envelope_sender, recipient)

    async def close(self) -> None:
        await self._inner.close()
        self._thread.shutdown(wait=False)


def relax_header(name: str, value: bytes) -> bytes:
    """Section 3.4.2, without the line end."""
    return name.lower().encode() + b":" + SPACES.sub(b" ", FOLD.sub(b"", value)).strip(b" \t\r\n")


def relax_body(body: bytes) -> bytes:
    """Section 3.4.4."""
    lines = [SPACES.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _folded_list(names: list[str]) -> str:
    return ":\r\n  ".join(":".join(names[start : start + 4]) for start in range(0, len(names), 4))


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + LINE] for start in range(0, len(text), LINE))
