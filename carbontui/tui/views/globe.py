"""The world as braille dots: the coastline in a part of it that is looked at, and where degrees are in that."""

from __future__ import annotations

import itertools
from functools import lru_cache
from math import cos, radians
from pathlib import Path
from typing import NamedTuple

from carbontui.tui.views.braille import Canvas


class Part(NamedTuple):
    """A part of the world by its edges in degrees."""

    name: str
    west: float
    east: float
    south: float
    north: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a place is in it."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north

    @property
    def size(self) -> float:
        """Square degrees: of several parts that hold a place the smallest is meant."""
        return (self.east - self.west) * (self.north - self.south)


# How much flatter or higher than it is the world may be drawn.
_STRETCH = 1.35
WORLD = Part("the world", -180, 180, -56, 78)
CONTINENTS = (
    Part("Europe", -12, 34, 35, 68),
    Part("North America", -128, -64, 18, 56),
    Part("South America", -84, -32, -42, 14),
    Part("East Asia", 95, 148, 18, 48),
    Part("South Asia", 66, 122, -10, 32),
    Part("Middle East", 26, 62, 12, 42),
    Part("Africa", -20, 54, -36, 38),
    Part("Oceania", 110, 180, -48, -8),
)


def continent(latitude: float, longitude: float) -> Part:
    """The smallest part that holds a place; the world where none does."""
    return min((one for one in CONTINENTS if one.holds(latitude, longitude)), key=lambda one: one.size, default=WORLD)


@lru_cache(1)
def coastline() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Every coast as its points, degrees east and north (Natural Earth, simplified)."""
    text = (Path(__file__).parent.parent / "coastline.txt").read_text(encoding="utf-8")
    lines = []
    for line in text.splitlines():
        x = y = 0
        points = []
        for step in line.split():
            east, _, north = step.partition(",")
            x, y = x + int(east), y + int(north)
            points.append((x / 10, y / 10))
        lines.append(tuple(points))
    return tuple(lines)


class View:
    """A part of the world in a window of cells, as large as it fits; what is beyond it fills what is left.

    Degrees are dots on a plane, east and west as long as they are in the middle of the part.
    """

    def __init__(self, part: Part, width: int, height: int) -> None:
        self.part, self.width, self.height = part, max(1, width), max(1, height)
        middle = (part.north + part.south) / 2
        self._squeeze = cos(radians(middle)) if part is not WORLD else 1.0
        across, down = 2 * self.width, 4 * self.height
        by_width = (across - 1) / ((part.east - part.west) * self._squeeze)
        by_height = (down - 1) / (part.north - part.south)
        # A part keeps its shape; the world may be drawn a little flatter or higher, to fill a window that is.
        most = _STRETCH if part is WORLD else 1.0
        self._across = min(by_width, most * by_height)
        self._down = min(by_height, most * self._across)
        self._middle = ((part.east + part.west) / 2, middle)

    def dot(self, latitude: float, longitude: float) -> tuple[float, float]:
        """The dot of a place, across and down; outside of the window where it is not seen."""
        x = self.width - 0.5 + (longitude - self._middle[0]) * self._squeeze * self._across
        y = 2 * self.height - 0.5 - (latitude - self._middle[1]) * self._down
        return x, y

    def cell(self, latitude: float, longitude: float) -> tuple[int, int] | None:
        """The column and row of a place, None where it is not seen."""
        x, y = self.dot(latitude, longitude)
        column, row = int((x + 0.5) // 2), int((y + 0.5) // 4)
        return (column, row) if 0 <= column < self.width and 0 <= row < self.height else None

    def coast(self) -> list[str]:
        """The coastline, line by line."""
        canvas = Canvas(self.width, self.height)
        for line in coastline():
            dots = [self.dot(north, east) for east, north in line]
            for (x0, y0), (x1, y1) in itertools.pairwise(dots):
                # What is wholly outside need not be drawn.
                if max(x0, x1) < 0 or min(x0, x1) > 2 * self.width or max(y0, y1) < 0 or min(y0, y1) > 4 * self.height:
                    continue
                canvas.line(x0, y0, x1, y1)
        return canvas.lines()
