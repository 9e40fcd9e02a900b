"""DNS queries, where a missing record and a missing answer are different things."""

from typing import Final

import dns.exception
import dns.rdatatype
import dns.resolver
from dns.asyncresolver import Resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

TIMEOUT: Final = 5.0  # seconds for a query, including retries


class LookupFailed(Exception):
    """No usable answer: the record may exist or not."""


class DnsResolver:
    """Asks the system's name servers, or the one at `nameserver` (address, port)."""

    def __init__(self, nameserver: tuple[str, int] | None = None, timeout: float = TIMEOUT) -> None:
        self._resolver: Resolver | None = None
        self._nameserver = nameserver
        self._timeout = timeout

    async def txt(self, name: str) -> list[str]:
        """The TXT records at a name, each with its strings joined, or none. Raises LookupFailed."""
        records = await self._query(name, dns.rdatatype.TXT)
        return [b"".join(record.strings).decode("utf-8", "replace") for record in records if isinstance(record, TXT)]

    async def mx(self, name: str) -> list[str]:
        """Mail servers, the preferred first. "": the domain accepts no mail (RFC 7505). Raises LookupFailed."""
        records = [record for record in await self._query(name, dns.rdatatype.MX) if isinstance(record, MX)]
        return [str(record.exchange).rstrip(".") for record in sorted(records, key=lambda record: record.preference)]

    async def has_address(self, name: str) -> bool:
        """Whether the name has an address. Raises LookupFailed."""
        return bool(await self._query(name, dns.rdatatype.A) or await self._query(name, dns.rdatatype.AAAA))

    async def _query(self, name: str, kind: dns.rdatatype.RdataType) -> list[object]:
        try:
            answer = await self._open().resolve(name, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.resolver.LifetimeTimeout as error:
            raise LookupFailed(f"no name server answered in {self._timeout:g} seconds") from error
        except dns.resolver.NoNameservers as error:  # SERVFAIL, REFUSED
            raise LookupFailed("the name servers failed") from error
        except dns.resolver.NoResolverConfiguration as error:
            raise LookupFailed("this machine has no name server configured") from error
        except (dns.exception.DNSException, OSError) as error:
            raise LookupFailed(f"the query failed ({type(error).__name__})") from error
        return list(answer)

    def _open(self) -> Resolver:
        if self._resolver is None:
            self._resolver = Resolver(configure=self._nameserver is None)
            if self._nameserver:
                address, self._resolver.port = self._nameserver
                self._resolver.nameservers = [address]
            self._resolver.lifetime = self._timeout
        return self._resolver
