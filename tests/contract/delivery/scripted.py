"""A real mail server that answers word for word as it is told, and writes down what it heard and when."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from relay.settings import SmtpServer

OK: Final = "250 ok"
DROP: Final = "drop"  # close the connection instead of answering
STALL: Final = "stall"  # never answer, nor read on
ADDRESS: Final = re.compile(r"<([^>]*)>")


@dataclass
class Script:
    """answers: what to say to "mail", "rcpt", "data", "content" or "rset" instead of yes; by step, or by step and
    recipient as "rcpt a@x". An answer may be several lines, half a line, or DROP or STALL. Raw text is sent as it is.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ("PIPELINING", "SIZE 10000000", "8BITMIME", "SMTPUTF8")
    letters_a_connection: int = 0
    port: int = 0
    sessions: int = 0
    heard: list[list[str]] = field(default_factory=list)  # the commands that came with each read
    arrived: list[tuple[str, bytes]] = field(default_factory=list)  # recipient and content of what got 25x
    content_came: asyncio.Event = field(default_factory=asyncio.Event)
    dots: int = 0  # contents that were nothing but a dot

    def answer(self, step: str, session: "Dialogue") -> str | None:
        """What to say instead of yes."""
        return self.answers.get(f"{step} {session.recipient}", self.answers.get(step))

    def took(self, session: "Dialogue", content: bytes) -> None:
        """The letter's yes has been said."""
        self.arrived.append((session.recipient, content))

    @property
    def server(self) -> SmtpServer:
        return SmtpServer("127.0.0.1", self.port, "", "", "none")

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.arrived]


class Dialogue(asyncio.Protocol):
    def __init__(self, script: Script) -> None:
        self.script = script
        self.rest = b""
        self.sender = ""
        self.recipient = ""
        self.accepted = {"mail": False, "rcpt": False}
        self.in_content = False
        self.silent = False
        self.letters = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.script.sessions += 1
        self.answer("greeting", "220 script ESMTP")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        commands: list[str] = []
        self.script.heard.append(commands)
        while not self.silent and not self.transport.is_closing():
            end = b"\r\n.\r\n" if self.in_content and not self.rest.startswith(b".\r\n") else b"\r\n"
            piece, end_seen, rest = self.rest.partition(end)
            if not end_seen:
                return
            self.rest = rest
            if self.in_content:
                commands.append("content")
                self.content(piece)
            else:
                commands.append(piece.decode())
                self.command(piece.decode())

    def command(self, line: str) -> None:
        verb = line[:4].lower()
        if verb == "ehlo":
            self.say("\r\n".join(f"250-{offer}" for offer in ("script", *self.script.offers)) + "\r\n250 HELP")
        elif verb == "mail":
            limit = self.script.letters_a_connection
            self.letters += 1
            if limit and self.letters > limit:
                self.say("421 4.7.0 enough for one connection")
                self.transport.close()
                return
            self.sender, self.recipient = self._address(line), ""
            self.accepted["mail"] = self.answer("mail", OK)
        elif verb == "rcpt":
            self.recipient = self._address(line)
            self.accepted["rcpt"] = self.answer("rcpt", OK if self.accepted["mail"] else "503 MAIL first")
        elif verb == "data":
            ready = all(self.accepted.values())
            self.in_content = self.answer("data", "354 go on" if ready else "503 no valid recipients")
        elif verb == "rset":
            self.answer("rset", OK)
        elif verb == "quit":
            self.say("221 bye")
            self.transport.close()
        else:
            self.say("500 what?")

    def content(self, content: bytes) -> None:
        self.in_content = False
        self.script.content_came.set()
        ready = all(self.accepted.values())
        self.accepted = {"mail": False, "rcpt": False}
        if content == b".":
            self.script.dots += 1
        if self.answer("content", "250 2.0.0 queued" if ready else "554 no valid recipients"):
            self.script.took(self, content + b"\r\n")

    def answer(self, step: str, usual: str) -> bool:
        """True if it was yes."""
        asked = self.script.answer(step, self)
        said = usual if asked is None else asked
        self.say(said)
        return said.startswith(("25", "35")) and not said.endswith("\0")

    def _address(self, line: str) -> str:
        match = ADDRESS.search(line)
        return match[1] if match else ""

    def say(self, words: str) -> None:
        if words == STALL:
            self.silent = True
        elif words == DROP:
            self.transport.close()
        elif words.endswith("\0"):  # half an answer, then nothing
            self.transport.write(words[:-1].encode())
            self.silent = True
        else:
            self.transport.write(words.encode() + b"\r\n")
            if words.startswith("421"):
                self.transport.close()


@asynccontextmanager
async def open_script(script: Script) -> AsyncIterator[Script]:
    """Serve on a free port of loopback until the block ends."""
    sessions: list[Dialogue] = []

    def connect() -> Dialogue:
        sessions.append(Dialogue(script))
        return sessions[-1]

    server = await asyncio.get_running_loop().create_server(connect, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        for session in sessions:
            session.transport.abort()
        await server.wait_closed()
