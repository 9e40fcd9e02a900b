"""Firefox and WebKit, driven by WebDriver's commands: the few verbs that a journey needs.

Firefox takes the commands by Marionette, its own protocol; WebKitWebDriver takes them over HTTP.
Sources: https://www.w3.org/TR/webdriver2/, https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html.
"""

import io
import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import httpx2

PATIENCE: Final = 30  # seconds until a browser that does not start, or an element that does not come, is an error
CAPABILITIES: Final = {"timeouts": {"implicit": PATIENCE * 1000}}  # each search waits so long, in milliseconds
# Firefox's own errands may not leave this machine: they end at a port where nobody listens. Loopback needs no proxy.
ERRANDS: Final = {"network.proxy.type": 1, "network.proxy.socks": "127.0.0.1", "network.proxy.socks_port": 9}

Element: TypeAlias = dict[str, str]  # one key, the same in every browser, and the element's id
Command: TypeAlias = Callable[..., Any]  # takes the standard's name and parameters; raises WebDriverError


class WebDriverError(Exception):
    """The browser could not do what it was told: the standard's name of the error, and the browser's words."""


@dataclass(frozen=True, slots=True)
class Browser:
    """One window. Elements are named by CSS selectors, and waited for: the page may still be on its way."""

    command: Command

    def resize(self, width: int, height: int) -> None:
        """The window, in CSS pixels. It stays wider if its own buttons need that."""
        self.command("SetWindowRect", width=width, height=height)

    def go(self, url: str) -> None:
        self.command("Navigate", url=url)

    def back(self) -> None:
        self.command("Back")

    def find(self, css: str) -> Element:
        """The first match. Raises WebDriverError if there is none within PATIENCE."""
        element: Element = self.command("FindElement", using="css selector", value=css)
        return element

    def click(self, css: str) -> None:
        """Press with a mouse. Raises WebDriverError if something covers the element."""
        self.command("ElementClick", id=self._reach(css))

    def fill(self, css: str, words: str) -> None:
        """Type, instead of what the field contains."""
        field = self._reach(css)
        self.command("ElementClear", id=field)
        if words:
            self.command("ElementSendKeys", id=field, text=words)

    def text(self, css: str) -> str:
        return str(self.evaluate("return arguments[0].innerText", self.find(css)))

    def value(self, css: str) -> str:
        return str(self.evaluate("return arguments[0].value", self.find(css)))

    def evaluate(self, script: str, *arguments: Any) -> Any:  # noqa: ANN401
        """What a function with this body returns."""
        return self.command("ExecuteScript", script=script, args=list(arguments))

    def _reach(self, css: str) -> str:
        """The element's id, once it is in view. WebKit's driver does not scroll to it if its `scroll-margin` is."""
        element = self.find(css)
        self.evaluate("arguments[0].scrollIntoView({ block: 'center' })", element)
        [element_id] = element.values()
        return element_id


# --- Firefox


@contextmanager
def open_firefox(folder: Path) -> Iterator[Browser]:
    """folder: empty, for its profile."""
    port = _free_port()
    preferences = ERRANDS | {"marionette.port": port}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
    (folder / "user.js").write_text("".join(lines))
    with (
        _running("firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", str(folder)) as process,
        _connect(process, port) as connection,
        connection.makefile("rwb") as stream,
    ):
        command = _Marionette(stream)
        command("NewSession", **CAPABILITIES)
        yield Browser(command)


class _Marionette:
    """A message is its length in bytes, a colon and JSON: [0, number, command, parameters] there, and back
    [1, number, error, result]. The browser speaks first."""

    def __init__(self, stream: io.BufferedRWPair) -> None:
        self.stream = stream
        self.number = 0
        self._receive()

    def __call__(self, name: str, **parameters: Any) -> Any:  # noqa: ANN401
        self.number += 1
        message = json.dumps([0, self.number, f"WebDriver:{name}", parameters]).encode()
        self.stream.write(b"%d:%s" % (len(message), message))
        self.stream.flush()
        _, _, error, result = self._receive()
        if error:
            raise WebDriverError(f"{name}: {error['error']}: {error['message']}")
        return result.get("value")

    def _receive(self) -> Any:  # noqa: ANN401
        length = b""
        while (byte := self.stream.read(1)) != b":":
            if not byte:
                raise WebDriverError("Firefox has gone")
            length += byte
        return json.loads(self.stream.read(int(length)))


# --- WebKit


@contextmanager
def open_webkit() -> Iterator[Browser]:
    """The window is on a screen that nobody sees."""
    port = _free_port()
    with _screen() as display, _running("WebKitWebDriver", f"--port={port}", display=display) as process:
        _connect(process, port).close()
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=2 * PATIENCE) as client:
            wanted = {"capabilities": {"alwaysMatch": CAPABILITIES}}
            session = _value(client.post("/session", json=wanted))["sessionId"]
            try:
                yield Browser(_WebKit(client, session))
            finally:
                client.delete(f"/session/{session}")  # closes the window


@contextmanager
def _screen() -> Iterator[str]:
    """Its name, as in the environment's DISPLAY."""
    # Without a window manager the keyboard belongs to the window under the pointer, which is in the middle: so that the
    # window is always there, the screen is smaller.
    command = ("Xvfb", "-displayfd", "1", "-screen", "0", "320x480x24", "-nolisten", "tcp")
    with _running(*command, output=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield f":{process.stdout.readline().strip()}"


@dataclass(frozen=True, slots=True)
class _WebKit:
    client: httpx2.Client
    session: str

    def __call__(self, name: str, **parameters: Any) -> Any:  # noqa: ANN401
        path = f"/session/{self.session}/{_PATHS[name].format(**parameters)}"
        try:
            return _value(self.client.post(path, json=parameters))
        except WebDriverError as error:
            if name == "FindElement" and "unload event" in str(error):  # the page left: wait for it on the next one
                return self(name, **parameters)
            raise


_PATHS: Final = {
    "Navigate": "url",
    "Back": "back",
    "FindElement": "element",
    "ElementClick": "element/{id}/click",
    "ElementClear": "element/{id}/clear",
    "ElementSendKeys": "element/{id}/value",
    "ExecuteScript": "execute/sync",
    "SetWindowRect": "window/rect",
}


def _value(response: httpx2.Response) -> Any:  # noqa: ANN401
    value = response.json()["value"]
    if response.is_error:
        raise WebDriverError(f"{value['error']}: {value['message']}")
    return value


# --- programs that end with the block


@contextmanager
def _running(*command: str, display: str = "", output: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    """display: for windows; never the one of whoever runs the tests."""
    environment = os.environ | {"DISPLAY": display, "GDK_BACKEND": "x11"}
    with subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _connect(process: subprocess.Popen[str], port: int) -> socket.socket:
    """As soon as the process listens there. Raises WebDriverError if it ends instead, or takes longer than PATIENCE."""
    for _ in range(PATIENCE * 20):
        with suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port), timeout=2 * PATIENCE)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1 / 20)
            break
    raise WebDriverError(f"{process.args!r} does not answer")
