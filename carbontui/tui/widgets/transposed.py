"""The comparison with scenarios as rows: for ten to ten thousand of them."""

from __future__ import annotations

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip

from carbontui.tui.views.columns import told_apart
from carbontui.tui.views.sheet_rows import Row
from carbontui.tui.widgets.line import Line, fitted
from carbontui.tui.widgets.sheet import Sheet
from carbontui_registry.text import count_of

_NUMBER, _NAME, _RATIO = 13, 18, 9
# What a name at the right edge does with, so that a narrow window has one beside the metric, its ratio and its range.
_SHORTEST_NAME = 14
# What one looks for first, from left to right, behind the metric; the rest follows as in the sheet.
_FIRST = (
    *("ratio", "interval"),
    *("model", "hardware", "chips", "region", "group", "duration_h", "energy_kwh", "gross_kgco2e", "net_kgco2e"),
)
# Fields whose cells are names.
_NAMED = ("model", "hardware", "region", "group", "interval")


class TransposedSheet(Sheet):
    """The same cells as the sheet's, a line a scenario; `column` stays the scenario and `row` the field."""

    _told: tuple[tuple[object, ...], list[str]] | None = None

    @property
    def fields(self) -> list[int]:
        """The rows of the sheet that are fields here, by number: what one looks for first."""
        found = [n for n, row in enumerate(self.rows) if not row.rule]

        def place(n: int) -> int:
            row = self.rows[n]
            if row.strong and row.key != "ratio":
                return -1
            return _FIRST.index(row.key) if row.key in _FIRST else len(_FIRST)

        return sorted(found, key=place)

    @property
    def label_width(self) -> int:
        """Columns of the scenarios' names."""
        return 32 if self.size.width >= 120 else 28 if self.size.width >= 110 else 22

    @staticmethod
    def _width(row: Row) -> int:
        return _NAME if row.key in _NAMED else _RATIO if row.key == "ratio" else _NUMBER

    @property
    def _shown_fields(self) -> list[tuple[int, int]]:
        """Number and place of each field that fits: the metric, and others from the first that is shown."""
        shown: list[tuple[int, int]] = []
        x = self.label_width
        metric, others = self.fields[:1], self.fields[1:]
        for n in [*metric, *others[self.first_row :]]:
            row = self.rows[n]
            width = self._width(row)
            least = _SHORTEST_NAME if row.key in _NAMED and row.key != "interval" else width
            if x + least > self.size.width and shown:
                break
            shown.append((n, x))
            x += width
        return shown

    def _heads(self) -> list[str]:
        """The names of the scenarios in sight, told apart where they have to be cut."""
        room = self.label_width - 3 - len(str(len(self.names)))
        asked = (self.names, self.first_column, self._height, room)
        if self._told is None or self._told[0] != asked:
            seen = self.names[self.first_column : self.first_column + self._height]
            self._told = asked, told_apart(seen, room)
        return self._told[1]

    @property
    def _cursor_line(self) -> int:
        return 1 + self.column - self.first_column

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002
        """All scenarios and the line of titles."""
        return len(self.names) + 1

    @property
    def _height(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def rows_hidden(self) -> str:
        """Arrows to where there are more scenarios than the window shows."""
        below = self.first_column + self._height < len(self.names)
        return ("↑" if self.first_column else "") + ("↓" if below else "")

    def cell_region(self) -> Region:
        """Where the cell under the cursor is on the screen."""
        x = next((x for n, x in self._shown_fields if n == self.row), self.label_width)
        origin = self.content_region.offset
        return Region(origin.x + x, origin.y + 1 + self.column - self.first_column, _NUMBER, 1)

    def _keep_cursor_in_sight(self) -> None:
        if not self.size.width:
            return
        height = self._height
        first = min(max(self.first_column, self.column - height + 1), self.column)
        self.first_column = max(0, min(first, len(self.names) - height))
        fields = self.fields
        at = max(0, fields.index(self.row) - 1) if self.row in fields else 0
        self.first_row = min(self.first_row, at)
        while self.first_row < at and self.row not in [n for n, _ in self._shown_fields]:
            self.first_row += 1

    def render_line(self, y: int) -> Strip:
        """The titles, or a scenario."""
        line = Line(self.size.width, self.look)
        shown = self._shown_fields
        label = self._style("label")
        if y == 0:
            line.cell(
                f"{count_of(len(self.names), 'scenario')} {self.rows_hidden}",
                self.label_width,
                label,
            )
            for n, x in shown:
                row = self.rows[n]
                style = self._style("name") if n == self.row else label
                width = min(self._width(row), self.size.width - x) - 1
                text = fitted("ratio" if row.key == "ratio" else row.short or row.label, width)
                line.to(x).add(text if row.key in _NAMED else text.rjust(width), style)
            return line.strip()
        number = self.first_column + y - 1
        if number >= len(self.names):
            return line.strip()
        at_baseline = number == self.baseline
        style = self._style("baseline" if at_baseline else "name" if number == self.column else "label")
        name = self._heads()[number - self.first_column]
        line.cell(f"{'◆' if at_baseline else ' '}{number + 1} {name}", self.label_width - 1, style)
        for n, x in shown:
            row = self.rows[n]
            cell = row.cells[number]
            style = self._cell_style(row, cell)
            if (number, n) == (self.column, self.row):
                style += self._style("cursor") if self.has_focus else Style(underline=True)
                if self.app.no_color:
                    style += Style(reverse=True)
            width = min(self._width(row), self.size.width - x) - 1
            text = fitted(cell.written(with_unit=True), width)
            line.to(x).add(text.ljust(width) if row.key in _NAMED else text.rjust(width), style)
        return line.strip()

    def action_step(self, columns: int, rows: int) -> None:
        """Across is from field to field, down from scenario to scenario."""
        fields = self.fields
        if fields and columns:
            at = fields.index(self.row) if self.row in fields else 0
            self.row = fields[max(0, min(at + columns, len(fields) - 1))]
        self.move(rows)
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; a second one on the same cell changes it."""
        x, y = event.get_content_offset_capture(self)
        field = next((n for n, start in reversed(self._shown_fields) if x >= start), None)
        number = self.column if y == 0 else self.first_column + y - 1
        if number >= len(self.names):
            return
        if y == 0:
            if field is not None:
                self.row = field
                self.post_message(self.Sorted())
            return
        at = (number, self.row if field is None else field)
        again = at == (self.column, self.row)
        self.column, self.row = at
        self.move()
        self.post_message(self.Moved())
        if again or event.chain > 1:
            self.post_message(self.Chosen())
