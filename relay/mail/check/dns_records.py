"""What DNS says about the domains that letters come from, as a receiving mail server reads it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from relay.mail.check.findings import Finding, txt
from relay.mail.check.resolver import DnsResolver, LookupFailed
from relay.mail.check.spf import check_spf


@dataclass(frozen=True, slots=True)
class Domains:
    sender: str  # the From domain
    envelope: str  # of envelope senders, where bounces go; often the same
    host: str  # the mail server's name; "" if it is this machine
    selector: str  # of DKIM
    published: tuple[str, str] | None  # name and value that the signing key needs in DNS; None: the relay does not sign


async def check_dns(domains: Domains, dns: DnsResolver) -> list[Finding]:
    """At least one finding for each kind of record."""

    async def mx(domain: str) -> list[Finding]:
        return await check_mx(domain, domains.host, dns)

    findings = await _ask(f"MX {domains.sender}", lambda: mx(domains.sender))
    if domains.envelope != domains.sender:
        findings += await _ask(f"MX {domains.envelope}", lambda: mx(domains.envelope))
    findings += await _ask(f"SPF {domains.envelope}", lambda: check_spf(domains.envelope, domains.host, dns))
    findings += await _ask(f"DKIM {domains.selector}", lambda: check_dkim(domains, dns))
    findings += await _ask(f"DMARC {domains.sender}", lambda: check_dmarc(domains, dns))
    return findings


async def _ask(about: str, check: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    try:
        return await check()
    except LookupFailed as error:
        text = f"could not be looked up: {error}. Nothing is known about it. Try again, or from another machine."
        return [Finding("unknown", about, text)]


async def check_mx(domain: str, host: str, dns: DnsResolver) -> list[Finding]:
    """Replies and bounces go there."""
    servers = [server for server in await dns.mx(domain) if server]
    if servers:
        return [Finding("good", f"MX {domain}", f"accepts mail at {', '.join(servers)}.")]
    text = "accepts no mail, so replies and bounces are lost. Publish the server that does."
    return [Finding("fix", f"MX {domain}", text, f"{domain}. MX 10 {host or 'mail.' + domain}.")]


async def check_dkim(domains: Domains, dns: DnsResolver) -> list[Finding]:
    """RFC 6376 section 3.6."""
    name, wanted = domains.published or (f"{domains.selector}._domainkey.{domains.sender}", "")
    about = f"DKIM {name}"
    keys = [value for value in await dns.txt(name) if "p" in tags(value)]
    if not domains.published:
        there = "DNS has a key at this name" if keys else "DNS has no key at this name"
        text = (
            f"the relay does not sign, and {there}. Set BEACONPOST_DKIM_KEY, or make sure that your mail server signs "
            f"as {domains.sender}; `--send-test` shows whether it does, in the headers that arrive."
        )
        return [Finding("note", about, text)]
    if not keys:
        return [
            Finding("fix", about, "letters are signed, but there is no key to verify them with.", txt(name, wanted))
        ]
    if len(keys) > 1:
        text = f"{len(keys)} keys at one name: receivers pick one at random. Keep only this one."
        return [Finding("fix", about, text, txt(name, wanted))]
    if not bare(tags(keys[0])["p"]):
        return [Finding("fix", about, "the published key is revoked (empty p=).", txt(name, wanted))]
    if bare(tags(keys[0])["p"]) != bare(tags(wanted)["p"]):
        text = "the published key is not the one that letters are signed with, so every signature fails."
        return [Finding("fix", about, text, txt(name, wanted))]
    testing = "y" in tags(keys[0]).get("t", "").split(":")
    good = Finding("good", about, "the published key is the one that letters are signed with.")
    note = Finding("note", about, "it says t=y (testing): remove that once letters arrive.")
    return [good, note] if testing else [good]


POLICIES: Final = ("none", "quarantine", "reject")


async def check_dmarc(domains: Domains, dns: DnsResolver) -> list[Finding]:
    """RFC 7489; the organizational domain is found by walking up the tree, as in DMARCbis, without a suffix list."""
    about = f"DMARC {domains.sender}"
    fresh = txt(f"_dmarc.{domains.sender}", "v=DMARC1; p=none")
    labels = domains.sender.split(".")
    above = [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]
    policies: list[tuple[str, list[str]]] = []
    for domain in above:
        there = [value for value in await dns.txt(f"_dmarc.{domain}") if tags(value).get("v") == "DMARC1"]
        policies += [(domain, there)] if there else []
    if not policies:
        text = "no policy. Large mail providers require one from bulk senders; this one is the mildest."
        return [Finding("fix", about, text, fresh)]
    (domain, records), top = policies[0], policies[-1][0]
    if len(records) > 1:
        return [Finding("fix", about, f"{len(records)} policies at _dmarc.{domain}, so none counts. Keep one.", fresh)]
    policy = tags(records[0]).get("p", "").lower()
    if policy not in POLICIES:
        return [Finding("fix", about, f'the policy "{policy}" is not one of {", ".join(POLICIES)}.', fresh)]
    return [Finding("good", about, f"policy {policy}, at _dmarc.{domain}."), _alignment(domains, records[0], top)]


def _alignment(domains: Domains, record: str, top: str) -> Finding:
    """RFC 7489 section 3.1: SPF or DKIM has to align with the From domain."""
    about = f"DMARC {domains.sender}"
    strict = tags(record).get("aspf", "r").lower() == "s"
    akin = domains.envelope.endswith(f".{top}") or domains.envelope == top
    spf = domains.envelope == domains.sender or (akin and not strict)
    by_spf = f"SPF of {domains.envelope}" + ("" if spf else " does not")
    if domains.published:
        also = f", and so does the {by_spf}" if spf else f"; the {by_spf}, so all rests on the signature"
        return Finding("good", about, f"the signature speaks for {domains.sender}{also}.")
    if spf:
        return Finding("good", about, f"the {by_spf} speaks for {domains.sender}.")
    how = "take aspf=s out of the policy" if akin else f"give BEACONPOST_BOUNCE_DOMAIN a name below {top}"
    return Finding("fix", about, f"nothing speaks for {domains.sender}: set BEACONPOST_DKIM_KEY, or {how}.")


def tags(record: str) -> dict[str, str]:
    """`name=value;` pairs (RFC 6376 section 3.2)."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}


def bare(key: str) -> str:
    return "".join(key.split()).rstrip("=")
