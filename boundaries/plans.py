"""District plans with the days on which they take effect: redistricting is a row, not an emergency.

A state's `plans.csv` (starts, folder, note) names the folder of each plan, inside the state's own; "." is that folder
itself. Each is complete: districts, street book and roster change together. A state without the file has one plan.
"""

from datetime import date
from pathlib import Path

from boundaries.tables import TableRow, read_table

COLUMNS = ("starts", "folder", "note")


def plan_on(folder: Path, day: date) -> tuple[Path, date | None]:
    """The folder of the plan in effect on a day, and the day on which the next one starts, if known.

    Before the first plan's start, the first plan applies. DataError names a wrong row and the remedy.
    """
    path = folder / "plans.csv"
    if not path.exists():
        return folder, None
    plans: dict[date, TableRow] = {}
    for row in read_table(path, COLUMNS):
        starts = row.day("starts")
        if starts in plans:
            raise row.wrong(f"a second plan starts on {starts}", "remove one of them")
        plans[starts] = row
        if not (folder / row["folder"] / "state.json").is_file():
            raise row.wrong(
                f"no state in folder {row['folder']!r}", "build it with `beaconpost boundaries build --into`"
            )
    if not plans:
        return folder, None
    days = sorted(plans)
    current = max((starts for starts in days if starts <= day), default=days[0])
    later = [starts for starts in days if starts > max(day, current)]
    return folder / plans[current]["folder"], later[0] if later else None
