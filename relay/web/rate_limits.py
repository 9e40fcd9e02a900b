"""How often one connection may ask, without keeping who it was."""

from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from ipaddress import ip_address
from secrets import token_bytes
from typing import Final

MOST_KEPT: Final = 100_000


class Limit:
    """A leaky bucket (GCRA): `burst` at once, then one every `interval` seconds.

    Of an address only a hash is kept, with a key that is thrown away daily. IPv6 counts by /64, which is one customer.
    This machine itself is not limited: it is the operator, or a proxy that does not say for whom it asks.
    clock: seconds, monotonic. today: changes the key.
    """

    def __init__(self, burst: int, interval: float, clock: Callable[[], float], today: Callable[[], date]) -> None:
        self._burst = burst
        self._interval = interval
        self._clock = clock
        self._today = today
        self._day: date | None = None
        self._key = b""
        self._full_until: dict[bytes, float] = {}

    def wait(self, address: str) -> float:
        """Seconds until this one may ask again; 0 if it may now, and then this counts."""
        who = self._hash(address)
        if who is None:
            return 0
        now = self._clock()
        level = max(self._full_until.get(who, now), now)
        too_much = level - now - (self._burst - 1) * self._interval
        if too_much > 0:
            return too_much
        if len(self._full_until) >= MOST_KEPT:
            self._full_until = {one: until for one, until in self._full_until.items() if until > now}
        self._full_until[who] = level + self._interval
        return 0

    def _hash(self, address: str) -> bytes | None:
        try:
            ip = ip_address(address)
        except ValueError:
            return None  # a Unix socket has no address
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if ip.is_loopback:
            return None
        if self._today() != self._day:
            self._day, self._key, self._full_until = self._today(), token_bytes(32), {}
        return blake2b(ip.packed[:8], key=self._key, digest_size=16).digest()
