"""Drawing with the eight dots of a braille character: twice as fine across as cells, four times down."""

from __future__ import annotations

_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
BLANK = 0x2800


class Canvas:
    """A drawing of `width` by `height` cells; dots outside of it are left out."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._cells = [[0] * width for _ in range(height)]

    @property
    def dots(self) -> tuple[int, int]:
        """Dots across and down."""
        return 2 * self.width, 4 * self.height

    def dot(self, x: int, y: int) -> None:
        """One dot."""
        if 0 <= x < 2 * self.width and 0 <= y < 4 * self.height:
            self._cells[y // 4][x // 2] |= _BITS[y % 4][x % 2]

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A straight line of dots between two points."""
        steps = max(1, int(max(abs(x1 - x0), abs(y1 - y0)) + 0.5))
        for step in range(steps + 1):
            part = step / steps
            self.dot(round(x0 + (x1 - x0) * part), round(y0 + (y1 - y0) * part))

    def at(self, column: int, row: int) -> str:
        """The character of a cell, a blank where it has no dot."""
        bits = self._cells[row][column]
        return chr(BLANK + bits) if bits else " "

    def lines(self) -> list[str]:
        """The drawing, line by line."""
        return ["".join(self.at(x, y) for x in range(self.width)) for y in range(self.height)]
