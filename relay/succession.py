"""Letters to seats and offices that change hands: held until the roster is newer, then assigned and sent."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from boundaries.model import CHAMBERS
from boundaries.state import State
from relay.campaigns import Campaigns
from relay.errors import StoreError
from relay.letters.addressees import Addressee, address_office, address_seat
from relay.outbox import CampaignSeat, Holder, Seats, Statistics
from relay.rosters import Outdated, Rosters

log = logging.getLogger("beaconpost.succession")


class SeatStore(Seats, Statistics, Protocol):
    """What the outbox knows of seats."""


@dataclass(frozen=True, slots=True)
class Succession:
    campaigns: Campaigns
    rosters: Rosters
    outbox: SeatStore
    now: Callable[[], datetime]
    wake: Callable[[], None]  # tells the worker that something was queued

    async def update(self, *, roster_just_read: bool) -> bool:
        """Hold what may go to the wrong person, then assign what is held. Returns whether the store could be asked."""
        try:
            await self.hold_outdated(roster_just_read=roster_just_read)
            await self.assign_waiting()
        except StoreError as error:
            log.warning("letters to offices that may have changed hands stay where they are: %s", error)
            return False
        return True

    async def hold_outdated(self, *, roster_just_read: bool) -> int:
        """Hold the letters whose addressee's term is over. Returns their number. Raises StoreError.

        roster_just_read: also hold letters to anybody whom the roster no longer names. Later, the roster may be older
        than the one by which another relay addressed them.
        """
        outdated = {code: self.rosters.outdated(state) for code, state in self.rosters.states.items()}
        held = 0
        for pending in await self.outbox.pending_recipients(self.now()):
            wrong = pending.outdated
            if roster_just_read and (state := await self._state_of(pending.seat)) and pending.seat.district:
                holders = _find_holders(state, pending.seat, outdated[state.code])
                wrong = wrong or pending.address.lower() not in {holder.email.lower() for holder in holders}
            if wrong:
                held += await self.outbox.hold_for_roster(pending, self.now())
        if held:
            log.info("%d letters are held: their offices have changed hands, or may have", held)
        return held

    async def assign_waiting(self) -> int:
        """Give an address to the letters held for the roster. Returns their number. Raises StoreError."""
        outdated = {code: self.rosters.outdated(state) for code, state in self.rosters.states.items()}
        assigned, unnamed = 0, set()
        # Districts first: a committee's chair who is the writer's own legislator is written to as that.
        for seat in sorted(await self.outbox.seats_awaiting_roster(), key=lambda seat: not seat.chamber):
            state = await self._state_of(seat)
            if state is None or _is_outdated(seat, outdated[state.code]):
                continue
            holders = _find_holders(state, seat, outdated[state.code])
            if holders or seat.chamber:
                assigned += await self.outbox.assign(seat, [self._holder(to, state) for to in holders], self.now())
            elif not any(outdated[state.code](chamber, "") for chamber in state.chambers):
                unnamed.add(seat.district)
        if assigned:
            log.info("the roster is newer: %d letters have an address now, or nobody to go to", assigned)
            self.wake()
        if unnamed:
            log.warning("committees.csv and leadership.csv name no holder of %s", "; ".join(sorted(unnamed)))
        if waiting := (await self.outbox.count_held()).get("roster"):
            log.warning("%d letters are held until it is known who holds their offices, see /readyz", waiting)
        return assigned

    async def _state_of(self, seat: CampaignSeat) -> State | None:
        """None if the campaign is not in the manifest, or its state's boundaries are not here."""
        campaign = await self.campaigns.find(seat.campaign)
        return self.rosters.states.get(campaign.state) if campaign else None

    def _holder(self, to: Addressee, state: State) -> Holder:
        return Holder(to.full_name, to.email, to.greeting, self.rosters.known_until(state, to.holds))


def _is_outdated(seat: CampaignSeat, outdated: Outdated) -> bool:
    return any(chamber == seat.chamber and outdated(chamber, seat.district) for chamber in CHAMBERS)


def _find_holders(state: State, seat: CampaignSeat, outdated: Outdated) -> list[Addressee]:
    """Who can be written to there; nobody if it is vacant or it is unknown who holds it."""
    if not seat.chamber:
        return address_office(state, seat.district, outdated)
    known = [chamber for chamber in CHAMBERS if chamber == seat.chamber and not outdated(chamber, seat.district)]
    try:
        return [to for chamber in known for to in address_seat(state, chamber, seat.district)]
    except KeyError:  # other districts are in force by now
        return []
