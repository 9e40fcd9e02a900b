"""Times as both stores keep them: whole microseconds since 1970, UTC, so that they sort and subtract."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def stamp(moment: datetime) -> int:
    """Raises TypeError for a naive time."""
    return (moment - EPOCH) // MICROSECOND


def moment(stamp: int) -> datetime:
    """The same instant, aware, UTC."""
    return EPOCH + stamp * MICROSECOND
