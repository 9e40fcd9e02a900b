"""One connection to the mail server: letters go down it one after the other, with as few round trips as possible.

If the server offers PIPELINING (RFC 2920), MAIL, RCPT and DATA leave together, and the next letter's leave with the
content of the one before, so that a letter costs one round trip. Otherwise each command waits for its reply.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from relay.mail.outcome import CLOSING, Outcome, Refused, TryLater, accept, classify, defer
from relay.mail.smtp.replies import NotSmtp, Replies, Reply
from relay.mail.smtp.transaction import Transaction

NO_UTF8: Final = Refused(553, "5.6.7", "553 5.6.7 the mail server does not accept non-ASCII addresses")  # RFC 6531


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. RFC 5321 section 4.5.3.2 would wait ten minutes for the last reply alone; the claim's lease is five, and
    trying a letter again too early is worse than trying it later."""

    command: float = 60.0  # for the reply to a command
    content: float = 180.0  # for the reply to the content
    delivery: float = 240.0  # for a whole letter, including its wait for a connection
    idle: float = 30.0  # how long a connection is kept for the next letter


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the server offered after EHLO."""

    pipelining: bool
    size: bool
    smtputf8: bool


class Letters(Protocol):
    """Where a connection gets letters, and returns those that the server has not heard of."""

    def take(self) -> Transaction | None: ...

    def give_back(self, letter: Transaction) -> None: ...

    def lost(self, connection: "SmtpConnection") -> None: ...


Step: TypeAlias = Callable[[Transaction, Reply], None]


class SmtpConnection(asyncio.Protocol):
    """Takes letters from `letters` by itself. transport: already greeted, encrypted and logged in."""

    def __init__(
        self, transport: asyncio.Transport, extensions: Extensions, letters: Letters, timeouts: Timeouts
    ) -> None:
        self._transport = transport
        self._extensions = extensions
        self._letters = letters
        self._timeouts = timeouts
        self._replies = Replies()
        self._expected: deque[tuple[Step, Transaction | None]] = deque()
        self._open: list[Transaction] = []  # in order: at most one whose content is given, and one behind it
        self._served = 0  # letters that got a reply here
        self._reset_due = False
        self._over = False
        self._ended = asyncio.get_running_loop().create_future()
        self._last_reply = self._now()
        self._watchdog = asyncio.get_running_loop().call_later(self._tick, self._check_silence)
        transport.set_protocol(self)

    @property
    def idle(self) -> bool:
        return not self._over and not self._expected

    @property
    def ready(self) -> bool:
        """Another letter could start now, perhaps behind one that waits for its last reply."""
        if self._over or (self._open and not self._open[-1].given):
            return False
        return self._extensions.pipelining or not self._expected

    def advance(self, first: bytes = b"") -> None:
        """Write `first`, and start the next letter behind it if there is one."""
        commands = [first]
        if not self._expected:
            self._last_reply = self._now()  # an idle connection has not been waiting for a reply
        while self.ready and (letter := self._letters.take()):
            if self._begin(letter, commands):
                break
        if data := b"".join(commands):
            self._transport.write(data)

    def abort(self, reason: str) -> None:
        """Drop the connection. Letters whose content was given may have arrived; the others have not."""
        if not self._over:
            self._end(TryLater(0, "", reason))
            self._transport.abort()

    async def close(self, seconds: float = 5.0) -> None:
        """Close the connection, with QUIT if nothing is under way."""
        if not self.idle:
            self.abort("the relay closed the connection")
            return
        self._quit()
        await asyncio.wait([self._ended], timeout=seconds)
        self._transport.abort()

    # --- called by asyncio ---

    def data_received(self, data: bytes) -> None:
        try:
            for reply in self._replies.feed(data):
                if self._over:
                    return
                self._last_reply = self._now()
                self._answered(reply)
        except NotSmtp as error:
            self.abort(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(TryLater(0, "", "the mail server closed the connection" + (f": {exc}" if exc else "")))
        if not self._ended.done():
            self._ended.set_result(None)

    # --- the dialogue ---

    def _begin(self, letter: Transaction, commands: list[bytes]) -> bool:
        """Append the letter's commands to `commands`. Returns whether the server can take it; if not, it is settled."""
        is_ascii = letter.sender.isascii() and letter.recipient.isascii()
        if not is_ascii and not self._extensions.smtputf8:
            letter.settle(NO_UTF8)
            return False
        letter.connection = self
        self._open.append(letter)
        if self._reset_due:
            commands.append(b"RSET\r\n")
            self._expected.append((self._after_rset, letter))
            self._reset_due = False
            if not self._extensions.pipelining:
                return True
        commands.append(self._mail(letter))
        self._expected.append((self._after_mail, letter))
        if self._extensions.pipelining:
            commands.append(b"RCPT TO:<%b>\r\nDATA\r\n" % letter.recipient.encode())
            self._expected += ((self._after_rcpt, letter), (self._after_data, letter))
        return True

    def _mail(self, letter: Transaction) -> bytes:
        size = f" SIZE={letter.size}" if self._extensions.size else ""  # RFC 1870
        utf8 = "" if letter.sender.isascii() and letter.recipient.isascii() else " SMTPUTF8 BODY=8BITMIME"
        return f"MAIL FROM:<{letter.sender}>{size}{utf8}\r\n".encode()

    def _answered(self, reply: Reply) -> None:
        if not self._expected:
            self.abort("the mail server sent a reply without a command")
            return
        step, letter = self._expected.popleft()
        if reply.code == CLOSING:
            self._closing(letter, step, reply)
        elif letter is None:
            return  # the reply to a lone dot: its letter is settled
        else:
            step(letter, reply)

    def _after_rset(self, letter: Transaction, reply: Reply) -> None:
        if not reply.accepts:
            self.abort(f"the mail server refused RSET: {reply.text}")
        elif not self._extensions.pipelining:
            self._send(self._mail(letter), self._after_mail, letter)

    def _after_mail(self, letter: Transaction, reply: Reply) -> None:
        letter.answered = True
        if self._note(letter, reply) and not self._extensions.pipelining:
            self._send(b"RCPT TO:<%b>\r\n" % letter.recipient.encode(), self._after_rcpt, letter)

    def _after_rcpt(self, letter: Transaction, reply: Reply) -> None:
        letter.accepted = reply.accepts
        if self._note(letter, reply) and not self._extensions.pipelining:
            self._send(b"DATA\r\n", self._after_data, letter)

    def _note(self, letter: Transaction, reply: Reply) -> bool:
        """Note a reply to MAIL or RCPT. Returns whether it is positive."""
        if not reply.accepts and not reply.refuses:
            self.abort(f"the mail server is out of step: {reply.code}")
        elif reply.refuses:
            letter.refusal = letter.refusal or reply
            if not self._extensions.pipelining:
                self._refused(letter, reply)
        return reply.accepts

    def _after_data(self, letter: Transaction, reply: Reply) -> None:
        if reply.code != 354:
            if reply.refuses:
                self._refused(letter, letter.refusal or reply)
            else:
                self.abort(f"the mail server is out of step: {reply.code}")
        elif letter.refusal is None:
            letter.given = True
            self._expected.append((self._after_content, letter))
            self.advance(letter.content)
        elif letter.accepted:  # MAIL was refused, so a lone dot might reach the recipient as an empty letter
            self.abort(f"the mail server is out of step: {reply.code}")
        else:
            # RFC 2920 section 3.1: DATA was accepted without a recipient; a lone dot ends it without sending.
            self._expected.append((self._after_content, None))
            self._refused(letter, letter.refusal, b".\r\n")

    def _after_content(self, letter: Transaction, reply: Reply) -> None:
        if not reply.accepts and not reply.refuses:
            self.abort(f"the mail server is out of step: {reply.code}")
            return
        self._settle(letter, accept(reply.code, reply.text) if reply.accepts else classify(reply.code, reply.text))
        self.advance()

    def _refused(self, letter: Transaction, reply: Reply, first: bytes = b"") -> None:
        self._settle(letter, classify(reply.code, reply.text))
        self._reset_due = True
        self.advance(first)

    def _send(self, command: bytes, step: Step, letter: Transaction) -> None:
        self._expected.append((step, letter))
        self._transport.write(command)

    def _settle(self, letter: Transaction, outcome: Outcome) -> None:
        self._open.remove(letter)
        self._served += 1
        letter.settle(outcome)

    # --- the end ---

    def _closing(self, letter: Transaction | None, step: Step, reply: Reply) -> None:
        """421. It is about the letter, unless it is the reply to MAIL or RSET: then the server just closes."""
        if letter and step != self._after_mail and step != self._after_rset:
            self._settle(
                letter,
                classify(letter.refusal.code, letter.refusal.text) if letter.refusal else defer(reply.code, reply.text),
            )
        self._end(defer(reply.code, reply.text))
        self._transport.close()

    def _end(self, outcome: TryLater) -> None:
        """Settle every letter on this connection, or give it back if the server never heard of it."""
        if self._over:
            return
        self._over = True
        self._watchdog.cancel()
        letters, self._open = self._open, []
        self._expected.clear()
        self._letters.lost(self)
        for letter in letters:
            letter.connection = None
            if letter.refusal:
                letter.settle(classify(letter.refusal.code, letter.refusal.text))
            elif self._served and not letter.answered and not letter.returned:
                letter.returned = True
                self._letters.give_back(letter)
            else:
                letter.settle(outcome)

    def _quit(self) -> None:
        self._over = True
        self._watchdog.cancel()
        self._letters.lost(self)
        self._transport.write(b"QUIT\r\n")

    @property
    def _tick(self) -> float:
        return min(self._timeouts.command, self._timeouts.idle) / 4

    def _check_silence(self) -> None:
        """Check now and then whether the server has gone silent, or the connection is idle."""
        silence = self._now() - self._last_reply
        if not self._expected:
            if silence >= self._timeouts.idle:
                self._quit()
                self._transport.close()
                return
        elif silence >= (
            self._timeouts.content if self._expected[0][0] == self._after_content else self._timeouts.command
        ):
            self.abort(f"no reply from the mail server in {silence:.0f} seconds")
            return
        self._watchdog = asyncio.get_running_loop().call_later(self._tick, self._check_silence)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
