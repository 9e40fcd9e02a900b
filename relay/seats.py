"""Letters to seats and offices that may have changed hands: once the roster is newer, they get an address and go."""

import logging

from boundaries.model import CHAMBERS
from relay.letters.recipients import Addressee, address_office, address_seat
from relay.outbox import Holder
from relay.web.desk import Desk

log = logging.getLogger("beaconpost.seats")


async def address_waiting(desk: Desk) -> int:
    """Address what was held for the roster; how many letters. Raises StoreError."""
    outdated = {code: desk.outdated(state) for code, state in desk.states.items()}
    addressed = 0
    # Districts first: who is found to chair a committee, too, is written to as the writer's own.
    for seat in sorted(await desk.outbox.seats_waiting(), key=lambda one: not one.chamber):
        campaign = await desk.campaigns.find(seat.campaign)
        if campaign is None or campaign.state not in desk.states:
            continue
        state, unsure = desk.states[campaign.state], outdated[campaign.state]
        if not seat.chamber:
            to = address_office(state, seat.district, unsure)
            if to:
                addressed += await desk.outbox.address(seat, [_holder(to)], desk.now())
        for chamber in CHAMBERS:
            if chamber == seat.chamber and not unsure(chamber, seat.district):
                holders = [_holder(one) for one in address_seat(state, chamber, seat.district)]
                addressed += await desk.outbox.address(seat, holders, desk.now())
    if addressed:
        log.info("the roster is newer: %d letters have an address now", addressed)
        desk.wake()
    return addressed


def _holder(to: Addressee) -> Holder:
    return Holder(to.full_name, to.email, to.greeting)
