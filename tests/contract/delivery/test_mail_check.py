"""`beaconpost check --mail`, against a real name server and a real mail server, both on loopback."""

import asyncio
import json
import ssl
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from relay.app import check_mail
from relay.mail.check import DnsResolver, Domains, Finding, check_dns, check_login
from relay.settings import load
from tests.contract.delivery.nameserver import open_zone
from tests.contract.delivery.peers import Peer, open_peer

pytestmark = pytest.mark.anyio

Records = Mapping[tuple[str, str], list[str]]
KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQD" + "x" * 240  # a key of many letters: DNS takes it in two strings
OURS = ("beaconpost._domainkey.rent.example", f"v=DKIM1; k=rsa; p={KEY}")
HOUSE = Domains("rent.example", "bounces.rent.example", "smtp.provider.example", "beaconpost", OURS)
RIGHT: Records = {
    ("rent.example", "MX"): ["10 mail.rent.example."],
    ("bounces.rent.example", "MX"): ["10 mail.rent.example."],
    ("bounces.rent.example", "TXT"): ['"v=spf1 include:provider.example -all"'],
    ("provider.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"'],
    ("beaconpost._domainkey.rent.example", "TXT"): [f'"{OURS[1][:200]}" "{OURS[1][200:]}"'],
    ("_dmarc.rent.example", "TXT"): ['"v=DMARC1; p=quarantine"'],
}


async def found(changes: Records, domains: Domains = HOUSE) -> list[Finding]:
    async with open_zone({**RIGHT, **changes}) as zone:
        return await check_dns(domains, DnsResolver(zone.address))


def troubles(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.about.split()[0], f"{one.text} {one.publish}".strip()) for one in findings if one.is_trouble]


async def test_a_house_in_order_is_told_so() -> None:
    findings = await found({})
    assert not troubles(findings)
    assert {one.about.split()[0] for one in findings} == {"MX", "SPF", "DKIM", "DMARC"}


async def test_an_empty_zone_is_told_each_record_to_publish() -> None:
    async with open_zone({}) as zone:
        said = await check_dns(HOUSE, DnsResolver(zone.address))
    assert [one.publish for one in said] == [
        "rent.example. MX 10 smtp.provider.example.",
        "bounces.rent.example. MX 10 smtp.provider.example.",
        'bounces.rent.example. TXT "v=spf1 a:smtp.provider.example ~all"',
        f'beaconpost._domainkey.rent.example. TXT "{OURS[1][:255]}" "{OURS[1][255:]}"',
        '_dmarc.rent.example. TXT "v=DMARC1; p=none"',
    ]


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (['"v=spf1 mx +all"'], 'lets anybody send as you. bounces.rent.example. TXT "v=spf1 mx ~all"'),
        (['"v=spf1 mx"'], 'rejects nobody. bounces.rent.example. TXT "v=spf1 mx ~all"'),
        (['"v=spf1 mx ?all"'], "rejects nobody"),
        (['"v=spf1 mx -all"', '"v=spf1 a ~all"'], '2 records, so none counts. Merge them into one. bounces.rent'
         '.example. TXT "v=spf1 a mx ~all"'),
        (['"v=spf10 mx -all"'], "no record"),
        (['"v=spf1 include:deep.example -all"'], "more than 10 lookups"),
    ],
)  # fmt: skip
async def test_spf_that_does_not_hold_is_named_with_its_remedy(records: list[str], said: str) -> None:
    deep = '"v=spf1 ' + " ".join(f"a:host{number}.example" for number in range(10)) + ' -all"'
    zone: Records = {("bounces.rent.example", "TXT"): records, ("deep.example", "TXT"): [deep]}
    [(about, text)] = troubles(await found(zone))
    assert about == "SPF"
    assert said in text


async def test_spf_that_includes_itself_ends() -> None:
    zone: Records = {("bounces.rent.example", "TXT"): ['"v=spf1 include:bounces.rent.example -all"']}
    assert not troubles(await found(zone))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"v=DKIM1; k=rsa; p=AAAA"', "not the one"),
        ('"v=DKIM1; p="', "revoked"),
        ('"some other text"', "no key to verify them with"),
    ],
)
async def test_a_key_that_is_not_ours_is_told(value: str, said: str) -> None:
    [(about, text)] = troubles(await found({("beaconpost._domainkey.rent.example", "TXT"): [value]}))
    assert about == "DKIM"
    assert said in text


async def test_without_a_key_dkim_is_a_note_and_spf_has_to_speak_for_the_from_domain() -> None:
    alone = replace(HOUSE, published=None)
    assert not troubles(await found({}, alone))
    strict = await found({("_dmarc.rent.example", "TXT"): ['"v=DMARC1; p=reject; aspf=s"']}, alone)
    assert troubles(strict) == [
        ("DMARC", "nothing speaks for rent.example: set BEACONPOST_DKIM_KEY, or take aspf=s out of the policy.")
    ]
    far = await found({("far.example", "TXT"): ['"v=spf1 mx -all"'], ("far.example", "MX"): ["5 far.example."]},
                      replace(alone, envelope="far.example"))  # fmt: skip
    assert "a name below rent.example" in troubles(far)[0][1]


