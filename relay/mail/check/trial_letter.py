"""A test letter to the operator's own mailbox, sent the way all letters are."""

from relay.letters import Letter
from relay.letters.wording import SIGNATURE
from relay.mail.check.findings import Finding
from relay.mail.outcome import Outcome, Sent

BODY = f"""\
This is a test by `beaconpost check --mail`. It was sent like every letter: the same From, the same envelope sender, the
same signature if letters are signed.

Look at its headers ("show original"). The line Authentication-Results should say:

    spf=pass    dkim=pass    dmarc=pass

If it went to the spam folder, so would the letters.

{SIGNATURE}
Beaconpost
"""


def write_trial_letter(identity: str, to: str, sender: str, transport: str) -> Letter:
    """identity: a fresh letter id. to, sender: addresses."""
    return Letter(
        id=identity,
        submission="",
        campaign="mail check",
        kind="test",
        chamber="",
        district="",
        to_name="",
        to_email=to,
        from_name="Beaconpost",
        reply_to=sender,
        subject="Test: letters leave as they should",
        body=BODY,
        transport=transport,
    )


def describe_outcome(outcome: Outcome) -> Finding:
    """What became of the test letter."""
    if isinstance(outcome, Sent):
        text = f"the mail server accepted it: {outcome.answer}. Read its headers where it arrives."
        return Finding("good", "test letter", text)
    return Finding("fix", "test letter", f"not accepted: {outcome.answer}")
