"""One connection to the mail server: letters go down it one after the other, as many commands in a write as it takes.

Where the server offers PIPELINING (RFC 2920) MAIL, RCPT and DATA leave together, and the next letter's leave with the
end of the one before, so that a letter costs one round trip. Elsewhere each command waits for its answer.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from relay.mail.smtp.outcome import CLOSING, Outcome, Refused, Sent, TryLater, classify, defer
from relay.mail.smtp.replies import NotSmtp, Replies, Reply

LINE_END: Final = re.compile(rb"\r\n|\r|\n")
NO_UTF8: Final = Refused(553, "5.6.7", "553 5.6.7 the mail server does not take addresses outside ASCII")  # RFC 6531


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. RFC 5321 section 4.5.3.2 would wait ten minutes for the last answer alone; the claim's lease is five,
    and a letter tried again too early is worse than one tried again later.

    command: for the answer to one. content: for the answer to the letter itself. delivery: for a whole letter, its
    turn included. idle: a connection is kept this long for the next letter.
    """

    command: float = 60.0
    content: float = 180.0
    delivery: float = 240.0
    idle: float = 30.0


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the server offered after EHLO."""

    pipelining: bool
    size: bool
    smtputf8: bool


@dataclass(slots=True, eq=False)
class Transaction:
    """One letter to one recipient (RFC 5321 section 3.3) and what the server has said about it so far.

    content: with CRLF line ends, dots doubled, its end marked. begun: an answer to MAIL came. welcome: RCPT was
    answered with yes. refusal: the first answer that was one. given: the server has been given the content, so that
    only it can say what became of it. returned: a connection ended before the server heard of it, once already.
    """

    sender: str
    recipient: str
    size: int
    content: bytes
    outcome: asyncio.Future[Outcome]
    begun: bool = False
    welcome: bool = False
    refusal: Reply | None = None
    given: bool = False
    returned: bool = False
    connection: "SmtpConnection | None" = field(default=None, repr=False)

    def settle(self, outcome: Outcome) -> None:
        if not self.outcome.done():
            self.outcome.set_result(outcome)


class Letters(Protocol):
    """Where a connection gets letters, and gives back those that the server has not heard of."""

    def take(self) -> Transaction | None: ...

    def give_back(self, letter: Transaction) -> None: ...

    def lost(self, connection: "SmtpConnection") -> None: ...


Step: TypeAlias = Callable[[Transaction, Reply], None]


def dot_stuff(message: bytes) -> bytes:
    """As DATA carries it: CRLF line ends, leading dots doubled, a lone dot at the end (RFC 5321 section 4.5.2)."""
    if not message.count(b"\r\n") == message.count(b"\n") == message.count(b"\r"):
        message = LINE_END.sub(b"\r\n", message)  # a bare line feed is how a second letter is smuggled in
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    if message.startswith(b"."):
        message = b"." + message
    return message.replace(b"\r\n.", b"\r\n..") + b".\r\n"


class SmtpConnection(asyncio.Protocol):
    """Speaks on a transport that has been greeted, encrypted and logged in; takes letters from `letters` by itself."""

    def __init__(self, transport: asyncio.Transport, can: Extensions, letters: Letters, patience: Patience) -> None:
        self._transport = transport
        self._can = can
        self._letters = letters
        self._patience = patience
        self._replies = Replies()
        self._expected: deque[tuple[Step, Transaction | None]] = deque()
        self._open: list[Transaction] = []  # in order: at most one given, and one behind it
        self._served = 0  # letters that this connection has carried to an answer
        self._reset_due = False
        self._over = False
        self._ended = asyncio.get_running_loop().create_future()
        self._heard = self._now()
        self._watching = asyncio.get_running_loop().call_later(self._tick, self._watch)
        transport.set_protocol(self)

    @property
    def idle(self) -> bool:
        return not self._over and not self._expected

    @property
    def ready(self) -> bool:
        """Another letter could start now, be it behind one that waits for its last answer."""
        if self._over or (self._open and not self._open[-1].given):
            return False
        return self._can.pipelining or not self._expected

    def advance(self, first: bytes = b"") -> None:
        """Write `first`, and begin the next letter behind it if there is one."""
        commands = [first]
        if not self._expected:
            self._heard = self._now()  # what has been idle has not been waiting for an answer
        while self.ready and (letter := self._letters.take()):
            if self._begin(letter, commands):
                break
        if data := b"".join(commands):
            self._transport.write(data)

    def abort(self, reason: str) -> None:
        """Give up the connection. Whose content was not given is not lost; the others may have arrived."""
        if not self._over:
            self._end(TryLater(0, "", reason))
            self._transport.abort()

    async def close(self, seconds: float = 5.0) -> None:
        """Say goodbye, politely if nothing is under way."""
        if not self.idle:
            self.abort("the connection was closed by us")
            return
        self._quit()
        await asyncio.wait([self._ended], timeout=seconds)
        self._transport.abort()

    # --- what asyncio calls ---

    def data_received(self, data: bytes) -> None:
        try:
            for reply in self._replies.feed(data):
                if self._over:
                    return
                self._heard = self._now()
                self._answered(reply)
        except NotSmtp as error:
            self.abort(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(TryLater(0, "", "the mail server ended the connection" + (f": {exc}" if exc else "")))
        if not self._ended.done():
            self._ended.set_result(None)

    # --- the dialogue ---

    def _begin(self, letter: Transaction, commands: list[bytes]) -> bool:
        """Put the letter's commands behind `commands`. False: it cannot go to this server, and has been told so."""
        plain = letter.sender.isascii() and letter.recipient.isascii()
        if not plain and not self._can.smtputf8:
            letter.settle(NO_UTF8)
            return False
        letter.connection = self
        self._open.append(letter)
        if self._reset_due:
            commands.append(b"RSET\r\n")
            self._expected.append((self._after_rset, letter))
            self._reset_due = False
            if not self._can.pipelining:
                return True
        commands.append(self._mail(letter))
        self._expected.append((self._after_mail, letter))
        if self._can.pipelining:
            commands.append(b"RCPT TO:<%b>\r\nDATA\r\n" % letter.recipient.encode())
            self._expected += ((self._after_rcpt, letter), (self._after_data, letter))
        return True

    def _mail(self, letter: Transaction) -> bytes:
        size = f" SIZE={letter.size}" if self._can.size else ""  # RFC 1870
        utf8 = "" if letter.sender.isascii() and letter.recipient.isascii() else " SMTPUTF8 BODY=8BITMIME"
        return f"MAIL FROM:<{letter.sender}>{size}{utf8}\r\n".encode()

    def _answered(self, reply: Reply) -> None:
        if not self._expected:
            self.abort("the mail server answered what it was not asked")
            return
        step, letter = self._expected.popleft()
        if reply.code == CLOSING:
            self._closing(letter, step, reply)
        elif letter is None:
            return  # the answer to a lone dot: its letter has been settled
        else:
            step(letter, reply)

    def _after_rset(self, letter: Transaction, reply: Reply) -> None:
        if not reply.accepts:
            self.abort(f"the mail server would not start afresh: {reply.text}")
        elif not self._can.pipelining:
            self._say(self._mail(letter), self._after_mail, letter)

    def _after_mail(self, letter: Transaction, reply: Reply) -> None:
        letter.begun = True
        if self._noted(letter, reply) and not self._can.pipelining:
            self._say(b"RCPT TO:<%b>\r\n" % letter.recipient.encode(), self._after_rcpt, letter)

    def _after_rcpt(self, letter: Transaction, reply: Reply) -> None:
        letter.welcome = reply.accepts
        if self._noted(letter, reply) and not self._can.pipelining:
            self._say(b"DATA\r\n", self._after_data, letter)

    def _noted(self, letter: Transaction, reply: Reply) -> bool:
        """Keep an answer to MAIL or RCPT; True if it is yes."""
        if not reply.accepts and not reply.refuses:
            self.abort(f"the mail server lost the thread: {reply.text}")
        elif reply.refuses:
            letter.refusal = letter.refusal or reply
            if not self._can.pipelining:
                self._refused(letter, reply)
        return reply.accepts

    def _after_data(self, letter: Transaction, reply: Reply) -> None:
        if reply.code != 354:
            if reply.refuses:
                self._refused(letter, letter.refusal or reply)
            else:
                self.abort(f"the mail server lost the thread: {reply.text}")
        elif letter.refusal is None:
            letter.given = True
            self._expected.append((self._after_content, letter))
            self.advance(letter.content)
        elif letter.welcome:  # the sender was refused, so a lone dot might reach the recipient as an empty letter
            self.abort(f"the mail server lost the thread: {reply.text}")
        else:
            # RFC 2920 section 3.1: DATA was accepted for nobody; a lone dot ends it. The letter is not said.
            self._expected.append((self._after_content, None))
            self._refused(letter, letter.refusal, b".\r\n")

    def _after_content(self, letter: Transaction, reply: Reply) -> None:
        if not reply.accepts and not reply.refuses:
            self.abort(f"the mail server lost the thread: {reply.text}")
            return
        self._settle(letter, Sent(reply.text) if reply.accepts else classify(reply.code, reply.text))
        self.advance()

    def _refused(self, letter: Transaction, reply: Reply, first: bytes = b"") -> None:
        self._settle(letter, classify(reply.code, reply.text))
        self._reset_due = True
        self.advance(first)

    def _say(self, command: bytes, step: Step, letter: Transaction) -> None:
        self._expected.append((step, letter))
        self._transport.write(command)

    def _settle(self, letter: Transaction, outcome: Outcome) -> None:
        self._open.remove(letter)
        self._served += 1
        letter.settle(outcome)

    # --- the end ---

    def _closing(self, letter: Transaction | None, step: Step, reply: Reply) -> None:
        """421. It is about the letter it answers, unless the server had simply had enough of this connection."""
        if letter and step != self._after_mail and step != self._after_rset:
            self._settle(
                letter,
                classify(letter.refusal.code, letter.refusal.text) if letter.refusal else defer(reply.code, reply.text),
            )
        self._end(defer(reply.code, reply.text))
        self._transport.close()

    def _end(self, outcome: TryLater) -> None:
        """No more of this connection: every letter on it is settled, or given back if the server never heard of it."""
        if self._over:
            return
        self._over = True
        self._watching.cancel()
        letters, self._open = self._open, []
        self._expected.clear()
        self._letters.lost(self)
        for letter in letters:
            letter.connection = None
            if letter.refusal:
                letter.settle(classify(letter.refusal.code, letter.refusal.text))
            elif self._served and not letter.begun and not letter.returned:
                letter.returned = True
                self._letters.give_back(letter)
            else:
                letter.settle(outcome)

    def _quit(self) -> None:
        self._over = True
        self._watching.cancel()
        self._letters.lost(self)
        self._transport.write(b"QUIT\r\n")

    @property
    def _tick(self) -> float:
        return min(self._patience.command, self._patience.idle) / 4

    def _watch(self) -> None:
        """Look now and then whether the server has gone silent, or nobody needs it any more."""
        silent = self._now() - self._heard
        if not self._expected:
            if silent >= self._patience.idle:
                self._quit()
                self._transport.close()
                return
        elif silent >= (
            self._patience.content if self._expected[0][0] == self._after_content else self._patience.command
        ):
            self.abort(f"no answer from the mail server in {silent:.0f} seconds")
            return
        self._watching = asyncio.get_running_loop().call_later(self._tick, self._watch)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
