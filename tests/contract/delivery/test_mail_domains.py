"""A mail domain that takes no mail is known by DNS; silence says nothing."""

import pytest

from relay.mail.check.resolver import DnsResolver
from relay.mail.mail_domains import LASTS, MailDomains
from tests.contract.delivery.nameserver import open_zone

pytestmark = pytest.mark.anyio
ZONE = {
    ("mail.example", "MX"): ["10 mx.mail.example."],
    ("host.example", "A"): ["192.0.2.1"],
    ("six.example", "AAAA"): ["2001:db8::1"],
    ("null.example", "MX"): ["0 ."],
    ("words.example", "TXT"): ['"nothing else"'],
}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("domain", "takes_mail"),
    [
        ("mail.example", True),
        ("host.example", True),  # without MX, the host itself (RFC 5321 section 5.1)
        ("six.example", True),
        ("null.example", False),  # RFC 7505
        ("words.example", False),
        ("absent.example", False),
        ("gmail.com", True),  # not even asked
    ],
)
async def test_what_name_servers_answer_counts(domain: str, takes_mail: bool) -> None:
    async with open_zone(ZONE) as zone:
        assert await MailDomains(DnsResolver(zone.address), Clock()).takes_mail(domain) is takes_mail


async def test_silence_and_failure_say_nothing() -> None:
    async with open_zone(ZONE) as zone:
        zone.broken = {"broken.example"}
        assert await MailDomains(DnsResolver(zone.address), Clock()).takes_mail("broken.example")
        zone.silent = True
        assert await MailDomains(DnsResolver(zone.address, timeout=0.2), Clock()).takes_mail("absent.example")


async def test_an_answer_is_remembered_for_an_hour() -> None:
    clock = Clock()
    async with open_zone(ZONE) as zone:
        domains = MailDomains(DnsResolver(zone.address), clock)
        assert not await domains.takes_mail("absent.example")
        zone.records = {("absent.example", "MX"): ["10 mx.mail.example."]}
        assert not await domains.takes_mail("absent.example")
        clock.now = LASTS
        assert await domains.takes_mail("absent.example")
