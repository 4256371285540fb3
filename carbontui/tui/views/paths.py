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
    folder = os.path.dirname(path)
    if not folder or os.path.abspath(folder) == os.getcwd():
        return ""
    home = os.path.expanduser("~")
    if folder == home or folder.startswith(os.path.join(home, "")):
        folder = f"~{folder[len(home) :]}"
    folder = clean(folder)
    return folder if len(folder) <= room else f"…{folder[len(folder) - room + 1 :]}" if room > 1 else ""
