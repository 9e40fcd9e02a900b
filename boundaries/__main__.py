"""`python -m boundaries`: the commands of this room by themselves."""

import argparse
import sys
from collections.abc import Sequence

from boundaries.commands import add_commands


def main(arguments: Sequence[str]) -> int:
    """Parse what follows the command and run. 0 done, 1 not found or refused, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m boundaries")
    add_commands(parser.add_subparsers(required=True, metavar="COMMAND"))
    args = parser.parse_args(["boundaries", *arguments])
    status: int = args.run(args)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
