"""Where a label beside a sign has room: on the drawing, over no other label, hiding as few signs as can be."""

from __future__ import annotations

from carbontui.text.table import cells_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

Cell = tuple[int, int]


class Labels:
    """Labels on a drawing of `width` by `height` cells with signs in some of them."""

    def __init__(self, width: int, height: int, signs: Collection[Cell]) -> None:
        self.width, self.height = width, height
        self._signs: dict[int, list[int]] = {}
        for x, y in signs:
            self._signs.setdefault(y, []).append(x)
        self._taken: dict[int, list[tuple[int, int]]] = {}

    def put(self, cell: Cell, text: str, *, must: bool = False) -> Cell | None:
        """Column and row where the label of a cell begins; None where it would hide another label.

        With `must` it has a place all the same.
        """
        found = self._room(cell, cells_of(text), must=must)
        if found is not None:
            self._taken.setdefault(found[1], []).append((found[0], found[0] + cells_of(text)))
        return found

    def _room(self, cell: Cell, width: int, *, must: bool) -> Cell | None:
        x, y = cell
        right, left, over = x + 2, x - 1 - width, max(0, min(x - width // 2, self.width - width))
        ways = [(right, y), (left, y), (right, y - 1), (left, y - 1), (right, y + 1), (left, y + 1)]
        ways += [(over, y - 1), (over, y + 1)]
        found = []
        for n, (column, row) in enumerate(ways):
            if not (0 <= column <= self.width - width and 0 <= row < self.height):
                continue
            if any(column < end + 1 and start < column + width + 1 for start, end in self._taken.get(row, ())):
                continue
            # Beside another sign a label reads as that one's.
            near = sum(1 for a in self._signs.get(row, ()) if column - 2 <= a <= column + width and (a, row) != cell)
            found.append((near, n, (column, row)))
        if found:
            return min(found)[2]
        return (max(0, min(right, self.width - width)), y) if must else None
