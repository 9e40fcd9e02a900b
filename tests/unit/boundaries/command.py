"""The command `beaconpost boundaries`, as an operator types it."""

from collections.abc import Sequence

from relay.cli import main as beaconpost


def main(arguments: Sequence[str]) -> int:
    """The exit status."""
    return beaconpost(["boundaries", *arguments])
