"""Files in a list: by their own names, with the folder of those from elsewhere."""

from __future__ import annotations

import os.path

from carbontui.tui.views.choices import Choice
from carbontui_registry.text import clean


def file_choice(path: str, group: str) -> Choice:
    """A file by its name; it is found by the whole path."""
    return Choice(path, clean(os.path.basename(path)), group, path.lower())


def folder_of(path: str, room: int) -> str:
    """The folder that a file is in, as people write it, its end where there is no room for all; "" for this one."""
    folder = os.path.dirname(path.rstrip("/"))
    if not folder or os.path.abspath(folder) == os.getcwd():
        return ""
    home = os.path.expanduser("~")
    if folder == home or folder.startswith(os.path.join(home, "")):
        folder = f"~{folder[len(home) :]}"
    folder = clean(folder)
    return folder if len(folder) <= room else f"…{folder[len(folder) - room + 1 :]}" if room > 1 else ""


def is_path(typed: str) -> bool:
    """Whether a text means a place among the folders, not a name in a list."""
    return "/" in typed or typed.startswith("~") or typed == ".."


def files_in(folder: str, ends: str | tuple[str, ...]) -> list[str]:
    """The files of a folder whose names end so, sorted; by their names alone where it is this one."""
    try:
        names = sorted(name for name in os.listdir(folder or ".") if name.endswith(ends))
    except OSError:
        # What cannot be read is said of the folder.
        return []
    return [path for path in (os.path.join(folder, name) for name in names) if os.path.isfile(path)]


def above(head: str) -> str:
    """The path of the folder around one that was typed with its slash; "" of the topmost."""
    folder, _, last = head.rstrip("/").rpartition("/")
    if last in ("", ".", "..", "~") or last.startswith("~"):
        return "" if head.startswith("/") and not last else f"{head.removeprefix('./')}../"
    return f"{folder}/" if folder or head.startswith("/") else "./"


class Folders:
    """What is in the folders that are typed; each is read once."""

    def __init__(self) -> None:
        # By folder: name and whether it is a folder itself, or why it cannot be read.
        self._read: dict[str, list[tuple[str, bool]] | str] = {}

    def beginning(self, typed: str) -> list[Choice]:
        """The files and folders whose paths begin with what was typed, an exact match first.

        Names that begin with a dot are left out unless the dot was typed.
        """
        head, rest = split(typed)
        listed = self._in(head)
        if isinstance(listed, str):
            return []
        low = rest.lower()
        names = [one for one in listed if one[0].lower().startswith(low) and (rest or not one[0].startswith("."))]
        names.sort(key=lambda one: (one[0] != rest, one[0].lower()))
        return [self._choice(head, name, folder=folder) for name, folder in names]

    def around(self, head: str = "") -> list[Choice]:
        """The folder around one, and in this one's case the folders in it."""
        inside = [choice for choice in self.beginning("") if choice.group == "folder"] if not head else []
        up = above(head)
        return [*([Choice(up, "../", "folder above", up)] if up else []), *inside]

    def trouble(self, typed: str) -> str:
        """Why the folder of a typed path cannot be listed, or ""."""
        listed = self._in(split(typed)[0])
        return listed if isinstance(listed, str) else ""

    def completed(self, typed: str) -> str:
        """The typed path, as far as all matching paths agree."""
        found = self.beginning(typed)
        if len(found) == 1:
            return found[0].id
        common = os.path.commonprefix([choice.id for choice in found])  # noqa: RUF071 - letters are completed, not folders
        return common if len(common) > len(typed) else typed

    @staticmethod
    def _choice(head: str, name: str, *, folder: bool) -> Choice:
        path = f"{head}{name}{'/' if folder else ''}"
        return Choice(path, clean(f"{name}/" if folder else name), "folder" if folder else "file", path.lower())

    def _in(self, head: str) -> list[tuple[str, bool]] | str:
        folder = full_path(head)
        if folder not in self._read:
            try:
                with os.scandir(folder) as entries:
                    self._read[folder] = [(one.name, one.is_dir()) for one in entries if one.is_dir() or one.is_file()]
            except (OSError, ValueError) as error:
                self._read[folder] = f"{clean(folder)}: {getattr(error, 'strerror', None) or clean(str(error))}"
        return self._read[folder]


def split(typed: str) -> tuple[str, str]:
    """The folder that was typed, with its slash, and the beginning of a name in it."""
    if typed == ".." or (typed.startswith("~") and "/" not in typed):
        return f"{typed}/", ""
    head, slash, rest = typed.rpartition("/")
    return f"{head}{slash}", rest


def full_path(typed: str) -> str:
    """The whole path that was typed."""
    return os.path.abspath(os.path.expanduser(typed))
