"""What a campaign of the kind "testimony" needs, and what only that may have."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from theme.recipients import HEARING
from theme.site.frontmatter import Document
from theme.testimony import Testimony

KIND: Final = "testimony"
NEEDS: Final = ("hearing", "deliver_by", "committee", "position", "bills")
ONLY: Final = ("hearing", "deliver_by", "committee", "position")
NEVER: Final = ("recipients", "thanks_subject")
_FAR: Final = timedelta(days=2 * 366)


def check_kind(document: Document, good: Mapping[str, Any], today: date) -> None:
    """good: the valid values of the first language's file."""
    entries = document.entries
    if good.get("kind") != KIND:
        for key in (key for key in ONLY if key in entries and "kind" not in entries):
            document.add_problem(
                f'"{key}" is for written testimony: add kind: testimony, or remove it', document.keys[key]
            )
        return
    for key in (key for key in NEEDS if key not in entries):
        document.add_problem(f'testimony needs the key "{key}"', document.keys["kind"])
    for key in NEVER:
        if key in entries:
            wrong = f"{key}: testimony goes to the committee alone: remove this"
            document.add_problem(wrong, document.keys[key])
    moment = good.get("deliver_by")
    if moment is None:
        return
    day = moment.date()
    if day > today + _FAR:
        document.add_warning(f"deliver_by: {day} is years away: is the year right?", entries["deliver_by"])
    elif day < today and "outcome" not in entries and good.get("status") != "withdrawn":
        wrong = f"deliver_by: it is past since {day}, and the page has no form. Write a later moment, or `outcome:`"
        document.add_warning(wrong, entries["deliver_by"])
    for key in ("opens", "closes"):
        if (other := good.get(key)) and (other > day if key == "opens" else other < day):
            wrong = f"{key}: {other} is {'after' if key == 'opens' else 'before'} deliver_by, {day}"
            document.add_problem(wrong, entries[key])


def take_testimony(given: dict[str, Any]) -> dict[str, Any]:
    """What a campaign has of these keys, taken out of `given`; empty unless it is testimony, and complete."""
    taken = {key: given.pop(key, None) for key in (*ONLY, "kind")}
    if taken["kind"] != KIND or None in taken.values() or not given.get("bills"):
        return {}
    testimony = Testimony(committee=taken["committee"], position=taken["position"], deliver_by=taken["deliver_by"])
    return {"testimony": testimony, "recipients": (HEARING,)}


def last_day(good: Mapping[str, Any]) -> date | None:
    """On which a campaign takes letters; None if none is known."""
    moment = good.get("deliver_by")
    days = (good.get("closes"), moment.date() if moment else None)
    return min((day for day in days if day), default=None)
