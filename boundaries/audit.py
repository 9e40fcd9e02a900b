"""`boundaries audit`: how often the answers are right, for addresses whose districts are known."""

import argparse
import json
import sys
from dataclasses import asdict, dataclass

from boundaries.data import shipped
from boundaries.errors import BoundariesError
from boundaries.lookup import read_batch
from boundaries.model import Pair
from boundaries.state import open_state


@dataclass(slots=True)
class Tally:
    """Counts of addresses."""

    n: int = 0
    answered: int = 0  # matched to one pair
    wrong: int = 0  # of those, not the true one
    choose_has_truth: int = 0  # needing a choice, with the true pair among the candidates
    not_found: int = 0  # neither matched nor offered a choice

    @property
    def choose(self) -> int:
        """Addresses that need a choice."""
        return self.n - self.answered - self.not_found


def run(args: argparse.Namespace) -> int:
    """Run `audit`. Returns 0 if done, 1 if refused."""
    tallies: dict[str, Tally] = {}
    try:
        state = open_state(args.folder or shipped(args.state))
        for row, address in read_batch(args.file, ("street", "city", "zip", "senate", "house")):
            answer = state.locate(*address)
            truth = Pair(row["senate"], row["house"])
            tally = tallies.setdefault(row.get("stratum") or "all", Tally())
            tally.n += 1
            if answer.status == "matched":
                tally.answered += 1
                tally.wrong += answer.pairs[0] != truth
            elif answer.status == "choose":
                tally.choose_has_truth += truth in answer.pairs
            else:
                tally.not_found += 1
            right = truth in answer.pairs if answer.status != "matched" else answer.pairs[0] == truth
            if args.show and (not right or answer.status != "matched"):
                print(f"{answer.status} {answer.reason}: {address} is {truth}, {answer.pairs}; {answer.rule}")
    except BoundariesError as error:
        print(f"boundaries: {error}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({stratum: asdict(tallies[stratum]) for stratum in sorted(tallies)}, indent=2))
        return 0
    heads = "asked", "of those right", "not found"
    print(f"{'stratum':16} {'n':>7} {'answered':>16} {'wrong':>14} {heads[0]:>7} {heads[1]:>15} {heads[2]:>10}")
    for stratum in sorted(tallies):
        tally = tallies[stratum]
        print(
            f"{stratum:16} {tally.n:7,} {tally.answered:7,} {_share(tally.answered, tally.n):>8}"
            f" {tally.wrong:5,} {_share(tally.wrong, tally.n):>8} {tally.choose:7,}"
            f" {_share(tally.choose_has_truth, tally.choose):>15} {tally.not_found:10,}"
        )
    return 0


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f} %" if whole else "-"
