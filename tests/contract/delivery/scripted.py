"""A real mail server that replies word for word as scripted, and records the commands it reads."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from relay.settings import SmtpServer

OK: Final = "250 ok"
DROP: Final = "drop"  # close the connection instead of replying
STALL: Final = "stall"  # neither reply nor read on
ADDRESS: Final = re.compile(r"<([^>]*)>")


@dataclass
class Script:
    """What the server replies, and what it got."""

    # Replies other than success to "mail", "rcpt", "data", "content" or "rset", by step or by step and recipient
    # ("rcpt a@x"): several lines, half a line, DROP or STALL. Text is sent as it is.
    replies: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ("PIPELINING", "SIZE 10000000", "8BITMIME", "SMTPUTF8")
    letters_per_connection: int = 0
    port: int = 0
    sessions: int = 0
    heard: list[list[str]] = field(default_factory=list)  # the commands that came with each read
    arrived: list[tuple[str, bytes]] = field(default_factory=list)  # recipient and content of each accepted letter
    content_came: asyncio.Event = field(default_factory=asyncio.Event)
    dots: int = 0  # letters that consisted only of a dot

    def reply(self, step: str, session: "Dialogue") -> str | None:
        """The reply instead of success, or None."""
        return self.replies.get(f"{step} {session.recipient}", self.replies.get(step))

    def on_letter(self, session: "Dialogue", content: bytes) -> None:
        """Called after a letter was accepted."""
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
        self.reply("greeting", "220 script ESMTP")

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
            limit = self.script.letters_per_connection
            self.letters += 1
            if limit and self.letters > limit:
                self.say("421 4.7.0 enough for one connection")
                self.transport.close()
                return
            self.sender, self.recipient = self._address(line), ""
            self.accepted["mail"] = self.reply("mail", OK)
        elif verb == "rcpt":
            self.recipient = self._address(line)
            self.accepted["rcpt"] = self.reply("rcpt", OK if self.accepted["mail"] else "503 MAIL first")
        elif verb == "data":
            ready = all(self.accepted.values())
            self.in_content = self.reply("data", "354 go on" if ready else "503 no valid recipients")
        elif verb == "rset":
            self.reply("rset", OK)
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
        if self.reply("content", "250 2.0.0 queued" if ready else "554 no valid recipients"):
            self.script.on_letter(self, content + b"\r\n")

    def reply(self, step: str, usual: str) -> bool:
        """Reply; return whether the reply was positive."""
        scripted = self.script.reply(step, self)
        reply = usual if scripted is None else scripted
        self.say(reply)
        return reply.startswith(("25", "35")) and not reply.endswith("\0")

    def _address(self, line: str) -> str:
        match = ADDRESS.search(line)
        return match[1] if match else ""

    def say(self, words: str) -> None:
        if words == STALL:
            self.silent = True
        elif words == DROP:
            self.transport.close()
        elif words.endswith("\0"):  # half a reply, then nothing
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
