"""What happens with each post: refused, a retry, a repeat, held for its writer's yes, or sent, some of it later."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from boundaries.email_addresses import find_domain
from relay.keys.vault import Vault
from relay.letters import Letter
from relay.letters.mailboxes import LARGE_PROVIDERS
from relay.outbox.evidence import ENOUGH, Marks, Seen, is_refused, weigh
from relay.outbox.records import OFFICES
from relay.outbox.retries import mark_of, marks_left
from relay.outbox.rows import Entry, Post
from relay.outbox.slots import (
    DAY,
    PER_CONFIRMED_MAILBOX,
    PER_MAIL_DOMAIN,
    PER_MAILBOX,
    SHARES,
    Ceiling,
    Slots,
)
from relay.outbox.timestamps import stamp
from relay.settings import Rate

RETRY_AFTER: Final = 600.0  # seconds, for an address that is refused


@dataclass(frozen=True, slots=True)
class History:
    """What the store knows about the writers of these posts. Mailboxes: by their keyed hashes."""

    spellings: Mapping[tuple[str, bytes], AbstractSet[bytes]]  # mailboxes that wrote, by campaign and folded mailbox
    going: Mapping[bytes, str]  # submissions that go, by repeat_key
    first: Mapping[bytes, str]  # submissions that a retry may belong to, by mark (relay.outbox.retries)
    confirmed: AbstractSet[bytes]  # folded mailboxes whose owner confirmed something
    opted_out: AbstractSet[bytes]  # folded mailboxes that are never written to
    seen: Seen
    slots: Slots  # grows with each post


def admit(posts: Sequence[Post], marks: Sequence[Marks | None], history: History, vault: Vault) -> list[Entry]:
    """In the order of the posts. marks: None for a post whose circumstances do not matter, as a draft's."""
    going, first = dict(history.going), dict(history.first)
    spellings = {writer: set(mailboxes) for writer, mailboxes in history.spellings.items()}
    entries: list[Entry] = []
    for post, mark in zip(posts, marks, strict=True):
        if mark and post.circumstances and is_refused(mark, history.seen, post.circumstances):
            entries.append(Entry(post, retry_after=RETRY_AFTER))
            continue
        mailboxes = spellings.setdefault((post.submission.campaign, post.submission.folded_key), set())
        came = mark_of(post, mark)
        if came and came in first:
            entry = Entry(post, retries=first[came])
        else:
            entry = _admit(post, mark, history, vault, going, mailboxes)
            first |= dict.fromkeys((left for left, _ in marks_left(post, mark)), post.submission.id)
        if mark:
            history.seen.add(mark)
        mailboxes.add(post.submission.mailbox_key)
        if entry.claims_key:
            going[post.key] = post.submission.id
        entries.append(entry)
    return entries


def _admit(
    post: Post,
    mark: Marks | None,
    history: History,
    vault: Vault,
    going: Mapping[bytes, str],
    mailboxes: AbstractSet[bytes],
) -> Entry:
    """mailboxes: the spellings of this writer's mailbox that wrote to this campaign before."""
    submission = post.submission
    if post.key in going:
        return Entry(post, repeats=going[post.key])
    again = submission.mailbox_key in mailboxes
    variant = bool(mailboxes - {submission.mailbox_key})
    invited = _use_code(post, history, vault)
    points: Mapping[str, int] = {}
    if mark and post.circumstances:
        points = weigh(mark, history.seen, post.circumstances, variant=variant, invited=invited)
    one_hand = sum(points.values()) >= ENOUGH
    suspected = post.confirm == "suspicious" and (one_hand or again)
    opted_out = submission.folded_key in history.opted_out and post.confirmation is not None  # not a draft
    held = post.confirm == "always" or suspected or opted_out
    dues = {} if held or invited else _pace(post, history, vault)
    # Who ticked the box of the list has to be asked, and who wrote before knows what else the mail says.
    is_needed = not again or dues or submission.join_words
    mail = post.confirmation if held else post.receipt if is_needed else None
    mail_due = _schedule_mail(post, mark, mail, history, vault) if mail else None
    return Entry(
        post,
        held=held,
        mail=None if mail_due is None else mail,
        mail_due=mail_due,
        dues=dues,
        evidence=" ".join(points) if one_hand else "",
    )


