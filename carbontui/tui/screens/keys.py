"""The keys that work here now."""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

NAMES = {
    "question_mark": "?",
    "colon": ":",
    "backspace": "⌫",
    "equals_sign": "=",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "delete": "del",
    "escape": "esc",
    "slash": "/",
    "left": "←",
    "right": "→",
    "shift+tab": "⇧tab",
    "shift+up": "⇧↑",
    "shift+down": "⇧↓",
}


class KeysScreen(ModalScreen[None]):
    """Lists the bindings of the screen below and of the app."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss", "Close", show=False)]
    DEFAULT_CSS = """
    KeysScreen {
        align: center middle;
        background: $background 60%;
        VerticalScroll {
            width: 76; max-width: 96%; height: auto; max-height: 92%;
            background: $surface; border: round $primary; padding: 0 2;
        }
        Static { width: auto; height: auto; }
    }
    """

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self.below = below

    def compose(self) -> ComposeResult:
        """A line a key."""
        text = Text()
        # What does not fit goes on below the sentence, not below the key.
        room = max(16, min(76, int(self.app.size.width * 0.96)) - 8 - 14)
        for owner in (self.below, self.app):
            for binding in owner.BINDINGS:
                if isinstance(binding, Binding) and binding.description:
                    keys = " ".join(NAMES.get(key, key) for key in binding.key.split(","))
                    said = f"\n{'':14}".join(wrap(binding.tooltip or binding.description, room))
                    text.append(f"{keys:>12}  ", "bold").append(f"{said}\n")
            text.append("\n")
        with VerticalScroll() as box:
            box.border_title = "Keys that work here"
            yield Static(text)
