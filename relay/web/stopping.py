"""What an organizer sees of an attack on the report's page, and the button that stops the campaign's letters.

Organizers go on only with what organizers stopped: an operator may have a reason that they do not know.
"""

from collections.abc import Iterable

from relay.outbox.evidence import WINDOW
from relay.web.services import Services
from theme.manifest import Campaign
from theme.pages.views import BurstView, ReportLine, StopView


async def view_burst(services: Services, campaign: Campaign) -> BurstView | None:
    """Who was suspected lately, and who waits their turn; None if nobody."""
    now, least = services.now(), services.discretion.least
    burst = await services.statistics.count_burst(campaign.slug, now - WINDOW, now)
    if not burst.suspected and not burst.paced:
        return None
    people = (("suspected", burst.suspected), ("paced", burst.paced))
    return BurstView(_hide_few(people, least), _hide_few(burst.kinds.items(), least))


async def view_stop(services: Services, campaign: Campaign) -> StopView | None:
    """None if letters go."""
    for pause in await services.administration.pauses():
        if (pause.scope, pause.name) == ("campaign", campaign.slug):
            is_own = pause.cause == "organizer"
            day = pause.since.astimezone(services.site.zone).date()
            return StopView(is_own, "" if is_own else pause.reason, day)
    return None


async def stop_letters(services: Services, campaign: Campaign) -> None:
    """If they are stopped already, whoever stopped them has."""
    reason = "stopped on the report's page"
    await services.administration.pause("campaign", campaign.slug, reason, services.now(), "organizer")


async def send_letters_again(services: Services, campaign: Campaign) -> bool:
    """Whether they were stopped by an organizer."""
    was_stopped = await services.administration.resume("campaign", campaign.slug, "organizer")
    if was_stopped:
        services.outgoing.wake()
    return was_stopped


def _hide_few(counts: Iterable[tuple[str, int]], least: int) -> tuple[ReportLine, ...]:
    return tuple((name, count if count >= least else None) for name, count in counts if count)
