"""The titles of a list's columns; a click on one sorts by it."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip

from carbontui.tui.widgets.line import Line, LineWidget

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Heads(LineWidget):
    """Draws the titles where the list has its columns."""

    DEFAULT_CSS = """
    Heads { height: 1; color: $text-muted; }
    """

    class Sorted(Message):
        """A title was clicked."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

    def __init__(self, titles: Callable[[], list[tuple[int, int, str]]]) -> None:
        """`titles` says of each column where it begins and ends, and what it is called."""
        super().__init__()
        self.titles = titles

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.look)
        for n, (start, end, title) in enumerate(self.titles()):
            line.to(start).add(title if n == 0 else title.rjust(end - start))
        return line.strip()

    def on_click(self, event: events.Click) -> None:
        """Sort by the column."""
        x = event.get_content_offset_capture(self).x
        at = next((n for n, (start, end, _) in enumerate(self.titles()) if start <= x < end), None)
        if at is not None:
            self.post_message(self.Sorted(at))
