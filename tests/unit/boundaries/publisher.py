"""A publisher on this machine that responds like the real ones, and fails like them."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Publisher:
    """files: by name. answers: a status instead of a file. cut: bytes before the connection breaks, once per entry.
    stalled: set when a response pauses midway; it pauses where `stall` says so, until `go_on`."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    cut: dict[str, list[int]] = field(default_factory=dict)
    stall: dict[str, int] = field(default_factory=dict)
    stalled: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def publishing() -> Iterator[Publisher]:
    """A publisher that listens on loopback."""
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            publisher.asked.append((name, dict(self.headers)))
            self.close_connection = True
            if name in publisher.redirects:
                self._head(302, b"", Location=publisher.redirects[name])
            elif name in publisher.answers:
                self._head(publisher.answers[name], b"<html>no</html>", **{"Retry-After": "120"})
                self.wfile.write(b"<html>no</html>")
            elif name not in publisher.files:
                self._head(404, b"")
            else:
                self._file(name, publisher.files[name])

        def _file(self, name: str, body: bytes) -> None:
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                self._head(304, b"", ETag=etag)
                return
            start, status, headers = 0, 200, {"ETag": etag}
            wanted = self.headers.get("Range", "")
            if wanted and self.headers.get("If-Range") == etag:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                status = 206
                headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            rest = body[start:]
            self._head(status, rest, **headers)
            if publisher.cut.get(name):
                self.wfile.write(rest[: publisher.cut[name].pop(0)])
                return
            if name in publisher.stall:
                self.wfile.write(rest[: publisher.stall.pop(name)])
                self.wfile.flush()
                publisher.stalled.set()
                publisher.go_on.wait()
                return
            self.wfile.write(rest)

        def _head(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        publisher.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield publisher
        finally:
            publisher.go_on.set()
            server.shutdown()
