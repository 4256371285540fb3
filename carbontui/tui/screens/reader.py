"""A text to read, to scroll, and to take along."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from carbontui.tui import bindings
from carbontui.tui.host import host_of
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.hanging import broken

# As the style sheet has them: the most columns, the shares of the window, what border and padding take, and what a
# scrollbar takes.
_WIDEST, _SHARE, _HIGHEST, _FRAME, _BAR = 112, 0.96, 0.92, 4, 2


class Reader(ModalScreen[None]):
    """Shows a text as it is; `y` sends it to the clipboard."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("reader")
    DEFAULT_CSS = stylesheet("reader")

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.reader_title, self.text = title, text

    def compose(self) -> ComposeResult:
        """The text."""
        with VerticalScroll() as box:
            box.border_title = Content(self.reader_title)
            keys = [host_of(self).key(name) for name in ("reader.copy", "reader.close")]
            box.border_subtitle = f"{keys[0]} copy · {keys[1]} close"
            yield Static(markup=False)

    def on_resize(self) -> None:
        """Another width breaks lines elsewhere; what is copied has them as they were."""
        room = min(_WIDEST, int(_SHARE * self.size.width)) - _FRAME
        made = broken(self.text, room)
        if len(made) > int(_HIGHEST * self.size.height) - 2:
            made = broken(self.text, room - _BAR)
        self.query_one(Static).update("\n".join(made))

    def action_copy(self) -> None:
        """The terminal takes it or not; it does not answer."""
        self.app.copy_to_clipboard(self.text)
        close = host_of(self).key("reader.close")
        self.query_one(VerticalScroll).border_subtitle = f"sent to the terminal's clipboard · {close} close"

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
