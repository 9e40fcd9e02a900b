"""A receiver of events as docs/webhooks.md describes it, and as an organization would write it: it checks who sent an
event, takes each once, and keeps a list."""

import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any, Final

SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOLERANCE: Final = 300  # seconds; an event sent again later is somebody else's copy


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str = SECRET, now: float | None = None) -> bool:
    """Source: Standard Webhooks, "Verifying webhook authenticity"."""
    event_id, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not at.isdigit() or abs((time() if now is None else now) - int(at)) > TOLERANCE:
        return False
    key = b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{event_id}.{at}.".encode() + body, sha256)
    expected = f"v1,{b64encode(digest).decode()}"
    return any(hmac.compare_digest(expected, given) for given in headers.get("webhook-signature", "").split(" "))


@dataclass
class Receiver:
    """What arrived."""

    port: int = 0
    answers: list[int] = field(default_factory=list)  # statuses to answer the next events with; then 204
    asked: int = 0
    seen: set[str] = field(default_factory=set)
    events: list[dict[str, Any]] = field(default_factory=list)  # each once
    people: dict[str, dict[str, str]] = field(default_factory=dict)  # the list, by member id
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/events"

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer."""
        self.asked += 1
        status = self.answers.pop(0) if self.answers else 204
        if not is_genuine(headers, body):
            return 401
        if status >= 300 or headers["webhook-id"] in self.seen:
            return status
        self.seen.add(headers["webhook-id"])
        event = json.loads(body)
        self.events.append(event)
        member = event["data"]
        if event["type"] == "member.joined":
            self.people[member["id"]] = member
        elif event["type"] == "member.left":
            self.people.pop(member["id"], None)
        self.arrived.set()
        return status


@contextmanager
def open_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        server.shutdown()
