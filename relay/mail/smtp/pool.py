"""A connection pool: letters wait here until one of a few connections to the mail server takes them."""

import asyncio
import logging
import re
import ssl
from collections import deque
from typing import Final

from relay.errors import MailError, trail
from relay.mail.message import check_address
from relay.mail.outcome import Outcome, Refused, TryLater
from relay.mail.smtp.connection import SmtpConnection, Timeouts
from relay.mail.smtp.dial import Unreachable, dial
from relay.mail.smtp.transaction import Transaction, dot_stuff
from relay.mail.verdict import judge
from relay.settings import SmtpServer

log = logging.getLogger("beaconpost.smtp")

# Nothing that means something in an SMTP path (RFC 5321 section 4.1.2).
SAFE: Final = re.compile(r"[^\s<>\[\]()\"\\,;:@\x00-\x1f\x7f]+@[^\s<>\[\]()\"\\,;:@\x00-\x1f\x7f]+")
WARN_AGAIN: Final = 60.0  # seconds
DIAL_AGAIN: Final = 30.0  # seconds; a server that accepts no further connection is not asked for one all the time


class SmtpTransport:
    """Delivers over at most `connections` connections, kept open between letters; one recipient per transaction.

    The replies to MAIL, RCPT and DATA decide the letter's outcome. Whatever fails before that, such as a wrong
    password, is for the operator to fix, and the letter waits. tls_context: None trusts the
    system's certificate authorities.
    """

    def __init__(
        self,
        server: SmtpServer,
        name: str = "smtp",
        connections: int = 4,
        tls_context: ssl.SSLContext | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self.name = name
        self._server = server
        self._tls = tls_context
        self._limit = connections
        self._timeouts = timeouts or Timeouts()
        self._waiting: deque[Transaction] = deque()
        self._connections: list[SmtpConnection] = []
        self._dialing: set[asyncio.Task[None]] = set()
        self._dial_at = 0.0
        self._warn_at = 0.0

    async def deliver(self, message: bytes, envelope_sender: str, recipient: str) -> Outcome:
        """Raises nothing but CancelledError."""
        try:
            sender, to = _for_the_wire(envelope_sender), _for_the_wire(recipient)
        except MailError as error:
            return Refused(
                553, "5.1.3", f"553 5.1.3 not sent: {error}", judge(553, "5.1.3", "")
            )  # RFC 3463 section 3.2
        loop = asyncio.get_running_loop()
        letter = Transaction(sender, to, len(message), dot_stuff(message), loop.create_future())
        deadline = loop.call_later(self._timeouts.delivery, self._give_up, letter)
        self._waiting.append(letter)
        try:
            self._dispatch()
            return await letter.outcome
        except asyncio.CancelledError:
            self._give_up(letter)
            raise
        finally:
            deadline.cancel()

    async def close(self) -> None:
        """Close the connections; letters under way are aborted."""
        tasks = list(self._dialing)
        for task in tasks:
            task.cancel()
        for letter in self._drain():
            letter.settle(TryLater(0, "", "not sent: the relay is stopping"))
        await asyncio.gather(
            *tasks, *(connection.close() for connection in list(self._connections)), return_exceptions=True
        )

    # --- called by the connections ---

    def take(self) -> Transaction | None:
        """The next letter that its caller still awaits."""
        while self._waiting:
            letter = self._waiting.popleft()
            if not letter.outcome.done():
                return letter
        return None

    def give_back(self, letter: Transaction) -> None:
        self._waiting.appendleft(letter)
        self._dispatch()

    def lost(self, connection: SmtpConnection) -> None:
        self._connections.remove(connection)
        self._dispatch()

    # ---

    def _dispatch(self) -> None:
        """Give waiting letters to idle connections; else open another one, or pipeline behind a letter."""
        for connection in [connection for connection in self._connections if connection.idle]:
            if not self._waiting:
                return
            connection.advance()
        while self._waiting and self._may_dial():
            task = asyncio.create_task(self._dial())
            self._dialing.add(task)
            task.add_done_callback(self._dialed)
        for connection in [connection for connection in self._connections if connection.ready]:
            if not self._waiting:
                return
            connection.advance()

    def _may_dial(self) -> bool:
        """After a failed dial, wait before the next one while other connections work or are being opened."""
        if (self._connections or self._dialing) and asyncio.get_running_loop().time() < self._dial_at:
            return False
        return len(self._dialing) < min(len(self._waiting), self._limit - len(self._connections))

    async def _dial(self) -> None:
        transport, abilities = await dial(self._server, self._tls, self._timeouts)
        self._connections.append(SmtpConnection(transport, abilities, self, self._timeouts))

    def _dialed(self, task: asyncio.Task[None]) -> None:
        self._dialing.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            if isinstance(error, Unreachable):
                outcome = error.outcome
            else:
                log.error("unexpected error while connecting to the mail server: %s", trail(error))
                outcome = TryLater(0, "", f"internal error: {type(error).__name__}")
            self._dial_at = asyncio.get_running_loop().time() + DIAL_AGAIN
            if not self._connections and not self._dialing:
                self._warn(outcome.answer)
                for letter in self._drain():
                    letter.settle(outcome)
        self._dispatch()

    def _warn(self, answer: str) -> None:
        """For the operator to fix; logged once a minute."""
        at = asyncio.get_running_loop().time()
        if at >= self._warn_at:
            self._warn_at = at + WARN_AGAIN
            log.warning("the mail server accepts no letters, they wait: %s", answer)

    def _drain(self) -> list[Transaction]:
        letters = list(self._waiting)
        self._waiting.clear()
        return letters

    def _give_up(self, letter: Transaction) -> None:
        """It timed out, or its caller is gone. A letter under way takes its connection down."""
        if letter.connection:
            letter.connection.abort(f"no answer from the mail server in {self._timeouts.delivery:.0f} seconds")
        letter.settle(TryLater(0, "", f"no mail server accepted it in {self._timeouts.delivery:.0f} seconds"))


def _for_the_wire(address: str) -> str:
    """An address that cannot break out of its command, with its domain in ASCII. Raises MailError.

    Addresses were parsed before they came here; ASCII ones are not parsed again.
    """
    if not SAFE.fullmatch(address):
        raise MailError("an address would break the SMTP dialogue")
    return address if address.isascii() else check_address(address)
