"""The mail with the link to an organizer's desk."""

from datetime import datetime

from relay.letters import Letter, alert_id
from relay.letters.wording import SIGNATURE, Frame, make_mail


def write_desk_link(slug: str, email: str, link: str, until: datetime, frame: Frame) -> Letter:
    """slug: of one of their campaigns. until: when the link ends; a second mail for the same moment is not sent."""
    body = f"""\
Hello,

somebody, we hope it was you, asked for the link to your campaigns' desk at {frame.site.name}. There you see how they
are going, stop letters and go on. Open it and press the button:

{link}

It works until {until:%H:%M} UTC. If you did not ask, do nothing: nobody else has seen this link. You get at most one
an hour.

{SIGNATURE}
{frame.site.name}
"""
    about = alert_id(f"desk {link.partition('/desk/')[0]} {email} {until.isoformat()}", ""), "", slug
    return make_mail("alert", about, email, f"Your desk at {frame.site.name}", body, frame)
