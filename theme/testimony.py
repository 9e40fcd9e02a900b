"""Written testimony: to a committee, for a hearing, until a moment."""

from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from theme.recipients import NamedRecipient

Position: TypeAlias = Literal["support", "oppose", "neutral"]
POSITIONS: Final[tuple[Position, ...]] = ("support", "oppose", "neutral")


class Testimony(msgspec.Struct, frozen=True, kw_only=True):
    """What a hearing's notice says."""

    committee: NamedRecipient  # with the address that takes testimony
    position: Position
    deliver_by: Annotated[datetime, msgspec.Meta(tz=False)]  # the last moment, in the site's time zone

    def is_over(self, now: datetime) -> bool:
        """now: in the site's time zone."""
        return now.replace(tzinfo=None) > self.deliver_by
