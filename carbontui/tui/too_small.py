"""A window in which nothing useful fits: it says so, and no key does what nobody could see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.strip import Strip
from textual.widget import Widget

from carbontui.tui.widgets.line import Line

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.screen import Screen

# Below this, columns and rows of figures are no table any more.
SMALLEST = (60, 16)


def is_small(size: Size) -> bool:
    """Whether nothing useful fits."""
    return size.width < SMALLEST[0] or size.height < SMALLEST[1]


class TooSmall(Widget):
    """What is needed, in place of everything; keeps what had the focus."""

    DEFAULT_CSS = "TooSmall { width: 100%; height: 100%; }"

    def __init__(self, had_focus: Widget | None) -> None:
        super().__init__()
        self.had_focus = had_focus

    def render_line(self, y: int) -> Strip:
        """One line."""
        line = Line(self.size.width, self.rich_style)
        have = self.app.size
        return line.add(f"needs {SMALLEST[0]}x{SMALLEST[1]}, has {have.width}x{have.height}" if y == 0 else "").strip()


def fit(screen: Screen[Any], size: Size, home: Widget | None = None) -> None:
    """Show a screen, or in a small window what it needs; what had the focus gets it back with its room, or `home` where
    nothing had it."""
    small = is_small(size)
    cover = next(iter(screen.query(TooSmall)), None)
    if small and cover is None:
        screen.mount(TooSmall(screen.focused))
    elif not small and cover is not None:
        if (focus := cover.had_focus or home) is not None:
            screen.call_after_refresh(focus.focus)
        cover.remove()
    screen.set_class(small, "small")
    if screen.is_modal:
        # Textual's own, such as a tooltip that nobody sees, stay as they are.
        for child in screen.query_children("*").exclude(".-textual-system"):
            child.display = isinstance(child, TooSmall) or not small
