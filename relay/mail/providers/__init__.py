"""Mail providers that say by HTTP what became of a letter, each with its own proof that it is the one who speaks.

events    what they have in common
ses       Amazon SES, whose events come through sns, Amazon's notifications
mailgun   Mailgun
postmark  Postmark
"""

from relay.mail.providers.events import Event, Provider, Rejected
from relay.mail.providers.mailgun import Mailgun
from relay.mail.providers.postmark import Postmark
from relay.mail.providers.ses import Ses

__all__ = ["Event", "Mailgun", "Postmark", "Provider", "Rejected", "Ses"]
