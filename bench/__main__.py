"""`make bench`: every comparison in this folder, one after the other, or those named: `python -m bench boundaries`."""

import importlib
import sys
from pathlib import Path


def main(wanted: list[str]) -> int:
    names = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    unknown = set(wanted) - set(names)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(names)}", file=sys.stderr)
        return 2
    for name in wanted or names:
        print(f"== {name}", flush=True)
        importlib.import_module(f"bench.bench_{name}").main()
    return 0


wanted, sys.argv[1:] = sys.argv[1:], []  # what follows `bench` names benchmarks; each has options of its own
sys.exit(main(wanted))
