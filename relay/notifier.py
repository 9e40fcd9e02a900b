"""Whom to tell what about their campaigns' letters. The worker asks; `relay.letters.alerts` has the words."""

from collections.abc import Sequence
from datetime import timedelta

from relay.campaigns import Campaigns
from relay.letters import TO_WRITER, Letter
from relay.letters.alerts import Failure, write_denials, write_failures, write_pause
from relay.letters.wording import Frame
from relay.outbox import LetterLine, Pause
from theme.manifest import Campaign


class Alerts:
    """Writes to the organisers of the manifest in force. contact: who runs the relay, told where nobody else is.

    keep: how long a failed letter is kept.
    """

    def __init__(self, campaigns: Campaigns, contact: str, transport: str, keep: timedelta) -> None:
        self._campaigns = campaigns
        self._contact = contact
        self._transport = transport
        self._keep = keep

    async def paused(self, pause: Pause) -> list[Letter]:
        """One letter to each organiser whose campaign is published."""
        await self._campaigns.refresh()
        told: dict[str, Letter] = {}
        for campaign in self._campaigns.all():
            if campaign.status == "published":
                since = pause.since.isoformat()
                letter = write_pause(campaign, pause.name, pause.reason, since, self._frame())
                told.setdefault(letter.to_email, letter)
        return list(told.values())

    async def troubled(self, lines: Sequence[LetterLine]) -> list[tuple[Letter, list[str]]]:
        """Of each campaign one letter about those that failed, one about those denied; and the letters it tells of."""
        await self._campaigns.refresh()
        by_slug = {campaign.slug: campaign for campaign in self._campaigns.all()}
        found: dict[tuple[str, bool], list[LetterLine]] = {}
        for line in lines:
            found.setdefault((line.campaign, line.state == "sent"), []).append(line)
        return [
            ((self._denials if went else self._failures)(by_slug[slug], mine), [line.id for line in mine])
            for (slug, went), mine in found.items() if slug in by_slug
        ]  # fmt: skip

    def _failures(self, campaign: Campaign, lines: Sequence[LetterLine]) -> Letter:
        failures = [Failure(line.id, line.to_email or _name(line), line.answer) for line in lines]
        return write_failures(campaign, failures, self._keep.days, self._frame())

    def _denials(self, campaign: Campaign, lines: Sequence[LetterLine]) -> Letter:
        offices = {line.id: _name(line) for line in lines}
        return write_denials(campaign, offices, self._frame())

    def _frame(self) -> Frame:
        return Frame(self._campaigns.manifest.site, self._contact, self._transport)


def _name(line: LetterLine) -> str:
    """An office without an address, or mail to a writer."""
    return f"{line.chamber} {line.district}".strip() or (f"a {line.kind}" if line.kind in TO_WRITER else line.kind)