async def test_a_policy_of_the_domain_above_holds_below() -> None:
    below = replace(HOUSE, sender="rent.example", published=None, envelope="rent.example")
    said = await found(
        {
            ("letters.rent.example", "MX"): ["5 mail.rent.example."],
            ("rent.example", "TXT"): ['"v=spf1 mx -all"'],
        },
        replace(below, sender="letters.rent.example"),
    )
    assert not troubles(said)


@pytest.mark.parametrize("value", ['"v=DMARC1"', '"v=DMARC1; p=maybe"'])
async def test_a_policy_that_says_nothing_is_told(value: str) -> None:
    assert [about for about, _ in troubles(await found({("_dmarc.rent.example", "TXT"): [value]}))] == ["DMARC"]


async def test_a_domain_that_takes_no_mail_is_told() -> None:
    [(about, text)] = troubles(await found({("rent.example", "MX"): ["0 ."]}))
    assert about == "MX"
    assert "accepts no mail" in text


async def test_a_name_server_that_fails_is_not_taken_for_a_missing_record() -> None:
    async with open_zone(RIGHT) as zone:
        zone.broken = {"bounces.rent.example", "_dmarc.rent.example"}
        said = await check_dns(HOUSE, DnsResolver(zone.address))
    failed = [one for one in said if one.verdict == "unknown"]
    assert [one.about.split()[0] for one in failed] == ["MX", "SPF", "DMARC"]
    assert all("Nothing is known" in one.text and not one.publish for one in failed)


async def test_a_name_server_that_is_silent_is_given_up_and_told() -> None:
    async with open_zone(RIGHT) as zone:
        zone.silent = True
        said = await check_dns(HOUSE, DnsResolver(zone.address, timeout=0.05))
    assert {one.verdict for one in said} == {"unknown"}
    assert "no name server answered" in said[0].text


# --- the mail server ---


def texts(findings: list[Finding]) -> str:
    return "\n".join(f"{one.verdict} {one.text}" for one in findings)


async def test_the_mail_server_is_greeted_and_logged_in_to() -> None:
    async with open_peer(password="right") as peer:
        good = await check_login(peer.server(username="ana", password="right"))
        bad = await check_login(peer.server(username="ana", password="wrong"))
    assert "greets: 220" in texts(good)
    assert "good the login works" in texts(good)
    assert not any(one.is_trouble for one in good)
    assert "fix the login failed: 535" in texts(bad)
    assert "wrong" not in texts(bad)


async def test_a_certificate_that_nobody_trusts_is_told(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run([*make.split(), "-out", certificate, "-keyout", key], check=True, capture_output=True)  # noqa: ASYNC221 - nothing else runs yet
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    async with open_peer(starttls=context) as peer:
        trusted = await check_login(peer.server(tls="starttls"), ssl.create_default_context(cafile=str(certificate)))
        unknown = await check_login(peer.server(tls="starttls"))
    assert "with a trusted certificate" in texts(trusted)
    assert "fix no encryption (STARTTLS)" in texts(unknown)
    assert "ertificate" in texts(unknown)


async def test_a_server_without_starttls_and_one_that_is_not_there_are_told() -> None:
    async with open_peer() as peer:
        plain = await check_login(peer.server(tls="starttls"))
        gone = peer.server()
    assert "fix no encryption (STARTTLS)" in texts(plain)
    assert "fix no greeting" in texts(await check_login(gone))


# --- the command ---


async def test_a_test_letter_goes_to_the_address_given_and_to_no_other(tmp_path: Path) -> None:
    async with open_zone(RIGHT) as zone, open_peer() as peer:
        said = await check_mail(load(environment(peer, tmp_path)), DnsResolver(zone.address), "operator@mail.example")
    [letter] = peer.got
    assert letter.rcpt_tos == ["operator@mail.example"]
    assert str(letter.mail_from).startswith("bounces+")
    assert str(letter.mail_from).endswith("@bounces.rent.example")
    assert said[-1].about == "test letter"
    assert "250" in said[-1].text


async def test_the_command_says_it_all_and_its_exit_status_sums_it_up(tmp_path: Path) -> None:
    async with open_zone(RIGHT) as zone, open_peer() as peer:
        settings = environment(peer, tmp_path)
        asked = ["--mail", "--nameserver", "{}:{}".format(*zone.address)]
        status, output = await run(settings, tmp_path, *asked)
        assert "No problems found." in output
        assert status == 0
        zone.records = {}
        status, output = await run(settings, tmp_path, *asked, "--json")
    assert status == 1
    assert {one["verdict"] for one in json.loads(output)} >= {"fix", "good"}


async def run(settings: dict[str, str], folder: Path, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "relay.cli", "check", *arguments,
        cwd=folder, env={**settings, "PYTHONPATH": str(Path(__file__).parents[3])}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


def environment(peer: Peer, folder: Path) -> dict[str, str]:
    return {
        "BEACONPOST_SMTP_URL": f"smtp://localhost:{peer.port}?tls=none",
        "BEACONPOST_FROM": "letters@rent.example",
        "BEACONPOST_BOUNCE_DOMAIN": "bounces.rent.example",
        "BEACONPOST_RELAY_URL": "https://relay.rent.example",
        "BEACONPOST_DATABASE": f"sqlite:///{folder}/var/outbox.db",
    }
