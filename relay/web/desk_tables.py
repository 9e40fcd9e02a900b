"""The desk's tables as CSV (RFC 4180), for a spreadsheet. None of a few people, as on the page."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from relay.outbox import OfficeFigures
from relay.web.desk_counts import Counts
from relay.web.report_page import suppress_small

FATES: Final = ("sent", "queued", "deferred", "paced", "held", "failed", "bounced", "cancelled", "expired")
OTHERS: Final = "others"


def write_csv(table: str, counts: Counts, names: Sequence[str], least: int) -> str | None:
    """None if there is no such table. names: of the offices, in their order."""
    match table:
        case "days":
            head: Sequence[str] = ("day", "wrote", "own_words", "confirmed", "delivered", "bounced")
            rows: Iterable[Sequence[object]] = (
                (day.day, day.wrote, day.own_words, day.confirmed, day.delivered, day.bounced)
                for day in counts.desk.days
            )
        case "offices":
            head = ("office", "chamber", "district", "letters", *FATES)
            rows = (
                (name, office.chamber, office.district, *_fates(office, least))
                for name, office in zip(names, counts.desk.offices, strict=True)
            )
        case "senate" | "house":
            people = {name: count for (of, name), count in counts.figures.districts.items() if of == table}
            head, rows = ("district", "people"), _lines(people, least)
        case "languages":
            head, rows = ("language", "people"), _lines(counts.figures.languages, least)
        case _:
            return None
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return written.getvalue()


def _lines(people: Mapping[str, int], least: int) -> Iterable[Sequence[object]]:
    return ((name or OTHERS, _say(count, least)) for name, count in suppress_small(people, least))


def _fates(office: OfficeFigures, least: int) -> Sequence[object]:
    total = sum(office.fates.values())
    if total < least:
        return (_say(None, least), *("" for _ in FATES))
    return (total, *(office.fates.get(fate, 0) for fate in FATES))


def _say(count: int | None, least: int) -> object:
    return f"fewer than {least}" if count is None else count
