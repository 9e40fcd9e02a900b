"""What the relay makes of messages that came back, as a table: `python -m bench.bounces [FOLDER]`.

FOLDER: .eml files, `{TO}` standing for a letter's return address; ../shared/cases/bounces by default. If it holds a
verdicts.csv (file, final, mailbox_gone), verdicts that differ are marked and counted.
"""

import csv
import sys
from pathlib import Path

from relay.mail.bounces import Bounce, parse_bounce
from relay.mail.verp import Verp

ADDRESSES = Verp("bounce.campaign.example", [b"k" * 32])
SHARED = Path(__file__).parents[2] / "shared/cases/bounces"
OFFICE = "aide@house.example"  # whom the letter went to


def main(folder: Path) -> int:
    files = sorted(folder.glob("*.eml"))
    if not files:
        print(f"no messages in {folder}: name a folder of .eml files")
        return 0
    expected = _read_expected(folder / "verdicts.csv")
    to, wrong = ADDRESSES.write("0" * 32), 0
    print(f"{'message':52} {'final':6} {'gone':5} {'about us':9} what it is")
    for file in files:
        bounce = parse_bounce(file.read_bytes().replace(b"{TO}", to.encode()), ADDRESSES, to)
        final, gone, about_us = _judge(bounce)
        what = f"{bounce.what}, about somebody else" if bounce.kind == "failed" and not final else bounce.what
        differs = file.name in expected and expected[file.name] != (final, gone)
        wrong += differs
        mark = "   <- wrong" if differs else ""
        print(f"{file.name:52} {_yes(final):6} {_yes(gone):5} {_yes(about_us):9} {what}{mark}")
    known = f", {wrong} of {len(expected)} known verdicts wrong" if expected else ""
    print(f"{len(files)} messages{known}")
    return int(wrong > 0)


def _judge(bounce: Bounce) -> tuple[bool, bool, bool]:
    """Whether the letter did not arrive, its mailbox is gone, and it is about us."""
    finding = bounce.find(OFFICE)
    return (True, finding.verdict.mailbox_gone, finding.verdict.about_us) if finding else (False, False, False)


def _read_expected(path: Path) -> dict[str, tuple[bool, bool]]:
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        return {row["file"]: (row["final"] == "yes", row["mailbox_gone"] == "yes") for row in csv.DictReader(file)}


def _yes(value: bool) -> str:
    return "yes" if value else "-"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED))
