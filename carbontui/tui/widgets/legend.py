"""The line that says what the shades and the marks of the heat map mean."""

from __future__ import annotations

from typing import ClassVar

from textual.strip import Strip

from carbontui.text import display
from carbontui.tui.views.heat import BARRED, Heat
from carbontui.tui.widgets.line import Line, LineWidget
from carbontui.tui.widgets.shades import marks, shades


class Legend(LineWidget):
    """The scale and the marks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"legend--text"}
    DEFAULT_CSS = """
    Legend { height: 1; padding: 0 1; .legend--text { color: $text-muted; } }
    """

    def __init__(self) -> None:
        super().__init__()
        self.heat: Heat | None = None
        self.ends = (0.0, 0.0)
        self.scatter = False

    def show(self, heat: Heat, ends: tuple[float, float], *, scatter: bool) -> None:
        """Of another map; the least and the most of it that are seen."""
        if (heat, ends, scatter) != (self.heat, self.ends, self.scatter):
            self.heat, self.ends, self.scatter = heat, ends, scatter
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.look)
        low, high = self.ends
        if (heat := self.heat) is None or not high:
            return line.strip()
        text = self.look_of("legend--text")
        if self.scatter:
            return line.add("◉ cursor  ◆ best  ● Pareto-best  · : ▪ one, several, many cells", text).strip()
        line.add(f"{display.shown(low, heat.kind)} ", text)
        wide = self.size.width >= 100
        for style, mark in zip(shades(self.app), marks(self.app), strict=True):
            line.add(mark * (3 if wide else 2), style)
        line.add(f" {display.shown(high, heat.kind)} log", text)
        both = f" in time and {heat.sweep.question.objective}" if wide else ""
        return line.add(
            f"  ◆ best  · Pareto-best{both}  {BARRED} {'cannot be, or over a limit' if wide else 'barred'}", text
        ).strip()
