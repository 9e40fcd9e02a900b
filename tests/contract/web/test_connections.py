"""Slow, idle and too many connections, over real sockets. Each loopback address but 127.0.0.1 is a client."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from relay.web.connections import DEFAULT_LIMITS, MAX_HEADERS, MAX_PIPELINED, ConnectionLimits
from relay.web.serving import listen, serve

pytestmark = pytest.mark.anyio

SLOW_BODY = b"POST /read HTTP/1.1\r\nHost: relay\r\nContent-Length: 2\r\n%s\r\na"
GET = b"GET /now HTTP/1.1\r\nHost: relay\r\n%s\r\n"
Open = Callable[..., Awaitable["Client"]]


@pytest.fixture(params=[True, False], ids=["uvloop", "asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    return "asyncio", {"use_uvloop": request.param}


class Client:
    """A connection, from an address of this machine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self) -> str:
        """Status and body of a response."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length"))
        body = await self.reader.readexactly(int(length.split()[1]))
        return f"{head.split()[1].decode()} {body.decode()}".strip()

    async def rest(self) -> bytes:
        """What comes until the relay closes the connection."""
        async with asyncio.timeout(10):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""


class Server:
    """What runs: an app that reads a body, answers at once without reading, or answers when it is told to."""

    def __init__(self) -> None:
        self.reading = asyncio.Semaphore(0)  # released for each request that arrived
        self.finish = asyncio.Event()
        self.app = Starlette(
            routes=[
                Route("/read", self.read, methods=["POST"]),
                Route("/now", self.now, methods=["GET", "POST"]),
                Route("/later", self.later),
            ]
        )

    async def read(self, request: Request) -> Response:
        self.reading.release()
        return PlainTextResponse((await request.body()).decode())

    async def now(self, request: Request) -> Response:
        return PlainTextResponse(request.client.host if request.client else "")

    async def later(self, request: Request) -> Response:  # noqa: ARG002
        self.reading.release()
        await self.finish.wait()
        return PlainTextResponse("later")


@asynccontextmanager
async def running(server: Server, limits: ConnectionLimits) -> AsyncIterator[Open]:
    started, clients = asyncio.Event(), list[Client]()
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        task = asyncio.create_task(serve(server.app, listener, proxy="127.0.0.1", ready=started.set, limits=limits))
        await started.wait()

        async def connect(source: str, data: bytes = b"") -> Client:
            """Once the relay has what was sent, if it is the beginning of a post or a request for /later."""
            client = Client(*await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0)))
            clients.append(client)
            client.send(data)
            if b"/read" in data or b"/later" in data:
                await server.reading.acquire()
            return client

        try:
            yield connect
        finally:
            server.finish.set()
            for client in clients:
                client.writer.close()
            os.kill(os.getpid(), signal.SIGTERM)
            await task


async def test_over_its_cap_an_address_loses_its_oldest_connections_and_nobody_else_does(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with running(Server(), ConnectionLimits(per_client=2)) as connect:
        other = await connect("127.0.0.3", SLOW_BODY % b"")
        slow = [await connect("127.0.0.2", SLOW_BODY % b"") for _ in range(5)]
        for client in slow[:3]:
            assert (await client.rest()).startswith(b"HTTP/1.1 503 ")
        for client in (other, *slow[3:]):
            client.send(b"b")
            assert await client.answer() == "200 ab"
        honest = await connect("127.0.0.2", GET % b"")
        assert await honest.answer() == "200 127.0.0.2"
    lines = [record.getMessage() for record in caplog.records if record.name == "beaconpost.connections"]
    assert len(lines) == 1
    assert "127.0.0.2" not in caplog.text


async def test_when_all_are_taken_the_one_that_waited_longest_gives_way() -> None:
    async with running(Server(), ConnectionLimits(total=3)) as connect:
        slow = [await connect(f"127.0.1.{number}", SLOW_BODY % b"") for number in (1, 2, 3)]
        honest = await connect("127.0.0.9", GET % b"")
        assert await honest.answer() == "200 127.0.0.9"
        assert (await slow[0].rest()).startswith(b"HTTP/1.1 503 ")
        slow[1].send(b"b")
        assert await slow[1].answer() == "200 ab"


async def test_a_request_being_answered_never_gives_way() -> None:
    server = Server()
    async with running(server, ConnectionLimits(total=2)) as connect:
        asked = [await connect(f"127.0.1.{number}", GET.replace(b"now", b"later") % b"") for number in (1, 2)]
        refused = await connect("127.0.0.9", GET % b"")
        assert await refused.rest() == b""
        server.finish.set()
        assert [await client.answer() for client in asked] == ["200 later"] * 2
        honest = await connect("127.0.0.9", GET % b"")
        assert await honest.answer() == "200 127.0.0.9"


async def test_a_client_that_leaves_between_the_answers_to_several_requests_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Server()
    async with running(server, DEFAULT_LIMITS) as connect:
        gone = await connect(
            "127.0.0.2", b"".join(GET.replace(b"now", path) % b"" for path in (b"now", b"later", b"now"))
        )
        gone.writer.transport.abort()
        present = await connect("127.0.0.3", GET % b"")
        assert await present.answer() == "200 127.0.0.3"
        server.finish.set()
        present.send(GET % b"")
        assert await present.answer() == "200 127.0.0.3"
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_behind_a_proxy_clients_count_by_the_forwarded_address() -> None:
    async with running(Server(), ConnectionLimits(per_client=2)) as connect:
        mallory, ana = (b"X-Forwarded-For: 2001:db8::%d\r\n", b"X-Forwarded-For: 203.0.113.7\r\n")
        slow = [await connect("127.0.0.1", SLOW_BODY % (mallory % number)) for number in range(3)]
        assert (await slow[0].rest()).startswith(b"HTTP/1.1 503 ")
        honest = [await connect("127.0.0.1") for _ in range(3)]  # a proxy keeps connections for anybody
        for client in honest:
            client.send(GET % ana)
            assert await client.answer() == "200 203.0.113.7"
        slow[2].send(b"b")
        assert await slow[2].answer() == "200 ab"


async def test_the_proxy_itself_has_no_cap_of_its_own() -> None:
    async with running(Server(), ConnectionLimits(per_client=1)) as connect:
        slow = [await connect("127.0.0.1", SLOW_BODY % b"") for _ in range(3)]
        for client in slow:
            client.send(b"b")
            assert await client.answer() == "200 ab"


async def test_headers_have_a_time_limit_that_a_trickle_does_not_extend() -> None:
    async with running(Server(), ConnectionLimits(headers=0.5)) as connect:
        begun = await connect("127.0.0.2", b"GET /now HTTP/1.1\r\n")
        trickling, idle = await connect("127.0.0.2"), await connect("127.0.0.2")

        async def trickle() -> None:
            while not trickling.reader.at_eof():
                trickling.send(b"a: b\r\n")
                await asyncio.sleep(0.05)

        sending = asyncio.create_task(trickle())
        assert (await begun.rest()).startswith(b"HTTP/1.1 408 ")
        assert await idle.rest() == b""
        await trickling.rest()
        sending.cancel()


async def test_headers_have_a_size_limit() -> None:
    async with running(Server(), ConnectionLimits()) as connect:
        client = await connect("127.0.0.2", b"GET /now HTTP/1.1\r\na: " + b"a" * (MAX_HEADERS + 1))
        assert (await client.rest()).startswith(b"HTTP/1.1 431 ")


async def test_the_rest_of_a_body_is_not_waited_for_once_it_is_answered() -> None:
    async with running(Server(), ConnectionLimits(linger=0.5)) as connect:
        client = await connect("127.0.0.2", SLOW_BODY.replace(b"/read", b"/now") % b"")
        assert await client.answer() == "200 127.0.0.2"
        assert await client.rest() == b""
        late = await connect("127.0.0.2", SLOW_BODY.replace(b"/read", b"/now") % b"")
        assert await late.answer() == "200 127.0.0.2"
        late.send(b"b" + GET % b"")  # a browser that was still sending goes on
        assert await late.answer() == "200 127.0.0.2"


async def test_the_rest_of_a_long_body_does_not_count_as_headers() -> None:
    async with running(Server(), ConnectionLimits()) as connect:
        length = b"POST /now HTTP/1.1\r\nHost: relay\r\nContent-Length: %d\r\n\r\n" % (2 * MAX_HEADERS)
        client = await connect("127.0.0.2", length)
        assert await client.answer() == "200 127.0.0.2"
        for part in (b"a" * MAX_HEADERS, b"a" * MAX_HEADERS, GET % b""):
            client.send(part)
            await client.writer.drain()
        assert await client.answer() == "200 127.0.0.2"


async def test_requests_cannot_pile_up_on_one_connection() -> None:
    server = Server()
    async with running(server, ConnectionLimits()) as connect:
        client = await connect("127.0.0.2", GET.replace(b"now", b"later") % b"")
        client.send((GET % b"") * (MAX_PIPELINED + 2))
        assert (await client.rest()).startswith(b"HTTP/1.1 400 ")
        assert await (await connect("127.0.0.2", GET % b"")).answer() == "200 127.0.0.2"


async def test_a_post_that_never_ends_is_ended() -> None:
    async with running(Server(), ConnectionLimits(request=0.5)) as connect:
        client = await connect("127.0.0.2", SLOW_BODY % b"")
        assert await client.rest() == b""


async def test_what_a_client_can_cause_is_logged_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    async with running(Server(), ConnectionLimits()) as connect:
        for _ in range(3):
            client = await connect("127.0.0.2", b"nonsense\r\n\r\n")
            assert (await client.rest()).startswith(b"HTTP/1.1 400 ")
    assert caplog.text.count("Invalid HTTP request received.") == 1
