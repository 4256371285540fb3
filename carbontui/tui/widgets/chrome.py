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


# Columns of a title, and between what is said beside it.
_LONGEST_TITLE, _SHORTEST_TITLE, _BETWEEN = 30, 8, 3


class TitleBar(Widget):
    """What is open, whether it is saved, and how it is compared."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"title--app", "title--star", "title--dim"}
    DEFAULT_CSS = stylesheet("title-bar")

    def __init__(self) -> None:
        super().__init__()
        self.left, self.file = "", ""
        self.changed = False
        self.right: tuple[str, ...] = ()
        self.more = ""

    def show(self, heading: tuple[str, str], right: tuple[str, ...], more: str, *, changed: bool) -> None:
        """The title and the name of its file at the left; what is at the right, and behind that where there is room;
        `changed` adds the star."""
        if (heading, right, more, changed) != ((self.left, self.file), self.right, self.more, self.changed):
            (self.left, self.file), self.right, self.more, self.changed = heading, right, more, changed
            self.refresh()

    def _fitted(self, room: int) -> tuple[str, str, str]:
        """Title, file and the texts at the right, cut to `room` columns: what is the same on every screen is dropped
        first, then the file; then of the title and the longest text at the right, which is a name, the longer."""
        title, parts = drawable(self.left), [*self.right, self.more]
        star, file = 2 * self.changed, fitted(self.file, _LONGEST_TITLE)

        def excess() -> int:
            named = cell_len(title) + star + (cell_len(file) + _BETWEEN if file else 0)
            return named + sum(cell_len(part) + _BETWEEN for part in parts if part) - room

        if excess() > 0:
            parts.pop()
        if excess() > 0:
            file = ""
        if (over := excess()) > 0:
            longest = max(range(len(parts)), key=lambda n: cell_len(parts[n]), default=None)
            name = parts[longest] if longest is not None else ""
            both = cell_len(title) + cell_len(name) - over
            title = fitted(title, max(_SHORTEST_TITLE, both // 2, both - cell_len(name)))
            if longest is not None:
                parts[longest] = fitted(name, max(_SHORTEST_TITLE, both - cell_len(title)))
        while parts and excess() > 0:
            parts.pop(0)
        return title, file, (" " * _BETWEEN).join(filter(None, parts))

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        style = self.get_component_rich_style
        line = Line(self.size.width, self.rich_style)
        line.add(" carbontui ", style("title--app", partial=True)).add("  ")
        title, file, text = self._fitted(self.size.width - line.used - 1)
        line.add(title)
        if self.changed:
            line.add(" *", style("title--star", partial=True))
        if file:
            line.add(" " * _BETWEEN + file, style("title--dim", partial=True))
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
        self.lines = 1

    def say(self, text: str, *, error: bool = False, whole: bool = False) -> None:
        """Another line; an error stands out, and it is never cut, nor is what is to be read as a `whole`."""
        if text != self.text:
            self.text = text
            self.set_class(error, "error")
            self.lines = min(_MOST_LINES, len(self._lines())) if error or whole else 1
            self.styles.height = self.lines
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
