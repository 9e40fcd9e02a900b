"""Mails to an organiser: how it is going, what keeps letters back, and what becomes of those that failed.

In English, as the letters are. They name offices and servers' answers, never who wrote.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relay.letters import Letter, alert_id
from relay.letters.wording import SIGNATURE, Frame
from theme.manifest import Campaign


@dataclass(frozen=True, slots=True)
class Failure:
    """One letter that was given up. answer: the mail server's last words."""

    letter: str
    office: str
    answer: str


def write_pause(campaign: Campaign, domain: str, answer: str, since: str, frame: Frame) -> Letter:
    """A domain refuses our mail. since: the moment, which makes the alert one of its kind."""
    body = f"""\
{domain} refuses our mail, for every letter alike. Its server said:

    {answer}

Nothing is lost. Letters to {domain} wait; every few hours one of them tries, and when it passes all follow.

What helps:
- Write to the office's mail administrator: say who you are, what the campaign is, and that each letter comes from
  a constituent who wrote it. Every letter has the header X-Campaign, by which they can be allowed.
- Ask whoever runs the relay for `beaconpost check --mail`: a missing SPF, DKIM or DMARC record is the usual cause.
- When it is settled: `beaconpost outbox resume --domain {domain}`."""
    return _alert(campaign, f"{domain} refuses our letters; they wait", body, f"pause {domain} {since}", frame)


def write_failures(campaign: Campaign, failures: Sequence[Failure], days: int, frame: Frame) -> Letter:
    """Letters that were given up, told before they are erased. days: how long they are kept yet."""
    counts = Counter((failure.office, failure.answer) for failure in failures)
    lines = "\n\n".join(
        f"- {office}: {count} letter{'s' if count > 1 else ''}\n    {answer or 'no answer'}"
        for (office, answer), count in counts.most_common()
    )
    body = f"""\
{len(failures)} letter{"s" if len(failures) > 1 else ""} could not be delivered and will not be tried again by itself:

{lines}

They are erased {days} days after they failed. Until then whoever runs the relay can send them again:

    beaconpost outbox list --state failed --campaign {campaign.slug}
    beaconpost outbox retry --campaign {campaign.slug}"""
    subject = f"{len(failures)} letter{'s' if len(failures) > 1 else ''} could not be delivered"
    return _alert(campaign, subject, body, " ".join(sorted(failure.letter for failure in failures)), frame)


def write_denials(campaign: Campaign, offices: Mapping[str, str], frame: Frame) -> Letter:
    """Letters that went out, and whose named writer says they are not theirs. offices: by the letters' ids."""
    lines = "\n".join(f"- {office}" for office in offices.values())
    few = len(offices) == 1
    body = f"""\
Whoever owns the e-mail address that {"a letter gives" if few else "these letters give"} says that they did not write
{"it" if few else "them"}. What had not gone out is cancelled, and what was typed is erased. Too late for:

{lines}

What helps:
- If an office asks, say so: the letter is not from the person it names.
- If there are more of these, put `confirm: always` into the campaign's file: then each letter waits until the owner
  of its e-mail address has said yes."""
    subject = f"{len(offices)} letter{'' if few else 's'} went out that {'its' if few else 'their'} named writer denies"
    return _alert(campaign, subject, body, f"denied {' '.join(sorted(offices))}", frame)


def write_report(campaign: Campaign, people: int, link: str, days: int, frame: Frame) -> Letter:
    """Where an organiser reads how it is going. days: how long the link works."""
    body = f"""\
{people:,} {"people have" if people != 1 else "person has"} written. By day, language and district, and what became of
their letters:

{link}

Whoever has this address can read that page, for {days} days. There is no name on it."""
    return _alert(campaign, f"how it is going ({people:,} so far)", body, f"report {link}", frame)


def _alert(campaign: Campaign, subject: str, body: str, occasion: str, frame: Frame) -> Letter:
    organiser = campaign.organiser or frame.contact
    return Letter(
        id=alert_id(occasion, organiser),
        submission="",
        campaign=campaign.slug,
        kind="alert",
        chamber="",
        district="",
        to_name="",
        to_email=organiser,
        from_name=frame.site.name,
        reply_to=frame.contact,
        subject=f"{campaign.campaign}: {subject}",
        body=f"{body}\n\n{SIGNATURE}\n{frame.site.name}\n",
        transport=frame.transport,
    )
