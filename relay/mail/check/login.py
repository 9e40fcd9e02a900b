"""The conversation with the mail server, up to the login and no further, told as it went."""

import asyncio
import ssl

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from relay.mail.check.findings import Finding
from relay.settings import SmtpServer

PATIENCE = 15.0  # seconds for each answer


async def check_login(
    server: SmtpServer, tls_context: ssl.SSLContext | None = None, patience: float = PATIENCE
) -> list[Finding]:
    """Greeting, encryption, login; what went right until something did not. Never raises."""
    about = f"mail server {server.host}:{server.port}"
    found: list[Finding] = []
    connection = SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls == "implicit",
        start_tls=False,
        tls_context=tls_context,
        timeout=patience,
    )
    step = "no greeting"
    try:
        async with asyncio.timeout(4 * patience):
            greeting = await connection.connect()
            found.append(Finding("good", about, f"greets: {_line(greeting.code, greeting.message)}"))
            step = "no answer to EHLO"
            await connection.ehlo()
            step = "no encryption (STARTTLS)"
            if server.tls == "starttls":
                await connection.starttls()
                await connection.ehlo()
            found.append(_encryption(connection, server, about))
            step = "the login was refused"
            if server.username:
                await connection.login(server.username, server.password)
                found.append(Finding("good", about, "the login is right."))
            await connection.quit()
    except SMTPResponseException as error:
        found.append(Finding("fix", about, f"{step}: {_line(error.code, error.message)}. {_remedy(step)}"))
    except ssl.SSLError as error:
        found.append(Finding("fix", about, f"{step}: its certificate is not to be trusted ({error.reason})."))
    except (SMTPException, OSError, ValueError) as error:  # OSError: no route, no such host, TimeoutError
        said = " ".join(str(error).split()) or type(error).__name__
        found.append(Finding("fix", about, f"{step}: {said}. {_remedy(step)}"))
    finally:
        connection.close()
    return found


def _encryption(connection: SMTP, server: SmtpServer, about: str) -> Finding:
    if server.tls == "none":
        return Finding("note", about, "nothing is encrypted (?tls=none), which is right on this machine only.")
    session: ssl.SSLObject | None = connection.transport.get_extra_info("ssl_object") if connection.transport else None
    version = session.version() if session else None
    return Finding("good", about, f"encrypted ({version or 'TLS'}), and its certificate is good.")


def _remedy(step: str) -> str:
    login = "Look at user and password in BEACONPOST_SMTP_URL."
    return login if "login" in step else "Look at host and port in BEACONPOST_SMTP_URL, and at the firewall."


def _line(code: int, message: str) -> str:
    return f"{code} {' '.join(message.split())}"
