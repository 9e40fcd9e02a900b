"""Named recipients to whom the relay will not write: their domain is neither the roster's nor allowed."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from boundaries.email_addresses import find_domain
from theme.manifest import Campaign
from theme.recipients import NamedRecipient
from theme.site.discovery import display_path
from theme.site.problems import Problem
from theme.site.states import States

SETTING: Final = "BEACONPOST_RECIPIENT_DOMAINS"


def find_refused(
    sources: Mapping[Path, tuple[Campaign, str]], states: States, allowed: Collection[str]
) -> Iterator[Problem]:
    """sources: each file's campaign and language. allowed: domains, in ASCII; if there are any, the roster's do not
    count, as for the relay."""
    for path, (campaign, language) in sources.items():
        if language != campaign.language:
            continue
        known = allowed or states.open(campaign.state).mail_domains
        for recipient in campaign.parsed_recipients:
            if isinstance(recipient, NamedRecipient) and (domain := find_domain(recipient.email)) not in known:
                line, column = _find(path, recipient.email.partition("@")[0])
                wrong = (
                    f"the relay does not write to {domain}, and this campaign will not be served: its operator adds "
                    f"{domain} to {SETTING}"
                )
                yield Problem(display_path(path), line, column, wrong)


def _find(path: Path, mailbox: str) -> tuple[int, int]:
    """Where an address stands, by what is before its @: its domain may be written in other letters."""
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if (column := line.find(f"{mailbox}@")) >= 0:
            return number, column + 1
    return 1, 1
