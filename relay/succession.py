"""Letters to seats and offices that change hands: they wait until the roster is newer, get an address, and go."""

import logging
from collections.abc import Callable

from boundaries.model import CHAMBERS, Chamber
from boundaries.state import State
from relay.letters.recipients import Addressee, address_office, address_seat
from relay.outbox import Holder, Seat
from relay.web.desk import Desk

log = logging.getLogger("beaconpost.seats")
Unsure = Callable[[Chamber, str], bool]  # whether a seat may have changed hands since the roster was made


async def hold_outdated(desk: Desk, *, just_read: bool) -> int:
    """Hold the letters whose addressee's term is over; how many. Raises StoreError.

    just_read: the roster has just been read, so hold letters to whoever it does not name any more, too. Later it may be
    older than the one by which another relay addressed them.
    """
    unsure = {code: desk.outdated(state) for code, state in desk.states.items()}
    held = 0
    for written in await desk.outbox.seats_written(desk.now()):
        wrong = written.over
        if just_read and (state := await _state_of(desk, written.seat)) and written.seat.district:
            right = _find_holders(state, written.seat, unsure[state.code])
            wrong = wrong or written.address.lower() not in {one.email.lower() for one in right}
        if wrong:
            held += await desk.outbox.await_roster(written, desk.now())
    if held:
        log.info("%d letters were held: their offices have changed hands, or may have by now", held)
    return held


async def address_waiting(desk: Desk) -> int:
    """Address what was held for the roster; how many. Raises StoreError."""
    unsure = {code: desk.outdated(state) for code, state in desk.states.items()}
    addressed, unnamed = 0, set()
    # Districts first: who is found to chair a committee, too, is written to as the writer's own.
    for seat in sorted(await desk.outbox.seats_waiting(), key=lambda one: not one.chamber):
        state = await _state_of(desk, seat)
        if state is None or any(one == seat.chamber and unsure[state.code](one, seat.district) for one in CHAMBERS):
            continue
        found = _find_holders(state, seat, unsure[state.code])
        if found or seat.chamber:
            holders = [_holder(one, desk, state) for one in found]
            addressed += await desk.outbox.address(seat, holders, desk.now())
        elif not any(unsure[state.code](one, "") for one in state.chambers):
            unnamed.add(seat.district)
    if addressed:
        log.info("the roster is newer: %d letters have an address now, or nobody to go to", addressed)
        desk.wake()
    if unnamed:
        log.warning("committees.csv and leadership.csv name nobody in office for %s", "; ".join(sorted(unnamed)))
    if waiting := (await desk.outbox.waiting()).get("roster"):
        log.warning("%d letters wait until it is known who holds their offices, see /readyz", waiting)
    return addressed


async def _state_of(desk: Desk, seat: Seat) -> State | None:
    """None for a campaign that is not in the manifest, or a state whose boundaries are not here."""
    campaign = await desk.campaigns.find(seat.campaign)
    return desk.states.get(campaign.state) if campaign else None


def _find_holders(state: State, seat: Seat, unsure: Unsure) -> list[Addressee]:
    """Who can be written to there; nobody while it is vacant or not known who holds it."""
    if not seat.chamber:
        return address_office(state, seat.district, unsure)
    held = [one for one in CHAMBERS if one == seat.chamber and not unsure(one, seat.district)]
    try:
        return [to for chamber in held for to in address_seat(state, chamber, seat.district)]
    except KeyError:  # other districts are in force by now
        return []


def _holder(to: Addressee, desk: Desk, state: State) -> Holder:
    return Holder(to.full_name, to.email, to.greeting, desk.known_until(state, to.holds))
