"""A text to read, to scroll, and to take along."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class Reader(ModalScreen[None]):
    """Shows a text as it is; `y` sends it to the clipboard."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Close", show=False),
        Binding("y", "copy", "Send the text to the clipboard", show=False),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
    ]
    DEFAULT_CSS = """
    Reader {
        align: center middle;
        background: $background 60%;
        VerticalScroll {
            width: 96%; max-width: 112; height: auto; max-height: 92%;
            background: $surface; border: round $primary; padding: 0 1; border-subtitle-color: $text-muted;
        }
        Static { width: 100%; height: auto; }
    }
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.reader_title, self.text = title, text

    def compose(self) -> ComposeResult:
        """The text."""
        with VerticalScroll() as box:
            box.border_title = Content(self.reader_title)
            box.border_subtitle = "y clipboard · esc closes"
            yield Static(self.text, markup=False)

    def action_copy(self) -> None:
        """The terminal takes it or not; it does not answer."""
        self.app.copy_to_clipboard(self.text)
        self.query_one(VerticalScroll).border_subtitle = "sent to the terminal's clipboard · esc closes"

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
