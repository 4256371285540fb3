"""The metric of each scenario with its 90 % range: bars on a linear scale, dots on a logarithmic one."""

from __future__ import annotations

from math import floor, log10
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from carbontui.text import display
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.bar_values import Bar
from carbontui.tui.views.columns import told_apart
from carbontui.tui.widgets.line import Line, LineWidget, fitted

EIGHTHS = " ▏▎▍▌▋▊▉"


def _written(bar: Bar) -> tuple[str, str, str]:
    """The value, the sign of what is assumed, the ends of the range."""
    ends = f"  {bar.ends}" if bar.ends else ""
    return f" {bar.text}", " ~" if bar.assumed else "", ends


class Bars(LineWidget):
    """Draws one line per scenario, always with the value next to its bar."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("bars--title", "bars--name", "bars--bar", "bars--baseline", "bars--range", "bars--assumed"),
    }
    DEFAULT_CSS = stylesheet("bars")

    class Picked(Message):
        """A bar was clicked: its scenario is meant."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self) -> None:
        super().__init__()
        self.bars: list[Bar] = []
        self.title_text = ""
        self.keys = ("", "")
        self.longest_name = self.longest_value = 0
        self.log_scale = False
        self.current = 0

    def show(self, title: str, bars: list[Bar], keys: tuple[str, str], *, log_scale: bool) -> None:
        """Draw other bars; `keys` change scale and metric."""
        self.title_text, self.bars, self.keys, self.log_scale = title, bars, keys, log_scale
        self.longest_name = max((cell_len(bar.name) for bar in bars), default=0)
        self.longest_value = max((cell_len("".join(_written(bar))) for bar in bars), default=0)
        self.refresh()

    def point_at(self, number: int) -> None:
        """The scenario under the cursor of the sheet."""
        if number != self.current:
            self.current = number
            self.refresh()

    @property
    def first(self) -> int:
        """The first scenario that is drawn: the current one is always among them."""
        room = max(1, self.size.height - 1)
        return max(0, min(self.current - room + 1, len(self.bars) - room))

    def _style(self, name: str) -> Style:
        return self.look_of(f"bars--{name}")

    def render_line(self, y: int) -> Strip:
        """The title, or a scenario's bar."""
        line = Line(self.size.width, self.look)
        if y == 0:
            scale = "log" if self.log_scale else "linear"
            other = "linear" if self.log_scale else "log"
            line.cell(self.title_text, self.label_width, self._style("title"))
            keys = f"{scale}   {other} [{self.keys[0]}]   metric [{self.keys[1]}]"
            room = max(1, self.size.height - 1)
            if len(self.bars) > room:
                keys += f"   {self.first + 1}-{self.first + room} of {len(self.bars)}"
            return line.add(keys, self._style("title")).strip()
        number = self.first + y - 1
        if number >= len(self.bars):
            return line.strip()
        bar = self.bars[number]
        name = self._names()[y - 1]
        line.cell(name, self.label_width - 1, self._style("name") if number == self.current else None).add(" ")
        if bar.value is None:
            return line.add(f"{display.UNKNOWN} unknown", self._style("range")).strip()
        style = self._style("baseline" if bar.baseline else "bar")
        if self.log_scale:
            self._draw_dot(line, bar, style)
        else:
            self._draw_bar(line, bar, style)
        return line.strip()

    def _names(self) -> list[str]:
        """The names of the bars in sight, shortened so that they are told apart."""
        shown = self.bars[self.first : self.first + max(1, self.size.height - 1)]
        numbers = [bar.name.partition(" ")[0] for bar in shown]
        room = self.label_width - 2 - max(map(len, numbers), default=0)
        heads = told_apart([bar.name.partition(" ")[2] for bar in shown], room)
        return [f"{number} {head}" for number, head in zip(numbers, heads, strict=True)]

    @property
    def label_width(self) -> int:
        """Columns of the names; where there is room, as many as the longest needs."""
        if self.size.width < 100:
            return 18
        return max(20, min(32, self.longest_name + 1))

    @property
    def plot_width(self) -> int:
        """Columns of the longest bar: what the value and its range leave."""
        room = max(self.longest_value, 36 if self.size.width >= 100 else 26)
        return max(4, self.size.width - self.label_width - room)

    def _draw_bar(self, line: Line, bar: Bar, style: Style) -> None:
        largest = max((end for b in self.bars for end in (b.value, b.high) if end), default=0.0)
        value = bar.value or 0.0

        def eighths(value: float) -> int:
            return round(value / largest * self.plot_width * 8) if largest else 0

        if bar.low is None or bar.high is None:
            full, part = divmod(eighths(value), 8)
            # A small value is not nothing: it keeps a sliver, but never a whole cell beside a large one.
            sliver = "▏" if value and not (full or part) else ""
            line.add("█" * full + (EIGHTHS[part] if part else "") + sliver, style)
        else:
            sure, at, end = (round(eighths(ends) / 8) for ends in (bar.low, value, bar.high))
            # What is less certain is drawn lighter, and the upper end of the range is a whisker.
            line.add("█" * sure + "▒" * (at - sure), style)
            line.add("─" * (end - at - 1) + "┤", self._style("range"))
        self._write_value(line, bar)

    def _draw_dot(self, line: Line, bar: Bar, style: Style) -> None:
        start = line.used
        if not bar.value:
            # Nothing has no place on a logarithmic scale.
            self._write_value(line.to(start + self.plot_width), bar)
            return
        low, high = self._decades()

        def column(value: float) -> int:
            return round((log10(value) - low) / (high - low) * (self.plot_width - 1))

        cells = [" "] * self.plot_width
        if bar.low and bar.high:
            left, right = column(bar.low), column(bar.high)
            cells[left : right + 1] = "─" * (right - left + 1)
            cells[left], cells[right] = "├", "┤"
        at = column(bar.value)
        line.add("".join(cells[:at]), self._style("range")).add("●", style)
        line.add("".join(cells[at + 1 :]), self._style("range"))
        self._write_value(line, bar)

    def _decades(self) -> tuple[float, float]:
        values = [v for bar in self.bars for v in (bar.value, bar.low, bar.high) if v]
        low, high = floor(log10(min(values))), log10(max(values))
        return low, max(high, low + 1e-9)

    def _write_value(self, line: Line, bar: Bar) -> None:
        value, assumed, ends = _written(bar)
        line.add(value, self._style("name")).add(assumed, self._style("assumed"))
        # A number that lost its end would be another number.
        line.add(fitted(ends, self.size.width - line.used), self._style("range"))

    def on_click(self, event: events.Click) -> None:
        """A click on a bar means its scenario."""
        number = self.first + event.get_content_offset_capture(self).y - 1
        if event.y and number < len(self.bars):
            self.post_message(self.Picked(number))
