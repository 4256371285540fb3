"""Lines to read beside a list: scrolled, wrapped to the width, and to be selected with the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from carbontui.text.record import Shown
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.hanging import hanging
from carbontui.tui.widgets.line import Line


class Pane(ScrollView):
    """Draws lines, each by its mark; text is data and is never read as markup."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("pane--title", "pane--head", "pane--dim", "pane--warning", "pane--differs", "pane--code"),
    }
    DEFAULT_CSS = stylesheet("pane")

    def __init__(self) -> None:
        super().__init__()
        self.can_focus = False
        self.shown: Sequence[Shown] = ()
        self.wrapped: list[Shown] = []
        self.wrapped_to = 0

    def show(self, lines: Sequence[Shown]) -> None:
        """Other lines, from the top; the same ones stay where they are."""
        if lines != self.shown:
            self.shown = lines
            self._wrap()
            self.scroll_to(y=0, animate=False)

    def on_resize(self) -> None:
        """Another width wraps elsewhere."""
        if self.scrollable_content_region.width != self.wrapped_to:
            self._wrap()

    def _wrap(self) -> None:
        width = self.wrapped_to = self.scrollable_content_region.width
        self.wrapped = [Shown(part, line.mark) for line in self.shown for part in hanging(line.text, width)]
        self.virtual_size = Size(width, len(self.wrapped))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        number = self.scroll_offset.y + y
        line = Line(self.scrollable_content_region.width, self.rich_style)
        if number >= len(self.wrapped):
            return line.strip()
        shown = self.wrapped[number]
        style = self.get_component_rich_style(f"pane--{shown.mark}", partial=True) if shown.mark else Style()
        span = self.text_selection.get_span(number) if self.text_selection is not None else None
        if span is None:
            line.add(shown.text, style)
        else:
            start, end = span[0], len(shown.text) if span[1] == -1 else span[1]
            chosen = style + self.screen.get_component_rich_style("screen--selection")
            line.add(shown.text[:start], style).add(shown.text[start:end], chosen).add(shown.text[end:], style)
        return line.strip().apply_offsets(0, number)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What was selected with the mouse."""
        return selection.extract("\n".join(line.text for line in self.wrapped)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        """Draw what is selected."""
        self.refresh()
