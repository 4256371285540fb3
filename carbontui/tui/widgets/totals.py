"""The sums of each group and of all scenarios, below the sheet where they are asked for."""

from __future__ import annotations

from typing import ClassVar

from textual.strip import Strip

from carbontui.engine.comparison import Comparison
from carbontui.text.table import total_lines, total_notes
from carbontui.tui.styles import stylesheet
from carbontui.tui.widgets.line import Line, LineWidget, fitted

# The header, the total of all, and the groups before it.
MOST_LINES = 6


class Totals(LineWidget):
    """Draws a header and a line a total; where there are too many groups, the last ones and the total of all."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"totals--head", "totals--all"}
    DEFAULT_CSS = stylesheet("totals")

    def __init__(self) -> None:
        super().__init__()
        self.comparison: Comparison | None = None

    @property
    def _of_totals(self) -> int:
        totals = self.comparison.totals if self.comparison else ()
        return min(MOST_LINES, len(totals) + 1) if totals else 0

    @property
    def _said(self) -> str:
        """What the last total leaves out, as the sum of all does where any scenario is unknown."""
        return "".join(total_notes(self.comparison)[-1:]) if self.comparison is not None else ""

    @property
    def lines_wanted(self) -> int:
        """How many lines it takes; none without totals."""
        return self._of_totals + bool(self._said)

    def show(self, comparison: Comparison) -> None:
        """Draw the totals of another comparison."""
        self.comparison = comparison
        self.display = bool(comparison.totals)
        self.styles.height = self.lines_wanted
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The header, or a total."""
        line = Line(self.size.width, self.look)
        if self.comparison is None:
            return line.strip()
        head, *rest = total_lines(self.comparison, self.size.width)
        hidden = len(rest) + 1 - self._of_totals
        if y >= self._of_totals:
            return line.add(fitted(self._said, self.size.width), self.look_of("totals--head")).strip()
        if y == 0:
            more = f"{hidden} more groups" if hidden > 0 else ""
            return line.add(more + head[len(more) :], self.look_of("totals--head")).strip()
        shown = rest[-(self._of_totals - 1) :]
        last = y == len(shown)
        return line.add(shown[y - 1], self.look_of("totals--all") if last else None).strip()
