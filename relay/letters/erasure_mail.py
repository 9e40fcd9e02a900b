"""The mail to a writer who lost the receipt: a link to a page with a button that erases everything of the mailbox."""

from relay.letters import Letter
from relay.letters.wording import SIGNATURE, Frame, Translate, make_mail


def write_erasure_mail(
    letter_id: str, submission: str, campaign: str, to: str, link: str, frame: Frame, pgettext: Translate
) -> Letter:
    """It names no campaign: whoever reads over a shoulder learns nothing. submission: which it is erased with."""
    paragraphs = (
        pgettext("consent", "Hello,"),
        pgettext(
            "consent",
            "somebody, we hope it was you, asked us to erase everything that was written from this e-mail address. To "
            "do that, open this page and press the button. The link works for three days:",
        ),
        link,
        pgettext("consent", "You did not ask? Then do nothing, and nothing changes."),
        pgettext("consent", "The same page has a button for never getting mail from us again."),
        "\n".join(
            (SIGNATURE, frame.site.name, pgettext("consent", "Questions: %(contact)s") % {"contact": frame.contact})
        ),
    )
    subject, body = pgettext("consent", "Erase what was written from this address"), "\n\n".join(paragraphs) + "\n"
    return make_mail("erasure", (letter_id, submission, campaign), to, subject, body, frame)
