"""Cut what a mail server sends into its replies (RFC 5321 section 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from relay.mail.smtp.outcome import ANSWER_MAX

LINE_MAX: Final = 8_192  # octets; the RFC allows 512


class NotSmtp(Exception):
    """The server said something that is no reply."""


@dataclass(frozen=True, slots=True)
class Reply:
    """text: on one line, the code in front, cut to what is kept."""

    code: int
    text: str

    @property
    def accepts(self) -> bool:
        """25x: what was asked is done. 221 is a success of another kind."""
        return self.code // 10 == 25

    @property
    def refuses(self) -> bool:
        return 400 <= self.code <= 599


class Replies:
    """Keeps the beginning of a reply and counts on nothing else: ten thousand lines cost no more memory than one."""

    def __init__(self) -> None:
        self._rest = b""
        self._words: list[str] = []
        self._length = 0
        self._code = 0

    def feed(self, data: bytes) -> Iterator[Reply]:
        """The replies that `data` completes. Raises NotSmtp after those before the trouble."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if reply := self._line(line):
                yield reply
        if len(self._rest) > LINE_MAX:
            raise NotSmtp("the mail server sent a line without an end")

    def _line(self, line: bytes) -> Reply | None:
        code, more = line[:3], line[3:4]
        if not code.isdigit() or not b"200" <= code <= b"599" or more not in (b" ", b"-", b"\r", b""):
            raise NotSmtp("the mail server sent something that is not SMTP")
        if len(line) > LINE_MAX or (self._code and self._code != int(code)):
            raise NotSmtp("the mail server sent an answer that contradicts itself or does not end")
        self._code = int(code)
        if self._length < ANSWER_MAX:
            words = " ".join(line[4:].decode(errors="replace").split())
            self._words.append(words)
            self._length += len(words) + 1
        if more == b"-":
            return None
        reply = Reply(self._code, " ".join([str(self._code), *filter(None, self._words)])[:ANSWER_MAX])
        self._words, self._length, self._code = [], 0, 0
        return reply
