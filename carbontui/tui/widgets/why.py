"""Why one scenario differs from the baseline: a waterfall in the steps of the four Ms."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from carbontui.text.table import wrapped
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.columns import told_apart
from carbontui.tui.views.hanging import to_fit
from carbontui.tui.views.waterfall import Bar, Waterfall, factor_text, relation
from carbontui.tui.widgets.line import Line, LineWidget, fitted, in_full

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# From this width on there is room for how far each step has come.
WIDE = 100
_SHORTEST_NAME = 10
# Lines of a text, its title and its formula, that say something by themselves.
_LEAST = 8


class WhyPanel(LineWidget):
    """Draws each step from where the one before ended, on one linear scale."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("why--name", "why--dim", "why--less", "why--more", "why--rule", "why--strong", "why--whole")
    }
    DEFAULT_CSS = stylesheet("why-panel")

    def __init__(self) -> None:
        super().__init__()
        self.fall: Waterfall | None = None
        self.trouble = ""
        self.notes: Sequence[str] = ()
        self.text = self.rest = ""

    def show(
        self, fall: Waterfall | None, trouble: str = "", notes: Sequence[str] = (), text: str = "", rest: str = ""
    ) -> None:
        """Draw another waterfall, with notes on what it leads to and a text where there is room; `trouble` says why
        there is none, `rest` where the rest of the text can be read."""
        self.fall, self.trouble, self.notes, self.text, self.rest = fall, trouble, notes, text, rest
        self.redraw()

    def render_line(self, y: int) -> Strip:
        """A rule where there is room, the headline, the bars, how the steps were told apart."""
        line = Line(self.size.width, self.look)
        if self.size.height < 8:
            y += 1
        if y == 0:
            return line.add("─" * self.size.width, self._style("rule")).strip()
        fall = self.fall
        if fall is None:
            said = [one.strip() for one in wrapped([self.trouble], self.size.width - 2)]
            said += self._in_full(self.size.height - 1 - len(said))
            return line.add(said[y - 1] if y <= len(said) else "", self._style("dim")).strip()
        if y == 1:
            return self._headline(line, fall)
        if y - 2 < len(fall.bars):
            return self._bar(line, fall, y - 2)
        if y - 2 == len(fall.bars):
            return line.add(fall.way, self._style("dim")).strip()
        below = y - 4 - len(fall.bars)
        noted = self._noted(self.size.height - 4 - len(fall.bars))
        return line.add(noted[below] if 0 <= below < len(noted) else "", self._style("dim")).strip()

    def _noted(self, room: int) -> list[str]:
        """The notes that fit as a whole, in lines."""
        made: list[str] = []
        for note in self.notes:
            lines = wrapped([note], self.size.width)
            if len(made) + len(lines) > room:
                break
            made += lines
        return made + self._in_full(room - len(made))

    def _in_full(self, room: int) -> list[str]:
        """The text below a blank line, where there is room for more than its first lines."""
        return ["", *to_fit(self.text, self.size.width, room - 1, self.rest)] if self.text and room > _LEAST else []

    def _style(self, name: str) -> Style:
        return self.look_of(f"why--{name}")

    def _headline(self, line: Line, fall: Waterfall) -> Strip:
        for values in (True, False):
            room = self.size.width - len("Why ") - cell_len(fall.title("", "", values=values))
            if room >= 2 * _SHORTEST_NAME:
                break
        # Of two names the shorter leaves its room to the other; what both begin with goes first, a figure never.
        old, new = told_apart((fall.old, fall.new), max(room // 2, room - max(map(cell_len, (fall.old, fall.new)))))
        old_room, new_room = (max(room // 2, room - cell_len(other)) for other in (new, old))
        text = fall.title(fitted(old, old_room), fitted(new, new_room), values=values)
        return line.add("Why ", self._style("strong")).add(text).strip()

    @property
    def _columns(self) -> tuple[int, int]:
        """Where the bars begin, and how wide the longest of them is."""
        start, behind = (46, 36) if self.size.width >= WIDE else (34, 18)
        return start, max(8, self.size.width - start - behind)

    def _bar(self, line: Line, fall: Waterfall, number: int) -> Strip:
        bar, dim = fall.bars[number], self._style("dim")
        start, width = self._columns
        if bar.whole:
            line.cell(bar.name, start - 1, self._style("name"))
        else:
            line.cell(bar.name, 14).cell(bar.change, start - 15, dim)
        left, right = fall.spans(width)[number]
        line.to(start + left).add("█" * (right - left) or "▏", self._style(self._colour(bar)))
        line.add(f" {fall.amount(bar)}", self._style("strong"))
        if bar.factor is not None:
            line.add(f"  {factor_text(bar.factor)}")
            if bar.so_far is not None and self.size.width >= WIDE:
                so_far = f"  so far {relation(bar.so_far).removesuffix(' as').removesuffix(' than')}"
                line.add(in_full([so_far], line.width - line.used), dim)
        return line.strip()

    def _colour(self, bar: Bar) -> str:
        return "whole" if bar.whole else "less" if bar.end <= bar.start else "more"
