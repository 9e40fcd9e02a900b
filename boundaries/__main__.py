"""`python -m boundaries`: the commands of this room by themselves."""

import argparse
import sys

from boundaries.commands import add_commands


def main() -> int:
    """Parse the command line and run. 0 done, 1 not found or refused, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m boundaries")
    add_commands(parser.add_subparsers(required=True, metavar="COMMAND"))
    args = parser.parse_args(["boundaries", *sys.argv[1:]])
    status: int = args.run(args)
    return status


if __name__ == "__main__":
    sys.exit(main())
