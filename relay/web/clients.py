"""Who sent a request, as far as limits go."""

import logging
from ipaddress import ip_address
from typing import Final

from starlette.requests import Request

from relay.settings.proxies import PRIVATE

log = logging.getLogger("beaconpost.web")

UNKNOWN: Final = "unknown"  # one client: all whom a proxy does not tell apart


def address_of(request: Request, *, public: bool) -> str:
    """The address that sent a request, as a trusted proxy says; UNKNOWN if it does not say.

    public: whether people reach the relay from elsewhere. If not, "" for this machine: it has no limits.
    """
    address = request.client.host if request.client else ""
    if not _is_own(address):
        return address
    if not public:
        return ""
    log.warning(
        "a request came through a proxy that does not say for whom: all its visitors share one limit. Let it send"
        " X-Forwarded-For, and name its address in --proxy"
    )
    return UNKNOWN


def _is_own(address: str) -> bool:
    """A Unix socket has no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return True
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return any(ip in network for network in PRIVATE)
