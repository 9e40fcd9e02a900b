"""Which domains take mail. A writer's address at one that takes none was invented."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from relay.letters.mailboxes import LARGE_PROVIDERS
from relay.mail.check.resolver import DnsResolver, LookupFailed

KEPT: Final = 10_000  # answers
LASTS: Final = 3600.0  # seconds


class MailDomains:
    """Asks DNS, and remembers for an hour. Name servers hear the domain, never the address. clock: in seconds."""

    def __init__(self, dns: DnsResolver, clock: Callable[[], float]) -> None:
        self._dns = dns
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    async def takes_mail(self, domain: str) -> bool:
        """False only if DNS answers that it has no mail server; silence and errors say nothing."""
        if domain in LARGE_PROVIDERS:
            return True
        asked, answer = self._known.get(domain, (-LASTS, True))
        if self._clock() - asked < LASTS:
            return answer
        try:
            servers = await self._dns.mx(domain)
            # Without an MX record the domain itself is the mail server (RFC 5321 section 5.1).
            answer = servers != [""] if servers else await self._dns.has_address(domain)
        except LookupFailed:
            return True
        self._known[domain] = self._clock(), answer
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return answer
