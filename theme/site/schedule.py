"""What is odd about a campaign's days: mistyped years, an outcome that nobody sees, bills whose session is over."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from boundaries.sessions import Session, find_session, is_earlier
from theme.site.frontmatter import Document

_FAR: Final = timedelta(days=2 * 366)  # a session
_LONG_AGO: Final = timedelta(days=5 * 366)


def check_schedule(document: Document, good: Mapping[str, Any], sessions: Sequence[Session], today: date) -> None:
    """good: the file's valid values. sessions: of its state."""
    opens, closes = good.get("opens"), good.get("closes")
    nodes = document.entries
    for key, day in (("opens", opens), ("closes", closes)):
        if day and not today - _LONG_AGO <= day <= today + _FAR:
            far = "years away" if day > today else "years ago"
            document.add_warning(f"{key}: {day} is {far}: is the year right?", nodes[key])
    over = closes is not None and closes < today
    if over and "outcome" not in nodes and good.get("status") != "withdrawn":
        wrong = (
            f"closes: the campaign is over since {closes}, and its page has no form. Write a later day, or `outcome:`"
        )
        document.add_warning(wrong, nodes["closes"])
    if not over and "outcome" in good and good.get("status", "published") == "published":
        wrong = "outcome: nobody sees this while the campaign is open: add `closes:` with its last day, or remove it"
        document.add_warning(wrong, nodes["outcome"])
    if not over:
        _check_session(document, good, sessions, today)


def _check_session(document: Document, good: Mapping[str, Any], sessions: Sequence[Session], today: date) -> None:
    nodes, written = document.entries, good.get("session")
    if not sessions:
        return
    current = next((session for session in sessions if session.starts <= today < session.ends), sessions[-1])
    if written is None:
        if good.get("bills"):
            wrong = f"bills: they die with their session: add session: {current.name}, and you are told when that ends"
            document.add_warning(wrong, nodes["bills"])
        return
    session = find_session(written, sessions)
    if session is None and is_earlier(written, sessions):
        wrong = (
            f"session: it is over, and its bills are dead: look up the new numbers and write session: {current.name}"
        )
        document.add_warning(wrong, nodes["session"])
        return
    if session is None:
        known = ", ".join(one.name for one in sessions)
        document.add_problem(f'session: there is no session "{written}". Use one of: {known}', nodes["session"])
        return
    last = session.ends - timedelta(days=1)
    following = next((one for one in sessions if one.starts >= session.ends), None)
    new = f"look up the new numbers and write session: {following.name}" if following else "look up the new numbers"
    if session.ends <= today:
        document.add_warning(f"session: it ended on {last}, and its bills are dead: {new}", nodes["session"])
    elif (closes := good.get("closes")) and closes > last and good.get("bills"):
        wrong = f"closes: the session ends on {last}, and the bills with it: write that day, or watch for new numbers"
        document.add_warning(wrong, nodes["closes"])
