"""The frame of every screen: the title, the tabs, the line above the keys."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from carbontui.tui.host import host_of
from carbontui.tui.styles import stylesheet
from carbontui.tui.widgets.line import Line, fitted

TABS = (
    ("plan", "Plan"),
    ("compare", "Compare"),
    ("map", "Map"),
    ("sweep", "Sweep"),
    ("registry", "Registry"),
    ("plugins", "Plugins"),
    ("ledger", "Ledger"),
)


_BEFORE, _BEHIND = " ", "  "


class TitleBar(Widget):
    """What is open, whether it is saved, and how it is compared."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"title--app", "title--star", "title--dim"}
    DEFAULT_CSS = stylesheet("title-bar")

    def __init__(self) -> None:
        super().__init__()
        self.left = ""
        self.changed = False
        self.right: tuple[str, ...] = ()

    def show(self, left: str, right: tuple[str, ...], *, changed: bool) -> None:
        """What stands left and right; `changed` puts the star."""
        if (left, right, changed) != (self.left, self.right, self.changed):
            self.left, self.right, self.changed = left, right, changed
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        style = self.get_component_rich_style
        line = Line(self.size.width, self.rich_style)
        line.add(" carbontui ", style("title--app", partial=True)).add("  ")
        line.add(fitted(self.left, 30))
        if self.changed:
            line.add(" *", style("title--star", partial=True))
        parts = list(self.right)
        while parts and cell_len("   ".join(parts)) + 3 > self.size.width - line.used:
            parts.pop()
        text = "   ".join(parts)
        return line.to(self.size.width - cell_len(text) - 1).add(text, style("title--dim", partial=True)).strip()


class Tabs(Widget):
    """The screens by name; the current one is underlined."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tabs--current", "tabs--other", "tabs--alert"}
    DEFAULT_CSS = stylesheet("tabs")

    def __init__(self, current: str) -> None:
        super().__init__()
        self.current = current
        self.alert = ""

    def show(self, alert: str) -> None:
        """`alert` stands behind the tabs."""
        if alert != self.alert:
            self.alert = alert
            self.refresh()

    def _texts(self) -> list[tuple[str, str]]:
        """The tabs, the last ones by their keys alone where all would leave no room for what stands behind them."""
        made = [(name, f"{host_of(self).key(name)} {text}".strip()) for name, text in TABS]
        room = self.size.width - len(self.alert)
        for n in reversed(range(len(made))):
            name = made[n][0]
            if sum(len(f"{_BEFORE}{text}{_BEHIND}") for _, text in made) > room and name != self.current:
                made[n] = (name, host_of(self).key(name))
        return made

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.rich_style)
        for name, text in self._texts():
            style = self.get_component_rich_style(
                "tabs--current" if name == self.current else "tabs--other", partial=True
            )
            line.add(_BEFORE).add(text, style).add(_BEHIND)
        if self.alert:
            line.add(self.alert, self.get_component_rich_style("tabs--alert", partial=True))
        return line.strip()

    async def on_click(self, event: events.Click) -> None:
        """A click opens the screen."""
        x = 0
        for name, text in self._texts():
            end = x + len(f"{_BEFORE}{text}{_BEHIND}")
            if x <= event.x < end:
                await self.app.run_action(f"go('{name}')")
            x = end


class Status(Widget):
    """One line: what the cursor is on, or what was just done."""

    DEFAULT_CSS = """
    Status { height: 1; color: $text-muted; }
    Status.error { color: $error; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def say(self, text: str, *, error: bool = False) -> None:
        """Another line; an error stands out."""
        if text != self.text:
            self.text = text
            self.set_class(error, "error")
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        return Line(self.size.width, self.rich_style).add(" ").cell(self.text, self.size.width - 1).strip()
