"""A mailbox that bounces come back to, read over IMAP: for operators without a mail server of their own."""

import asyncio
import imaplib
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeAlias

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from relay.errors import MailboxError, StoreError, TooManyAnswers
from relay.mail.bounce_folders import Folders, make_folders
from relay.mail.bounces import MAX_BYTES, NOT_OURS
from relay.settings import ImapServer

log = logging.getLogger("beaconpost.mail")

INTERVAL: Final = 300.0  # seconds
TIMEOUT: Final = 30.0  # seconds for each of the server's answers
IN_A_ROW: Final = 200  # messages that cannot be recorded: then the store may be down, and the visit ends
Take: TypeAlias = Callable[[bytes], Awaitable[str]]


class BounceMailbox:
    """Reads each message and moves it to another folder: nothing is deleted, and a message is moved only once what it
    says is recorded. Several workers may read at once.

    take: records one message, as `Returns.take`.
    """

    def __init__(self, server: ImapServer, take: Take, tls_context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._take = take
        self._tls_context = tls_context
        self._left: dict[str, None] = {}  # UIDs of what could not be recorded, in the order of the last tries

    async def watch(self) -> None:
        """Read now and every INTERVAL, until cancelled."""
        while True:
            try:
                if count := await self.read():
                    log.info("read %d messages in the bounce mailbox", count)
            except MailboxError as error:
                log.warning("the bounce mailbox cannot be read, trying again in %.0f s: %s", INTERVAL, error)
            await asyncio.sleep(INTERVAL)

    async def read(self) -> int:
        """Returns how many were moved. What could not be recorded at the last visit comes after all else, so that it
        keeps nothing from being read.

        Raises MailboxError if the server cannot be reached, refuses the login, or lacks a folder and lets none be made.
        """
        async with _opened(self._server, self._tls_context) as mailbox:
            folders = await asyncio.to_thread(make_folders, mailbox)
            here = dict.fromkeys(await asyncio.to_thread(mailbox.uids, "UNDELETED"))
            self._left = {uid: None for uid in self._left if uid in here}
            moved = in_a_row = 0
            for uid in [*(uid for uid in here if uid not in self._left), *self._left]:
                self._left.pop(uid, None)
                raw = await asyncio.to_thread(_fetch, mailbox, uid)
                if not raw:  # another worker has moved it
                    continue
                folder = await self._record(raw, folders)
                if folder:
                    await asyncio.to_thread(mailbox.move, uid, folder)
                    moved, in_a_row = moved + 1, 0
                    continue
                self._left[uid] = None
                in_a_row += 1
                if in_a_row == IN_A_ROW:
                    break
            return moved

    async def _record(self, raw: bytes, folders: Folders) -> str:
        """The folder where the message goes; "" if it stays."""
        try:
            said = await self._take(raw)
        except TooManyAnswers as error:
            log.warning("%s in the folder %s", error, folders.answers)
            return folders.answers
        except StoreError as error:
            log.warning("a message stays in the bounce mailbox: %s", error)
            return ""
        log.info("%s", said)
        return folders.other if said == NOT_OURS else folders.read


async def try_mailbox(server: ImapServer, tls_context: ssl.SSLContext | None = None) -> tuple[int, Folders]:
    """How many messages wait, and the folders for what was read, which are made. Raises as `BounceMailbox.read`."""
    async with _opened(server, tls_context) as mailbox:
        waiting = len(await asyncio.to_thread(mailbox.uids, "UNDELETED"))
        folders = await asyncio.to_thread(make_folders, mailbox)
        for name in folders:
            await asyncio.to_thread(mailbox.folder.set, name, True)
        return waiting, folders


@asynccontextmanager
async def _opened(server: ImapServer, tls_context: ssl.SSLContext | None) -> AsyncIterator[BaseMailBox]:
    """All errors of the connection are MailboxError: the server's words, who knows no letter."""
    try:
        mailbox = await asyncio.to_thread(_open, server, tls_context)
        try:
            yield mailbox
        finally:
            await asyncio.to_thread(mailbox.logout)
    except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
        raise MailboxError(f"{type(error).__name__}: {error}") from None


def _open(server: ImapServer, tls_context: ssl.SSLContext | None) -> BaseMailBox:
    context = tls_context or ssl.create_default_context()
    mailbox: BaseMailBox
    match server.tls:
        case "implicit":
            mailbox = MailBox(server.host, server.port, timeout=TIMEOUT, ssl_context=context)
        case "starttls":
            mailbox = MailBoxStartTls(server.host, server.port, timeout=TIMEOUT, ssl_context=context)
        case "none":
            mailbox = MailBoxUnencrypted(server.host, server.port, timeout=TIMEOUT)
    try:
        mailbox.login(server.username, server.password, server.folder)
        # Many servers say only after the login what they can do: MOVE, which leaves no second copy, and NAMESPACE.
        mailbox.client.capabilities = tuple(mailbox.client.capability()[1][-1].decode().upper().split())
    except Exception:
        mailbox.client.shutdown()
        raise
    return mailbox


def _fetch(mailbox: BaseMailBox, uid: str) -> bytes:
    """The message, cut at MAX_BYTES, without marking it as read."""
    _, answer = mailbox.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")
