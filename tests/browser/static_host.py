"""A static host that reads `_headers` as Netlify and Cloudflare Pages do, on a free port of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


def read_headers(folder: Path, path: str) -> dict[str, str]:
    """Those of all rules that match a path. What several rules set is joined by a comma."""
    found: dict[str, str] = {}
    rule, file = "", folder / "_headers"
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        if not line.startswith(" "):
            rule = line
        elif path == rule or (rule.endswith("/*") and path.startswith(rule[:-1])):
            name, _, value = line.strip().partition(": ")
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        for name, value in read_headers(Path(self.directory), self.path.partition("?")[0]).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def serve(folder: Path) -> Iterator[int]:
    """The port of the site in `folder`, until the end of the block."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
