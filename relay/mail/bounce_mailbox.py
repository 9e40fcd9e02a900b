"""A mailbox that bounces come back to, read over IMAP: for operators without a mail server of their own."""

import asyncio
import imaplib
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from relay.errors import MailboxError, StoreError
from relay.mail.bounce_folders import Folders, make_folders
from relay.mail.bounces import MAX_BYTES, NOT_OURS
from relay.settings import ImapServer

log = logging.getLogger("beaconpost.mail")

INTERVAL: Final = 300.0  # seconds
TIMEOUT: Final = 30.0  # seconds for each of the server's answers
BATCH: Final = 200  # messages in one visit; the rest waits for the next


async def watch_mailbox(
    server: ImapServer, take: Callable[[bytes], Awaitable[str]], tls_context: ssl.SSLContext | None = None
) -> None:
    """Read the mailbox now and every INTERVAL, until cancelled. take: records one message, as `record_bounce`."""
    while True:
        try:
            if count := await read_mailbox(server, take, tls_context):
                log.info("read %d messages in the bounce mailbox", count)
        except MailboxError as error:
            log.warning("the bounce mailbox cannot be read, trying again in %.0f s: %s", INTERVAL, error)
        await asyncio.sleep(INTERVAL)


async def read_mailbox(
    server: ImapServer, take: Callable[[bytes], Awaitable[str]], tls_context: ssl.SSLContext | None = None
) -> int:
    """Read each message and move it to another folder: nothing is deleted, and a message is moved only once what it
    says is recorded. Several workers may read at once. Returns how many were moved.

    Raises MailboxError if the server cannot be reached, refuses the login, has no such folder, or lets none be made.
    """
    async with _opened(server, tls_context) as mailbox:
        folders = await asyncio.to_thread(make_folders, mailbox)
        uids = await asyncio.to_thread(mailbox.uids, "UNDELETED")
        return sum([await _read(mailbox, uid, take, folders) for uid in uids[:BATCH]])


async def try_mailbox(server: ImapServer, tls_context: ssl.SSLContext | None = None) -> tuple[int, Folders]:
    """How many messages wait, and the folders for what was read, which are made. Raises as `read_mailbox`."""
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


async def _read(mailbox: BaseMailBox, uid: str, take: Callable[[bytes], Awaitable[str]], folders: Folders) -> bool:
    raw = await asyncio.to_thread(_fetch, mailbox, uid)
    if not raw:  # another worker has moved it
        return False
    try:
        said = await take(raw)
    except StoreError as error:
        log.warning("a message stays in the bounce mailbox: %s", error)
        return False
    log.info("%s", said)
    await asyncio.to_thread(mailbox.move, uid, folders.other if said == NOT_OURS else folders.read)
    return True


def _fetch(mailbox: BaseMailBox, uid: str) -> bytes:
    """The message, cut at MAX_BYTES, without marking it as read."""
    _, answer = mailbox.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")
