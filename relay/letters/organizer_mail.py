"""Mail to organizers: how a campaign is going, why letters wait, which failed.

In English, like the letters. It names offices and quotes mail servers, never who wrote.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from relay.letters import Letter, alert_id
from relay.letters.wording import SIGNATURE, Frame, make_mail
from theme.counts import MIN_GROUP_SIZE
from theme.manifest import Campaign


@dataclass(frozen=True, slots=True)
class Failure:
    """One letter that was given up."""

    letter: str  # its id
    office: str
    answer: str  # the mail server's last words


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody wrote to a letter's return address."""

    text: str  # a message in ASCII (RFC 5322)
    digest: str  # of what arrived, so that it is forwarded once
    is_cut: bool  # only its text is there


def write_pause(campaign: Campaign, domain: str, answer: str, since: str, frame: Frame) -> Letter:
    """A domain blocks our mail. since: the moment, which distinguishes this alert from others."""
    body = f"""\
{domain} is blocking our mail, whatever the letter. Its server's answer:

    {answer}

Nothing is lost. Letters to {domain} wait; every few hours one is tried, and once it gets through, the rest follow.

What helps:
- Write to the office's mail administrator: say who you are, what the campaign is, and that each letter comes from
  a constituent who wrote it. Every letter has an X-Campaign header, which an allow rule can use.
- Ask whoever runs the relay for `beaconpost check --mail`: a missing SPF, DKIM or DMARC record is the usual cause.
- Once it is resolved: `beaconpost outbox resume --domain {domain}`."""
    return _alert(campaign, f"{domain} is blocking our letters; they wait", body, f"pause {domain} {since}", frame)


def write_suppression(campaign: Campaign, address: str, answer: str, since: str, frame: Frame) -> Letter:
    """An office's mailbox is gone. since: the moment, which distinguishes this alert from others."""
    body = f"""\
The mail server for {address} says that there is no such mailbox:

    {answer}

Nothing is lost. Letters to it wait. Within hours, and then less often, one of them is tried: once it gets through and
does not come back, the rest follow by themselves, and you get no other mail about it. Letters that still wait after
30 days are given up, and you are told which.

What helps:
- Look whether the office has another address, and tell whoever runs the relay. If your own campaign's file names it,
  correct it there.
- If the address is right, call the office: their mail server refuses what constituents write.
- Once it is resolved: `beaconpost outbox retry --campaign {campaign.slug}`."""
    occasion = f"suppression {address} {since}"
    return _alert(campaign, f"letters to {address} wait: no such mailbox", body, occasion, frame)


def write_left(slug: str, campaign: Campaign | None, member: str, frame: Frame) -> Letter:
    """Somebody whom the organization has takes their yes back. The relay no longer knows who it is; the list does."""
    body = f"""\
Somebody on your list no longer wants to hear from you. In what you exported, this is the row whose column `member` says

    {member}

Remove them from your list. The relay itself has forgotten who they are."""
    if campaign:
        return _alert(campaign, "somebody leaves your list", body, f"left {member}", frame)
    about = (alert_id(f"left {member}", slug), "", slug)
    signed = f"{body}\n\n{SIGNATURE}\n{frame.site.name}\n"
    return make_mail("alert", about, frame.contact, f"{slug}: somebody leaves the list", signed, frame)


def write_forward(
    slug: str, campaign: Campaign | None, letter: str, office: str, answer: Answer, frame: Frame
) -> Letter:
    """Somebody's answer to a letter's return address. slug: of a campaign that may have ended. letter: the id of what
    was answered. office: where that went; "" for a mail to its writer."""
    left_out = "\n\nIt was large: what was attached to it is left out." if answer.is_cut else ""
    what = f"a letter to {office}" if office else "a mail about a letter"
    body = f"""\
Somebody answered {what} by writing to its return address, where only mail servers write. The answer is attached, as it
arrived.{left_out}

The person whose letter it answers has not seen it. If it is meant for them, please pass it on: the answer usually
quotes their letter. The relay keeps no copy once this mail is sent."""
    to = (campaign.organiser if campaign else None) or frame.contact
    name = campaign.campaign if campaign else slug
    mail = make_mail(
        "forward", (alert_id(f"forward {letter} {answer.digest}", slug), "", slug), to,
        f"{name}: an answer to a letter", f"{body}\n\n{SIGNATURE}\n{frame.site.name}\n", frame,
    )  # fmt: skip
    return replace(mail, district=letter, attachment=answer.text)


