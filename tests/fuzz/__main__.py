"""`make fuzz`: mutated requests against a real relay. No answer may be a 500, and no line of the log an error."""

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from time import monotonic

from tests.fuzz.run import Result, fuzz


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000, help="how many (default %(default)s)")
    parser.add_argument(
        "--seed", type=int, default=1, help="the same seed draws the same requests (default %(default)s)"
    )
    parser.add_argument("--processes", type=int, default=2, help="each with a relay of its own (default %(default)s)")
    args = parser.parse_args()
    start = monotonic()
    share = -(-args.requests // args.processes)
    with ProcessPoolExecutor(args.processes) as pool:
        results = list(pool.map(fuzz, [share] * args.processes, range(args.seed, args.seed + args.processes)))
    return show(results, monotonic() - start)


def show(results: list[Result], seconds: float) -> int:
    """Print what came of it. Returns the exit status."""
    statuses = sum((result.statuses for result in results), Counter[int]())
    requests = sum(result.requests for result in results)
    print(f"{requests:,} requests in {seconds:,.0f} s: {requests / seconds:,.0f} a second")
    for status, count in sorted(statuses.items()):
        print(f"  {status or 'hung up'}: {count:,}")
    print(f"  over a socket: {sum(result.raw for result in results):,} of them")
    print(f"  letters delivered: {sum(result.delivered for result in results):,}")
    problems = [problem for result in results for problem in result.problems]
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    print(f"{statuses[500]} answers of 500, {len(problems)} problems")
    return 1 if problems or statuses[500] or not requests else 0


if __name__ == "__main__":
    sys.exit(main())
