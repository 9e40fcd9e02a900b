"""The folders of a bounce mailbox: where what was read goes, by the names that its server wants."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from imap_tools import BaseMailBox, MailboxFolderCreateError
from imap_tools.imap_utf7 import utf7_decode

from relay.errors import MailboxError

# A server may keep people's own folders under a prefix, and refuse others: Courier's is "INBOX." (RFC 2342).
PERSONAL: Final = re.compile(rb'\(\(\s*"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Folders:
    """Names as the server knows them."""

    read: str = "Beaconpost"  # what was about a letter
    other: str = "Beaconpost-other"  # all else
    answers: str = "Beaconpost-answers"  # people's, beyond what organizers are forwarded

    def __iter__(self) -> Iterator[str]:
        yield from (self.read, self.other, self.answers)


def make_folders(mailbox: BaseMailBox) -> Folders:
    """Those that are not there yet. Raises MailboxError if one cannot be made, and what the connection raises."""
    prefix = _personal_prefix(mailbox)
    folders = Folders(*(prefix + name for name in Folders()))
    for name in folders:
        try:
            if not mailbox.folder.exists(name):
                mailbox.folder.create(name)
        except MailboxFolderCreateError as error:
            raise MailboxError(f"its folder {name} cannot be made: {error}") from None
    return folders


def _personal_prefix(mailbox: BaseMailBox) -> str:
    """Like "INBOX."; "" on most servers, and on those that know no namespaces."""
    if "NAMESPACE" not in mailbox.client.capabilities:
        return ""
    _, [answer] = mailbox.client.namespace()
    found = PERSONAL.match(answer or b"")
    return utf7_decode(re.sub(rb"\\(.)", rb"\1", found[1])) if found else ""
