"""How often one connection may do something, without keeping who it was."""

from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from ipaddress import ip_address
from secrets import token_bytes
from typing import Final

MAX_KEPT: Final = 100_000


class RateLimit:
    """A leaky bucket (GCRA): `burst` at once, then one every `interval` seconds.

    Only a hash of an address is kept, with a key that is discarded daily. IPv6 addresses count by /64, which is one
    customer; IPv4-mapped addresses count as IPv4. Loopback is not limited: it is the operator, or a proxy that does not
    say for whom it asks. clock: seconds, monotonic. today: changes the key.
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
        """Seconds until this address may try again; 0 if it may now, which then counts."""
        bucket = self._hash(address)
        if bucket is None:
            return 0
        now = self._clock()
        level = max(self._full_until.get(bucket, now), now)
        excess = level - now - (self._burst - 1) * self._interval
        if excess > 0:
            return excess
        if len(self._full_until) >= MAX_KEPT:
            self._full_until = {key: until for key, until in self._full_until.items() if until > now}
        self._full_until[bucket] = level + self._interval
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
