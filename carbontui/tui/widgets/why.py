"""Why one scenario differs from the baseline: the four Ms as steps that add up to the whole."""

from __future__ import annotations

from math import log
from typing import ClassVar

from rich.style import Style
from textual.strip import Strip

from carbontui.engine.four_ms import Why
from carbontui.text import display
from carbontui.text.four_ms import change_text, way_text
from carbontui.tui.styles import stylesheet
from carbontui.tui.widgets.line import Line, LineWidget, fitted


class WhyPanel(LineWidget):
    """Draws the steps in logarithms, so that their lengths add up as the ratios multiply."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("why--name", "why--dim", "why--less", "why--more", "why--rule", "why--strong")
    }
    DEFAULT_CSS = stylesheet("why-panel")

    def __init__(self) -> None:
        super().__init__()
        self.why: Why | None = None
        self.names = ("", "")
        self.trouble = ""

    def show(self, why: Why | None, old: str, new: str, trouble: str) -> None:
        """Draw another ratio; `trouble` says why there is none."""
        self.why, self.names, self.trouble = why, (old, new), trouble
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The headline, the steps, the whole, the way taken."""
        line = Line(self.size.width, self.look)
        why = self.why
        if self.size.height < 8:
            y += 1
        if y == 0:
            return line.add("─" * self.size.width, self._style("rule")).strip()
        if why is None:
            return line.add(self.trouble if y == 1 else "", self._style("dim")).strip()
        if y == 1:
            return self._headline(line, why)
        if 2 <= y < 2 + len(why.steps):
            return self._step(line, why, y - 2)
        if y == 2 + len(why.steps):
            return self._whole(line, why)
        if y == 3 + len(why.steps):
            return line.add(way_text(why), self._style("dim")).strip()
        return line.strip()

    def _style(self, name: str) -> Style:
        return self.look_of(f"why--{name}")

    def _headline(self, line: Line, why: Why) -> Strip:
        old, new = self.names
        strong = self._style("strong")
        less = why.total >= 1
        ratio = display.times(why.total if less else 1 / why.total)
        line.add("Why ", strong).add(fitted(new, max(8, self.size.width // 3))).add(" is ")
        line.add(ratio, strong + self._style("less" if less else "more"))
        line.add(" below " if less else " above ").add(fitted(old, self.size.width - line.used))
        return line.strip()

    @property
    def _columns(self) -> tuple[int, int]:
        """Where the bars begin, and how wide the whole of them is."""
        start = 46 if self.size.width >= 100 else 34
        return start, max(8, self.size.width - start - 22)

    def _span(self, why: Why, cumulative: float) -> int:
        """The column of a cumulative ratio, from 0 to the width of the bars."""
        marks = [0.0, *(log(step.cumulative) for step in why.steps)]
        low, high = min(marks), max(marks)
        _, width = self._columns
        return round((log(cumulative) - low) / (high - low) * width) if high > low else 0

    def _step(self, line: Line, why: Why, number: int) -> Strip:
        step = why.steps[number]
        before = why.steps[number - 1].cumulative if number else 1.0
        dim = self._style("dim")
        start, _ = self._columns
        line.cell(step.name, 14).cell(change_text(why, step), start - 15, dim).to(start)
        left, right = sorted((self._span(why, before), self._span(why, step.cumulative)))
        less = step.ratio >= 1
        bar = self._style("less" if less else "more")
        line.to(start + left).add("█" * (right - left) if right > left else "▏", bar)
        value = display.times(step.ratio)
        line.add(f" {value}", self._style("strong"))
        return line.add(f"  {display.times(step.cumulative)}", dim).strip()

    def _whole(self, line: Line, why: Why) -> Strip:
        start, _ = self._columns
        dim = self._style("dim")
        line.cell("all", 14, dim).to(start)
        left, right = sorted((self._span(why, 1.0), self._span(why, why.total)))
        line.to(start + left).add("─" * (right - left), dim)
        return line.add(f" {display.times(why.total)}", self._style("strong")).strip()
