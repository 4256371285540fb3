"""The shades of the heat map, and the line that says what they and the marks mean."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.strip import Strip

from carbontui.text import display
from carbontui.tui.views.heat import BARRED, Heat
from carbontui.tui.widgets.line import Line, LineWidget

# Backgrounds from low to high, and the text that can be read on each. The second scale is cividis-like: its lightness
# rises throughout, so that it needs no hue.
_SCALES = {
    "green to red": (
        "#0b3d2e #14573f #1f7350 #3c8f5c #6aa860 #a0b560 #d2b25c #d98e50 #cf674e #b8464f",
        "#ffffff #ffffff #ffffff #ffffff #101010 #101010 #101010 #101010 #101010 #ffffff",
    ),
    "dark to light": (
        "#00224e #123570 #3b496c #575d6d #707173 #8a8779 #a69d75 #c4b56c #e4cf5b #fee838",
        "#ffffff #ffffff #ffffff #ffffff #ffffff #101010 #101010 #101010 #101010 #101010",
    ),
}
NO_HUE = "carbon-colour-blind"


def shades(theme: str) -> list[Style]:
    """A style a shade; colour-blind eyes get a scale of lightness."""
    backs, texts = _SCALES["dark to light" if theme == NO_HUE else "green to red"]
    return [Style(color=text, bgcolor=back) for back, text in zip(backs.split(), texts.split(), strict=True)]


class Legend(LineWidget):
    """The scale and the marks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"legend--text"}
    DEFAULT_CSS = """
    Legend { height: 1; padding: 0 1; .legend--text { color: $text-muted; } }
    """

    def __init__(self) -> None:
        super().__init__()
        self.heat: Heat | None = None
        self.scatter = False

    def show(self, heat: Heat, *, scatter: bool) -> None:
        """Of another map."""
        self.heat, self.scatter = heat, scatter
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.look)
        if (heat := self.heat) is None or not heat.high:
            return line.strip()
        text = self.look_of("legend--text")
        if self.scatter:
            return line.add("◉ cursor  ◆ best  ● Pareto-best  · : ▪ one, several, many cells", text).strip()
        line.add(f"{display.shown(heat.low, heat.kind)} ", text)
        wide = self.size.width >= 100
        for style in shades(self.app.theme):
            line.add("   " if wide else "  ", style)
        line.add(f" {display.shown(heat.high, heat.kind)} log", text)
        both = f" in time and {heat.sweep.question.objective}" if wide else ""
        return line.add(
            f"  ◆ best  · Pareto-best{both}  {BARRED} {'cannot be, or over a limit' if wide else 'barred'}", text
        ).strip()
