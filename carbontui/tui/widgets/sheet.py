"""The comparison as a sheet: scenarios as columns, figures as rows, the cursor on a cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from carbontui.tui import bindings
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.columns import told_apart
from carbontui.tui.views.sheet_rows import Cell, Row
from carbontui.tui.widgets.line import GridWidget, Line, fitted

NARROWEST, NARROW, WIDEST, LONGEST_HEAD = 15, 17, 24, 48
# With fewer rows than this in sight none of them stays while others are scrolled, nor the baseline with fewer columns.
_ROWS_TO_STAY, _COLUMNS_TO_STAY = 8, 3


class Sheet(GridWidget):
    """Draws rows of cells; holds the cursor and what is scrolled away, nothing of what the cells mean."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sheet--label",
        "sheet--name",
        "sheet--baseline",
        "sheet--cursor",
        "sheet--strong",
        "sheet--same",
        "sheet--assumed",
        "sheet--better",
        "sheet--worse",
        "sheet--missing",
        "sheet--rule",
    }
    DEFAULT_CSS = stylesheet("sheet")

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("sheet")

    class Moved(Message):
        """The cursor has moved to another cell."""

    class Chosen(Message):
        """The cell under the cursor was asked to change."""

    class Sorted(Message):
        """The field under the cursor is to sort the scenarios."""

    def __init__(self) -> None:
        super().__init__()
        self.names: tuple[str, ...] = ()
        self.rows: list[Row] = []
        self.baseline = 0
        self.column = 0
        self.row = 0
        self.first_column = 0
        self.first_row = 0
        # As it is drawn.
        self._cursor_was = self._at

    # What is shown

    def show(self, names: tuple[str, ...], rows: list[Row], baseline: int) -> None:
        """Draw another comparison; the cursor stays on the row and column where it was, if they exist."""
        key = self.row_key
        taller = len(rows) != len(self.rows)
        self.names, self.rows, self.baseline = names, rows, baseline
        keys = [row.key for row in rows]
        if key in keys:
            self.row = keys.index(key)
        self.row = min(self.row, max(0, len(rows) - 1))
        self.column = min(self.column, max(0, len(names) - 1))
        self._keep_cursor_in_sight()
        self._cursor_was = self._at
        if taller:
            self.refresh(layout=True)
        else:
            self.redraw()

    @property
    def row_key(self) -> str:
        """Key of the row under the cursor."""
        return self.rows[self.row].key if self.row < len(self.rows) else "model"

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.row] if self.row < len(self.rows) else None

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002
        """All rows and the line of names."""
        return len(self.rows) + 1

    # Geometry

    @property
    def label_width(self) -> int:
        """Columns of the row names."""
        return 20 if self.size.width >= 100 else 18

    @property
    def column_width(self) -> int:
        """Columns of one scenario, the gap before it included."""
        room = self.size.width - self.label_width
        # Narrower ones where that brings all into sight.
        if self.names and room // len(self.names) >= NARROW:
            # Few enough for their names to be whole: number, baseline mark and gap beside them.
            whole = min(max(map(len, self.names)) + 6, LONGEST_HEAD)
            return min(room // len(self.names), max(WIDEST, whole))
        for fitting in range(max(1, len(self.names)), 0, -1):
            width = room // fitting
            if width >= (NARROWEST if room < 90 else 19):
                return min(width, WIDEST)
        return max(1, room)

    @property
    def visible_columns(self) -> int:
        """How many scenarios fit side by side."""
        return max(1, (self.size.width - self.label_width) // max(1, self.column_width))

    @property
    def columns_shown(self) -> list[int]:
        """The scenarios in sight, by number: the baseline stays at the left where it is scrolled past."""
        first, fitting = self.first_column, self.visible_columns
        if self.baseline < first and fitting >= _COLUMNS_TO_STAY:
            return [self.baseline, *range(first, min(len(self.names), first + fitting - 1))]
        return list(range(first, min(len(self.names), first + fitting)))

    def rows_shown(self, height: int | None = None) -> list[int]:
        """The rows in sight, by number: of those below them the ones that stay take the place of the last."""
        height = max(1, self.size.height - 1) if height is None else height
        first, shown = self.first_row, height
        below: list[int] = []
        if height >= _ROWS_TO_STAY:
            stay = [n for n, row in enumerate(self.rows) if row.stays]
            while below != (more := [n for n in stay if n >= first + shown]):
                below, shown = more, height - len(more)
        return [*range(first, min(len(self.rows), first + shown)), *below]

    @property
    def rows_hidden(self) -> str:
        """Arrows to where there are more rows than the window shows."""
        below = self.first_row + len(self.rows_shown()) < len(self.rows)
        return ("↑" if self.first_row else "") + ("↓" if below else "")

    def cell_region(self) -> Region:
        """Where the cell under the cursor is on the screen."""
        columns = self.columns_shown
        at = columns.index(self.column) if self.column in columns else 0
        origin = self.content_region.offset
        x, y = self.label_width + at * self.column_width, self._cursor_line
        return Region(origin.x + x, origin.y + y, self.column_width, 1)

    @property
    def _cursor_line(self) -> int:
        shown = self.rows_shown()
        return 1 + (shown.index(self.row) if self.row in shown else self.row - self.first_row)

    @property
    def _at(self) -> tuple[int, int, int]:
        return self.first_row, self.first_column, self._cursor_line

    @property
    def _height_to_come(self) -> int:
        """How many rows the next layout shows: the widget's size is that of the last one."""
        most = self.styles.max_height
        room = self.size.height if most is None else int(most.value)
        return max(1, min(room - 1, len(self.rows)))

    def _keep_cursor_in_sight(self) -> None:
        if not self.size.width:
            return
        fitting = self.visible_columns
        first = min(max(self.first_column, self.column - fitting + 1), self.column)
        last = len(self.names) - fitting
        # Where the baseline stays at the left, one more is scrolled past.
        last += self.baseline < last and fitting >= _COLUMNS_TO_STAY
        self.first_column = max(0, min(first, last))
        while self.names and self.column not in self.columns_shown:
            self.first_column += 1
        height = self._height_to_come
        self.first_row = max(0, min(self.first_row, self.row, len(self.rows) - height))
        while self.rows and self.row not in self.rows_shown(height):
            self.first_row += 1

    # Drawing

    def _style(self, name: str) -> Style:
        return self.look_of(f"sheet--{name}")

    def render_line(self, y: int) -> Strip:
        """One line: the names, or a row."""
        line = Line(self.size.width, self.look)
        columns = self.columns_shown
        if y == 0:
            return self._names_line(line, columns)
        shown = self.rows_shown()
        if y > len(shown):
            return line.strip()
        index = shown[y - 1]
        row = self.rows[index]
        if row.rule:
            said = f" {row.label} " if row.label else ""
            line.add("─" * max(0, self.size.width - len(said) - 2), self._style("rule")).add(said, self._style("label"))
            return line.add("──", self._style("rule")).strip()
        width = self.column_width
        cells = [row.cells[n] for n in columns]
        with_unit = all(len(cell.written(with_unit=True)) < width for cell in cells)
        units = {cell.unit for cell in cells if cell.unit}
        label = row.label
        if not with_unit and len(units) == 1:
            label = f"{row.short or label} {next(iter(units))}"
        else:
            with_unit = True
        line.cell(label, self.label_width, self._style("label"))
        for n, cell in zip(columns, cells, strict=True):
            at_cursor = n == self.column and index == self.row
            style = self._cell_style(row, cell)
            if at_cursor:
                style = style + self._style("cursor") if self.has_focus else style + Style(underline=True)
                if self.app.no_color:
                    style += Style(reverse=True)
            text = cell.written(with_unit=with_unit)
            if len(text) >= width:
                text = text.replace(" to ", "–")
            line.add(" ", style).cell(text, width - 1, style)
        return line.strip()

    def _names_line(self, line: Line, columns: Sequence[int]) -> Strip:
        first, last = self.first_column + 1, columns[-1] + 1 if columns else 0
        hidden = ("‹ " if first > 1 else "") + ("›" if last < len(self.names) else "")
        count = f"{first}-{last} of {len(self.names)} {hidden}" if hidden else ""
        if self.rows_hidden:
            count = f"{count} {self.rows_hidden}".strip()
        line.cell(count, self.label_width, self._style("label"))
        # The number and a blank stand before each name.
        room = self.column_width - 3 - len(str(last))
        heads = told_apart([self.names[n] for n in columns], room)
        for at, (n, head) in enumerate(zip(columns, heads, strict=True)):
            style = self._style("baseline" if n == self.baseline else "name")
            line.add("◆" if n == self.baseline else " ", style)
            name = fitted(f"{n + 1} {head}", self.column_width - 2)
            line.add(name, style + Style(underline=n == self.column))
            line.to(self.label_width + (at + 1) * self.column_width)
        return line.strip()

    def _cell_style(self, row: Row, cell: Cell) -> Style:
        if cell.mark in ("same", "assumed", "better", "worse", "missing"):
            style = self._style(cell.mark)
        elif cell.mark == "unknown" or row.key in ("interval", "published", "estimate"):
            style = self._style("label")
        else:
            style = Style()
        return style + self._style("strong") if row.strong and cell.mark != "missing" else style

    # Moving

    def move(self, columns: int = 0, rows: int = 0) -> None:
        """Move the cursor by a number of cells, over rules but not past the edge; the caller posts `Moved`."""
        if not self.names:
            return
        self.column = min(max(0, self.column + columns), len(self.names) - 1)
        if rows:
            row = min(max(0, self.row + rows), len(self.rows) - 1)
            while self.rows[row].rule and 0 < row < len(self.rows) - 1:
                row += 1 if rows > 0 else -1
            self.row = row
        self._keep_cursor_in_sight()
        before, self._cursor_was = self._cursor_was, self._at
        if before[:2] == self._at[:2]:
            self.redraw_lines(0, before[2], self._cursor_line)
        else:
            self.refresh()

    def action_step(self, columns: int, rows: int) -> None:
        """Move the cursor and say so."""
        self.move(columns, rows)
        self.post_message(self.Moved())

    def go_to(self, column: int, key: str | None = None, *, at_top: bool = False) -> None:
        """The cursor on a scenario, and on the row of that key; `at_top` shows what is below it too."""
        self.column = column
        if key is not None:
            self.row = next((n for n, row in enumerate(self.rows) if row.key == key), self.row)
        if at_top:
            self.first_row = self.row
        self.move()

    def on_resize(self) -> None:
        """Another size shows other cells."""
        self._keep_cursor_in_sight()
        self._cursor_was = self._at
        self.redraw()

    def on_focus(self) -> None:
        """The cursor is drawn as such only with the focus."""
        self.redraw()

    def on_blur(self) -> None:
        """See `on_focus`."""
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; a second one on the same cell changes it."""
        x, y = event.get_content_offset_capture(self)
        if x < self.label_width or not self.names:
            return
        columns, rows = self.columns_shown, self.rows_shown()
        at = (x - self.label_width) // self.column_width
        if at >= len(columns) or y > len(rows):
            return
        column, row = columns[at], self.row if y == 0 else rows[y - 1]
        if self.rows[row].rule:
            return
        again = (column, row) == (self.column, self.row)
        self.column, self.row = column, row
        self.move()
        self.post_message(self.Moved())
        if again or event.chain > 1:
            self.post_message(self.Chosen())
