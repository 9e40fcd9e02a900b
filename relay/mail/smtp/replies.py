"""Split what a mail server sends into replies (RFC 5321 section 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from relay.mail.outcome import ANSWER_MAX

LINE_MAX: Final = 8_192  # octets; the RFC allows 512


class NotSmtp(Exception):
    """The server sent something that is not a reply."""


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    text: str  # on one line, starting with the code, truncated

    @property
    def accepts(self) -> bool:
        """25x: done. 221 is a success of another kind."""
        return self.code // 10 == 25

    @property
    def refuses(self) -> bool:
        return 400 <= self.code <= 599


class Replies:
    """Keeps only the beginning of a reply: ten thousand lines use no more memory than one."""

    def __init__(self) -> None:
        self._rest = b""
        self._words: list[str] = []
        self._length = 0
        self._code = 0

    def feed(self, data: bytes) -> Iterator[Reply]:
        """The replies that `data` completes. Raises NotSmtp after the last good one."""
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
            raise NotSmtp("the mail server sent a reply that contradicts itself or does not end")
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
