"""When to try again: a letter put off, a letter blocked for policy, a paused domain, an address."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

FIRST_RETRY: Final = timedelta(minutes=5)
LONGEST_RETRY: Final = timedelta(hours=8)
LATE: Final = timedelta(hours=1)  # a server that says "later" to strangers accepts their mail well before that
GIVE_UP: Final = timedelta(days=5)  # RFC 5321 section 4.5.4.1: four to five days

FIRST_BLOCK_RETRY: Final = timedelta(minutes=15)
LONGEST_BLOCK_RETRY: Final = timedelta(hours=8)

FIRST_PROBE: Final = timedelta(hours=1)  # a block seldom lifts within minutes
LONGEST_PROBE: Final = timedelta(hours=12)

FIRST_TRIAL: Final = timedelta(hours=6)  # a mailbox comes back less often than a block lifts
LONGEST_TRIAL: Final = timedelta(days=2)
BOUNCES_WITHIN: Final = timedelta(hours=6)  # a letter that was accepted and is refused after all comes back by then


def next_due(attempts: int, now: datetime, jitter: Callable[[], float]) -> datetime | None:
    """When to try a letter again; None means give up.

    attempts: tries made so far, at least 1. jitter: draws from [0, 1), no unit; shortens the wait by up to a tenth, so
    that letters put off together do not come back together and the last try is still four to five days after the first.
    Doubles from 5 minutes to 8 hours, five days in all. Source: RFC 5321 section 4.5.4.1.
    """
    if sum((_wait(attempt) for attempt in range(1, attempts + 1)), timedelta()) > GIVE_UP:
        return None
    return now + _wait(attempts) * (1 - jitter() / 10)


def retry_after_block(blocks: int, now: datetime) -> datetime:
    """When to try a letter again that was refused for policy. blocks: how often it was, at least 1."""
    return now + _double(FIRST_BLOCK_RETRY, blocks - 1, LONGEST_BLOCK_RETRY)


def next_probe(failed_probes: int, now: datetime) -> datetime:
    """When to try a domain paused for policy with a single letter. failed_probes: 0 when the pause begins."""
    return now + _double(FIRST_PROBE, failed_probes, LONGEST_PROBE)


def next_trial(failed_trials: int, now: datetime) -> datetime:
    """When to try an address that is suppressed with a single letter. failed_trials: 0 when the suppression begins."""
    return now + _double(FIRST_TRIAL, failed_trials, LONGEST_TRIAL)


def _wait(attempts: int) -> timedelta:
    return _double(FIRST_RETRY, attempts - 1, LONGEST_RETRY)


def _double(first: timedelta, times: int, longest: timedelta) -> timedelta:
    return min(first * (1 << min(times, 10)), longest)
