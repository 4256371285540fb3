"""The map as cells: the coast, a sign for each place where regions are, labels, and which place is next to which."""

from __future__ import annotations

from typing import NamedTuple

from carbontui.text.table import cells_of
from carbontui.tui.views.atlas import Atlas, Spot
from carbontui.tui.views.globe import View
from carbontui.tui.views.labels import Cell, Labels
from carbontui.tui.views.signs import BARRED, BEST, NOW, OWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

ONE, SEVERAL, MARKED = "•", "●", "■"
# How far from a place, in columns and rows, a click still means it.
NEAR = (3, 1)
# Dots of a cell, across and down: what is further away is counted in them.
_DOTS = (2, 4)


class Piece(NamedTuple):
    """Some text of a line and how it looks: "", "coast", "barred", "cursor", "label", "best", "own", "marked", or a
    shade's number."""

    text: str
    look: str


class Chart:
    """The regions of an atlas in a view: those that share a cell are one place, best first."""

    def __init__(self, atlas: Atlas, view: View) -> None:
        self.atlas, self.view = atlas, view
        self.coast = view.coast()
        self.places: dict[Cell, list[Spot]] = {}
        self.cells: dict[int, Cell] = {}
        for spot in atlas.order:
            if (cell := view.cell(spot.latitude, spot.longitude)) is not None:
                self.places.setdefault(cell, []).append(spot)
                self.cells[spot.number] = cell

    def next_to(self, cell: Cell, across: int, down: int) -> Cell | None:
        """The nearest place in the direction of an arrow, of those aside the ones less so; None where there is none."""
        found: list[tuple[float, Cell]] = []
        for other in self.places:
            x, y = (_DOTS[n] * (other[n] - cell[n]) for n in (0, 1))
            along, aside = (x * across, abs(y)) if across else (y * down, abs(x))
            if along > 0:
                found.append((along + 2.5 * aside, other))
        return min(found)[1] if found else None

    def near(self, column: int, row: int) -> Cell | None:
        """The place that a click means."""
        around = [
            (abs(x - column) + 2 * abs(y - row), (x, y))
            for x, y in self.places
            if abs(x - column) <= NEAR[0] and abs(y - row) <= NEAR[1]
        ]
        return min(around)[1] if around else None

    def sign(self, cell: Cell, marked: Collection[str]) -> Piece:
        """The sign of a place and its look: a mark, else the job's own region, the best one, how many there are."""
        here, atlas = self.places[cell], self.atlas
        shades = [atlas.shade(spot) for spot in here]
        shade = next((one for one in shades if one is not None), None)
        look = "barred" if shade is None else str(shade)
        if any(spot.region.id in marked for spot in here):
            return Piece(MARKED, "marked")
        if atlas.own in here:
            return Piece(OWN, "own")
        if atlas.best in here:
            return Piece(BEST, "best")
        if shade is None:
            return Piece(BARRED, look)
        return Piece(SEVERAL if len(here) > 1 else ONE, look)

    def labels(self, cursor: Spot | None) -> list[tuple[int, int, Piece]]:
        """Column, row and text of the labels next to their signs, each with a line that leads there: the cursor's, and
        the own region's and the best one's; in part or not at all where there is no room."""
        made: list[tuple[int, int, Piece]] = []
        room = Labels(self.view.width, self.view.height, self.places)
        for spot, look in ((cursor, "label"), (self.atlas.own, "own"), (self.atlas.best, "best")):
            if spot is None or spot.number not in self.cells or (look != "label" and spot is cursor):
                continue
            cell, words = self.cells[spot.number], self._label(spot)
            for text in (" ".join(words), " ".join(words[:2]), words[0]):
                if (at := room.put(cell, text)) is not None:
                    made += [(*at, Piece(text, look)), *self._lead(cell, at, cells_of(text), look)]
                    break
        return made

    def _lead(self, cell: Cell, at: Cell, width: int, look: str) -> list[tuple[int, int, Piece]]:
        """The line from the sign of a cell to its label, in the one cell between them."""
        column, row = at
        between = column - 1 if column > cell[0] else column + width
        if abs(between - cell[0]) != 1 or (between, row) in self.places:
            # Right above or below, or another region is there.
            return []
        rising = (between > cell[0]) == (row < cell[1])
        return [(between, row, Piece("─" if row == cell[1] else "╱" if rising else "╲", look))]

    def _label(self, spot: Spot) -> list[str]:
        """The name, the figure, and what is said of it."""
        atlas = self.atlas
        words = [spot.region.record.name, atlas.text(spot)]
        if atlas.unchanged(spot):
            words.append(f"({NOW})")
        elif change := atlas.against_own(spot):
            words.append(change)
        if spot is atlas.best:
            words.append("best")
        return words

    def drawn(self, cursor: Spot | None, marked: Collection[str]) -> list[list[Piece]]:
        """The whole map, line by line, each from left to right."""
        cells: list[dict[int, Piece]] = [{} for _ in self.coast]
        for x, y in self.places:
            cells[y][x] = self.sign((x, y), marked)
        at = self.cells.get(cursor.number) if cursor is not None else None
        if at is not None:
            cells[at[1]][at[0]] = Piece(cells[at[1]][at[0]].text, "cursor")
        labels: list[dict[int, Piece]] = [{} for _ in self.coast]
        for column, row, piece in self.labels(cursor):
            labels[row][column] = piece
        return [list(_pieces(*line)) for line in zip(self.coast, cells, labels, strict=True)]


def _pieces(coast: str, cells: dict[int, Piece], labels: dict[int, Piece]) -> Iterable[Piece]:
    """The signs above the coast, the labels above both."""
    at, run = 0, ""
    while at < len(coast):
        piece = labels.get(at) or cells.get(at)
        if piece is None:
            run += coast[at]
            at += 1
            continue
        if run:
            yield Piece(run, "coast")
            run = ""
        yield piece
        at += cells_of(piece.text)
    if run:
        yield Piece(run, "coast")
