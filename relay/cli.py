"""The command `beaconpost`. Each room brings its own commands; what a command needs is imported once it is chosen."""

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from ipaddress import IPv4Address
from pathlib import Path

from dotenv import dotenv_values

from boundaries.errors import BoundariesError
from relay.errors import BeaconpostError
from relay.settings import Settings, SettingsError, describe, load
from relay.settings.parsers import read_address

TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the message and tries again
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done. 1: not done, and stderr says why. 2: wrong usage."""
    try:
        chosen = _parser().parse_args(arguments)
        status: int = chosen.run(chosen)
        sys.stdout.flush()
    except (SettingsError, BeaconpostError, BoundariesError) as error:
        print(f"beaconpost: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def read_settings() -> Settings:
    """The environment's, over those of `.env` in this folder. Raises SettingsError."""
    written = {name: value for name, value in dotenv_values(Path(".env")).items() if value is not None}
    return load({**written, **os.environ})


def _parser() -> argparse.ArgumentParser:
    from boundaries.commands import add_commands as add_boundaries
    from relay.operator import add_commands as add_operator
    from relay.report import add_command as add_report
    from theme.site.commands import add_commands as add_theme

    parser = argparse.ArgumentParser(prog="beaconpost", description="Write-your-legislator campaigns.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_dev(commands)
    add_theme(commands)
    _add_mail_check(commands.choices["check"])
    _add_relay(commands)
    _add_worker(commands)
    add_operator(commands, read_settings)
    add_report(commands, read_settings)
    _add_bounce(commands)
    add_boundaries(commands)
    return parser


def _add_dev(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    dev = commands.add_parser(
        "dev",
        help="site, relay and a captured mailbox on this machine; sends nothing outside",
        description="Serve the site, the relay and a captured mailbox (/_mail/), and build again as you write. "
        "Nothing leaves this machine, whatever the environment says: .env and BEACONPOST_* are not read.",
    )
    _add_address(dev, 8000)
    dev.add_argument("--content", type=Path, default=Path("content"), help="campaigns and pages (default content)")
    dev.add_argument("--folder", type=Path, default=Path("var/dev"), help="for site and database (default var/dev)")
    dev.set_defaults(run=_dev)


def _dev(chosen: argparse.Namespace) -> int:
    for name in [name for name in os.environ if name.startswith("BEACONPOST_")]:
        del os.environ[name]
    try:
        from relay.dev import run
    except ModuleNotFoundError as error:
        print(f"`dev` needs {error.name}: pip install 'beaconpost[dev]'", file=sys.stderr)
        return 1
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    return run(chosen.host, chosen.port, chosen.content, chosen.folder)


def _add_mail_check(check: argparse.ArgumentParser) -> None:
    """`check --mail` is the relay's; without it, `check` stays the theme's."""
    mail = check.add_argument_group("mail")
    mail.add_argument(
        "--mail", action="store_true", help="look at DNS (SPF, DKIM, DMARC, MX) and the mail server instead"
    )
    mail.add_argument("--send-test", metavar="TO", type=read_address, help="with --mail: send one test letter there")
    mail.add_argument(
        "--nameserver",
        metavar="ADDRESS[:PORT]",
        type=_name_server,
        help="with --mail: ask this one (default: the system's)",
    )
    content = check.get_default("run")
    check.set_defaults(run=lambda chosen: _check_mail(chosen) if chosen.mail or chosen.send_test else content(chosen))


def _name_server(text: str) -> tuple[str, int]:
    """An IPv4 address and a port."""
    host, _, port = text.partition(":")
    try:
        return str(IPv4Address(host)), int(port or 53)
    except ValueError:
        raise argparse.ArgumentTypeError("give an IPv4 address, as 192.0.2.1 or 192.0.2.1:53") from None


def _check_mail(chosen: argparse.Namespace) -> int:
    from relay.app import check_mail
    from relay.mail.check import Lookups

    found = asyncio.run(check_mail(read_settings(), Lookups(chosen.nameserver), chosen.send_test or ""))
    trouble = any(one.is_trouble for one in found)
    if chosen.json:
        print(json.dumps([asdict(one) for one in found], indent=1))
        return int(trouble)
    for one in found:
        print(f"{one.verdict:8} {one.about}: {one.text}" + (f"\n{'':8} publish: {one.publish}" if one.publish else ""))
    print("Something is to be mended." if trouble else "Letters should be believed.")
    return int(trouble)


def _add_relay(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    relay = commands.add_parser(
        "relay",
        help="take posts and send letters",
        description="Take posts, and send the letters in the same process.",
        epilog=describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_address(relay, 8080)
    relay.add_argument(
        "--no-worker", action="store_true", help="only take posts; `beaconpost worker` sends the letters"
    )
    relay.add_argument(
        "--proxy",
        default="127.0.0.1,::1",
        metavar="ADDRESSES",
        help="proxies in front, whose X-Forwarded-For is believed, by commas (default %(default)s)",
    )
    relay.set_defaults(run=_relay)


def _relay(chosen: argparse.Namespace) -> int:
    settings = read_settings()
    from relay.app import run_relay
    from relay.web.serving import listen

    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    try:
        with listen(chosen.host, chosen.port) as listener:
            url = settings.relay_url or f"http://127.0.0.1:{listener.getsockname()[1]}"
            settings = replace(settings, relay_url=url)
            asyncio.run(run_relay(settings, listener, with_worker=not chosen.no_worker, proxy=chosen.proxy))
    except OSError as error:
        print(f"beaconpost relay: {error}", file=sys.stderr)
        return 1
    return 0


def _add_worker(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    worker = commands.add_parser(
        "worker",
        help="send letters that `relay --no-worker` took",
        description="Send what waits in the outbox, beside any number of relays on the same database.",
        epilog=describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    worker.set_defaults(run=_worker)


def _worker(chosen: argparse.Namespace) -> int:  # noqa: ARG001  (every command is called alike)
    settings = read_settings()
    from relay.app import run_worker

    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    asyncio.run(run_worker(settings))
    return 0


def _add_bounce(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bounce = commands.add_parser(
        "bounce",
        help="read mail that came back, on standard input",
        description="For your mail server: reads one message on standard input and marks the letter that came back. "
        "Exit 0: read, or not ours. Exit 75: not now, try again later.",
    )
    bounce.add_argument("recipient", nargs="?", default="", help="address it was delivered to (default: its headers)")
    bounce.set_defaults(run=_bounce)


def _bounce(chosen: argparse.Namespace) -> int:
    try:
        settings = read_settings()
        from relay.app import take_bounce
        from relay.mail.bounces import LARGEST

        raw = sys.stdin.buffer.read(LARGEST)
        while sys.stdin.buffer.read(LARGEST):  # to its end: a pipe that breaks would look like a failure
            pass
        print(asyncio.run(take_bounce(settings, raw, chosen.recipient)))
    except (SettingsError, BeaconpostError, OSError) as error:
        print(f"beaconpost bounce: {error}", file=sys.stderr)
        return TRY_LATER
    except Exception as error:  # any other exit code would make the mail server drop the bounce
        print(f"beaconpost bounce: {type(error).__name__}", file=sys.stderr)  # its text may name a person
        return TRY_LATER
    return 0


def _add_address(parser: argparse.ArgumentParser, port: int) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument(
        "--port", type=int, default=port, help="port to listen on, 0 for a free one (default %(default)s)"
    )


if __name__ == "__main__":
    sys.exit(main())
