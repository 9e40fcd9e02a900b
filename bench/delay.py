"""A connection with a round-trip time: forwards one port to another with a delay. Loopback only.

    python -m bench.delay PORT TO_PORT MILLISECONDS

Half of the milliseconds each way; nothing is reordered or delayed further.
"""

import asyncio
import sys
from typing import cast

import uvloop


class End(asyncio.Protocol):
    """One end; what it reads, the `other` end writes after `seconds`."""

    def __init__(self, seconds: float, other: "End | None" = None, port: int = 0) -> None:
        self.loop = asyncio.get_running_loop()
        self.seconds, self.port = seconds, port
        self.opened: asyncio.Future[asyncio.Transport] = self.loop.create_future()
        self.other = other
        self.calling: asyncio.Task[object] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.opened.set_result(cast("asyncio.Transport", transport))  # uvloop's is not a subclass
        if self.other is None:
            other = self.other = End(self.seconds, self)
            self.calling = asyncio.create_task(self.loop.create_connection(lambda: other, "127.0.0.1", self.port))

    def data_received(self, data: bytes) -> None:
        self.loop.call_later(self.seconds, self._pass, data)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.loop.call_later(self.seconds, self._pass, b"")

    def _pass(self, data: bytes) -> None:
        if self.other is None or not self.other.opened.done():
            return
        far = self.other.opened.result()
        if not data:
            far.close()
        elif not far.is_closing():
            far.write(data)


async def serve(port: int, to: int, milliseconds: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: End(milliseconds / 2000, port=to), "127.0.0.1", port)
    print("listening", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
