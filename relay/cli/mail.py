"""`beaconpost check --mail` and `bounce`: is mail set up right, and what came back."""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from ipaddress import IPv4Address
from typing import Final

from relay.cli.terminal import Subparsers, read_settings
from relay.errors import BeaconpostError
from relay.settings import SettingsError
from relay.settings.parsers import parse_address

TRY_LATER: Final = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the message and tries again


def add_mail_check(commands: Subparsers) -> None:
    """Add `--mail` to `check`, which is there already; without it, `check` looks at the content."""
    check = commands.choices["check"]
    mail = check.add_argument_group("mail")
    mail.add_argument(
        "--mail", action="store_true", help="check DNS (SPF, DKIM, DMARC, MX) and the mail server instead"
    )
    mail.add_argument("--send-test", metavar="TO", type=parse_address, help="with --mail: send one test letter to TO")
    mail.add_argument(
        "--nameserver",
        metavar="ADDRESS[:PORT]",
        type=_name_server,
        help="with --mail: ask this name server (default: the system's)",
    )
    check_content = check.get_default("run")
    check.set_defaults(run=lambda args: _check_mail(args) if args.mail or args.send_test else check_content(args))


def add_bounce(commands: Subparsers) -> None:
    bounce = commands.add_parser(
        "bounce",
        help="read a bounced message on standard input",
        description="For your mail server: reads one message on standard input and marks the letter that bounced. "
        "Exit 0: read, or not ours. Exit 75: not now, try again later.",
    )
    bounce.add_argument(
        "recipient", nargs="?", default="", help="address it was delivered to (default: from its headers)"
    )
    bounce.set_defaults(run=_bounce)


def _name_server(text: str) -> tuple[str, int]:
    """An IPv4 address and a port."""
    host, _, port = text.partition(":")
    try:
        return str(IPv4Address(host)), int(port or 53)
    except ValueError:
        raise argparse.ArgumentTypeError("give an IPv4 address, as 192.0.2.1 or 192.0.2.1:53") from None


def _check_mail(args: argparse.Namespace) -> int:
    from relay.app import check_mail
    from relay.mail.check import DnsResolver

    findings = asyncio.run(check_mail(read_settings(), DnsResolver(args.nameserver), args.send_test or ""))
    trouble = any(finding.is_trouble for finding in findings)
    if args.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=1))
        return int(trouble)
    for finding in findings:
        publish = f"\n{'':8} publish: {finding.publish}" if finding.publish else ""
        print(f"{finding.verdict:8} {finding.about}: {finding.text}{publish}")
    print("Problems found; see above." if trouble else "No problems found.")
    return int(trouble)


def _bounce(args: argparse.Namespace) -> int:
    try:
        settings = read_settings()
        from relay.app import take_bounce
        from relay.mail.bounces import MAX_BYTES

        raw = sys.stdin.buffer.read(MAX_BYTES)
        while sys.stdin.buffer.read(MAX_BYTES):  # read to the end: a broken pipe would look like a failure
            pass
        print(asyncio.run(take_bounce(settings, raw, args.recipient)))
    except (SettingsError, BeaconpostError, OSError) as error:
        print(f"beaconpost bounce: {error}", file=sys.stderr)
        return TRY_LATER
    except Exception as error:  # any other exit status would make the mail server drop the bounce
        print(f"beaconpost bounce: {type(error).__name__}", file=sys.stderr)  # its text may name a person
        return TRY_LATER
    return 0
