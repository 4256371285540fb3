"""Other tools' files: read while the app runs, and added to Compare."""

from __future__ import annotations

import os.path

from textual.worker import Worker, WorkerState, get_current_worker

from carbontui.engine.scenario import Scenario
from carbontui.errors import FileError
from carbontui.tui import workspace
from carbontui.tui.screens.compare.base import ComparePart
from carbontui_registry.text import clean


class ImportActions(ComparePart):
    """Reads in a thread; esc stops it, and nothing has changed then."""

    # What is being read of another tool's file.
    reading: Worker[tuple[Scenario, ...]] | None = None
    read_from: str = ""
    # Which cluster file was taken for it.
    read_by: str = ""

    def _import(self, path: str, kind: str | None) -> None:
        """Read a file of another tool while the app runs, and add what is in it."""
        if kind is None:
            from carbontui.tui.screens.file_kinds import kinds_picker

            def chosen(name: str | None) -> None:
                if name is not None:
                    self._import(path, name)

            self.app.push_screen(kinds_picker(path), chosen)
            return
        self.read_from, self.read_by = path, ""
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
        from carbontui.importers import read_files
        from carbontui.importers.reading import Reading
        from carbontui.tui.log_reader import unforeseen

        worker, key = get_current_worker(), self.pressed("compare.close")

        def progress(_path: str, done: int, total: int) -> None:
            if worker.is_cancelled:
                raise FileError("stopped; nothing was changed")
            share = f"{100 * done // total} %" if total else f"{done >> 20} MiB"
            self.app.call_from_thread(self.say, f"reading {worker.name}: {share} ... {key} stops")

        try:
            reading = Reading(self.carbon.catalogue, progress=progress)
            scenarios = read_files(kind, [path], reading)
            self.read_by = ", ".join(
                f"using {clean(os.path.basename(file))} in its folder" for file in reading.described
            )
            return scenarios
        except FileError:
            raise
        except Exception as error:
            raise FileError(unforeseen(worker.name, error)) from error

    def stop_reading(self) -> bool:
        """Stop what is being read; False where nothing is."""
        if self.reading is None:
            return False
        self.reading.cancel()
        self.reading = None
        self.say("stopped; nothing was changed")
        return True

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Add what was read, or say why it cannot be."""
        if event.worker is not self.reading:
            return
        if event.state is WorkerState.ERROR:
            self.reading = None
            error = event.worker.error
            assert isinstance(error, FileError)
            self._refuse(self.read_from, error)
        elif event.state is WorkerState.SUCCESS and event.worker.result is not None:
            self.reading = None
            new: tuple[Scenario, ...] = event.worker.result
            question = self.carbon.workspace.question
            at = len(question.scenarios)
            self.carbon.act(f"import {event.worker.name}", workspace.add(question, at, *new))
            self.sheet.go_to(at, None)
            what = "one scenario" if len(new) == 1 else f"{len(new):,} scenarios"
            more = f"[{self.pressed('compare.notes')}] notes"
            if len(new) > 1:
                more += f", [{self.pressed('ledger')}] Ledger adds up whole logs"
            by = f" {self.read_by}" if self.read_by else ""
            self.say(f"imported {what} from {event.worker.name}{by} ({more}) {self.undo}", whole=True)

    def _refuse(self, path: str, error: Exception) -> None:
        """Say why a file is not opened: in the line above the keys, and in full where that is too short."""
        # Of a file elsewhere the folder counts too.
        name = os.path.basename(path) if os.path.dirname(path) == os.getcwd() else path
        text = clean(str(error)).replace(clean(path), clean(name))
        self.say(text)
        if len(text) > self.size.width - 2:
            from carbontui.tui.screens.reader import Reader

            self.app.push_screen(Reader("Not opened; nothing was changed", text))
