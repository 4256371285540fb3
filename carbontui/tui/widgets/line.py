"""What the line-drawn widgets share: building a strip from pieces of text and style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from carbontui.text.display import clipped
from carbontui_registry.text import drawable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    AnyWidget = Widget
else:
    AnyWidget = object


def fitted(text: str, width: int) -> str:
    """The text in at most `width` cells, with an ellipsis where it was cut."""
    text = drawable(text)
    if text.isascii() or cell_len(text) <= width:
        return clipped(text, width) if text.isascii() else text
    return f"{set_cell_size(text, width - 1)}…" if width > 0 else ""


def in_full(parts: Sequence[str], width: int, gap: str = "  ") -> str:
    """The parts that fit, the first before all others: one that does not is left out, as half of it says nothing."""
    made = ""
    for part in filter(None, parts):
        longer = f"{made}{gap}{part}" if made else part
        if cell_len(longer) <= width:
            made = longer
    return made


def first_of(parts: Sequence[str], width: int, gap: str) -> str:
    """The first parts that fit, of which each is about the one before and says nothing without it."""
    count = len(parts)
    while count and cell_len(gap.join(parts[:count])) > width:
        count -= 1
    return gap.join(parts[:count])


class Line:
    """Pieces of one line, cell by cell; text is data and is never read as markup."""

    def __init__(self, width: int, base: Style) -> None:
        self.width = width
        self.base = base
        self.used = 0
        self.segments: list[Segment] = []

    def add(self, text: str, style: Style | None = None) -> Line:
        """Text at the end, where there is room."""
        room = self.width - self.used
        if room > 0 and text:
            text = drawable(text)
            length = len(text) if text.isascii() else cell_len(text)
            if length > room:
                text, length = set_cell_size(text, room), room
            self.segments.append(Segment(text, self.base + style if style else self.base))
            self.used += length
        return self

    def to(self, column: int, style: Style | None = None) -> Line:
        """Blanks up to a column."""
        return self.add(" " * (column - self.used), style) if column > self.used else self

    def cell(self, text: str, width: int, style: Style | None = None) -> Line:
        """Text in exactly `width` columns, cut with an ellipsis."""
        end = self.used + width
        return self.add(fitted(text, width), style).to(end, style)

    def strip(self) -> Strip:
        """The finished line in its full width."""
        self.to(self.width)
        return Strip(self.segments, self.used)


class Looks(AnyWidget):
    """Styles looked up once, until the theme or the focus changes; of lines, only those drawn that differ.

    A mix-in and no widget: Textual takes the style sheet of the first base that is one.
    """

    _looks: dict[str, Style] | None = None
    # The size and the offset that they were drawn at, and the lines as far as they are known.
    _strips: tuple[object, dict[int, object]] | None = None

    def notify_style_update(self) -> None:
        """Styles are looked up again."""
        self._looks = self._strips = None
        super().notify_style_update()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As Textual has it: everything is drawn, unless regions are named."""
        if not regions:
            self._strips = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def shown_in(self, y: int) -> object:
        """What tells whether a line is still as it was; the line itself, where nothing that is made sooner does."""
        return self.render_line(y)

    def redraw(self) -> None:
        """Draw again what differs: what Textual does with a line takes longer than making it, and most stay as they are
        from one key to the next."""
        here = self.size, self.scroll_offset
        if self._strips is None or self._strips[0] != here:
            self.refresh()
            self._strips = here, {}
            return
        known, now = self._strips[1], {y: self.shown_in(y) for y in range(self.size.height)}
        changed = [y for y, shown in now.items() if known.get(y) != shown]
        known.update(now)
        if len(changed) > len(now) // 2:
            super().refresh()
        elif changed:
            super().refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def redraw_lines(self, *lines: int) -> None:
        """Draw these lines again, as far as they are in the window: all that differs, as the caller knows."""
        known = self._strips[1] if self._strips is not None else {}
        for y in lines:
            known.pop(y, None)
        regions = [Region(0, y, self.size.width, 1) for y in lines if y in range(self.size.height)]
        if regions:
            super().refresh(*regions)

    @property
    def look(self) -> Style:
        """The widget's own style."""
        return self._looked_up("", lambda: self.rich_style)

    def look_of(self, name: str) -> Style:
        """The style of a component class."""
        return self._looked_up(name, lambda: self.get_component_rich_style(name, partial=True))

    def _looked_up(self, name: str, found: Callable[[], Style]) -> Style:
        looks = self._looks
        if looks is None:
            looks = self._looks = {}
        if name not in looks:
            looks[name] = found()
        return looks[name]


class LineWidget(Looks, Widget):
    """A widget that draws itself line by line."""


class GridWidget(LineWidget, can_focus=True):
    """Cells with a cursor, which the wheel moves too."""

    def action_step(self, columns: int, rows: int) -> None:
        """Move the cursor and say so."""
        raise NotImplementedError

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor down."""
        self.action_step(0, 1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor up."""
        self.action_step(0, -1)