def _use_code(post: Post, history: History, vault: Vault) -> bool:
    """Whether the post comes with an event's code that is good for one more letter, which is this one."""
    ceiling, at = event_ceiling(post, vault), stamp(post.submission.accepted_at)
    if ceiling is None or not history.slots.has_room(ceiling, at):
        return False
    history.slots.take([ceiling], at, "")
    return True


def _pace(post: Post, history: History, vault: Vault) -> Mapping[str, int]:
    """When the letters to offices go that have to wait, by letter id."""
    if post.submission.folded_key in history.confirmed:
        return {}
    at = stamp(post.submission.accepted_at)
    dues = {
        letter.id: history.slots.take([ceiling], at, post.submission.id)
        for letter, ceiling in office_ceilings(post, vault)
    }
    return {letter: due for letter, due in dues.items() if due > at}


def _schedule_mail(post: Post, mark: Marks | None, mail: Letter, history: History, vault: Vault) -> int | None:
    """When its writer is written to; None if never."""
    at, folded = stamp(post.submission.accepted_at), post.submission.folded_key
    if folded in history.opted_out:
        return None
    if post.circumstances is None:
        return at
    around = (mark.network or mark.address) if mark else None
    crowd = history.seen.posts[around] if around else 0
    return take_turn(history.slots, mail, folded, vault, at, confirmed=folded in history.confirmed, crowd=crowd)


def take_turn(
    slots: Slots, mail: Letter, folded: bytes, vault: Vault, at: int, *, confirmed: bool, crowd: int = 0
) -> int:
    """When a mail to a writer may go. crowd: as `Slots.take_share`.

    One that has to wait for its mailbox's turn, or for its mail domain's, takes none that is everybody's: it comes a
    window after one that did. A turn taken days ahead would push everybody's next turn behind it.
    """
    due, (mailbox, *domain) = at, own_ceilings(mail, folded, vault, confirmed=confirmed)
    if slots.has_room(mailbox, at):
        due = slots.take(domain, at, "")
        if due == at:
            due = slots.take_share(shares(mail, vault), crowd, at)
    return slots.take([mailbox], due, "")


def office_ceilings(post: Post, vault: Vault) -> Iterator[tuple[Letter, Ceiling]]:
    """Of the letters to offices that are paced while nobody confirmed them."""
    pace = post.circumstances.pace if post.circumstances else None
    if pace is None:
        return
    for letter in post.letters:
        if letter.kind in OFFICES:
            office = letter.to_email or f"{letter.chamber} {letter.district}"
            yield letter, Ceiling(vault.hash("office", letter.campaign, office)[:16], pace)


def event_ceiling(post: Post, vault: Vault) -> Ceiling | None:
    """Of the letters that an event's code is good for. No code is good for longer than a day."""
    event = post.circumstances.event if post.circumstances else None
    return Ceiling(vault.hash("event", event.id)[:16], Rate(event.letters, DAY)) if event else None


def own_ceilings(mail: Letter, folded: bytes, vault: Vault, *, confirmed: bool) -> Iterator[Ceiling]:
    """Of mail to one mailbox, and to its domain."""
    yield Ceiling(folded[:16], PER_CONFIRMED_MAILBOX if confirmed else PER_MAILBOX)
    domain = find_domain(mail.to_email)
    if domain not in LARGE_PROVIDERS:
        yield Ceiling(vault.hash("mail domain", domain)[:16], PER_MAIL_DOMAIN)


def shares(mail: Letter, vault: Vault) -> list[Ceiling]:
    """Of mail of this kind to all writers, in the order of SHARES."""
    return [
        Ceiling(vault.hash("mail to writers", mail.kind, str(share.from_posts))[:16], share.rate) for share in SHARES
    ]


def mail_ceilings(mail: Letter, folded: bytes, vault: Vault) -> Iterator[Ceiling]:
    """Whose slots a mail to a writer may take."""
    yield from own_ceilings(mail, folded, vault, confirmed=True)
    yield from shares(mail, vault)


def all_ceilings(posts: Iterable[Post], vault: Vault) -> Iterator[Ceiling]:
    """Whose slots these posts may take."""
    for post in posts:
        for _, ceiling in office_ceilings(post, vault):
            yield ceiling
        if event := event_ceiling(post, vault):
            yield event
        for mail in (post.confirmation, post.receipt) if post.circumstances else ():
            if mail:
                yield from mail_ceilings(mail, post.submission.folded_key, vault)
