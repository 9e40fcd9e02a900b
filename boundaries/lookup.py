"""`boundaries lookup`: one address, or a whole supporter list."""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from boundaries.data import shipped
from boundaries.errors import BoundariesError, SourceError
from boundaries.model import Answer, Chamber, Pair
from boundaries.offices import list_offices_at
from boundaries.state import State, open_state

ADDED = ("status", "senate", "house", "senator", "representative")


def run(args: argparse.Namespace) -> int:
    """Run `lookup`. Returns 0 if all matched, 1 if not, 2 on wrong usage."""
    if (args.address is None) == (args.batch is None):
        print("boundaries lookup: give one address in quotes, or --batch FILE.csv", file=sys.stderr)
        return 2
    try:
        state = open_state(args.folder or shipped(args.state), args.corrections)
        if args.batch:
            return _batch(state, args.batch)
        street, city, postal = state.split(args.address)
    except BoundariesError as error:
        print(f"boundaries: {error}", file=sys.stderr)
        return 1
    answer = state.locate(street, city, postal)
    if args.json:
        print(json.dumps(answer_json(state, answer, explain=args.explain), ensure_ascii=False, indent=2))
    else:
        _show(state, answer, sys.stdout)
        if args.explain:
            run = state.describe_run(answer)
            print(f"because: {answer.rule}" + (f"; its run there: {run}" if run else ""))
    return 0 if answer.status == "matched" else 1


def answer_json(state: State, answer: Answer, *, explain: bool = False) -> dict[str, Any]:
    """An answer as JSON: status, reason, address as parsed, and either the districts with their legislators or the
    choices."""
    address = answer.address
    described: dict[str, Any] = {
        "status": answer.status,
        "reason": answer.reason,
        "address": {"number": address.number, "street": address.street, "town": address.town,
                    "state": address.state, "zip": address.zip},
    }  # fmt: skip
    if answer.status == "matched":
        described |= _pair(state, answer.pairs[0])
    else:
        described["choices"] = [_pair(state, pair) for pair in answer.pairs]
    if explain:
        described |= {"rule": answer.rule, "run": state.describe_run(answer)}
    return described


def _pair(state: State, pair: Pair) -> dict[str, Any]:
    legislators = []
    for chamber in state.chambers:
        for office in list_offices_at(state, chamber, pair.of(chamber)):
            seat = {"chamber": chamber, "title": office.title, "district": office.district}
            holder = {"vacant": not office.name, "name": office.name, "party": office.party, "phone": office.phone}
            legislators.append(seat | holder)
    districts = {
        chamber: {"name": pair.of(chamber), "ocd_id": state.district(chamber, pair.of(chamber)).ocd_id}
        for chamber in state.chambers
    }
    return {"districts": districts, "legislators": legislators}


def member_names(state: State, chamber: Chamber, district: str) -> str:
    """Who holds a district, separated by semicolons, or "vacant"."""
    names = "; ".join(member.name for member in state.legislators(chamber, district))
    return names or ("vacant" if district else "")


def _show(state: State, answer: Answer, out: TextIO) -> None:
    address = answer.address
    where = " ".join(part for part in (address.number, address.street) if part)
    shown = ", ".join(part for part in (where, address.town, f"{address.state} {address.zip}".strip()) if part)
    print(f"{answer.status}{f' ({answer.reason})' if answer.reason else ''}: {shown}", file=out)
    if not answer.pairs:
        print(f"  {answer.rule}: check the town and the ZIP, or ask the legislature's own finder", file=out)
    for pair in answer.pairs:
        lead = "" if answer.status == "matched" else "  "
        for chamber in state.chambers:
            for office in list_offices_at(state, chamber, pair.of(chamber)):
                holder = f" {office.name}" if office.name else ": vacant"
                print(f"{lead}{office.title}{holder}, {office.district}", file=out)
        if lead:
            print(file=out)


def read_batch(path: Path, wanted: tuple[str, ...]) -> Iterator[tuple[dict[str, str], tuple[str, str, str]]]:
    """Each row of a CSV with its street, city and ZIP. SourceError unless it has the wanted columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            columns = reader.fieldnames or []
            for column in wanted:
                if column not in columns:
                    raise SourceError(path, 1, f"no column {column!r}", f"name the columns {', '.join(wanted)}")
            for row in reader:
                clean = {column: row[column] or "" for column in columns}
                street = f"{clean.get('number', '')} {clean['street']}".strip()
                yield clean, (street, clean["city"], clean.get("zip", ""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(path, None, f"unreadable ({error})", "save it as CSV in UTF-8") from None


def _batch(state: State, path: Path) -> int:
    writer = None
    all_matched = True
    for row, address in read_batch(path, ("street", "city", "zip")):
        answer = state.locate(*address)
        added = dict.fromkeys(ADDED, "") | {"status": answer.status}
        if answer.status == "matched":
            pair = answer.pairs[0]
            added |= {
                "senate": pair.senate, "house": pair.house,
                "senator": member_names(state, "senate", pair.senate),
                "representative": member_names(state, "house", pair.house),
            }  # fmt: skip
        all_matched &= answer.status == "matched"
        if writer is None:
            columns = [*(column for column in row if column not in ADDED), *ADDED]
            writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
        writer.writerow(row | added)
    return 0 if all_matched else 1
