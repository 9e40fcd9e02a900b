"""A mail server that reports every letter it accepts and discards it. Loopback only.

Replies to RFC 5321 commands without validating them, in one write per read, so that a benchmark measures the sender.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, cast

REPLIES: Final = {
    b"EHLO": b"250-sink\r\n250 PIPELINING\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


class Sink(asyncio.Protocol):
    def __init__(self, on_letter: Callable[[bytes], None]) -> None:
        self.on_letter = on_letter
        self.rest = b""
        self.in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass
        self.transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        replies = []
        while True:
            piece, end_seen, rest = self.rest.partition(b"\r\n.\r\n" if self.in_data else b"\r\n")
            if not end_seen:
                break
            self.rest = rest
            if self.in_data:
                self.on_letter(piece)
                self.in_data = False
                replies.append(b"250 ok\r\n")
            else:
                self.in_data = piece[:4] == b"DATA"
                replies.append(REPLIES.get(piece[:4], b"250 ok\r\n"))
        self.transport.write(b"".join(replies))


@asynccontextmanager
async def open_sink(on_letter: Callable[[bytes], None]) -> AsyncIterator[int]:
    """Listen in this process; yield the port."""
    server = await asyncio.get_running_loop().create_server(lambda: Sink(on_letter), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
