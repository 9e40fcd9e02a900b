"""SPF (RFC 7208): who may send for a domain, as far as can be checked without sending."""

import re
from typing import Final

from relay.mail.check.findings import Finding, txt
from relay.mail.check.resolver import DnsResolver

MAX_LOOKUPS: Final = 10  # section 4.6.4
COSTS: Final = ("include", "a", "mx", "ptr", "exists", "redirect")
TERM: Final = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9_.-]*)(?:[:=](\S*?))?(?:/\S*)?")


async def check_spf(domain: str, host: str, dns: DnsResolver) -> list[Finding]:
    """domain: of the envelope sender, which is the one that counts (section 2.4). Raises LookupFailed."""
    about = f"SPF {domain}"
    fresh = txt(domain, f"v=spf1 a:{host} ~all" if host else "v=spf1 mx ~all")
    records = sorted(value for value in await dns.txt(domain) if is_spf(value))  # DNS gives them in any order
    if not records:
        text = "no record: anybody may send as you. If your mail provider gives you an include:, use that instead."
        return [Finding("fix", about, text, fresh)]
    if len(records) > 1:  # section 4.5: permerror
        text = f"{len(records)} records, so none counts. Merge them into one."
        terms = [term for record in records for term in record.split()[1:] if term.lstrip("+?~-").lower() != "all"]
        merged = f"v=spf1 {' '.join(dict.fromkeys(terms))} ~all"
        return [Finding("fix", about, text, txt(domain, merged))]
    findings = [_check_end(domain, records[0])]
    cost = await count_lookups(domain, dns)
    if cost > MAX_LOOKUPS:
        text = f"costs more than {MAX_LOOKUPS} lookups, so mail servers give up on it. Remove an include:."
        findings.append(Finding("fix", about, text))
    return findings


def _check_end(domain: str, record: str) -> Finding:
    """The last term: what happens to all other senders."""
    about, terms = f"SPF {domain}", record.split()
    ends = [term for term in terms if term.lower().lstrip("+?~-") == "all"]
    end = ends[0].lower() if ends else ""
    if end in ("-all", "~all"):
        return Finding("good", about, f"one record, and it rejects others ({end}).")
    if not end and any(term.lower().startswith("redirect=") for term in terms):
        return Finding("good", about, "one record, and another domain's record decides the rest (redirect=).")
    closed = " ".join([*(term for term in terms if term not in ends), "~all"])
    what = f"{end} lets anybody send as you." if end in ("all", "+all") else "it rejects nobody."
    return Finding("fix", about, what, txt(domain, closed))


async def count_lookups(domain: str, dns: DnsResolver) -> int:
    """The number of terms that cost a lookup, including those of included records; counting stops at one too many."""
    cost, waiting, seen = 0, [domain], set[str]()
    while waiting and cost <= MAX_LOOKUPS:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for record in await dns.txt(name):
            for match in filter(None, map(TERM.fullmatch, record.split()[1:] if is_spf(record) else ())):
                term, value = match[2].lower(), match[3] or ""
                cost += term in COSTS
                if term in ("include", "redirect") and value and "%" not in value:
                    waiting.append(value.rstrip(".").lower())
    return cost


def is_spf(record: str) -> bool:
    return record.lower().split(" ", 1)[0] == "v=spf1"
