"""A real Dovecot on a free port of this machine, with one mailbox, for as long as a test needs it."""

import getpass
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from relay.settings import ImapServer

USER: Final = "bounces@campaign.example"
PASSWORD: Final = "letmein"
PATIENCE: Final = 30.0  # seconds until one that does not start is an error

_CONFIGURATION: Final = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
disable_plaintext_auth = no
ssl_cert = <{certificate}
ssl_key = <{certificate}
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail
mail_uid = {internal}
mail_gid = {internal}
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {internal}
default_login_user = {login}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
namespace inbox {{
  inbox = yes
  separator = .
  prefix = {prefix}
}}
userdb {{
  driver = static
  args = home={folder}/mail
}}
"""


def have_dovecot() -> bool:
    return shutil.which("dovecot", path="/usr/sbin:/usr/bin") is not None


@dataclass(frozen=True)
class Dovecot:
    """The same mailbox, over TLS and, as on one's own machine, without."""

    secure: ImapServer
    plain: ImapServer
    maildir: Path


@contextmanager
def open_dovecot(certificate: Path, prefix: str = "") -> Iterator[Dovecot]:
    """certificate: of localhost, PEM, with its key. prefix: of all folders but INBOX."""
    me = getpass.getuser()
    # Dovecot keeps no mail as root: then its own user does, in a folder that it can reach.
    internal, login = ("dovecot", "dovenull") if me == "root" else (me, me)
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        port, plain_port = first.getsockname()[1], second.getsockname()[1]
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        if me == "root":
            shutil.chown(folder / "mail", internal, internal)
        configuration = folder / "dovecot.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                folder=folder,
                certificate=certificate,
                port=port,
                plain_port=plain_port,
                password=PASSWORD,
                internal=internal,
                login=login,
                prefix=prefix,
            )
        )
        program = shutil.which("dovecot", path="/usr/sbin:/usr/bin") or "dovecot"
        with subprocess.Popen([program, "-F", "-c", str(configuration)]) as process:
            try:
                _wait(process, port)
                yield Dovecot(
                    ImapServer("localhost", port, USER, PASSWORD, "implicit", "INBOX"),
                    ImapServer("127.0.0.1", plain_port, USER, PASSWORD, "none", "INBOX"),
                    folder / "mail",
                )
            finally:
                process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until it takes connections. Raises OSError if it ends instead, or takes longer than PATIENCE."""
    for _ in range(int(PATIENCE * 20)):
        with suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(1 / 20)
            break
    raise OSError("Dovecot does not start")
