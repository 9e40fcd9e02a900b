"""A small real name server: it serves the records of the test over UDP on loopback."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Zone(asyncio.DatagramProtocol):
    """The server and its records."""

    records: Mapping[tuple[str, str], list[str]]  # (name, type) to values as in a zone file
    broken: set[str] = field(default_factory=set)  # names that get SERVFAIL
    silent: bool = False  # no query is answered
    address: tuple[str, int] = ("", 0)
    transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)  # the event loop's transport is not a subclass

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.silent or self.transport is None:
            return
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        question = query.question[0]
        name, kind = str(question.name).rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        values = self.records.get((name, kind))
        if name in self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif values:
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, values))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(answer.to_wire(), addr)


@asynccontextmanager
async def open_zone(records: Mapping[tuple[str, str], list[str]]) -> AsyncIterator[Zone]:
    zone = Zone(records)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: zone, ("127.0.0.1", 0))
    zone.address = transport.get_extra_info("sockname")
    try:
        yield zone
    finally:
        transport.close()
