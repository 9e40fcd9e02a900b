"""Whose request it is: nobody can choose, and nobody is taken for everybody without a warning."""

import pytest
from starlette.requests import Request

from relay.web.clients import UNKNOWN, address_of


def request(address: str | None) -> Request:
    return Request({"type": "http", "headers": [], "client": (address, 1) if address is not None else None})


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7", "::ffff:203.0.113.7"])
def test_an_address_from_elsewhere_is_its_own(address: str) -> None:
    assert address_of(request(address), public=True) == address


# This machine, a container's bridge, a carrier's NAT, a Unix socket, what some proxies write.
@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "172.18.0.1", "::ffff:10.0.0.2", "100.64.1.1", "unknown", "", None]
)
def test_a_proxy_that_does_not_say_for_whom_is_one_client_and_is_warned_of(
    address: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    assert address_of(request(address), public=True) == UNKNOWN
    assert "X-Forwarded-For" in caplog.text


def test_a_relay_that_only_this_machine_reaches_limits_nobody(caplog: pytest.LogCaptureFixture) -> None:
    assert address_of(request("127.0.0.1"), public=False) == ""
    assert caplog.text == ""
