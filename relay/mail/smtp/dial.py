"""Dial the mail server with aiosmtplib: connect, encrypt, log in, learn its extensions. SmtpConnection takes over."""

import asyncio
import ssl
from typing import cast

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException, SMTPServerDisconnected

from relay.mail.outcome import TryLater, quote_greeting
from relay.mail.smtp.connection import Extensions, Timeouts
from relay.settings import SmtpServer


class Unreachable(Exception):
    """No letter can be delivered now, for a temporary reason or one that the operator has to fix."""

    def __init__(self, outcome: TryLater) -> None:
        super().__init__(outcome.answer)
        self.outcome = outcome


async def dial(
    server: SmtpServer, tls: ssl.SSLContext | None, timeouts: Timeouts
) -> tuple[asyncio.Transport, Extensions]:
    """A transport ready for MAIL, whose protocol the caller must set at once. Raises Unreachable, with the server's own
    words: it knows no letter yet."""
    connection = SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username or None,
        password=server.password or None,
        use_tls=server.tls == "implicit",
        start_tls=server.tls == "starttls",
        tls_context=tls,
        timeout=timeouts.command,
    )
    try:
        async with asyncio.timeout(2 * timeouts.command):
            await connection.connect()
            await _hello(connection)
        transport = cast("asyncio.Transport | None", connection.transport)  # uvloop's is not a subclass
        if transport is None or transport.is_closing():
            raise SMTPServerDisconnected("the connection was closed after the greeting")
    except SMTPResponseException as error:
        connection.close()
        raise Unreachable(quote_greeting(error.code, f"{error.code} {' '.join(error.message.split())}")) from error
    except (SMTPException, OSError, ValueError) as error:  # OSError: no route, no such host, TLS, TimeoutError
        connection.close()
        reason = " ".join(str(error).split()) or type(error).__name__
        raise Unreachable(quote_greeting(0, f"no answer from the mail server: {reason}")) from error
    except BaseException:
        connection.close()
        raise
    supports = connection.supports_extension
    return transport, Extensions(supports("pipelining"), supports("size"), supports("smtputf8"))


async def _hello(connection: SMTP) -> None:
    """Learn the server's extensions (RFC 5321 section 3.2)."""
    if connection.is_ehlo_or_helo_needed:
        try:
            await connection.ehlo()
        except SMTPHeloError:
            await connection.helo()
