"""Opening, saving and exporting from Compare."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from textual.worker import Worker, WorkerState, get_current_worker

from carbontui.comparison import settled
from carbontui.exchange.files import FileError
from carbontui.scenario import Scenario, ScenarioError
from carbontui.tui import kept, workspace
from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.widgets.sheet import Sheet
from carbontui_registry.catalogue import UnknownName
from carbontui_registry.text import clean

if TYPE_CHECKING:
    from typing import Any

# How files end that are comparisons, and that other tools write.
OPENED = (".toml", ".json")
IMPORTED = (".csv", ".log", ".txt")


class FileActions(CarbonScreen):
    """What Compare can do with files. Nothing is replaced that the user has not seen and asked to replace."""

    # The question that the last save left open; the same save once more is the answer.
    asked: str = ""
    # What is being read of another tool's file.
    reading: Worker[tuple[Scenario, ...]] | None = None
    read_from: str = ""

    def action_save(self) -> None:
        """To the file it came from, or a new one."""
        path = self.carbon.workspace.path
        if path is None:
            self.action_save_as()
            return
        doubt = self._doubt(path)
        if doubt and self.asked != doubt:
            self.asked = doubt
            self.say(f"{doubt}; s once more replaces it, S saves elsewhere")
            return
        self.asked = ""
        self._save(path, force=True)

    def _doubt(self, path: str) -> str:
        """Why the file should not be replaced unasked, if there is a reason."""
        if kept.stamp(path) != self.carbon.workspace.stamp:
            return f"{os.path.basename(path)} was changed by someone else since it was opened"
        if kept.has_comments(path):
            return f"{os.path.basename(path)} has comments, which saving would lose"
        return ""

    def action_save_as(self) -> None:
        """To another file."""
        from carbontui.tui.widgets.editor import Editor

        def read(text: str) -> tuple[bool, str]:
            if not text.endswith((".toml", ".json")):
                return False, "the name ends in .toml or .json"
            full = os.path.abspath(os.path.expanduser(text))
            if os.path.lexists(full) and full != self.carbon.workspace.path:
                return False, "is there already; choose another name"
            return True, full

        def typed(text: str | None) -> None:
            if text is not None:
                self._save(text, force=text == self.carbon.workspace.path)

        name = self.carbon.workspace.path or f"{self.carbon.workspace.question.title or 'comparison'}.toml"
        self.app.push_screen(Editor("Save as", name, read, self.query_one(Sheet).cell_region()), typed)

    def _save(self, path: str, *, force: bool) -> None:
        from carbontui.exchange.files import write
        from carbontui.exchange.formats import write_format

        app = self.carbon
        path = os.path.abspath(os.path.expanduser(path))
        name = "json" if path.endswith(".json") else "toml"
        try:
            text = write_format(name, app.comparison, app.catalogue, width=None, colour=False)
            write(path, text, force=force)
        except FileError as error:
            self.say(str(error))
            return
        space = app.workspace
        app.slot = path if app.slot else None
        app.set_workspace(space.replace(path=path, saved=space.question, stamp=kept.stamp(path)))
        kept.remember("file", path)
        self.say(f"saved {path}")

    def action_open(self) -> None:
        """Another comparison, or what another tool wrote: a recent file, one of this folder, or what is typed."""
        from carbontui.tui.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        recent = kept.recent("file")
        here = sorted(name for name in os.listdir() if name.endswith(OPENED + IMPORTED) and os.path.isfile(name))
        # Comparisons first.
        here.sort(key=lambda name: not name.endswith(OPENED))
        offered = [Choice(path, path, "recent", path.lower()) for path in recent]
        offered += [
            Choice(name, name, "here" if name.endswith(OPENED) else "import", name.lower())
            for name in here
            if os.path.abspath(name) not in recent
        ]
        self.app.push_screen(Picker("file", "Open, or import", offered, free=True), self._open)

    def _open(self, path: str | None) -> None:
        if path is None:
            return
        from carbontui.exchange.files import read
        from carbontui.exchange.importing import kind_of

        path = os.path.abspath(os.path.expanduser(path))
        stamp = kept.stamp(path)
        try:
            kind = None if path.endswith(".toml") else kind_of(path)
            if kind is not None or not path.endswith(OPENED):
                self._import(path, kind)
                return
            question, document = read(path)
            question = settled(question, self.carbon.catalogue)
        except (FileError, ScenarioError, UnknownName) as error:
            self._refuse(path, error)
            return
        app = self.carbon
        app.slot = path if app.slot else None
        app.set_workspace(workspace.open_other(app.workspace, question, path, stamp))
        kept.remember("file", path)
        self.say(self._other_than(document) or f"opened {path}; u brings back what was there")

    def _refuse(self, path: str, error: Exception) -> None:
        """Say why a file is not opened: in the line above the keys, and in full where that is too short."""
        name = os.path.basename(path)
        text = clean(str(error)).replace(clean(path), clean(name))
        self.say(text)
        if len(text) > self.size.width - 2:
            from carbontui.tui.screens.reader import Reader

            self.app.push_screen(Reader("Not opened; everything is as it was", text))

    def _other_than(self, document: dict[str, Any]) -> str:
        """What one sees otherwise than the file has it: its results, or what the registry says by now."""
        from carbontui.exchange.document import differing
        from carbontui.tui.app import drift_notice

        other = differing(document, self.carbon.comparison)
        if other:
            name, key, was, now = other[0]
            more = f", and {len(other) - 1} more" if len(other) > 1 else ""
            return (
                f"{key} of {name} is {was!r} in the file, {'unknown' if now is None else repr(now)} by its inputs{more}"
            )
        return drift_notice(self.carbon.drifts())

    def action_drift(self) -> None:
        """What the registry has otherwise than the files that the scenarios came from."""
        from carbontui.tui.screens.drift import DriftScreen

        drifts, question = self.carbon.drifts(), self.carbon.workspace.question
        if not drifts:
            carried = any(scenario.carried or scenario.sealed for scenario in question.scenarios)
            same = "the registry has every figure that it brought as these files have it"
            self.say(same if carried else "nothing here came from a file; what the registry says is what is shown")
            return

        def picked(numbers: tuple[int, ...] | None) -> None:
            from carbontui.drift import update

            if numbers:
                what = "one figure" if len(numbers) == 1 else f"{len(numbers)} figures"
                self.carbon.act(f"{what} from the registry", update(question, drifts, numbers))
                self.say(f"took over {what} from the registry; u brings back what the file has")

        self.app.push_screen(DriftScreen(drifts, question.metric), picked)

    # Other tools' files

    def _import(self, path: str, kind: str | None) -> None:
        """Read a file of another tool beside the running app, and add what is in it."""
        if kind is None:
            from carbontui.exchange.importing import KINDS
            from carbontui.tui.choices import Choice
            from carbontui.tui.widgets.picker import Picker

            def chosen(name: str | None) -> None:
                if name is not None:
                    self._import(path, name)

            offered = [Choice(name, what, "", f"{name} {what}".lower()) for name, what in KINDS.items()]
            self.app.push_screen(Picker("kind", f"What is {os.path.basename(path)}?", offered), chosen)
            return
        self.read_from = path
        name = clean(os.path.basename(path))
        self.say(f"reading {name} ...")
        self.reading = self.run_worker(
            lambda: self._read(path, kind),
            thread=True,
            exclusive=True,
            group="importing",
            exit_on_error=False,
            name=name,
        )

    def _read(self, path: str, kind: str) -> tuple[Scenario, ...]:
        from carbontui.exchange.importing import Reading, read_files

        worker = get_current_worker()

        def progress(_path: str, done: int, total: int) -> None:
            if worker.is_cancelled:
                raise FileError("stopped; everything is as it was")
            share = f"{100 * done // total} %" if total else f"{done >> 20} MiB"
            self.app.call_from_thread(self.say, f"reading {worker.name}: {share} ... esc stops")

        return read_files(kind, [path], Reading(self.carbon.catalogue, progress=progress))

    def stop_reading(self) -> bool:
        """Stop what is being read; False where nothing is."""
        if self.reading is None:
            return False
        self.reading.cancel()
        self.reading = None
        self.say("stopped; everything is as it was")
        return True

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Add what was read, or say why it cannot be."""
        if event.worker is not self.reading:
            return
        if event.state is WorkerState.ERROR:
            self.reading = None
            error = event.worker.error
            if not isinstance(error, FileError):
                assert error is not None
                raise error
            self._refuse(self.read_from, error)
        elif event.state is WorkerState.SUCCESS and event.worker.result is not None:
            self.reading = None
            new: tuple[Scenario, ...] = event.worker.result
            question = self.carbon.workspace.question
            at = len(question.scenarios)
            self.carbon.act(f"import {event.worker.name}", workspace.add(question, at, *new))
            self.query_one(Sheet).go_to(at, None)
            what = "one scenario" if len(new) == 1 else f"{len(new):,} scenarios"
            self.say(f"imported {what} from {event.worker.name}: n notes, u undoes")

    def action_export(self) -> None:
        """A preview in each format, and a file."""
        from carbontui.tui.screens.export import ExportScreen

        app = self.carbon
        if not app.comparison.scenarios:
            self.say("nothing to export yet: a adds a scenario")
            return

        def written(path: str | None) -> None:
            if path is not None:
                self.say(f"wrote {path}")

        stem = os.path.splitext(app.workspace.title)[0]
        self.app.push_screen(ExportScreen(app.comparison, app.catalogue, stem), written)
