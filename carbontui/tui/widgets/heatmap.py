"""The heat map: a figure in each cell, a shade behind it, the cursor on one."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from carbontui.engine.sweep import Cell
from carbontui.tui import bindings
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.heat import COLUMN, Heat
from carbontui.tui.views.signs import OWN
from carbontui.tui.widgets.line import GridWidget, Line
from carbontui.tui.widgets.shades import marks, shades

HEADS = 2


class HeatMap(GridWidget):
    """Draws what is in sight of a heat map, and holds the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("heat--label", "heat--name", "heat--cursor", "heat--barred"),
    }
    DEFAULT_CSS = stylesheet("heat-map")
    BINDINGS: ClassVar[list[BindingType]] = bindings.of("map")

    class Moved(Message):
        """The cursor has moved to another cell."""

    class Chosen(Message):
        """A cell was clicked twice: it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.heat: Heat | None = None
        self.row = self.column = self.first_row = self.first_column = 0

    def show(self, heat: Heat, at: tuple[int, int] | None) -> None:
        """Another map, with the cursor on a cell by its machine and place, if that is in it."""
        self.heat = heat
        where = heat.where(*at) if at is not None else None
        # A cell that the filter took away leaves the cursor on the first: of best first, the best there is.
        self.row, self.column = where or (0, 0)
        self._keep_in_sight()
        self.refresh()

    @property
    def cell(self) -> Cell | None:
        """The cell under the cursor."""
        if self.heat is None or 0 in self.heat.size:
            return None
        return self.heat.cell(self.row, self.column)

    # Geometry

    @property
    def label_width(self) -> int:
        """Columns of the regions' names."""
        return 24 if self.app.size.width >= 100 else 18

    def width_of(self, columns: int) -> int:
        """The width of this number of columns, with the names of the regions and a blank at each side."""
        return self.label_width + columns * COLUMN + 2

    @property
    def in_sight(self) -> tuple[int, int]:
        """Rows and columns that fit."""
        return max(1, self.size.height - HEADS), max(1, (self.size.width - self.label_width) // COLUMN)

    def _keep_in_sight(self) -> None:
        if self.heat is None or not self.size.width:
            return
        rows, columns = self.in_sight
        all_rows, all_columns = self.heat.size
        self.first_row = _first(self.first_row, self.row, rows, all_rows)
        self.first_column = _first(self.first_column, self.column, columns, all_columns)

    def on_resize(self) -> None:
        """Another size shows other cells."""
        self._keep_in_sight()
        self.redraw()

    @property
    def _cursor_line(self) -> int:
        return HEADS + self.row - self.first_row

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line: the hardware's names, a region, or a line of dots."""
        line = Line(self.size.width, self.look)
        heat = self.heat
        if heat is None or 0 in heat.size:
            return line.add("nothing matches ([/] change the filter)" if heat and y == HEADS else "").strip()
        rows, columns = heat.size
        shown = range(self.first_column, min(columns, self.first_column + self.in_sight[1]))
        if y < HEADS:
            at = (f"region {self.row + 1} of {rows}", f"hardware {self.column + 1} of {columns}")
            line.cell(at[y] if y < len(at) else "", self.label_width, self.look_of("heat--label"))
            for n in shown:
                style = self.look_of("heat--name") if n == self.column else self.look_of("heat--label")
                line.add(f"{heat.heads(n)[y]:>{COLUMN - 1}} ", style)
            return line.strip()
        row = self.first_row + y - HEADS
        if row >= rows:
            return line.strip()
        style = self.look_of("heat--name") if row == self.row else self.look_of("heat--label")
        own = f"{OWN} " if heat.is_own(row) else ""
        line.cell(f"{own}{heat.label(row)}", self.label_width - 1, style).add(" ")
        scale, of_shades = shades(self.app), marks(self.app)
        ends = self.ends
        for n in shown:
            shade = heat.shade(row, n, ends)
            look = scale[shade] if shade is not None else self.look_of("heat--barred")
            mark = heat.mark(row, n)
            if (row, n) == (self.row, self.column):
                look = self.look_of("heat--cursor")
            elif mark == "◆":
                look += Style(bold=True)
            of_shade = of_shades[shade] if shade is not None else " "
            line.add(f"{of_shade}{heat.text(row, n):>{COLUMN - 3}}{mark or ' '} ", look)
        return line.strip()

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most in sight, between which the shades are."""
        heat = self.heat
        if heat is None or 0 in heat.size:
            return 0.0, 0.0
        rows, columns = self.in_sight
        key = (id(heat), self.first_row, self.first_column, rows, columns)
        if self._ends_of != key:
            sight = slice(self.first_row, self.first_row + rows), slice(self.first_column, self.first_column + columns)
            self._ends_of, self._ends = key, heat.ends(*sight)
        return self._ends

    _ends_of: tuple[int, int, int, int, int] | None = None
    _ends: tuple[float, float] = (0.0, 0.0)

    # Moving

    def action_step(self, columns: int, rows: int) -> None:
        """Move the cursor and say so."""
        if self.heat is None or 0 in self.heat.size:
            return
        all_rows, all_columns = self.heat.size
        before, line = (self.first_row, self.first_column), self._cursor_line
        self.row = min(max(0, self.row + rows), all_rows - 1)
        self.column = min(max(0, self.column + columns), all_columns - 1)
        self._keep_in_sight()
        if before == (self.first_row, self.first_column):
            self.redraw_lines(*range(HEADS), line, self._cursor_line)
        else:
            self.refresh()
        self.post_message(self.Moved())

    def go_to(self, machine: int, place: int) -> bool:
        """The cursor on a cell; False where the filter hides it."""
        where = self.heat.where(machine, place) if self.heat is not None else None
        if where is not None:
            self.action_step(where[1] - self.column, where[0] - self.row)
        return where is not None

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; a second one takes the cell."""
        x, y = event.get_content_offset_capture(self)
        if self.heat is None or x < self.label_width or y < HEADS:
            return
        row, column = self.first_row + y - HEADS, self.first_column + (x - self.label_width) // COLUMN
        if row >= self.heat.size[0] or column >= self.heat.size[1]:
            return
        again = (row, column) == (self.row, self.column)
        self.action_step(column - self.column, row - self.row)
        if again or event.chain > 1:
            self.post_message(self.Chosen())


def _first(first: int, at: int, fitting: int, count: int) -> int:
    return max(0, min(min(max(first, at - fitting + 1), at), count - fitting))
