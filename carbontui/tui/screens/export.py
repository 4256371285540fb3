"""Export: what will be written, seen before it is."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from carbontui.engine.comparison import Comparison
from carbontui.errors import AlreadyExists, FileError
from carbontui.formats import FORMATS, format_of, seen_from, write_format
from carbontui.formats import PRESETS as ALL_PRESETS
from carbontui.formats.export import export
from carbontui.tui import bindings, recent
from carbontui.tui.host import host_of
from carbontui.tui.styles import stylesheet
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.text import clean

PRESETS = tuple(ALL_PRESETS)


class ExportScreen(ModalScreen[list[str] | None]):
    """Keys change the format and with it the name's ending; the ending or the name of another format, typed, changes
    it too. Enter writes the file that is named. Ends with the paths written.

    A format of one scenario is of the scenario `number`, under the cursor.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("export")
    DEFAULT_CSS = stylesheet("export")

    def __init__(self, comparison: Comparison, catalogue: Catalogue, stem: str, number: int = 0) -> None:
        super().__init__()
        self.comparison, self.catalogue, self.stem, self.number = comparison, catalogue, stem, number
        self.formats = list(FORMATS)
        self.format = next((name for name in recent.latest("format") if name in FORMATS), "toml")
        self.preset = next((name for name in recent.latest("preset") if name in PRESETS), PRESETS[0])
        self.text = ""
        # The name that was refused because it exists: Enter on the same one overwrites.
        self.overwrite = ""

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
        self._name_by_format()
        self.query_one(Input).focus()

    def _name_by_format(self) -> None:
        """The preview, and a name with the ending of the format."""
        self._draw()
        name = self.query_one(Input)
        with name.prevent(Input.Changed):
            name.value = f"{self.stem}.{FORMATS[self.format].ending}"
        name.cursor_position = len(name.value)

    def _of(self, form: str) -> Comparison:
        return seen_from(form, self.comparison, self.number)

    def _draw(self) -> None:
        what = FORMATS[self.format].purpose
        if FORMATS[self.format].of_one:
            what = f"{what}: {self._whose()}"
        if self.format == "statement":
            what = f"{what}\n{_picked(PRESETS, self.preset)}"
        self.query_one("#formats", Static).update(f"{_picked(self.formats, self.format)}\n{what}")
        of = self._of(self.format)
        self.text = write_format(self.format, of, self.catalogue, width=None, colour=False, preset=self.preset)
        self.query_one("#text", Static).update(self.text)
        self._say_keys()

    def _whose(self) -> str:
        comparison = self._of(self.format)
        if comparison.totals:
            return "all scenarios together"
        return clean(comparison.scenarios[comparison.baseline].name)

    def _say_keys(self) -> None:
        key = host_of(self).key
        ways = f"{key('export.next')} next format"
        if self.format == "statement":
            ways = f"{key('export.next')} format · {key('export.preset')} preset"
        self._say(f"{ways} · enter write · {key('export.copy')} copy · {key('export.leave')} cancel")

    def _say(self, text: str, *, refused: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(text)
        said.set_class(refused, "refused")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """The preview is of what Enter would write."""
        form = _named(event.value)
        if not form:
            try:
                form = self._format_of(event.value.strip())
            except FileError:
                # Half of an ending is none.
                form = self.format
        if form != self.format:
            self.format = form
            self._draw()
        elif self.query_one("#said").has_class("refused"):
            self._say_keys()

    @on(Input.Submitted)
    def _write(self, event: Input.Submitted) -> None:
        if form := _named(event.value):
            self.format = form
            self._name_by_format()
            return
        path = os.path.expanduser(event.value.strip())
        force = bool(path) and self.overwrite == path
        try:
            form = self._format_of(path)
            written = export(form, path, self._of(form), self.catalogue, preset=self.preset, force=force)
        except AlreadyExists as error:
            self.overwrite = path
            self._say(f"{clean(error.path)}: already exists; press Enter again to overwrite", refused=True)
        except FileError as error:
            self._say(str(error), refused=True)
        else:
            recent.remember("format", form)
            if form == "statement":
                recent.remember("preset", self.preset)
            self.dismiss(written)

    def _format_of(self, path: str) -> str:
        """The format of the name's ending, which may be the last part of that of the format that is shown. Raises
        `FileError`."""
        found = format_of(path)
        last = FORMATS[self.format].ending.rpartition(".")[2]
        return self.format if FORMATS[found].ending == last else found

    def action_format(self, by: int) -> None:
        """The next format."""
        self.format = self.formats[(self.formats.index(self.format) + by) % len(self.formats)]
        self._name_by_format()

    def action_preset(self) -> None:
        """The next preset, in a statement."""
        if self.format == "statement":
            self.preset = PRESETS[(PRESETS.index(self.preset) + 1) % len(PRESETS)]
            self._draw()

    def action_copy(self) -> None:
        """The terminal takes it or not; it does not answer."""
        self.app.copy_to_clipboard(self.text)
        self._say("sent to the terminal's clipboard; press Enter to write a file too")

    def action_scroll(self, by: int) -> None:
        """The preview up or down."""
        self.query_one("#preview", VerticalScroll).scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Write nothing."""
        self.dismiss(None)


def _named(typed: str) -> str:
    """The format whose name or ending is all that was typed, or ""."""
    word = typed.strip().lower()
    endings = {one.ending: name for name, one in FORMATS.items()}
    return word if word in FORMATS else endings.get(word.removeprefix("."), "")


def _picked(names: Sequence[str], picked: str) -> str:
    return "".join(f"[{name}]" if name == picked else f" {name} " for name in names)
