"""The dialogue with the mail server, up to the login and no further."""

import asyncio
import ssl

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from relay.mail.check.findings import Finding
from relay.settings import SmtpServer

TIMEOUT = 15.0  # seconds for each answer


async def check_login(
    server: SmtpServer,
    tls_context: ssl.SSLContext | None = None,
    timeout: float = TIMEOUT,  # noqa: ASYNC109  (seconds for each answer)
) -> list[Finding]:
    """Greeting, encryption, login: what worked, up to the first failure. Never raises."""
    about = f"mail server {server.host}:{server.port}"
    findings: list[Finding] = []
    connection = SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls == "implicit",
        start_tls=False,
        tls_context=tls_context,
        timeout=timeout,
    )
    step = "no greeting"
    try:
        async with asyncio.timeout(4 * timeout):
            greeting = await connection.connect()
            findings.append(Finding("good", about, f"greets: {_line(greeting.code, greeting.message)}"))
            step = "no answer to EHLO"
            await connection.ehlo()
            step = "no encryption (STARTTLS)"
            if server.tls == "starttls":
                await connection.starttls()
                await connection.ehlo()
            findings.append(_encryption(connection, server, about))
            step = "the login failed"
            if server.username:
                await connection.login(server.username, server.password)
                findings.append(Finding("good", about, "the login works."))
            await connection.quit()
    except SMTPResponseException as error:
        findings.append(Finding("fix", about, f"{step}: {_line(error.code, error.message)}. {_remedy(step)}"))
    except ssl.SSLError as error:
        findings.append(Finding("fix", about, f"{step}: its certificate is not trusted ({error.reason})."))
    except (SMTPException, OSError, ValueError) as error:  # OSError: no route, no such host, TimeoutError
        reason = " ".join(str(error).split()) or type(error).__name__
        findings.append(Finding("fix", about, f"{step}: {reason}. {_remedy(step)}"))
    finally:
        connection.close()
    return findings


def _encryption(connection: SMTP, server: SmtpServer, about: str) -> Finding:
    if server.tls == "none":
        return Finding("note", about, "nothing is encrypted (?tls=none), which is fine on this machine only.")
    session: ssl.SSLObject | None = connection.transport.get_extra_info("ssl_object") if connection.transport else None
    version = session.version() if session else None
    return Finding("good", about, f"encrypted ({version or 'TLS'}), with a trusted certificate.")


def _remedy(step: str) -> str:
    login = "Check user and password in BEACONPOST_SMTP_URL."
    return login if "login" in step else "Check host and port in BEACONPOST_SMTP_URL, and the firewall."


def _line(code: int, message: str) -> str:
    return f"{code} {' '.join(message.split())}"
