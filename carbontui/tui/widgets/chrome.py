"""The frame of every screen: the title, the tabs, the line above the keys."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from carbontui.text.table import wrapped
from carbontui.tui.host import host_of
from carbontui.tui.styles import stylesheet
from carbontui.tui.widgets.line import Line, fitted
from carbontui_registry.text import drawable

TABS = (
    ("plan", "Plan"),
    ("compare", "Compare"),
    ("map", "Map"),
    ("sweep", "Sweep"),
    ("registry", "Registry"),
    ("plugins", "Plugins"),
    ("ledger", "Ledger"),
)


# Before and behind a name, and before the next.
_SPACED, _TIGHT = ("", "   "), ("", " ")


class Alert(NamedTuple):
    """What is shown after the tabs, in full, and in short for a narrow window."""

    text: str
    short: str = ""


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
        """What is shown left and right; `changed` adds the star."""
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
        self.alerts: tuple[Alert, ...] = ()

    def show(self, alerts: tuple[Alert, ...]) -> None:
        """`alerts` stand behind the tabs."""
        if alerts != self.alerts:
            self.alerts = alerts
            self.refresh()

    def _fitted(self) -> tuple[list[tuple[str, str]], str]:
        """Each tab with what is drawn of it, and what follows them: in a narrow window closer together, then with what
        follows in short, and at last with the last tabs as their keys alone."""
        whole = "   ".join(alert.text for alert in self.alerts)
        short = "  ".join(alert.short or alert.text for alert in self.alerts)
        names = [(name, f"{host_of(self).key(name)} {text}".strip()) for name, text in TABS]
        for (before, behind), said in ((_SPACED, whole), (_TIGHT, whole), (_TIGHT, short)):
            made = [(name, f"{before}{text}{behind}") for name, text in names]
            if sum(len(text) for _, text in made) + len(said) <= self.size.width - 1:
                return made, said
        for n in reversed(range(len(made))):
            if sum(len(text) for _, text in made) + len(short) > self.size.width - 1 and names[n][0] != self.current:
                made[n] = (names[n][0], f"{host_of(self).key(names[n][0])} ")
        return made, short

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.rich_style).add(" ")
        tabs, alert = self._fitted()
        for name, text in tabs:
            style = self.get_component_rich_style(
                "tabs--current" if name == self.current else "tabs--other", partial=True
            )
            bare = text.strip()
            before, _, behind = text.partition(bare)
            line.add(before).add(bare, style).add(behind)
        if alert:
            line.add(alert, self.get_component_rich_style("tabs--alert", partial=True))
        return line.strip()

    async def on_click(self, event: events.Click) -> None:
        """A click opens the screen."""
        x = 1
        for name, text in self._fitted()[0]:
            end = x + len(text)
            if x <= event.x < end:
                await self.app.run_action(f"go('{name}')")
            x = end


# What is wrong is never cut where these lines are enough.
_MOST_LINES = 4


class Status(Widget):
    """What the cursor is on, in one line; what was just done or is wrong, in as many as it takes."""

    DEFAULT_CSS = """
    Status { height: 1; color: $text-muted; }
    Status.error { color: $error; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def say(self, text: str, *, error: bool = False, whole: bool = False) -> None:
        """Another line; an error stands out, and it is never cut, nor is what is to be read as a `whole`."""
        if text != self.text:
            self.text = text
            self.set_class(error, "error")
            self.styles.height = min(_MOST_LINES, len(self._lines())) if error or whole else 1
            self.refresh()

    def _lines(self) -> list[str]:
        return wrapped([drawable(self.text)], self.app.size.width - 2)

    def render_line(self, y: int) -> Strip:
        """The one line, or one of several."""
        lines = self._lines()[y:]
        if y < self.size.height - 1:
            lines = lines[:1]
        text = " ".join(line.strip() for line in lines)
        return Line(self.size.width, self.rich_style).add(" ").cell(text, self.size.width - 1).strip()