def write_many_answers(slug: str, campaign: Campaign | None, day: str, frame: Frame) -> Letter:
    """More answers to return addresses than organizers are forwarded. day: they are told once a day. slug: of a
    campaign that may have ended."""
    body = """\
So many people, or machines, answer this campaign's letters by writing to their return addresses that the rest of
today's answers is not forwarded to you.

Nothing is lost. If bounces come back to a mailbox, the answers are in its folder "Beaconpost-answers"; else they wait
at the mail server, which tries again for some days. Ask whoever runs the relay for them.

The usual cause is an office that answers every letter by a machine which does not say that it is one. If the answers
that you did get are all alike, you need do nothing.

You hear of it once a day."""
    to = (campaign.organiser if campaign else None) or frame.contact
    name = campaign.campaign if campaign else slug
    signed = f"{body}\n\n{SIGNATURE}\n{frame.site.name}\n"
    about = (alert_id(f"many answers {day}", slug), "", slug)
    return make_mail("alert", about, to, f"{name}: more answers than are forwarded", signed, frame)


def write_burst(campaign: Campaign, suspected: int, paced: int, link: str, day: str, frame: Frame) -> Letter:
    """Letters that look like one hand's, or come too fast. day: organizers are told once a day."""
    happens = {
        "are asked to confirm by e-mail first. Invented people cannot.": suspected,
        "wait their turn: an office gets only so many an hour that nobody confirmed.": paced,
    }
    lines = "\n".join(f"- {_people(count)} {words}" for words, count in happens.items() if count)
    body = f"""\
Some letters of the last hour may be from one hand with many names:

{lines}

Nothing is lost, and you need do nothing: people who really wrote are heard. If it looks like an attack, you can stop
the campaign's letters until you know more, and go on later. They are accepted all the same, and wait. This page says
why people are asked, and has the button "Stop this campaign's letters":

{link}

You hear of it once a day."""
    return _alert(campaign, "many letters at once", body, f"burst {day}", frame)


def write_failures(campaign: Campaign, failures: Sequence[Failure], days: int, frame: Frame) -> Letter:
    """Letters that were given up, before they are erased. days: how long they are still kept."""
    counts = Counter((failure.office, failure.answer) for failure in failures)
    lines = "\n\n".join(
        f"- {office}: {count} letter{'s' if count > 1 else ''}\n    {answer or 'no answer'}"
        for (office, answer), count in counts.most_common()
    )
    body = f"""\
{len(failures)} letter{"s" if len(failures) > 1 else ""} could not be delivered and will not be retried automatically:

{lines}

They are erased {days} days after they failed. Until then, whoever runs the relay can send them again:

    beaconpost outbox list --state failed --campaign {campaign.slug}
    beaconpost outbox retry --campaign {campaign.slug}"""
    subject = f"{len(failures)} letter{'s' if len(failures) > 1 else ''} could not be delivered"
    return _alert(campaign, subject, body, " ".join(sorted(failure.letter for failure in failures)), frame)


def write_denials(campaign: Campaign, offices: Mapping[str, str], frame: Frame) -> Letter:
    """Letters that were sent and whose named writer denies having written them. offices: by the letters' ids."""
    lines = "\n".join(f"- {office}" for office in offices.values())
    few = len(offices) == 1
    body = f"""\
The owner of the e-mail address in {"a letter" if few else "these letters"} says that they did not write
{"it" if few else "them"}. What had not gone out is cancelled, and what was typed is erased. It was too late for:

{lines}

What helps:
- If an office asks, say so: the letter is not from the person it names.
- If there are more of these, put `confirm: always` into the campaign's file: then each letter waits until the owner
  of its e-mail address confirms it."""
    subject = f"{len(offices)} letter{'' if few else 's'} went out that {'its' if few else 'their'} named writer denies"
    return _alert(campaign, subject, body, f"denied {' '.join(sorted(offices))}", frame)


def write_report(campaign: Campaign, people: int, link: str, days: int, frame: Frame) -> Letter:
    """A link to the report. days: how long it works."""
    body = f"""\
{people:,} {"people have" if people != 1 else "person has"} written. By day, language and district, and what became of
their letters:

{link}

Anybody with this link can read the page for {days} days. It names nobody but those who chose to be shown, and there you
can remove a name and stop the letters."""
    return _alert(campaign, f"how it is going ({people:,} so far)", body, f"report {link}", frame)


def _people(count: int) -> str:
    """None of a few, as on the page."""
    return f"{count:,} people" if count >= MIN_GROUP_SIZE else f"fewer than {MIN_GROUP_SIZE} people"


def _alert(campaign: Campaign, subject: str, body: str, occasion: str, frame: Frame) -> Letter:
    about, to = (alert_id(occasion, campaign.slug), "", campaign.slug), campaign.organiser or frame.contact
    signed = f"{body}\n\n{SIGNATURE}\n{frame.site.name}\n"
    return make_mail("alert", about, to, f"{campaign.campaign}: {subject}", signed, frame)
