"""The keys at the foot of the screen, as they are now, whatever a keymap says."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from carbontui.tui.bindings import LAST, Shown, active, foot
from carbontui.tui.styles import stylesheet
from carbontui.tui.widgets.line import Line


class Keys(Widget):
    """The most common keys that work here, as many as fit; a click on one presses it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key", "keys--text"}
    DEFAULT_CSS = stylesheet("keys")
    _active: list[Shown] | None = None

    def on_mount(self) -> None:
        """Follow the bindings of the screen: other ones are active where something is typed."""
        self.screen.bindings_updated_signal.subscribe(self, self._keys_changed)

    def _keys_changed(self, _screen: object) -> None:
        if self._active is not None and (now := active(self.screen)) != self._active:
            self._active = now
            self.refresh()

    @property
    def active_keys(self) -> list[Shown]:
        """What can be pressed now."""
        if self._active is None:
            self._active = active(self.screen)
        return self._active

    def _fitting(self) -> list[tuple[str, str, Shown]]:
        every = foot(self.active_keys, getattr(self.screen, "foremost", {}))
        always = [place for place in every if place[2].key.rank == LAST]
        room = self.size.width - 1 - sum(len(f"{keys} {label}  ") for keys, label, _ in always)
        shown = []
        for place in every[: len(every) - len(always)]:
            room -= len(f"{place[0]} {place[1]}  ")
            if room < 0:
                break
            shown.append(place)
        return [*shown, *always]

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The one line."""
        key_style: Style = self.get_component_rich_style("keys--key", partial=True)
        text_style = self.get_component_rich_style("keys--text", partial=True)
        line = Line(self.size.width, self.rich_style).add(" ")
        for keys, label, _ in self._fitting():
            line.add(keys, key_style).add(f" {label}", text_style).add("  ")
        return line.strip()

    async def on_click(self, event: events.Click) -> None:
        """A click does what the key does."""
        x = 1
        for keys, label, one in self._fitting():
            end = x + len(f"{keys} {label}  ")
            if x <= event.x < end:
                await self.app.run_action(one.key.action, one.node)
                return
            x = end
