"""Town outlines for the map: `townlines.csv` (town, rings), drawn around each town's addresses by the builder.

Rings are "lat lon lat lon …" in degrees, closed, separated by `;`. Only towns in several pairs of districts have one.
"""

from collections.abc import Mapping
from pathlib import Path

from boundaries.tables import read_table

COLUMNS = ("town", "rings")

Ring = list[tuple[float, float]]


def read_townlines(path: Path) -> Mapping[str, list[Ring]]:
    """Rings of (lat, lon) by town; none if the state was built without them. DataError names a wrong row."""
    rings_of: dict[str, list[Ring]] = {}
    for row in read_table(path, COLUMNS) if path.exists() else ():
        try:
            rings_of[row["town"]] = [_ring(text) for text in row["rings"].split(";")]
        except ValueError:
            raise row.wrong("not pairs of latitude and longitude", "build the state again") from None
    return rings_of


def _ring(text: str) -> Ring:
    numbers = [float(number) for number in text.split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
