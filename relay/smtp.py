"""Give one message to the mail server. Whatever happens comes back as an Outcome; nothing raises past here.

What the server says about the letter (MAIL, RCPT, DATA) decides the letter. What goes wrong before that, a wrong
password included, is the operator's to mend and the letter waits.
"""

import asyncio
import logging
import os
import re
import ssl
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException, SMTPServerDisconnected

from relay.errors import MailError
from relay.message import check_address
from relay.settings import SmtpServer

log = logging.getLogger("beaconpost.smtp")

COMMAND_TIMEOUT: Final = 60.0  # seconds
# Seconds for a whole delivery. RFC 5321 section 4.5.3.2 would wait ten minutes for the last answer alone; the claim's
# lease is five, and a letter tried again too early is worse than one tried again later.
DELIVERY_TIMEOUT: Final = 240.0
IDLE: Final = 30.0  # seconds a connection is kept for the next letter
ANSWER_MAX: Final = 500  # characters of the server's words that are kept
OURS_TO_MEND: Final = {530, 535, 538}  # RFC 4954: log in first, log in better, encrypt first
ENHANCED: Final = re.compile(r"\d{3}[ -]?([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 3463
MESSAGE_ID: Final = re.compile(rb"^Message-ID: <([\w.-]+)@", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took the message: it is theirs now (RFC 5321 section 6.1)."""

    answer: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will never take it. enhanced: as RFC 3463, such as "5.1.1", or ""."""

    code: int
    enhanced: str
    answer: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not now. code: the server's, or 0 if no server answered."""

    code: int
    enhanced: str
    answer: str


Outcome: TypeAlias = Sent | Refused | TryLater


class Transport(Protocol):
    """A way for letters to leave. A letter accepted under one `name` is sent by no other."""

    @property
    def name(self) -> str: ...

    async def deliver(self, message: bytes, envelope_from: str, recipient: str) -> Outcome: ...

    async def close(self) -> None: ...


class SmtpTransport:
    """Delivers over at most `connections` connections, kept open between letters; one recipient a transaction.

    tls_context: whom to trust; the system's certificate authorities if None.
    """

    def __init__(
        self,
        server: SmtpServer,
        name: str = "smtp",
        connections: int = 4,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self.name = name
        self._server = server
        self._tls = tls_context
        self._room = asyncio.Semaphore(connections)
        self._idle: list[tuple[SMTP, float]] = []

    async def deliver(self, message: bytes, envelope_from: str, recipient: str) -> Outcome:
        """Never raises but when cancelled. `message` has CRLF line ends."""
        try:
            sender, to = check_address(envelope_from), check_address(recipient)
        except MailError as error:
            return Refused(553, "5.1.3", f"553 5.1.3 not sent: {error}")  # RFC 3463 section 3.2
        try:
            async with self._room, asyncio.timeout(DELIVERY_TIMEOUT):
                return await self._deliver(message, sender, to)
        except SMTPResponseException as error:
            return TryLater(error.code, *_words(error))
        except (SMTPException, OSError) as error:  # OSError: no route, no such host, TLS, TimeoutError
            return TryLater(0, "", f"no answer from the mail server: {error or type(error).__name__}"[:ANSWER_MAX])
        except Exception as error:
            log.exception("delivery failed in a way that nobody foresaw")
            return TryLater(0, "", f"internal error: {type(error).__name__}")

    async def close(self) -> None:
        """Say goodbye on the idle connections."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(_quit(connection) for connection, _ in idle))

    async def _deliver(self, message: bytes, sender: str, recipient: str) -> Outcome:
        reused = self._reuse()
        if reused:
            try:
                return await self._transact(reused, message, sender, recipient, reused=True)
            except _NotBegun:
                pass  # the server had closed it meanwhile: nothing was said about this letter
        connection = SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.username or None,
            password=self._server.password or None,
            use_tls=self._server.tls == "implicit",
            start_tls=self._server.tls == "starttls",
            tls_context=self._tls,
            timeout=COMMAND_TIMEOUT,
        )
        try:
            await connection.connect()
            await _hello(connection)
            return await self._transact(connection, message, sender, recipient)
        except _NotBegun as error:
            raise SMTPServerDisconnected(str(error)) from error
        except BaseException:
            connection.close()
            raise

    def _reuse(self) -> SMTP | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection, since = self._idle.pop()  # the one used last
            if connection.is_connected and now - since < IDLE:
                return connection
            connection.close()
        return None

    async def _transact(
        self, connection: SMTP, message: bytes, sender: str, recipient: str, *, reused: bool = False
    ) -> Outcome:
        """MAIL, RCPT, DATA (RFC 5321 section 3.3). The connection is kept if it can take another."""
        outcome: Outcome
        try:
            options, encoding = _options(connection, message, sender, recipient)
            try:
                await connection.mail(sender, options=options, encoding=encoding)
            except (SMTPServerDisconnected, ConnectionError) as error:
                raise _NotBegun(str(error)) from error
            except SMTPResponseException as error:
                if error.code == 421 and reused:
                    raise _NotBegun(str(error)) from error
                raise
            await connection.rcpt(recipient, encoding=encoding)
            outcome = Sent(_words(await connection.data(message))[1])
        except _Utf8Unsupported:
            outcome = Refused(
                553, "5.6.7", "553 5.6.7 the mail server does not take addresses outside ASCII"
            )  # RFC 6531
        except SMTPResponseException as error:
            if error.code == 421:  # RFC 5321 section 3.8: it is closing the channel
                connection.close()
                return TryLater(error.code, *_words(error))
            final = 500 <= error.code <= 599 and error.code not in OURS_TO_MEND
            outcome = (Refused if final else TryLater)(error.code, *_words(error))
            await self._reset(connection)
        except BaseException:
            connection.close()
            raise
        if connection.is_connected:
            self._idle.append((connection, asyncio.get_running_loop().time()))
        return outcome

    async def _reset(self, connection: SMTP) -> None:
        """Forget the half-made transaction; a server that will not loses the connection."""
        try:
            await connection.rset()
        except (SMTPException, OSError):
            connection.close()


class FileTransport:
    """Writes letters to `folder` as .eml files and sends nothing, so that nothing leaves by accident."""

    def __init__(self, folder: Path) -> None:
        self.name = "capture"
        self._folder = folder

    async def deliver(self, message: bytes, envelope_from: str, recipient: str) -> Outcome:
        """A letter tried twice is one file: it is named by its Message-ID."""
        del envelope_from, recipient  # both are in the message's own headers
        found = MESSAGE_ID.search(message)
        name = found[1].decode() if found else sha256(message).hexdigest()
        try:
            await asyncio.to_thread(_write, self._folder, f"{name}.eml", message)
        except OSError as error:
            return TryLater(0, "", f"the letter could not be written: {error.strerror}")
        return Sent(f"captured as {name}.eml")

    async def close(self) -> None:
        """Nothing is open."""


class _NotBegun(Exception):
    """The connection was gone before the server heard of the letter."""


class _Utf8Unsupported(Exception):
    pass


async def _hello(connection: SMTP) -> None:
    """Learn what the server can do, before a word about the letter (RFC 5321 section 3.2)."""
    if connection.is_ehlo_or_helo_needed:
        try:
            await connection.ehlo()
        except SMTPHeloError:
            await connection.helo()


def _options(connection: SMTP, message: bytes, sender: str, recipient: str) -> tuple[list[str], str]:
    """MAIL's parameters and the addresses' encoding. Headers outside ASCII need SMTPUTF8 as addresses do (RFC 6532)."""
    options = [f"SIZE={len(message)}"] if connection.supports_extension("size") else []  # RFC 1870
    if message.isascii() and sender.isascii() and recipient.isascii():
        return options, "ascii"
    if not connection.supports_extension("smtputf8"):
        raise _Utf8Unsupported
    return [*options, "SMTPUTF8", "BODY=8BITMIME"], "utf-8"


def _words(answer: object) -> tuple[str, str]:
    """The enhanced code, and the answer on one line with its code in front."""
    code, message = getattr(answer, "code", 0), str(getattr(answer, "message", ""))
    text = f"{code} {' '.join(message.split())}"
    found = ENHANCED.match(text)
    return (found[1] if found else ""), text[:ANSWER_MAX]


async def _quit(connection: SMTP) -> None:
    try:
        await connection.quit(timeout=5)
    except (SMTPException, OSError):
        connection.close()


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f".{name}.part"
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / name)
