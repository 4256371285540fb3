"""The lines above and below the heat map: what is swept, and the cell under the cursor."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.strip import Strip

from carbontui.tui.styles import stylesheet
from carbontui.tui.views.signs import BARRED
from carbontui.tui.widgets.line import Line, LineWidget, fitted, in_full

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


# What a job's name is shortened to at most, to make room for what is said of it.
_SHORTEST_NAME = 12


class Head(LineWidget):
    """What is swept, how it is ordered, and what limits it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"head--name", "head--text", "head--limit"}
    DEFAULT_CSS = stylesheet("head")

    def __init__(self) -> None:
        super().__init__()
        self.parts: tuple[str, Sequence[str], str] = ("", (), "")

    def show(self, name: str, texts: Sequence[str], limits: str) -> None:
        """Other words; of the texts the last is the first to be left out."""
        self.parts = name, texts, limits
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.look)
        name, texts, limits = self.parts

        def room() -> int:
            said = [part for part in (*texts, limits) if part]
            return line.width - sum(cell_len(part) + 2 for part in said)

        while len(texts) > 1 and room() < min(cell_len(name), _SHORTEST_NAME):
            texts = texts[:-1]
        if name:
            shown = fitted(name, max(room(), min(cell_len(name), _SHORTEST_NAME)))
            line.add(f"{shown}  ", self.look_of("head--name"))
        # Where even that has no room the limits are said first.
        parts = [("text", text) for text in texts] + [("limit", limits)]
        for look, part in parts if room() >= 0 else reversed(parts):
            if part:
                line.add(fitted(part, line.width - line.used), self.look_of(f"head--{look}")).add("  ")
        return line.strip()


class Details(LineWidget):
    """The cell under the cursor in two lines."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"details--name", "details--text", "details--barred"}
    DEFAULT_CSS = stylesheet("details")

    def __init__(self) -> None:
        super().__init__()
        self.parts: tuple[str, Sequence[str], str, Sequence[str]] = ("", (), "", ())

    def show(self, name: str, figures: Sequence[str], barred: str, inputs: Sequence[str]) -> None:
        """Another cell."""
        self.parts = name, figures, barred, inputs
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Results, or what they follow from."""
        name, figures, barred, inputs = self.parts
        line = Line(self.size.width, self.look)
        if y == 0:
            line.add(f"{name}  ", self.look_of("details--name"))
            return line.add(in_full(figures, line.width - line.used)).strip()
        if barred:
            line.add(f"{BARRED} {barred}  ", self.look_of("details--barred"))
        return line.add(in_full(inputs, line.width - line.used), self.look_of("details--text")).strip()
