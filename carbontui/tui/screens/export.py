"""Export: what will be written, seen before it is."""

from __future__ import annotations

import os.path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from carbontui.comparison import Comparison
from carbontui.exchange.files import FileError, write
from carbontui.exchange.formats import FORMATS, write_format
from carbontui_registry.catalogue import Catalogue


class ExportScreen(ModalScreen[str | None]):
    """Left and right change the format, Enter writes the file that is named; ends with its path."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("tab,ctrl+right", "format(1)", "Next format", show=False, priority=True),
        Binding("shift+tab,ctrl+left", "format(-1)", "Previous format", show=False, priority=True),
        Binding("ctrl+y", "copy", "Send to the clipboard", show=False, priority=True),
        Binding("pagedown,down", "scroll(8)", "Down", show=False, priority=True),
        Binding("pageup,up", "scroll(-8)", "Up", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ExportScreen {
        align: center middle;
        background: $background 60%;
        #export { width: 96%; height: 94%; background: $surface; border: round $primary; padding: 0 1; }
        #formats { height: auto; max-height: 4; }
        #preview { height: 1fr; border-top: solid $surface-lighten-2; border-bottom: solid $surface-lighten-2; }
        #preview Static { width: auto; height: auto; color: $text-muted; }
        Input, Input:focus { border: none; height: 1; padding: 0; background: $surface; }
        #said { height: 1; color: $text-muted; }
        #said.refused { color: $error; text-style: bold; }
    }
    """

    def __init__(self, comparison: Comparison, catalogue: Catalogue, stem: str) -> None:
        super().__init__()
        self.comparison, self.catalogue, self.stem = comparison, catalogue, stem
        self.formats = list(FORMATS)
        self.format = "toml"
        self.text = ""
        self.force_for = ""

    def compose(self) -> ComposeResult:
        """Formats, preview, file name, what was said."""
        with Vertical(id="export") as box:
            box.border_title = "Export"
            yield Static(id="formats", markup=False)
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="text", markup=False)
            yield Input(compact=True)
            yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        """The first preview."""
        self._draw()
        self.query_one(Input).focus()

    def _draw(self) -> None:
        ending, what = FORMATS[self.format]
        names = "".join(f"[{name}]" if name == self.format else f" {name} " for name in self.formats)
        self.query_one("#formats", Static).update(f"{names}\n{what}")
        self.text = write_format(self.format, self.comparison, self.catalogue, width=None, colour=False)
        self.query_one("#text", Static).update(self.text)
        self.query_one(Input).value = f"{self.stem}.{ending}"
        self._say("tab other format · enter writes · ctrl+y clipboard · esc leaves")

    def _say(self, text: str, *, refused: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(text)
        said.set_class(refused, "refused")

    @on(Input.Submitted)
    def _write(self, event: Input.Submitted) -> None:
        path = os.path.expanduser(event.value.strip())
        try:
            write(path, self.text, force=self.force_for == path)
        except FileError as error:
            text = str(error)
            if "--force" in text:
                # The second Enter on the same name is the answer to the question that the first one asked.
                self.force_for = path
                text = f"{path} is there already; Enter once more replaces it"
            self._say(text, refused=True)
            return
        self.dismiss(path)

    def action_format(self, by: int) -> None:
        """The next format."""
        self.format = self.formats[(self.formats.index(self.format) + by) % len(self.formats)]
        self._draw()

    def action_copy(self) -> None:
        """The terminal takes it or not; it does not answer."""
        self.app.copy_to_clipboard(self.text)
        self._say("sent to the terminal's clipboard; Enter writes a file as well")

    def action_scroll(self, by: int) -> None:
        """The preview up or down."""
        self.query_one("#preview", VerticalScroll).scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Write nothing."""
        self.dismiss(None)
