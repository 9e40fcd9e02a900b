"""How often one connection may do something, without keeping who it was."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from ipaddress import ip_address
from secrets import token_bytes
from typing import Final

MAX_KEPT: Final = 100_000  # networks; of those used longest ago nothing is kept


def network_of(address: str) -> bytes | None:
    """Whom an address counts for: an IPv4 address, or the /64 of an IPv6 address, which is one customer.

    IPv4-mapped addresses count as IPv4. None if it is not an address: a Unix socket has none.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    return (getattr(ip, "ipv4_mapped", None) or ip).packed[:8]


def is_loopback(address: str) -> bool:
    """Whether it is an address of this machine."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback


class RateLimit:
    """A leaky bucket (GCRA): `burst` at once, then one every `interval` seconds.

    Only a hash of a network (see `network_of`) is kept, with a key that is discarded daily.
    clock: seconds, monotonic. today: changes the key.
    """

    def __init__(self, burst: int, interval: float, clock: Callable[[], float], today: Callable[[], date]) -> None:
        self._burst = burst
        self._interval = interval
        self._clock = clock
        self._today = today
        self._day: date | None = None
        self._key = b""
        self._full_until: OrderedDict[bytes, float] = OrderedDict()  # the least recently used first

    def wait(self, address: str) -> float:
        """Seconds until this address may try again; 0 if it may now, which then counts.

        address: see `clients.address_of`; "" is not limited.
        """
        if not address:
            return 0
        bucket = self._hash(address)
        now = self._clock()
        level = max(self._full_until.get(bucket, now), now)
        excess = level - now - (self._burst - 1) * self._interval
        if excess > 0:
            return excess
        self._full_until[bucket] = level + self._interval
        self._full_until.move_to_end(bucket)
        if len(self._full_until) > MAX_KEPT:
            self._full_until.popitem(last=False)
        return 0

    def _hash(self, address: str) -> bytes:
        network = network_of(address) or address.encode()
        if self._today() != self._day:
            self._day, self._key, self._full_until = self._today(), token_bytes(32), OrderedDict()
        return blake2b(network, key=self._key, digest_size=16).digest()
