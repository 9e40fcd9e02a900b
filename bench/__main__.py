"""`make bench`: every benchmark in this folder in turn, or only those named: `python -m bench boundaries`."""

import importlib
import sys
from pathlib import Path


def main(wanted: list[str]) -> int:
    names = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    unknown = set(wanted) - set(names)
    if unknown:
        print(f"unknown benchmark: {', '.join(sorted(unknown))}; choose from {', '.join(names)}", file=sys.stderr)
        return 2
    for name in wanted or names:
        print(f"== {name}", flush=True)
        importlib.import_module(f"bench.bench_{name}").main()
    return 0


wanted, sys.argv[1:] = sys.argv[1:], []  # the arguments name benchmarks, which have their own options
sys.exit(main(wanted))
