"""Dial the mail server with aiosmtplib: connect, encrypt, log in, learn its extensions. SmtpConnection takes over."""

import asyncio
import ssl
from typing import cast

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException, SMTPServerDisconnected

from relay.mail.smtp.connection import Extensions, Patience
from relay.mail.smtp.outcome import TryLater, defer
from relay.settings import SmtpServer


class Unreachable(Exception):
    """No letter can be handed over now, for a reason that is the operator's to mend or that passes."""

    def __init__(self, outcome: TryLater) -> None:
        super().__init__(outcome.answer)
        self.outcome = outcome


async def dial(
    server: SmtpServer, tls: ssl.SSLContext | None, patience: Patience
) -> tuple[asyncio.Transport, Extensions]:
    """A transport on which MAIL may be said; whoever gets it sets its protocol at once. Raises Unreachable."""
    connection = SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username or None,
        password=server.password or None,
        use_tls=server.tls == "implicit",
        start_tls=server.tls == "starttls",
        tls_context=tls,
        timeout=patience.command,
    )
    try:
        async with asyncio.timeout(2 * patience.command):
            await connection.connect()
            await _hello(connection)
        transport = cast("asyncio.Transport | None", connection.transport)  # uvloop's is not a subclass
        if transport is None or transport.is_closing():
            raise SMTPServerDisconnected("the connection was closed after the greeting")
    except SMTPResponseException as error:
        connection.close()
        raise Unreachable(defer(error.code, f"{error.code} {' '.join(error.message.split())}")) from error
    except (SMTPException, OSError, ValueError) as error:  # OSError: no route, no such host, TLS, TimeoutError
        connection.close()
        said = " ".join(str(error).split()) or type(error).__name__
        raise Unreachable(defer(0, f"no answer from the mail server: {said}")) from error
    except BaseException:
        connection.close()
        raise
    able = connection.supports_extension
    return transport, Extensions(able("pipelining"), able("size"), able("smtputf8"))


async def _hello(connection: SMTP) -> None:
    """Learn what the server can do, before a word about the letter (RFC 5321 section 3.2)."""
    if connection.is_ehlo_or_helo_needed:
        try:
            await connection.ehlo()
        except SMTPHeloError:
            await connection.helo()
