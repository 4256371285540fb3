"""The coastline of the app's map, and where regions are, made from Natural Earth by `python data/make_map.py FOLDER`.

FOLDER holds these files of Natural Earth (public domain, naturalearthdata.com) as GeoJSON, as
https://github.com/martynafford/natural-earth-geojson has them: `ne_110m_coastline.json`,
`ne_10m_populated_places_simple.json` and `ne_50m_admin_1_states_provinces.json`. `locations.csv` says where each region
is put: at the town that an operator names, or the nearest one that Natural Earth has; at a state; at the capital of a
country. The script fills in the degrees.
"""

from __future__ import annotations

import csv
import itertools
import json
import sys
from math import hypot
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COAST = HERE.parent / "carbontui" / "tui" / "coastline.txt"
# Degrees: what a line may be off by, and what is too short to be seen.
TOLERANCE, SHORTEST = 0.4, 1.5

Point = tuple[float, float]


def features(folder: Path, name: str) -> list[dict[str, Any]]:
    """The features of one file."""
    found: list[dict[str, Any]] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["features"]
    return found


def simplified(line: list[Point]) -> list[Point]:
    """The line with as few points as stay within the tolerance (Douglas and Peucker 1973)."""
    if len(line) < 3:
        return line
    (x0, y0), (x1, y1) = line[0], line[-1]
    length = hypot(x1 - x0, y1 - y0)

    def off(point: Point) -> float:
        if not length:
            return hypot(point[0] - x0, point[1] - y0)
        return abs((x1 - x0) * (point[1] - y0) - (y1 - y0) * (point[0] - x0)) / length

    far = max(range(1, len(line) - 1), key=lambda n: off(line[n]))
    if off(line[far]) <= TOLERANCE:
        return [line[0], line[-1]]
    return simplified(line[: far + 1])[:-1] + simplified(line[far:])


def coastline(folder: Path) -> str:
    """A line a coast: its points in tenths of a degree, east and north, the first as it is, the rest as steps."""
    lines = []
    for feature in features(folder, "ne_110m_coastline"):
        points = [(x, y) for x, y, *_ in feature["geometry"]["coordinates"]]
        across = max(max(p[n] for p in points) - min(p[n] for p in points) for n in (0, 1))
        # Nobody runs a datacenter on Antarctica, and it would take a fifth of the map.
        if across < SHORTEST or max(y for _, y in points) < -60:
            continue
        tenths = [(round(10 * x), round(10 * y)) for x, y in simplified(points)]
        steps = [(x - a, y - b) for (a, b), (x, y) in itertools.pairwise(tenths)]
        lines.append(" ".join(f"{x},{y}" for x, y in (tenths[0], *steps)))
    return "\n".join(lines) + "\n"


def locations(folder: Path) -> dict[str, Point]:
    """Degrees north and east of every town, state and capital (by its country) that `locations.csv` can name."""
    found: dict[str, Point] = {}
    for feature in features(folder, "ne_10m_populated_places_simple"):
        town = feature["properties"]
        east, north = feature["geometry"]["coordinates"][:2]
        if town["featurecla"] == "Admin-0 capital":
            found.setdefault(town["iso_a2"], (north, east))
        for name in (town["name"], town["nameascii"]):
            found.setdefault(f"{name}|{town['iso_a2']}", (north, east))
            found.setdefault(f"{name}|{town['adm1name']}|{town['iso_a2']}", (north, east))
    for feature in features(folder, "ne_50m_admin_1_states_provinces"):
        state = feature["properties"]
        found[state["iso_3166_2"]] = (state["latitude"], state["longitude"])
    return found


def main(folder: Path) -> None:
    """Write the coastline, and the degrees in the table."""
    COAST.write_text(coastline(folder), encoding="utf-8")
    known = locations(folder)
    path = HERE / "locations.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ("region", "place", "latitude", "longitude"), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            north, east = known[row["place"]]
            writer.writerow({**row, "latitude": f"{north:.2f}", "longitude": f"{east:.2f}"})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
