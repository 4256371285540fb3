"""Opening, saving and exporting from Compare, and what changed in the registry since a file was saved."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from carbontui.engine.comparison import settled
from carbontui.engine.scenario import ScenarioError
from carbontui.errors import FileError
from carbontui.files import refuse_pipe
from carbontui.tui import autosave, recent, workspace
from carbontui.tui.screens.compare.imports import ImportActions
from carbontui_registry.errors import UnknownName
from carbontui_registry.text import listed

if TYPE_CHECKING:
    from typing import Any

# How files end that are comparisons, and that other tools write.
OPENED = (".toml", ".json")
IMPORTED = (".csv", ".log", ".txt")


class FileActions(ImportActions):
    """What Compare can do with files. Nothing is replaced that the user has not seen and asked to replace."""

    # The question that the last save left open; the same save once more is the answer.
    asked: str = ""

    def action_save(self) -> None:
        """To the file it came from, or a new one."""
        path = self.carbon.workspace.path
        if path is None:
            self.action_save_as()
            return
        doubt = self._doubt(path)
        if doubt and self.asked != doubt:
            self.asked = doubt
            save, save_as = self.pressed("save"), self.pressed("save_as")
            self.say(f"{doubt} ([{save}] overwrite, [{save_as}] save elsewhere)", whole=True)
            return
        self.asked = ""
        self._save(path, force=True)

    def _doubt(self, path: str) -> str:
        """Why the file should not be replaced unasked, if there is a reason."""
        if autosave.stamp(path) != self.carbon.workspace.stamp:
            return f"{os.path.basename(path)} was changed on disk since it was opened"
        if autosave.has_comments(path):
            return f"{os.path.basename(path)} has comments, which saving would lose"
        return ""

    def action_save_as(self) -> None:
        """To another file."""
        from carbontui.tui.widgets.editor import Editor

        def whole(text: str) -> str:
            return text if os.path.splitext(text)[1] or not os.path.basename(text) else f"{text}.toml"

        def read(text: str) -> tuple[bool, str]:
            if not whole(text).endswith((".toml", ".json")):
                return False, "the name must end in .toml or .json"
            full = os.path.abspath(os.path.expanduser(whole(text)))
            if os.path.lexists(full) and full != self.carbon.workspace.path:
                return False, "already exists; choose another name"
            return True, full

        def typed(text: str | None) -> None:
            if text is not None:
                self._save(whole(text), force=whole(text) == self.carbon.workspace.path)

        name = self.carbon.workspace.path or f"{self.carbon.workspace.question.title or 'comparison'}.toml"
        self.app.push_screen(Editor("Save as", name, read, self.sheet.cell_region()), typed)

    def _save(self, path: str, *, force: bool) -> None:
        from carbontui.formats import write_format
        from carbontui.formats.files import write

        app = self.carbon
        path = os.path.abspath(os.path.expanduser(path))
        name = "json" if path.endswith(".json") else "toml"
        try:
            text = write_format(name, app.comparison, app.catalogue, width=None, colour=False)
            write(path, text, force=force)
        except FileError as error:
            self.say(str(error), error=True)
            return
        space = app.workspace
        app.slot = path if app.slot else None
        app.set_workspace(space.replace(path=path, saved=space.question, stamp=autosave.stamp(path)))
        recent.remember("file", path)
        self.say(f"saved {path}", whole=True)

    def action_open(self) -> None:
        """Another comparison, or what another tool wrote: a recent file, one of this folder, or what is typed."""
        from carbontui.tui.views.paths import file_choice, files_in
        from carbontui.tui.widgets.file_picker import FilePicker

        latest = recent.latest("file")
        # Comparisons first.
        here = [*files_in("", OPENED), *files_in("", IMPORTED)]
        offered = [file_choice(path, "recent") for path in latest]
        offered += [
            file_choice(name, "here" if name.endswith(OPENED) else "import")
            for name in here
            if os.path.abspath(name) not in latest
        ]
        self.app.push_screen(FilePicker("Open, or import", offered), self._open)

    def _open(self, path: str | None) -> None:
        if path is None:
            return
        from carbontui.formats.files import read
        from carbontui.importers import kind_of

        path = os.path.abspath(os.path.expanduser(path))
        stamp = autosave.stamp(path)
        try:
            refuse_pipe(path)
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
        recent.remember("file", path)
        self.say(self._other_than(document) or f"opened {path} {self.undo}", whole=True)

    def _other_than(self, document: dict[str, Any]) -> str:
        """Where the screen differs from the file: in its results, or in figures of the registry that have changed."""
        from carbontui.formats.document import differing

        other = differing(document, self.carbon.comparison)
        if other:
            name, key, was, now = other[0]
            more = f", and {len(other) - 1} more" if len(other) > 1 else ""
            said = "unknown" if now is None else repr(now)
            return f"{key} of {name} is {was!r} in the file but {said} from its inputs{more}"
        from carbontui.tui.views.drift_rows import drift_notice

        return drift_notice(self.carbon.drifts(), self.pressed("compare.drift"))

    def action_drift(self) -> None:
        """Figures that changed in the registry since the files of the scenarios were written."""
        from carbontui.tui.screens.drift import DriftScreen

        drifts, question = self.carbon.drifts(), self.carbon.workspace.question
        if not drifts:
            carried = any(scenario.carried or scenario.sealed for scenario in question.scenarios)
            same = "no drift: the registry still has the same figures"
            self.say(same if carried else "nothing here came from a file, so there is no drift to review")
            return

        def picked(numbers: tuple[int, ...] | None) -> None:
            from carbontui.engine.drift import update

            if numbers:
                what = "one figure" if len(numbers) == 1 else f"{len(numbers)} figures"
                self.carbon.act(f"{what} from the registry", update(question, drifts, numbers))
                self.say(f"Updated {what} from the registry {self.undo}", whole=True)

        self.app.push_screen(DriftScreen(drifts, question.metric), picked)

    def action_export(self) -> None:
        """A preview in each format, and a file."""
        from carbontui.tui.screens.export import ExportScreen

        app = self.carbon
        if not app.comparison.scenarios:
            self.say(f"nothing to export yet ([{self.pressed('compare.add')}] add a scenario)")
            return

        def written(paths: list[str] | None) -> None:
            if paths:
                self.say(f"wrote {listed(paths)}", whole=True)

        stem = os.path.splitext(app.workspace.title)[0]
        screen = ExportScreen(app.comparison, app.catalogue, stem, self.at, app.workspace.path)
        self.app.push_screen(screen, written)
