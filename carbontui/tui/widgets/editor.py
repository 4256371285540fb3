"""Typing a value in place, read as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from carbontui.tui import bindings
from carbontui.tui.styles import stylesheet

# What was typed -> (whether it can be taken, what it means or why it is refused).
Reader = Callable[[str], tuple[bool, str]]


class Editor(ModalScreen[str | None]):
    """Ends with the text that was typed once it can be read, or None. `at` is the cell that it covers."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("editor")
    DEFAULT_CSS = stylesheet("editor")

    def __init__(self, title: str, text: str, reader: Reader, at: Region) -> None:
        super().__init__()
        self.editor_title, self.text, self.reader, self.at = title, text, reader, at

    def compose(self) -> ComposeResult:
        """The line that is typed, and what it means."""
        with Vertical(id="editor") as box:
            box.border_title = Content(self.editor_title)
            yield Input(self.text, compact=True)
            yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        """Stand over the cell."""
        self._place()
        self._read(self.text)
        self.query_one(Input).focus()

    def on_resize(self) -> None:
        """Stay in the window."""
        self._place()

    def _place(self) -> None:
        width = max(16, min(56, self.app.size.width - 2))
        box = self.query_one("#editor")
        box.styles.width = width
        x = max(0, min(self.at.x - 2, self.app.size.width - width))
        y = max(0, min(self.at.y - 1, self.app.size.height - 6))
        box.styles.offset = (x, y)

    def _read(self, text: str) -> bool:
        good, said = self.reader(text)
        static = self.query_one("#said", Static)
        static.update(said)
        static.set_class(not good, "refused")
        return good

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._read(event.value)

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        if self._read(event.value):
            self.dismiss(event.value)

    def action_leave(self) -> None:
        """Cancel."""
        self.dismiss(None)
