"""Seconds and memory to build a state from invented address points, next to Python's csv reading the same file.

    python -m bench.bench_builder [--points N]

A state of N points (default five million): towns of 10,000 each, 40 senate and 160 house districts whose lines run
through them. Memory is the peak of a separate process.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

WEST, SOUTH = -100.0, 40.0
ACROSS = 25  # towns in a row
WIDE, HIGH = 0.2, 0.15  # degrees a town
PEOPLE = ("id", "name", "current_party", "current_district", "current_chamber", "given_name", "family_name", "email",
          "capitol_voice", "capitol_address", "district_voice")  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=5_000_000)
    args = parser.parse_args()
    towns = max(1, args.points // 10_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_points(folder / "points.csv", towns)
        write_rest(folder, -(-towns // ACROSS))
        started = time.perf_counter()
        with (folder / "points.csv").open(newline="") as stream:
            for _ in csv.reader(stream):
                pass
        alone = time.perf_counter() - started
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "relay.cli", "boundaries", "build", "zz", "--name", "Zedland",
                        "--districts", f"senate={folder}/senate.geojson", f"house={folder}/house.geojson",
                        "--addresses", f"{folder}/points.csv", "--people", f"{folder}/people.csv",
                        "--into", f"{folder}/zz"], check=True, capture_output=True)  # fmt: skip
        took = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{towns * 10_000:,} points: {took:.0f} s, {peak:.0f} MB at peak; csv alone reads them in {alone:.0f} s")


def write_points(path: Path, towns: int) -> None:
    """OpenAddresses' columns: 100 streets of 100 numbers in every town."""
    with path.open("w") as out:
        out.write("LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n")
        for town in range(towns):
            west, south = WEST + (town % ACROSS) * WIDE, SOUTH + (town // ACROSS) * HIGH
            for street in range(100):
                for place in range(1, 101):
                    lon, lat = west + 0.03 + place * 0.0012, south + 0.02 + street * 0.001 + (place % 2) * 0.0002
                    number = place * 2 - place % 2
                    out.write(f"{lon:.6f},{lat:.6f},{number},Street {street} Ave,,Town {town},,ZZ,,,{town:016x}\n")


def write_rest(folder: Path, rows: int) -> None:
    """Both chambers' districts, whose lines run through towns, and their members."""
    with (folder / "people.csv").open("w", newline="") as stream:
        people = csv.writer(stream)
        people.writerow(PEOPLE)
        for chamber, body, across, up in (("senate", "upper", 8, 5), ("house", "lower", 16, 10)):
            xs = [WEST + 0.03 + 4.85 / across * step for step in range(across + 1)]
            ys = [SOUTH + HIGH * rows / up * step for step in range(up + 1)]
            boxes = [(xs[x], ys[y], xs[x + 1], ys[y + 1]) for y in range(up) for x in range(across)]
            features = [_feature(str(number), box) for number, box in enumerate(boxes, 1)]
            collection = {"type": "FeatureCollection", "features": features}
            (folder / f"{chamber}.geojson").write_text(json.dumps(collection))
            for number in range(1, len(boxes) + 1):
                email = f"m{number}@{chamber}.example"
                people.writerow(
                    (f"{body}{number}", f"A{number} B", "X", number, body, f"A{number}", "B", email, "", "", "")
                )


def _feature(name: str, box: Sequence[float]) -> dict[str, object]:
    west, south, east, north = box
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Feature", "properties": {"NAME": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


if __name__ == "__main__":
    main()
