"""The line that says what the shades and the marks of the heat map mean."""

from __future__ import annotations

from typing import ClassVar

from textual.strip import Strip

from carbontui.text import display
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.heat import Heat
from carbontui.tui.views.scatter import CURSOR, FRONT, OTHERS, PROVIDERS, Scattered
from carbontui.tui.views.signs import BARRED, BEST, NOT_POSSIBLE, NOW, OWN, OWN_REGION
from carbontui.tui.widgets.line import Line, LineWidget, in_full
from carbontui.tui.widgets.shades import colours, marks, shades
from carbontui_registry.text import is_are

# Columns for the names of the axes too.
_WIDE = 100


class Legend(LineWidget):
    """The scale and the marks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("legend--text", "legend--front", "legend--gcp", "legend--aws", "legend--azure", "legend--other")
    }
    DEFAULT_CSS = stylesheet("legend")

    def __init__(self) -> None:
        super().__init__()
        self.heat: Heat | None = None
        self.ends = (0.0, 0.0)
        self.scattered: Scattered | None = None

    def show(self, heat: Heat, ends: tuple[float, float], scattered: Scattered | None) -> None:
        """Of another map, the least and the most of it that are seen; or of its points."""
        if (heat, ends, scattered) != (self.heat, self.ends, self.scattered):
            self.heat, self.ends, self.scattered = heat, ends, scattered
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.look)
        if self.scattered is not None:
            return self._of_points(line, self.scattered)
        low, high = self.ends
        if (heat := self.heat) is None or not high:
            return line.strip()
        text = self.look_of("legend--text")
        line.add(f"{display.shown(low, heat.kind)} ", text)
        wide = self.size.width >= _WIDE
        for style, mark in zip(shades(self.app), marks(self.app), strict=True):
            line.add(mark * (2 if wide else 1), style)
        line.add(f" {display.shown(high, heat.kind)} log  ", text)
        own = f"{OWN} {OWN_REGION if wide else NOW}" if heat.has_own else ""
        signs, pareto = ("◆ best", f"{BARRED} {NOT_POSSIBLE}", own), "· Pareto-best"
        both = f"{pareto} in time and {heat.sweep.question.objective}"
        said = in_full((*signs, both), room := line.width - line.used)
        return line.add(said if both in said else in_full((*signs, pareto), room), text).strip()

    def _of_points(self, line: Line, of: Scattered) -> Strip:
        text = self.look_of("legend--text")
        wide = self.size.width >= _WIDE
        unchanged = f"{OWN} {'unchanged job' if wide else NOW}  " if of.own is not None else ""
        line.add(f"{CURSOR} cursor  {BEST} best  {unchanged}", text).add(FRONT, self.look_of("legend--front"))
        line.add(" Pareto front  ", text)
        few = colours(self.app) == 0
        for provider, letter in (*PROVIDERS.items(), (OTHERS, "o")):
            name = provider.upper() if provider != "azure" else "Azure"
            line.add(letter if few else "⣿", self.look_of(f"legend--{provider}"))
            line.add(f" {name if provider != OTHERS else 'others'}  ", text)
        what = f"{of.metric} up, time across, log scales" if wide else ""
        nothing = f"  {of.at_nothing:,} at 0 {is_are(of.at_nothing)} not drawn" if of.at_nothing else ""
        return line.add(what + nothing, text).strip()
