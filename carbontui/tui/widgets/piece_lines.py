"""Lines made of pieces, each in a style of its own: what is next to a form and is drawn again at each key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip

from carbontui.tui.styles import stylesheet
from carbontui.tui.views.footprint_lines import Pieces
from carbontui.tui.widgets.line import Line, LineWidget


class PieceLines(LineWidget):
    """Draws what a function makes of its width and height; text is data and is never read as markup."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("pieces--value", "pieces--strong", "pieces--dim", "pieces--warning"),
        *("pieces--assumed", "pieces--range", "pieces--bar"),
    }
    DEFAULT_CSS = stylesheet("piece-lines")

    class Clicked(Message):
        """A line was clicked, once or `times`."""

        def __init__(self, lines: PieceLines, y: int, times: int) -> None:
            super().__init__()
            self.lines, self.y, self.times = lines, y, times

        @property
        def control(self) -> PieceLines:
            """Where."""
            return self.lines

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._made: Callable[[int, int], Sequence[Pieces]] = lambda _width, _height: ()
        self._lines: Sequence[Pieces] | None = None

    def show(self, made: Callable[[int, int], Sequence[Pieces]]) -> None:
        """Other lines, by width and height."""
        self._made, self._lines = made, None
        self.redraw()

    def on_resize(self) -> None:
        """Another size holds other lines."""
        self._lines = None
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """What a click on a line does is the screen's."""
        _, y = event.get_content_offset_capture(self)
        self.post_message(self.Clicked(self, y, event.chain))

    def shown_in(self, y: int) -> Pieces:
        """The pieces of a line."""
        if self._lines is None:
            self._lines = self._made(self.size.width, self.size.height)
        return self._lines[y] if y < len(self._lines) else ()

    def render_line(self, y: int) -> Strip:
        """One line."""
        line = Line(self.size.width, self.look)
        for text, style in self.shown_in(y):
            line.add(text, self.look_of(f"pieces--{style}") if style else None)
        return line.strip()
