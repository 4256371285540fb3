"""Opening, saving and exporting from Compare."""

from __future__ import annotations

import os.path

from carbontui.comparison import settled
from carbontui.scenario import ScenarioError
from carbontui.tui import kept, workspace
from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.widgets.sheet import Sheet
from carbontui_registry.catalogue import UnknownName


class FileActions(CarbonScreen):
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
        from carbontui.exchange.files import FileError, write
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
        """Another comparison: one of the recent files, one of this folder, or what is typed."""
        from carbontui.tui.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        recent = kept.recent("file")
        here = sorted(name for name in os.listdir() if name.endswith((".toml", ".json")) and os.path.isfile(name))
        offered = [Choice(path, path, "recent", path.lower()) for path in recent]
        offered += [Choice(name, name, "here", name.lower()) for name in here if os.path.abspath(name) not in recent]
        self.app.push_screen(Picker("file", "Open", offered, free=True), self._open)

    def _open(self, path: str | None) -> None:
        if path is None:
            return
        from carbontui.exchange.files import FileError, read

        path = os.path.abspath(os.path.expanduser(path))
        stamp = kept.stamp(path)
        try:
            question, _ = read(path)
            question = settled(question, self.carbon.catalogue)
        except (FileError, ScenarioError, UnknownName) as error:
            self.say(str(error))
            return
        app = self.carbon
        app.slot = path if app.slot else None
        app.set_workspace(workspace.open_other(app.workspace, question, path, stamp))
        kept.remember("file", path)
        self.say(f"opened {path}; u brings back what was there")

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
