"""The frame of every screen: the title, the tabs, the keys at the foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from carbontui.tui.widgets.line import Line, fitted

TABS = (("compare", "Compare"), ("sweep", "Sweep"), ("registry", "Registry"), ("plugins", "Plugins"))


def keys_of(screen: str) -> Callable[[str, str, str, str], Binding]:
    """What makes the bindings of a screen: keys, action, a short word for its id, a sentence for the list of keys."""

    def key(keys: str, action: str, short: str, text: str) -> Binding:
        return Binding(keys, action, text, id=f"{screen}.{short}", show=False)

    return key


class TitleBar(Widget):
    """What is open, whether it is saved, and how it is compared."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"title--app", "title--star", "title--dim"}
    DEFAULT_CSS = """
    TitleBar {
        height: 1;
        background: $panel;
        .title--app { background: $success; color: $background; text-style: bold; }
        .title--star { color: $warning; }
        .title--dim { color: $text-muted; }
    }
    """

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
    DEFAULT_CSS = """
    Tabs {
        height: 1;
        .tabs--current { color: $success; text-style: bold underline; }
        .tabs--other { color: $text-muted; }
        .tabs--alert { color: $warning; }
    }
    """

    def __init__(self, current: str) -> None:
        super().__init__()
        self.current = current
        self.alert = ""

    def show(self, alert: str) -> None:
        """`alert` stands behind the tabs."""
        if alert != self.alert:
            self.alert = alert
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.rich_style)
        for number, (name, text) in enumerate(TABS, 1):
            style = self.get_component_rich_style(
                "tabs--current" if name == self.current else "tabs--other", partial=True
            )
            line.add(" ").add(f"{number} {text}", style).add("  ")
        if self.alert:
            line.add(self.alert, self.get_component_rich_style("tabs--alert", partial=True))
        return line.strip()

    async def on_click(self, event: events.Click) -> None:
        """A click opens the screen."""
        x = 0
        for number, (name, text) in enumerate(TABS, 1):
            end = x + len(f" {number} {text}  ")
            if x <= event.x < end:
                await self.app.run_action(f"go('{name}')")
            x = end


class Kinds(Widget):
    """The kinds of records with their keys and how many there are; how many are marked."""

    KINDS = (("hardware", "h", "Hardware"), ("region", "g", "Regions"), ("model", "m", "Models"), ("run", "r", "Runs"))
    COMPONENT_CLASSES: ClassVar[set[str]] = {"kinds--key", "kinds--current", "kinds--other", "kinds--marked"}
    DEFAULT_CSS = """
    Kinds {
        height: 1;
        .kinds--key { color: $success; text-style: bold; }
        .kinds--current { text-style: bold reverse; }
        .kinds--other { color: $text-muted; }
        .kinds--marked { color: $success; }
    }
    """

    class Picked(Message):
        """A kind was clicked."""

        def __init__(self, kind: str) -> None:
            super().__init__()
            self.kind = kind

    def __init__(self) -> None:
        super().__init__()
        self.current = ""
        self.counts: dict[str, int] = {}
        self.marked = 0

    def show(self, current: str, counts: dict[str, int], marked: int) -> None:
        """Which kind is listed, how many there are of each, and how many records are marked."""
        if (current, counts, marked) != (self.current, self.counts, self.marked):
            self.current, self.counts, self.marked = current, counts, marked
            self.refresh()

    def _texts(self) -> list[tuple[str, str, str]]:
        return [(kind, key, f" {text} {self.counts.get(kind, 0):,} ") for kind, key, text in self.KINDS]

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        line = Line(self.size.width, self.rich_style).add(" ")
        for kind, key, text in self._texts():
            mark = "current" if kind == self.current else "other"
            style = self.get_component_rich_style(f"kinds--{mark}", partial=True)
            line.add(key, self.get_component_rich_style("kinds--key", partial=True)).add(" ").add(text, style).add("  ")
        if self.marked:
            line.add(f"● {self.marked} marked", self.get_component_rich_style("kinds--marked", partial=True))
        return line.strip()

    def on_click(self, event: events.Click) -> None:
        """A click opens the kind."""
        x = 1
        for kind, _, text in self._texts():
            end = x + len(text) + 4
            if x <= event.x < end:
                self.post_message(self.Picked(kind))
            x = end


class Status(Widget):
    """One line: what the cursor is on, or what was just done."""

    DEFAULT_CSS = """
    Status { height: 1; color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def say(self, text: str) -> None:
        """Another line."""
        if text != self.text:
            self.text = text
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        return Line(self.size.width, self.rich_style).add(" ").cell(self.text, self.size.width - 1).strip()


class Keys(Widget):
    """The commonest keys that work here, as far as they fit; a click on one is the key."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key", "keys--text"}
    DEFAULT_CSS = """
    Keys {
        height: 1;
        background: $panel;
        .keys--key { color: $success; text-style: bold; }
        .keys--text { color: $text-muted; }
    }
    """

    def __init__(self, *keys: tuple[str, str, str]) -> None:
        super().__init__()
        # The last one, which opens the list of all keys, is shown whatever the width.
        self.keys = keys

    def _fitting(self) -> list[tuple[str, str, str]]:
        room = self.size.width - 1 - len(" ".join(self.keys[-1][:2])) - 2
        shown = []
        for key in self.keys[:-1]:
            room -= len(f"{key[0]} {key[1]}  ")
            if room < 0:
                break
            shown.append(key)
        return [*shown, self.keys[-1]]

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        key_style: Style = self.get_component_rich_style("keys--key", partial=True)
        text_style = self.get_component_rich_style("keys--text", partial=True)
        line = Line(self.size.width, self.rich_style).add(" ")
        for key, text, _ in self._fitting():
            line.add(key, key_style).add(f" {text}", text_style).add("  ")
        return line.strip()

    async def on_click(self, event: events.Click) -> None:
        """A click does what the key does."""
        x = 1
        for key, text, action in self._fitting():
            end = x + len(f"{key} {text}  ")
            if x <= event.x < end:
                await self.screen.run_action(action)
                return
            x = end
