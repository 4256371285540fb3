"""Export: what will be written, seen before it is."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import ScrollableContainer, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from carbontui.engine.comparison import Comparison
from carbontui.errors import AlreadyExists, FileError
from carbontui.formats import FORMATS, format_of, names_of, seen_from, write_format
from carbontui.formats import PRESETS as ALL_PRESETS
from carbontui.formats.export import export
from carbontui.text.table import cells_of
from carbontui.tui import bindings, recent
from carbontui.tui.host import host_of
from carbontui.tui.styles import stylesheet
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.text import clean, listed

PRESETS = tuple(ALL_PRESETS)


class ExportScreen(ModalScreen[list[str] | None]):
    """Keys change the format and with it the name's ending; the ending or the name of another format, typed, changes
    it too. Enter writes the file that is named. Ends with the paths written.

    A format of one scenario is of the scenario `number`, at first the one under the cursor. It does not open on a
    format whose file is `saved`, the one that the comparison itself is kept in.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("export")
    DEFAULT_CSS = stylesheet("export")

    def __init__(
        self, comparison: Comparison, catalogue: Catalogue, stem: str, number: int = 0, saved: str | None = None
    ) -> None:
        super().__init__()
        self.comparison, self.catalogue, self.number = comparison, catalogue, number
        # LaTeX loads no file with a space in its name, and a shell needs quotes around it.
        self.stem = "-".join(stem.split())
        self.formats = list(FORMATS)
        wanted = (name for name in (*recent.latest("format"), "toml", "markdown") if name in FORMATS)
        self.format = next(n for n in wanted if os.path.abspath(f"{stem}.{FORMATS[n].ending}") != saved)
        self.preset = next((name for name in recent.latest("preset") if name in PRESETS), PRESETS[0])
        self.text = ""
        # The name that was refused because it exists: Enter on the same one overwrites.
        self.overwrite = ""

    def _file(self, name: str) -> str:
        return f"{self.stem}.{FORMATS[name].ending}"

    def compose(self) -> ComposeResult:
        """Formats, preview, file name, what was said."""
        with Vertical(id="export") as box:
            box.border_title = "Export"
            yield Static(id="formats", markup=False)
            with ScrollableContainer(id="preview", can_focus=False):
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
            name.value = self._file(self.format)
        # What is typed takes its place; to change it, move the cursor first.
        name.select_all()
        self._say_keys()

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
        self.query_one("#preview", ScrollableContainer).scroll_to(0, 0, animate=False)
        self._say_keys()

    def _whose(self) -> str:
        comparison = self._of(self.format)
        if comparison.totals:
            return "all scenarios together"
        return f"scenario {clean(comparison.scenarios[comparison.baseline].name)!r}"

    def _say_keys(self) -> None:
        key = host_of(self).key
        ways = f"{key('export.next')} format"
        if other := self._other():
            ways += f" · {key('export.preset')} {other}"
        room = self.query_one("#preview").size.width
        if room and max(map(cells_of, self.text.splitlines()), default=0) > room:
            ways += f" · {key('export.left')} {key('export.right')} sideways"
        ways += f" · enter write · {key('export.copy')} copy · {key('export.leave')} cancel"
        names, why = names_of(self.format, os.path.expanduser(self.query_one(Input).value.strip()))
        files = f"writes {listed([clean(name) for name in names])}\n" if len(names) > 1 else f"{why}\n" if why else ""
        self._say(f"{files}{ways}")

    def _other(self) -> str:
        """What the key for more of the same format turns to, "" where there is no more."""
        if self.format == "statement":
            return "preset"
        several = len(self.comparison.scenarios) > 1 and not self.comparison.totals
        return "next scenario" if FORMATS[self.format].of_one and several else ""

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
        else:
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
        """The next preset of a statement, or the next scenario of a format of one."""
        other = self._other()
        if other == "preset":
            self.preset = PRESETS[(PRESETS.index(self.preset) + 1) % len(PRESETS)]
        elif other:
            self.number = (self.number + 1) % len(self.comparison.scenarios)
        if other:
            self._draw()

    def action_copy(self) -> None:
        """The terminal takes it or not; it does not answer."""
        self.app.copy_to_clipboard(self.text)
        self._say("sent to the terminal's clipboard; press Enter to write a file too")

    def action_scroll(self, by: int) -> None:
        """The preview up or down."""
        self.query_one("#preview", ScrollableContainer).scroll_relative(y=by, animate=False)

    def action_aside(self, by: int) -> None:
        """The preview to the left or right."""
        self.query_one("#preview", ScrollableContainer).scroll_relative(x=by, animate=False)

    def on_resize(self) -> None:
        """A wider window may have room for all of a line."""
        self.call_after_refresh(self._resaid)

    def _resaid(self) -> None:
        if not self.query_one("#said").has_class("refused"):
            self._say_keys()

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
