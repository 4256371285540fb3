"""What was used last: files, and records of each kind."""

from __future__ import annotations

import json
import os

from carbontui.errors import FileError
from carbontui.formats.files import write
from carbontui_registry.folders import config_folder

# Ids of a kind, files.
MOST = (5, 20)


def latest(what: str) -> list[str]:
    """What was used last, the latest first: files that still exist for "file", ids for a kind of record."""
    try:
        with open(_recent_path(what), encoding="utf-8") as file:
            names = [name for name in json.load(file) if isinstance(name, str)]
    except (OSError, ValueError, TypeError):
        return []
    return [name for name in names if os.path.isfile(name)] if what == "file" else names


def remember(what: str, name: str) -> None:
    """Put a file or an id at the head of the recent ones."""
    full = os.path.abspath(name) if what == "file" else name
    names = [full, *(other for other in latest(what) if other != full)][: MOST[what == "file"]]
    try:
        write(_recent_path(what), json.dumps(names), force=True, private=True)
    except FileError:
        pass


def _recent_path(what: str) -> str:
    return os.path.join(config_folder(), "kept", f"recent-{what}.json")
