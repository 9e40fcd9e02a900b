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
from tests.samples.settings import SECRET_KEY

pytestmark = pytest.mark.anyio

Records = Mapping[tuple[str, str], list[str]]
KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQD" + "x" * 240  # a long key: DNS holds it in two strings
OURS = ("beaconpost._domainkey.rent.example", f"v=DKIM1; k=rsa; p={KEY}")
DOMAINS = Domains("rent.example", "bounces.rent.example", "smtp.provider.example", "beaconpost", OURS)
CORRECT: Records = {
    ("rent.example", "MX"): ["10 mail.rent.example."],
    ("bounces.rent.example", "MX"): ["10 mail.rent.example."],
    ("bounces.rent.example", "TXT"): ['"v=spf1 include:provider.example -all"'],
    ("provider.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"'],
    ("beaconpost._domainkey.rent.example", "TXT"): [f'"{OURS[1][:200]}" "{OURS[1][200:]}"'],
    ("_dmarc.rent.example", "TXT"): ['"v=DMARC1; p=quarantine"'],
}


async def check(changes: Records, domains: Domains = DOMAINS) -> list[Finding]:
    async with open_zone({**CORRECT, **changes}) as zone:
        return await check_dns(domains, DnsResolver(zone.address))


def problems(findings: list[Finding]) -> list[tuple[str, str]]:
    return [
        (finding.about.split()[0], f"{finding.text} {finding.publish}".strip())
        for finding in findings
        if finding.is_trouble
    ]


async def test_correct_records_cause_no_problem() -> None:
    findings = await check({})
    assert not problems(findings)
    assert {finding.about.split()[0] for finding in findings} == {"MX", "SPF", "DKIM", "DMARC"}


async def test_an_empty_zone_lists_each_record_to_publish() -> None:
    async with open_zone({}) as zone:
        findings = await check_dns(DOMAINS, DnsResolver(zone.address))
    assert [finding.publish for finding in findings] == [
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
async def test_a_faulty_spf_record_is_reported_with_its_fix(records: list[str], said: str) -> None:
    deep = '"v=spf1 ' + " ".join(f"a:host{number}.example" for number in range(10)) + ' -all"'
    zone: Records = {("bounces.rent.example", "TXT"): records, ("deep.example", "TXT"): [deep]}
    [(about, text)] = problems(await check(zone))
    assert about == "SPF"
    assert said in text


async def test_an_spf_record_that_includes_itself_does_not_loop() -> None:
    zone: Records = {("bounces.rent.example", "TXT"): ['"v=spf1 include:bounces.rent.example -all"']}
    assert not problems(await check(zone))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"v=DKIM1; k=rsa; p=AAAA"', "not the one"),
        ('"v=DKIM1; p="', "revoked"),
        ('"some other text"', "no key to verify them with"),
    ],
)
async def test_a_wrong_dkim_key_is_reported(value: str, said: str) -> None:
    [(about, text)] = problems(await check({("beaconpost._domainkey.rent.example", "TXT"): [value]}))
    assert about == "DKIM"
    assert said in text


async def test_without_a_dkim_key_spf_must_align_with_the_from_domain() -> None:
    alone = replace(DOMAINS, published=None)
    assert not problems(await check({}, alone))
    strict = await check({("_dmarc.rent.example", "TXT"): ['"v=DMARC1; p=reject; aspf=s"']}, alone)
    assert problems(strict) == [
        ("DMARC", "nothing speaks for rent.example: set BEACONPOST_DKIM_KEY, or take aspf=s out of the policy.")
    ]
    far = await check({("far.example", "TXT"): ['"v=spf1 mx -all"'], ("far.example", "MX"): ["5 far.example."]},
                      replace(alone, envelope="far.example"))  # fmt: skip
    assert "a name below rent.example" in problems(far)[0][1]


