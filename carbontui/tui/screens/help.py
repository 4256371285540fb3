"""The keys that work here now, to be read, searched and run."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from carbontui.tui import bindings
from carbontui.tui.bindings import Shown
from carbontui.tui.styles import stylesheet


class HelpScreen(ModalScreen[Shown | None]):
    """Lists keys and what they do, in groups, then what the signs mean; ends with what is to be run, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("help")
    DEFAULT_CSS = stylesheet("help")

    def __init__(self, groups: Sequence[Sequence[Shown]], signs: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.groups, self.signs = groups, signs

    def compose(self) -> ComposeResult:
        """A line a key."""
        with VerticalScroll() as box:
            box.border_title = "Keys and signs on this screen"
            box.border_subtitle = "/ find · enter run the match"
            yield Input(placeholder="what the key does", compact=True)
            yield Static(self._text(""))

    def _found(self, query: str) -> list[list[Shown]]:
        words = query.lower().split()
        return [[one for one in group if all(word in one.key.text.lower() for word in words)] for group in self.groups]

    def _text(self, query: str) -> Text:
        text = Text()
        # What does not fit goes on below the sentence, not below the key.
        room = max(16, min(76, int(self.app.size.width * 0.96)) - 8 - 14)
        keys = [[(" ".join(one.keys), one.key.text) for one in group] for group in self._found(query)]
        for group in (*keys, *([] if query.strip() else [self.signs])):
            for pressed, what in group:
                said = f"\n{'':14}".join(wrap(what, room))
                text.append(f"{pressed:>12}  ", "bold").append(f"{said}\n")
            if group:
                text.append("\n")
        return text if text.plain else Text("no key does that here\n")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one(Static).update(self._text(event.value))

    def action_filter(self) -> None:
        """Type what to look for."""
        field = self.query_one(Input)
        field.add_class("used")
        field.focus()

    @on(Input.Submitted)
    def action_run(self) -> None:
        """End with the first that was found, if anything was looked for."""
        query = self.query_one(Input).value
        first = next((one for group in self._found(query) for one in group), None)
        self.dismiss(first if query.strip() else None)
