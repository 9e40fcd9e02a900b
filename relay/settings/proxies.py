"""`relay --proxy`: whose X-Forwarded-For is believed. Whoever is believed can claim to be anybody."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

DEFAULT: Final = "127.0.0.1,::1"
# The widest network of public addresses that may be a proxy's, by IP version: no block of a known CDN is wider, and
# anything wider holds people who could choose whose limits they use up.
WIDEST: Final = {4: 10, 6: 20}
# Wide, and not reachable over the internet: RFC 1918 section 3, RFC 6598, RFC 4193, RFC 3927, RFC 4291.
PRIVATE: Final = [
    ip_network(network)
    for network in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "::1/128",
        "fc00::/7", "fe80::/10",
    )
]  # fmt: skip


def parse_proxies(text: str) -> str:
    """Addresses and networks, separated by commas. Raises ValueError, whose text says what to do."""
    for entry in filter(None, (part.strip() for part in text.split(","))):
        if entry == "*":
            raise ValueError("'*' would let anybody claim any address: name the proxy's")
        try:
            network = ip_network(entry)
        except ValueError:
            raise ValueError(f"{entry!r} is no address and no network, like 192.0.2.1 or 172.16.0.0/12") from None
        if network.prefixlen < WIDEST[network.version] and not _is_private(network):
            raise ValueError(f"{entry} would let people on the internet claim any address: name the proxy's")
    return text


def is_only_this_machine(text: str) -> bool:
    """text: as `parse_proxies` takes it."""
    return all(ip_network(part.strip()).is_loopback for part in text.split(",") if part.strip())


def _is_private(network: IPv4Network | IPv6Network) -> bool:
    return any(
        network.subnet_of(private)  # type: ignore[arg-type]
        for private in PRIVATE
        if private.version == network.version
    )
