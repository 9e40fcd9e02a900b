"""DNS look-ups in which a missing record and a missing answer are different things."""

from typing import Final

import dns.exception
import dns.rdatatype
import dns.resolver
from dns.asyncresolver import Resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

PATIENCE: Final = 5.0  # seconds for one look-up, whatever is tried again meanwhile


class LookupFailed(Exception):
    """Nobody answered, or not usefully: the record may be there or not."""


class DnsResolver:
    """Asks the machine's own name servers, or the one at `nameserver` (address, port)."""

    def __init__(self, nameserver: tuple[str, int] | None = None, patience: float = PATIENCE) -> None:
        self._resolver: Resolver | None = None
        self._nameserver = nameserver
        self._patience = patience

    async def txt(self, name: str) -> list[str]:
        """The TXT records at a name, each with its strings joined, or none. Raises LookupFailed."""
        found = await self._ask(name, dns.rdatatype.TXT)
        return [b"".join(one.strings).decode("utf-8", "replace") for one in found if isinstance(one, TXT)]

    async def mx(self, name: str) -> list[str]:
        """Mail servers, the preferred first. "" is RFC 7505's: the domain takes no mail. Raises LookupFailed."""
        found = [one for one in await self._ask(name, dns.rdatatype.MX) if isinstance(one, MX)]
        return [str(one.exchange).rstrip(".") for one in sorted(found, key=lambda one: one.preference)]

    async def _ask(self, name: str, kind: dns.rdatatype.RdataType) -> list[object]:
        try:
            answer = await self._open().resolve(name, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.resolver.LifetimeTimeout as error:
            raise LookupFailed(f"no name server answered in {self._patience:g} seconds") from error
        except dns.resolver.NoNameservers as error:  # SERVFAIL, REFUSED
            raise LookupFailed("the name servers answered with a failure of their own") from error
        except dns.resolver.NoResolverConfiguration as error:
            raise LookupFailed("this machine has no name server configured") from error
        except (dns.exception.DNSException, OSError) as error:
            raise LookupFailed(f"the look-up went wrong ({type(error).__name__})") from error
        return list(answer)

    def _open(self) -> Resolver:
        if self._resolver is None:
            self._resolver = Resolver(configure=self._nameserver is None)
            if self._nameserver:
                address, self._resolver.port = self._nameserver
                self._resolver.nameservers = [address]
            self._resolver.lifetime = self._patience
        return self._resolver
