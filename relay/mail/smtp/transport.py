"""Letters wait here for a connection to the mail server; a few connections are kept and take them as they can."""

import asyncio
import logging
import ssl
from collections import deque
from typing import Final

from relay.errors import MailError, trail
from relay.mail.message import check_address
from relay.mail.smtp.connection import Patience, SmtpConnection, Transaction, dot_stuff
from relay.mail.smtp.dial import Unreachable, dial
from relay.mail.smtp.outcome import Outcome, Refused, TryLater
from relay.settings import SmtpServer

log = logging.getLogger("beaconpost.smtp")

WARN_AGAIN: Final = 60.0  # seconds
DIAL_AGAIN: Final = 30.0  # seconds; a server that takes no further connection is not asked for one all the time


class SmtpTransport:
    """Delivers over at most `connections` connections, kept open between letters; one recipient a transaction.

    What the server says about the letter (MAIL, RCPT, DATA) decides the letter. What goes wrong before that, a wrong
    password included, is the operator's to mend and the letter waits. tls_context: whom to trust; the system's
    certificate authorities if None.
    """

    def __init__(
        self,
        server: SmtpServer,
        name: str = "smtp",
        connections: int = 4,
        tls_context: ssl.SSLContext | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.name = name
        self._server = server
        self._tls = tls_context
        self._limit = connections
        self._patience = patience or Patience()
        self._waiting: deque[Transaction] = deque()
        self._connections: list[SmtpConnection] = []
        self._dialling: set[asyncio.Task[None]] = set()
        self._dial_at = 0.0
        self._warn_at = 0.0

    async def deliver(self, message: bytes, envelope_from: str, recipient: str) -> Outcome:
        """Never raises but when cancelled."""
        try:
            sender, to = check_address(envelope_from), check_address(recipient)
        except MailError as error:
            return Refused(553, "5.1.3", f"553 5.1.3 not sent: {error}")  # RFC 3463 section 3.2
        loop = asyncio.get_running_loop()
        letter = Transaction(sender, to, len(message), dot_stuff(message), loop.create_future())
        deadline = loop.call_later(self._patience.delivery, self._give_up, letter)
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
        """Say goodbye; what is still under way is broken off."""
        tasks = list(self._dialling)
        for task in tasks:
            task.cancel()
        for letter in self._drain():
            letter.settle(TryLater(0, "", "not sent: the relay is stopping"))
        await asyncio.gather(
            *tasks, *(connection.close() for connection in list(self._connections)), return_exceptions=True
        )

    # --- what a connection asks ---

    def take(self) -> Transaction | None:
        """The next letter that somebody still waits for."""
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
        """Give waiting letters to whoever is free; if nobody is, get another connection, or queue behind a letter."""
        for connection in [one for one in self._connections if one.idle]:
            if not self._waiting:
                return
            connection.advance()
        while self._waiting and self._may_dial():
            task = asyncio.create_task(self._dial())
            self._dialling.add(task)
            task.add_done_callback(self._dialled)
        for connection in [one for one in self._connections if one.ready]:
            if not self._waiting:
                return
            connection.advance()

    def _may_dial(self) -> bool:
        """A dial that failed is not repeated while other connections live or may yet come to life."""
        if (self._connections or self._dialling) and asyncio.get_running_loop().time() < self._dial_at:
            return False
        return len(self._dialling) < min(len(self._waiting), self._limit - len(self._connections))

    async def _dial(self) -> None:
        transport, abilities = await dial(self._server, self._tls, self._patience)
        self._connections.append(SmtpConnection(transport, abilities, self, self._patience))

    def _dialled(self, task: asyncio.Task[None]) -> None:
        self._dialling.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            if isinstance(error, Unreachable):
                outcome = error.outcome
            else:
                log.error("the mail server could not be reached in a way that nobody foresaw: %s", trail(error))
                outcome = TryLater(0, "", f"internal error: {type(error).__name__}")
            self._dial_at = asyncio.get_running_loop().time() + DIAL_AGAIN
            if not self._connections and not self._dialling:
                self._warn(outcome.answer)
                for letter in self._drain():
                    letter.settle(outcome)
        self._dispatch()

    def _warn(self, answer: str) -> None:
        """The operator's to mend, so it must be seen; once a minute is enough."""
        at = asyncio.get_running_loop().time()
        if at >= self._warn_at:
            self._warn_at = at + WARN_AGAIN
            log.warning("the mail server takes no letters, they wait: %s", answer)

    def _drain(self) -> list[Transaction]:
        letters = list(self._waiting)
        self._waiting.clear()
        return letters

    def _give_up(self, letter: Transaction) -> None:
        """Too late, or nobody waits any more: a letter that is under way takes its connection with it."""
        if letter.connection:
            letter.connection.abort(f"no answer from the mail server in {self._patience.delivery:.0f} seconds")
        letter.settle(TryLater(0, "", f"no mail server took it in {self._patience.delivery:.0f} seconds"))
