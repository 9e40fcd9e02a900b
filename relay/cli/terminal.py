"""What the commands share: where settings come from, how the outbox is opened, how results and errors are printed."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec
from dotenv import dotenv_values

from boundaries.data import state_folders
from relay.settings import Settings, load
from relay.settings.parsers import parse_states

if TYPE_CHECKING:  # a build needs no outbox, which takes longer to import than a site of ten pages to build
    from relay.outbox import Outbox

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Work: TypeAlias = "Callable[[Outbox, argparse.Namespace], Awaitable[int]]"

LOG_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def read_environment() -> Mapping[str, str]:
    """The environment, and what `.env` in this folder adds to it."""
    written = {name: value for name, value in dotenv_values(Path(".env")).items() if value is not None}
    return {**written, **os.environ}


def read_states() -> Mapping[str, Path]:
    """Every state's folder by code: an operator's own (BEACONPOST_BOUNDARIES) before those that ship. Raises DataError
    if that setting names no folder."""
    return state_folders(parse_states(read_environment().get("BEACONPOST_BOUNDARIES", "")))


def read_settings() -> Settings:
    """From the environment, then from `.env` in this folder. Raises SettingsError."""
    return load(read_environment())


def with_outbox(settings: Settings, args: argparse.Namespace, work: Work) -> int:
    """Do `work` with the outbox that the settings name."""
    from relay.assembly import open_outbox

    async def run() -> int:
        outbox = await open_outbox(settings)
        try:
            return await work(outbox, args)
        finally:
            await outbox.close()

    return asyncio.run(run())


async def read_forget_after(settings: Settings) -> timedelta:
    """How long people are kept: BEACONPOST_FORGET_AFTER, or less if the site promises less."""
    from relay.campaigns import make_campaigns
    from relay.forget_after import ForgetAfter

    campaigns = make_campaigns(settings)
    try:
        return await ForgetAfter(settings.forget_after, campaigns).read()
    finally:
        await campaigns.close()


@contextmanager
def say_if_it_takes_long(text: str) -> Iterator[None]:
    """Tell a person who has waited for a second what goes on; nobody reads that in a log."""
    timer = Timer(1.0, lambda: print(text, file=sys.stderr, flush=True))
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def complain(text: str) -> int:
    """Print why it was not done. Returns the exit status."""
    print(f"beaconpost: {text}", file=sys.stderr)
    return 1


def print_json(content: dict[str, object]) -> None:
    print(msgspec.json.format(msgspec.json.encode(content), indent=2).decode())


def show_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def now() -> datetime:
    return datetime.now(UTC)
