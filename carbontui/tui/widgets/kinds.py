"""The kinds of records, in the registry."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from carbontui.tui.styles import stylesheet
from carbontui.tui.widgets.line import Line


class Kinds(Widget):
    """The kinds of records and how many there are of each; how many are marked."""

    KINDS = (
        ("hardware", "Hardware"),
        ("region", "Regions"),
        ("model", "Models"),
        ("run", "Runs"),
        ("offer", "Offers"),
        ("measurement", "Measured"),
    )
    COMPONENT_CLASSES: ClassVar[set[str]] = {"kinds--current", "kinds--other", "kinds--marked"}
    DEFAULT_CSS = stylesheet("kinds")

    class Picked(Message):
        """A kind was clicked."""

        def __init__(self, kind: str) -> None:
            super().__init__()
            self.kind = kind

    def __init__(self) -> None:
        super().__init__()
        self.current = ""
        self.counts: dict[str, int] = {}
        self.marked = 0

    def show(self, current: str, counts: dict[str, int], marked: int) -> None:
        """Which kind is listed, how many there are of each, and how many records are marked."""
        if (current, counts, marked) != (self.current, self.counts, self.marked):
            self.current, self.counts, self.marked = current, counts, marked
            self.refresh()

    def _texts(self) -> list[tuple[str, str]]:
        """Each kind with what is drawn of it: in a narrow window closer together, then only the current one counted."""
        counted = [(kind, f" {text} {self.counts.get(kind, 0):,} ") for kind, text in self.KINDS]
        short = [
            (kind, each if kind == self.current else f" {text} ")
            for (kind, each), (_, text) in zip(counted, self.KINDS, strict=True)
        ]
        for made in ([(kind, f"{text}  ") for kind, text in counted], counted):
            if 1 + sum(len(text) for _, text in made) + len(self._marks()) <= self.size.width:
                return made
        return short

    def _marks(self) -> str:
        return f"● {self.marked} marked" if self.marked else ""

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.rich_style).add(" ")
        for kind, text in self._texts():
            mark = "current" if kind == self.current else "other"
            style = self.get_component_rich_style(f"kinds--{mark}", partial=True)
            bare = text.rstrip() + " "
            line.add(bare, style).add(text[len(bare) :])
        if self.marked:
            line.add(self._marks(), self.get_component_rich_style("kinds--marked", partial=True))
        return line.strip()

    def on_click(self, event: events.Click) -> None:
        """A click opens the kind."""
        x = 1
        for kind, text in self._texts():
            end = x + len(text)
            if x <= event.x < end:
                self.post_message(self.Picked(kind))
            x = end
