"""A sweep as dots of time by carbon: axes with ticks, providers by colour, the front, limits, a cursor, zoom."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from carbontui.tui import bindings
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.labels import Cell
from carbontui.tui.views.scatter import GUTTER, Drawing, Mark, Plot, Point, Scattered, Window
from carbontui.tui.widgets.line import GridWidget, Line
from carbontui.tui.widgets.shades import colours

# Lines below the plot, for its ticks.
BELOW = 1
# One step of the zoom.
STEP = 0.5


class Scatter(GridWidget):
    """Draws the points of a sweep in a window on the plane, and holds the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("scatter--axis", "scatter--grid", "scatter--dot-gcp", "scatter--dot-aws", "scatter--dot-azure"),
        *("scatter--dot-other", "scatter--over", "scatter--front", "scatter--best", "scatter--cursor"),
        *("scatter--limit", "scatter--label"),
    }
    DEFAULT_CSS = stylesheet("scatter")
    BINDINGS: ClassVar[list[BindingType]] = bindings.of("scatter")

    class Moved(Message):
        """The cursor has moved to another point."""

    class Chosen(Message):
        """A point was clicked twice: it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.of: Scattered | None = None
        self.point: Point | None = None
        self.part: Window | None = None
        self._made: tuple[tuple[object, ...], Drawing | None] | None = None
        self._lines: tuple[Point | None, list[dict[int, Mark]]] | None = None
        self._pressed: Cell | None = None

    def show(self, of: Scattered | None, machine: int, place: int) -> None:
        """Other points, with the cursor on a cell if it is one of them."""
        self.of = of
        self.point_at(machine, place)

    def point_at(self, machine: int, place: int) -> None:
        """The cursor on a cell; a window that it is not in is left."""
        self.point = self.of.point(machine, place) if self.of is not None else None
        if self.part is not None and self.point is not None:
            left, right, low, high = self.part
            if not (left <= self.point.hours <= right and low <= self.point.value <= high):
                self.part = None
        self.redraw()

    @property
    def plot(self) -> Plot | None:
        """The window as cells; None where there is nothing to draw."""
        drawing = self._drawing()
        return drawing.plot if drawing is not None else None

    def _drawing(self) -> Drawing | None:
        few = colours(self.app) == 0
        key = (self.of, self.part, self.size, few)
        if self._made is None or self._made[0] != key:
            made = None
            if self.of is not None and (window := self.part or self.of.window()) is not None:
                plot = Plot(window, self.size.width - GUTTER - 1, self.size.height - BELOW)
                made = Drawing(self.of, plot, letters=few)
            self._made = key, made
            self._lines = None
        return self._made[1]

    def _marks(self, drawing: Drawing) -> list[dict[int, Mark]]:
        if self._lines is None or self._lines[0] != self.point:
            self._lines = self.point, drawing.lines(self.point)
        return self._lines[1]

    # Drawing

    def render_line(self, y: int) -> Strip:
        """A line of the plot with its tick, or the ticks below."""
        line = Line(self.size.width, self.look)
        axis = self.look_of("scatter--axis")
        if (drawing := self._drawing()) is None:
            return line.add("no combination has both a known duration and a value above 0" if y == 0 else "").strip()
        plot = drawing.plot
        if y >= plot.height:
            return self._below(line, plot, drawing.across) if y == plot.height else line.strip()
        marks = self._marks(drawing)[y]
        text = next((text for value, text in drawing.up if plot.row(value) == y), "")
        line.add(f"{text:>{GUTTER - 1}} ", axis).add("│", axis)
        x, blank = 0, 0
        while x < plot.width and line.used + blank < self.size.width:
            mark = marks.get(x)
            if mark is None:
                x, blank = x + 1, blank + 1
                continue
            line.add(" " * blank)
            before, blank = line.used, 0
            line.add(mark.text, self.look_of(f"scatter--{mark.look}"))
            x += max(1, line.used - before)
        return line.strip()

    def shown_in(self, y: int) -> object:
        """The marks of a line; a drawing of its own has ticks of its own."""
        drawing = self._drawing()
        return (drawing, self._marks(drawing)[y] if drawing is not None and y < drawing.plot.height else y)

    def _below(self, line: Line, plot: Plot, across: list[tuple[float, str]]) -> Strip:
        axis = self.look_of("scatter--axis")
        line.add("time ".rjust(GUTTER), axis)
        for value, text in across:
            start = GUTTER + 1 + plot.column(value) - len(text) // 2
            if start > line.used:
                line.to(start, axis).add(text, axis)
        return line.strip()

    # Moving

    def _go_to(self, point: Point | None) -> None:
        if point is not None:
            self.point = point
            self.redraw()
            self.post_message(self.Moved())

    def action_step(self, columns: int, rows: int) -> None:
        """The nearest point in that direction."""
        plot = self.plot
        if self.of is not None and plot is not None:
            at = self.point or (self.of.front[0] if self.of.front else None)
            if at is not None:
                self._go_to(self.of.next_to(plot, at, columns, rows))

    def zoom(self, by: int) -> None:
        """Nearer to the cursor, or back to all."""
        plot = self.plot
        if by < 0 or plot is None:
            self.part = None
        elif self.point is not None:
            self.part = plot.window.nearer(self.point.hours, self.point.value, STEP)
        self.refresh()

    # The mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A box may begin here."""
        x, y = event.get_content_offset_capture(self)
        self._pressed = (x - GUTTER - 1, y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A box that was drawn is what is seen from now on."""
        start, plot = self._pressed, self.plot
        self._pressed = None
        x, y = event.get_content_offset_capture(self)
        x -= GUTTER + 1
        if start is None or plot is None or abs(x - start[0]) < 3 or abs(y - start[1]) < 2:
            return
        (left, high), (right, low) = (
            plot.at(max(0, min(ends, plot.width - 1)), max(0, min(lines, plot.height - 1)))
            for ends, lines in ((min(x, start[0]), min(y, start[1])), (max(x, start[0]), max(y, start[1])))
        )
        self.part = Window(left, right, low, high)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on the nearest point; a second one takes it."""
        of, plot = self.of, self.plot
        x, y = event.get_content_offset_capture(self)
        if of is None or plot is None or (found := of.near(plot, x - GUTTER - 1, y)) is None:
            return
        here = self.point
        again = here is not None and (plot.column(here.hours), plot.row(here.value)) == (
            plot.column(found.hours),
            plot.row(found.value),
        )
        if not again:
            self._go_to(found)
        if again or event.chain > 1:
            self.post_message(self.Chosen())
