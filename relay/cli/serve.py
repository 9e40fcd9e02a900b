"""`beaconpost dev`, `relay` and `worker`: the commands that run until they are stopped."""

import argparse
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path

from relay.cli.terminal import LOG_FORMAT, Subparsers, read_settings
from relay.settings import LOOPBACK, describe
from relay.settings.proxies import DEFAULT, is_only_this_machine, parse_proxies

log = logging.getLogger("beaconpost.relay")


def add_dev(commands: Subparsers) -> None:
    dev = commands.add_parser(
        "dev",
        help="run the site, the relay and a captured mailbox on this machine",
        description="Serve the site, the relay and a captured mailbox (/_mail/), and rebuild as you write. "
        "Nothing leaves this machine, whatever the environment says: .env and BEACONPOST_* are ignored.",
    )
    _add_address(dev, 8000)
    dev.add_argument("--content", type=Path, default=Path("content"), help="campaigns and pages (default content)")
    dev.add_argument("--folder", type=Path, default=Path("var/dev"), help="for site and database (default var/dev)")
    dev.set_defaults(run=_dev)


def add_relay(commands: Subparsers) -> None:
    relay = commands.add_parser(
        "relay",
        help="accept posts and send letters",
        description="Accept posts, and send the letters in the same process.",
        epilog=describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_address(relay, 8080)
    relay.add_argument(
        "--no-worker", action="store_true", help="only accept posts; `beaconpost worker` sends the letters"
    )
    relay.add_argument(
        "--proxy",
        type=_proxies,
        default=DEFAULT,
        metavar="ADDRESSES",
        help="trusted proxies or their networks, whose X-Forwarded-For is believed, separated by commas (default"
        " %(default)s)",
    )
    relay.set_defaults(run=_relay)


def add_worker(commands: Subparsers) -> None:
    worker = commands.add_parser(
        "worker",
        help="send letters that `relay --no-worker` accepted",
        description="Send queued letters, alongside any number of relays on the same database.",
        epilog=describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    worker.set_defaults(run=_worker)


def _dev(args: argparse.Namespace) -> int:
    for name in [name for name in os.environ if name.startswith("BEACONPOST_")]:
        del os.environ[name]
    from relay.dev import run

    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    return run(args.host, args.port, args.content, args.folder)


def _relay(args: argparse.Namespace) -> int:
    settings = read_settings()
    import uvloop

    from relay.app import run_relay
    from relay.web.serving import listen

    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    if args.host not in LOOPBACK and is_only_this_machine(args.proxy):
        log.warning(
            "listening on %s, beyond this machine, and --proxy names none: all who come through a proxy elsewhere share"
            " one limit. Name its address in --proxy, or listen on 127.0.0.1",
            args.host,
        )
    try:
        with listen(args.host, args.port) as listener:
            url = settings.relay_url or f"http://127.0.0.1:{listener.getsockname()[1]}"
            settings = replace(settings, relay_url=url)
            uvloop.run(run_relay(settings, listener, with_worker=not args.no_worker, proxy=args.proxy))
    except OSError as error:
        print(f"beaconpost relay: {error}", file=sys.stderr)
        return 1
    return 0


def _proxies(text: str) -> str:
    try:
        return parse_proxies(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _worker(args: argparse.Namespace) -> int:  # noqa: ARG001  (all commands share a signature)
    settings = read_settings()
    import uvloop

    from relay.app import run_worker

    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    uvloop.run(run_worker(settings))
    return 0


def _add_address(parser: argparse.ArgumentParser, port: int) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument(
        "--port", type=_port, default=port, help="port to listen on, 0 for a free one (default %(default)s)"
    )


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: give a number from 0 to 65535")
    return port
