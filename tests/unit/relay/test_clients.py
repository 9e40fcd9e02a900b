"""Whose request it is: nobody can choose, and nobody is taken for everybody without a warning."""

import pytest
from starlette.requests import Request

from relay.settings.proxies import DEFAULT, is_only_this_machine, parse_proxies
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


@pytest.mark.parametrize(
    "proxies",
    ["*", "0.0.0.0/0", "::/0", "127.0.0.1,0.0.0.0/0", "0.0.0.0/1,128.0.0.0/1", "8.0.0.0/7", "2000::/3", "2a00::/12"],
)
def test_no_proxy_is_believed_that_anybody_on_the_internet_could_be(proxies: str) -> None:
    with pytest.raises(ValueError, match="claim any address"):
        parse_proxies(proxies)


# A container's bridge, a company's network, the widest blocks of two CDNs.
@pytest.mark.parametrize(
    "proxies",
    ["", DEFAULT, "172.16.0.0/12,192.168.0.0/16", "10.0.0.0/8", "fc00::/7", "104.16.0.0/13", "2a06:98c0::/29"],
)
def test_a_proxys_own_networks_may_be_named(proxies: str) -> None:
    assert parse_proxies(proxies) == proxies


@pytest.mark.parametrize("proxies", ["caddy", "10.0.0.1/8", "127.0.0.1;::1"])
def test_what_would_be_believed_of_nobody_is_said(proxies: str) -> None:
    with pytest.raises(ValueError, match="no address and no network"):
        parse_proxies(proxies)


def test_only_loopback_is_this_machine() -> None:
    assert is_only_this_machine(DEFAULT)
    assert is_only_this_machine("")
    assert not is_only_this_machine("127.0.0.1, 172.16.0.0/12")
