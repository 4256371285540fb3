"""Choosing a file: one that is listed, or any other by its path, folder by folder."""

from __future__ import annotations

import glob
import os

from textual.widgets import Input, Static

from carbontui.tui.host import host_of
from carbontui.tui.views.choices import Choice, matching
from carbontui.tui.views.paths import Folders, above, full_path, is_path, split
from carbontui.tui.widgets.picker import ChoiceList, Picker
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class FilePicker(Picker):
    """Ends with a path, or with the id of what else was offered; what names no file is refused and stays typed."""

    def __init__(
        self, title: str, choices: list[Choice], *, several: bool = False, otherwise: Sequence[Choice] = ()
    ) -> None:
        """With `several`, a pattern such as `logs/*.csv` may be typed, and is what it ends with; `otherwise` is what
        stays where what is typed is found in nothing and is no name of a file."""
        self._folders = Folders()
        self._otherwise = list(otherwise)
        self._patterns = several
        # So that one can go on from a folder without a file to choose.
        super().__init__("file", title, [*choices, *self._folders.around()], search=self._found)

    def _found(self, query: str) -> list[Choice]:
        typed = query.strip()
        if not is_path(typed):
            return matching(self.all, query) or ([] if "." in typed else self._otherwise)
        head, rest = split(typed)
        found = self._folders.beginning(typed)
        return found if rest else [*found, *self._folders.around(head)]

    def hint(self) -> str:
        """What stands where nothing is typed."""
        key = host_of(self).key
        return f"type to filter, or a path: {key('picker.mark')} completes · {key('picker.sort')} sort · esc cancel"

    def action_mark(self) -> None:
        """Complete the path that is typed."""
        self._start()
        typed = self.query_one(Input).value.strip()
        if is_path(typed):
            self._go_on(self._folders.completed(typed))

    def take(self, choice: Choice | None, typed: str) -> None:
        """Into the folder under the cursor, or end with the file."""
        full = full_path(typed)
        # A name in full is meant as it was typed, though its letters may also be found in another one.
        if typed and self.query_one(ChoiceList).cursor == 0 and os.path.exists(full) and not os.path.isdir(full):
            choice = None
        if choice is not None:
            self._enter(choice.id)
        elif typed and os.path.isdir(full):
            self._go_on(os.path.join(typed, ""))
        elif typed and (os.path.exists(full) or (self._patterns and glob.glob(full))):
            self.dismiss(typed)
        elif typed:
            why = self._folders.trouble(typed) if is_path(typed) else ""
            self._refuse(f"{clean(full)}: no such file{f' ({why})' if why else ''}")

    def _enter(self, path: str) -> None:
        full = full_path(path)
        if path.endswith("/"):
            self._go_on(path)
        elif path.startswith("*") or os.access(full, os.R_OK):
            self.dismiss(path)
        else:
            missing = not os.path.exists(full)
            self._refuse(f"{clean(full)}: {'no such file' if missing else 'permission denied'}")

    def _go_on(self, path: str) -> None:
        field = self.query_one(Input)
        field.value = path
        field.cursor_position = len(path)

    def _refuse(self, why: str) -> None:
        said = self.query_one("#count", Static)
        said.add_class("refused")
        said.update(why)

    def _tell(self) -> None:
        """What in the typed folder begins with what was typed."""
        self.query_one("#count").remove_class("refused")
        typed = self.query_text.strip()
        if not is_path(typed):
            super()._tell()
            if not typed and all(choice.id.endswith("/") or choice.id.startswith("*") for choice in self.all):
                here = clean(os.getcwd())
                self.query_one("#count", Static).update(
                    f"no file of this kind in {here}: open a folder, or type a path"
                )
            return
        head, rest = split(typed)
        folder = clean(full_path(head))
        found = sum(choice.id != above(head) for choice in self.query_one(ChoiceList).choices)
        begins = f" that begins with {clean(rest)!r}" if rest else ""
        if self._patterns and glob.has_magic(typed) and not found:
            text = f"enter opens all files that match {clean(typed)}"
        elif trouble := self._folders.trouble(typed):
            text = trouble
        else:
            text = f"{found:,} in {folder}{begins}" if found else f"nothing in {folder}{begins}"
        self.query_one("#count", Static).update(text)
