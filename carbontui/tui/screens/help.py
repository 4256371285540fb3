"""The keys that work here now."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from carbontui.tui import bindings
from carbontui.tui.styles import stylesheet


class HelpScreen(ModalScreen[None]):
    """Lists keys and what they do, in groups, then what the signs mean."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("help")
    DEFAULT_CSS = stylesheet("help")

    def __init__(self, groups: Sequence[Sequence[tuple[str, str]]], signs: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.groups, self.signs = groups, signs

    def compose(self) -> ComposeResult:
        """A line a key."""
        text = Text()
        # What does not fit goes on below the sentence, not below the key.
        room = max(16, min(76, int(self.app.size.width * 0.96)) - 8 - 14)
        for group in (*self.groups, self.signs):
            for keys, what in group:
                said = f"\n{'':14}".join(wrap(what, room))
                text.append(f"{keys:>12}  ", "bold").append(f"{said}\n")
            text.append("\n")
        with VerticalScroll() as box:
            box.border_title = "Keys that work here, and what signs mean"
            yield Static(text)