async def test_a_subdomain_inherits_the_dmarc_policy() -> None:
    below = replace(DOMAINS, sender="rent.example", published=None, envelope="rent.example")
    findings = await check(
        {
            ("letters.rent.example", "MX"): ["5 mail.rent.example."],
            ("rent.example", "TXT"): ['"v=spf1 mx -all"'],
        },
        replace(below, sender="letters.rent.example"),
    )
    assert not problems(findings)


@pytest.mark.parametrize("value", ['"v=DMARC1"', '"v=DMARC1; p=maybe"'])
async def test_a_dmarc_record_without_a_valid_policy_is_reported(value: str) -> None:
    assert [about for about, _ in problems(await check({("_dmarc.rent.example", "TXT"): [value]}))] == ["DMARC"]


async def test_a_domain_that_accepts_no_mail_is_reported() -> None:
    [(about, text)] = problems(await check({("rent.example", "MX"): ["0 ."]}))
    assert about == "MX"
    assert "accepts no mail" in text


async def test_a_failing_name_server_is_not_mistaken_for_a_missing_record() -> None:
    async with open_zone(CORRECT) as zone:
        zone.broken = {"bounces.rent.example", "_dmarc.rent.example"}
        findings = await check_dns(DOMAINS, DnsResolver(zone.address))
    failed = [finding for finding in findings if finding.verdict == "unknown"]
    assert [finding.about.split()[0] for finding in failed] == ["MX", "SPF", "DMARC"]
    assert all("Nothing is known" in finding.text and not finding.publish for finding in failed)


async def test_a_silent_name_server_times_out_and_is_reported() -> None:
    async with open_zone(CORRECT) as zone:
        zone.silent = True
        findings = await check_dns(DOMAINS, DnsResolver(zone.address, timeout=0.05))
    assert {finding.verdict for finding in findings} == {"unknown"}
    assert "no name server answered" in findings[0].text


# --- the mail server ---


def texts(findings: list[Finding]) -> str:
    return "\n".join(f"{finding.verdict} {finding.text}" for finding in findings)


async def test_the_login_to_the_mail_server_is_checked() -> None:
    async with open_peer(password="right") as peer:
        good = await check_login(peer.server(username="ana", password="right"))
        bad = await check_login(peer.server(username="ana", password="wrong"))
    assert "greets: 220" in texts(good)
    assert "good the login works" in texts(good)
    assert not any(finding.is_trouble for finding in good)
    assert "fix the login failed: 535" in texts(bad)
    assert "wrong" not in texts(bad)


async def test_an_untrusted_certificate_is_reported(tmp_path: Path) -> None:
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


async def test_missing_starttls_and_an_absent_server_are_reported() -> None:
    async with open_peer() as peer:
        plain = await check_login(peer.server(tls="starttls"))
        gone = peer.server()
    assert "fix no encryption (STARTTLS)" in texts(plain)
    assert "fix no greeting" in texts(await check_login(gone))


# --- the command ---


async def test_the_test_letter_goes_only_to_the_given_address(tmp_path: Path) -> None:
    async with open_zone(CORRECT) as zone, open_peer() as peer:
        findings = await check_mail(
            replace(load(environment(peer, tmp_path)), secret_keys=(SECRET_KEY,)),
            DnsResolver(zone.address),
            "operator@mail.example",
        )
    [letter] = peer.got
    assert letter.rcpt_tos == ["operator@mail.example"]
    assert str(letter.mail_from).startswith("bounces+")
    assert str(letter.mail_from).endswith("@bounces.rent.example")
    assert findings[-1].about == "test letter"
    assert "250" in findings[-1].text


async def test_the_command_prints_every_finding_and_exits_with_the_result(tmp_path: Path) -> None:
    async with open_zone(CORRECT) as zone, open_peer() as peer:
        settings = environment(peer, tmp_path)
        asked = ["--mail", "--nameserver", "{}:{}".format(*zone.address)]
        status, output = await run(settings, tmp_path, *asked)
        assert "No problems found." in output
        assert status == 0
        zone.records = {}
        status, output = await run(settings, tmp_path, *asked, "--json")
    assert status == 1
    assert {finding["verdict"] for finding in json.loads(output)} >= {"fix", "good"}


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
