"""Lists with a cursor of their own: of records, with marks, and of anything else in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input

from carbontui.text.table import wrapped
from carbontui.tui import bindings
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.choices import Choice
from carbontui.tui.views.columns import Column, TableRow
from carbontui.tui.widgets.line import Line, Looks, fitted
from carbontui.tui.widgets.picker import ChoiceList


class FilterLine(Input):
    """What is typed filters at once; the arrows go on moving the cursor of the list."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("filter")


class RecordList(ChoiceList, can_focus=True):
    """The choices of the picker with the focus."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("list")

    class Moved(Message):
        """The cursor has moved to another record."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.can_focus = True
        self.empty = ""

    def keep(self, choices: list[Choice], current: str | None) -> None:
        """Other choices; the cursor stays on the one it was on, if that is among them."""
        self.show(choices)
        if current is not None:
            self.cursor = next((n for n, choice in enumerate(choices) if choice.id == current), 0)
            self.keep_in_sight()

    def keep_in_sight(self) -> None:
        """Scroll to the cursor, without a word to anybody."""
        super().move(0)

    def move(self, by: int) -> None:
        """Move the cursor by a number of lines."""
        super().move(by)
        self.post_message(self.Moved())

    def action_step(self, by: int) -> None:
        """See `move`."""
        self.move(by)

    def action_page(self, by: int) -> None:
        """The cursor by pages."""
        self.move(by * max(1, self.size.height - 1))

    def render_line(self, y: int) -> Strip:
        """One choice, or why there is none, to its end."""
        if self.choices:
            return super().render_line(y)
        dim = self.get_component_rich_style("choices--dim", partial=True)
        line = Line(self.room, self.rich_style)
        said = wrapped([self.empty], max(1, self.room - 4))
        return (line.add(f"  {said[y - 1].strip()}", dim) if 1 <= y <= len(said) else line).strip()


class Table(Looks, ScrollView, can_focus=True):
    """Draws rows in columns under their titles; holds the cursor."""

    class Sorted(Message):
        """A title was clicked."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("table")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--title", "table--cursor", "table--off", "table--alert"}
    DEFAULT_CSS = stylesheet("table")

    class Moved(Message):
        """The cursor has moved to another row."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: Sequence[Column] = ()
        self.rows: Sequence[TableRow] = ()
        # How many of the last rows stay at the foot of the window, however far it is scrolled.
        self.foot = 0
        self.cursor = 0

    @property
    def shows_cursor(self) -> bool:
        """Whether keys move the cursor now."""
        return True

    @property
    def room(self) -> int:
        """Columns that the scrollbar leaves."""
        return self.scrollable_content_region.width

    @property
    def _body(self) -> int:
        """Lines between the titles and the foot; with no room for a row above it there is no foot."""
        height = self.size.height - 1
        return height - self.foot if height > self.foot else max(1, height)

    def _row_at(self, y: int) -> int:
        """The number of the row in a line of the window."""
        if y > self._body and len(self.rows) >= self.size.height:
            return len(self.rows) - self.size.height + y
        return self.scroll_offset.y + y - 1

    def show(self, columns: Sequence[Column], rows: Sequence[TableRow], foot: int = 0) -> None:
        """Show other rows, the last `foot` of them always in sight; the cursor stays on its line if there is one."""
        self.columns, self.rows, self.foot = columns, rows, foot
        self.cursor = max(0, min(self.cursor, len(rows) - 1))
        size = Size(self.size.width, len(rows) + 1)
        other = size != self.virtual_size
        self.virtual_size = size
        self.keep_in_sight()
        if other:
            self.refresh(layout=True)
        else:
            self.redraw()

    def on_resize(self) -> None:
        """In less room the cursor stays in sight."""
        self.keep_in_sight()

    def keep_in_sight(self) -> None:
        """Scroll to the cursor, without a word to anybody."""
        top, height = self.scroll_offset.y, self._body
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def go_to(self, row: int) -> None:
        """The cursor on a row, without a word to anybody."""
        before, self.cursor = self.cursor, max(0, min(row, len(self.rows) - 1))
        drawn = [y for y in range(1, self.size.height) if self._row_at(y) in (before, self.cursor)]
        self.keep_in_sight()
        self.redraw_lines(*drawn)

    def action_step(self, by: int) -> None:
        """Move the cursor by a number of rows."""
        self.go_to(self.cursor + by)
        self.post_message(self.Moved())

    def action_page(self, by: int) -> None:
        """The cursor by pages."""
        self.action_step(by * max(1, self.size.height - 2))

    def render_line(self, y: int) -> Strip:
        """The titles, which stay where they are, or a row."""
        line = Line(self.room, self.look)
        if y == 0:
            return self._draw(line, [column.title for column in self.columns], "title", at_cursor=False)
        number = self._row_at(y)
        if number >= len(self.rows):
            return line.strip()
        at_cursor = number == self.cursor and self.shows_cursor
        return self._draw(line, self.rows[number].cells, self.rows[number].mark, at_cursor=at_cursor)

    def _draw(self, line: Line, cells: Sequence[str], mark: str, *, at_cursor: bool) -> Strip:
        style = self.look_of(f"table--{mark}") if mark else Style()
        if at_cursor:
            style += self.look_of("table--cursor")
        line.add("› " if at_cursor else "  ", style)
        if len(cells) < len(self.columns):
            return line.add(fitted(cells[0], self.room - 2), style).to(self.room, style).strip()
        left = self.room - 2 - sum(column.width + 1 for column in self.columns)
        for column, text in zip(self.columns, cells, strict=True):
            width = column.width or max(4, left)
            line.cell(text[:width].rjust(width) if column.right else text, width, style).add(" ", style)
        return line.to(self.room, style).strip()

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; one on a title asks to sort by its column."""
        x, y = event.get_content_offset_capture(self)
        if not y:
            left = self.room - 2 - sum(column.width + 1 for column in self.columns)
            end = 2
            for n, column in enumerate(self.columns):
                end += (column.width or max(4, left)) + 1
                if x < end:
                    self.post_message(self.Sorted(n))
                    return
        if y and self._row_at(y) < len(self.rows):
            self.go_to(self._row_at(y))
            self.post_message(self.Moved())
