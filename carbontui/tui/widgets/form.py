"""The form of Plan: a field a line, with a slider beside what is a number."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from carbontui.tui import bindings
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.plan_fields import Field
from carbontui.tui.widgets.line import Line, LineWidget

_LABEL = 12
# A slider narrower than this tells nothing.
_SHORTEST = 6


class Form(LineWidget, can_focus=True):
    """Draws fields; holds the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("form")
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(
            "form--label",
            "form--cursor",
            "form--assumed",
            "form--missing",
            "form--follows",
            "form--knob",
            "form--track",
        ),
    }
    DEFAULT_CSS = stylesheet("form")

    class Moved(Message):
        """The cursor has moved to another field."""

    class Chosen(Message):
        """The field under the cursor was asked to change."""

    class Stepped(Message):
        """The value under the cursor times a factor."""

        def __init__(self, factor: float) -> None:
            super().__init__()
            self.factor = factor

    class Slid(Message):
        """The knob of the field under the cursor was put somewhere, from 0 to 1."""

        def __init__(self, where: float) -> None:
            super().__init__()
            self.where = where

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[Field] = []
        self.row = self.first_row = 0
        self._dragged = False

    def show(self, fields: list[Field]) -> None:
        """Other fields; the cursor stays on the one where it was, if there is one of that key."""
        key = self.current.key if self.fields else None
        self.fields = fields
        self.row = next((n for n, field in enumerate(fields) if field.key == key), min(self.row, len(fields) - 1))
        self._keep_in_sight()
        self.redraw()

    @property
    def current(self) -> Field:
        """The field under the cursor."""
        return self.fields[self.row]

    def go_to(self, key: str) -> None:
        """The cursor on the field of that key, if there is one."""
        self.row = next((n for n, field in enumerate(self.fields) if field.key == key), self.row)
        self._keep_in_sight()
        self.redraw()
        self.post_message(self.Moved())

    def cell_region(self) -> Region:
        """Where the value under the cursor is on the screen."""
        origin = self.content_region.offset
        return Region(origin.x + _LABEL, origin.y + self.row - self.first_row, self._value_width, 1)

    @property
    def _track(self) -> tuple[int, int]:
        """Column and length of the sliders; no length where there is no room."""
        length = min(24, self.size.width - _LABEL - 13)
        return self.size.width - length, length if length >= _SHORTEST else 0

    @property
    def _value_width(self) -> int:
        start, length = self._track
        return (start if length else self.size.width) - _LABEL - 1

    def _keep_in_sight(self) -> None:
        height = max(1, self.size.height)
        top = min(max(self.first_row, self.row - height + 1), self.row)
        self.first_row = max(0, min(top, len(self.fields) - height))
        below = len(self.fields) - height - self.first_row
        more = [f"↑ {self.first_row}"] * (self.first_row > 0) + [f"↓ {below}"] * (below > 0)
        self.border_subtitle = Content(f"{' '.join(more)} more" if more else "")

    def on_resize(self) -> None:
        """Another size shows other fields."""
        self._keep_in_sight()
        self.redraw()

    def on_focus(self) -> None:
        """The cursor is drawn as such only with the focus."""
        self.redraw()

    def on_blur(self) -> None:
        """See `on_focus`."""
        self.redraw()

    def render_line(self, y: int) -> Strip:
        """One field: its label, its value, its slider."""
        line = Line(self.size.width, self.look)
        number = self.first_row + y
        if number >= len(self.fields):
            return line.strip()
        field = self.fields[number]
        at_cursor = number == self.row
        cursor = Style()
        if at_cursor:
            cursor = self.look_of("form--cursor") if self.has_focus else Style(underline=True)
            if self.has_focus and self.app.no_color:
                cursor += Style(reverse=True)
        line.cell(field.label, _LABEL, self.look_of("form--label"))
        known = field.mark in ("assumed", "missing", "follows")
        style = self.look_of(f"form--{field.mark}") if known else self.look_of("form--label") if field.mark else Style()
        start, length = self._track
        # A slider takes its room only where there is one: names are longer than numbers.
        wide = length and field.slide is None
        width = self.size.width - _LABEL if wide else self._value_width
        line.cell(field.fitting(width), width, style + cursor)
        if length and field.slide is not None:
            knob = round(field.slide * (length - 1))
            track, dot = self.look_of("form--track"), self.look_of("form--knob")
            line.to(start).add("━" * knob, dot).add("●", dot).add("─" * (length - 1 - knob), track)
        return line.strip()

    def action_step(self, by: int) -> None:
        """Move the cursor by a number of fields."""
        self.row = max(0, min(self.row + by, len(self.fields) - 1))
        self._keep_in_sight()
        self.redraw()
        self.post_message(self.Moved())

    def action_slide(self, factor: float) -> None:
        """The number under the cursor times a factor."""
        self.post_message(self.Stepped(factor))

    def _at(self, event: events.MouseEvent) -> tuple[int, int]:
        x, y = event.get_content_offset_capture(self)
        return x, self.first_row + y

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The knob follows the mouse as long as its button is held."""
        x, row = self._at(event)
        start, length = self._track
        if 0 <= row < len(self.fields) and length and x >= start and self.fields[row].slide is not None:
            self.row = row
            self._dragged = True
            self.capture_mouse()
            self._slide_to(x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """See `on_mouse_down`."""
        if self._dragged:
            self._slide_to(self._at(event)[0])

    def on_mouse_up(self) -> None:
        """The knob stays where it is."""
        if self._dragged:
            self._dragged = False
            self.release_mouse()

    def _slide_to(self, x: int) -> None:
        start, length = self._track
        self.post_message(self.Slid((x - start) / max(1, length - 1)))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; a second one changes the value."""
        x, row = self._at(event)
        start, length = self._track
        if not 0 <= row < len(self.fields) or (length and x >= start and self.fields[row].slide is not None):
            return
        again, self.row = row == self.row, row
        self.redraw()
        self.post_message(self.Moved())
        if again or event.chain > 1:
            self.post_message(self.Chosen())

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor down."""
        self.action_step(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor up."""
        self.action_step(-1)
