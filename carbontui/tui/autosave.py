"""The work is saved while the app runs, so that leaving it, however it ends, loses nothing."""

from __future__ import annotations

import json
import os
import re
from zlib import crc32

from carbontui.engine.comparison import Question
from carbontui.engine.scenario import Scenario
from carbontui.errors import FileError
from carbontui.formats.files import write
from carbontui.tui.workspace import Workspace
from carbontui_registry.figures import Figure, Source
from carbontui_registry.folders import config_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = 1
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_NOTHING = Scenario()
_FIGURES = ("given", "carried", "published")


def path_of(path: str | None) -> str:
    """Where the work on a comparison's file is kept, or that on none."""
    name = f"file-{crc32(os.path.realpath(path).encode()):08x}" if path else "work"
    return os.path.join(config_folder(), "kept", f"{name}.json")


def save(workspace: Workspace, slot: str | None) -> str | None:
    """Write the work down; returns why that failed, if it did."""
    data = {
        "kept": FORMAT,
        "path": workspace.path,
        "stamp": workspace.stamp,
        "question": _dump(workspace.question),
        "saved": None if workspace.saved is None else _dump(workspace.saved),
        "job": _dump_scenario(workspace.job),
        "limits": workspace.limits,
        "tab": workspace.tab,
    }
    try:
        write(path_of(slot), json.dumps(data), force=True, private=True)
    except FileError as error:
        return str(error)
    return None


def load(slot: str | None) -> Workspace | None:
    """The work that was kept, or None where there is none that can be read."""
    try:
        with open(path_of(slot), encoding="utf-8") as file:
            data = json.load(file)
        if data["kept"] != FORMAT:
            return None
        saved = None if data["saved"] is None else _load(data["saved"])
        job, limits = _load_scenario(data.get("job", {})), str(data.get("limits", ""))
        tab = str(data.get("tab", "compare"))
        return Workspace(_load(data["question"]), job, limits, tab, path=data["path"], saved=saved, stamp=data["stamp"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def stamp(path: str) -> str:
    """Time and size of a file, or "" where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return ""
    return f"{status.st_mtime_ns} {status.st_size}"


def has_comments(path: str) -> bool:
    """Whether a TOML file holds comments, which rewriting it would lose."""
    if not path.endswith(".toml"):
        return False
    try:
        with open(path, encoding="utf-8") as file:
            return any("#" in _QUOTED.sub("", line) for line in file)
    except (OSError, UnicodeDecodeError):
        return False


def _dump(question: Question) -> dict[str, Any]:
    fields = {f: getattr(question, f) for f in Question._fields if f != "scenarios"}
    return {**fields, "scenarios": [_dump_scenario(scenario) for scenario in question.scenarios]}


def _dump_scenario(scenario: Scenario) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in Scenario._fields:
        value = getattr(scenario, field)
        if field in _FIGURES:
            value = [[key, figure.value, figure.basis, figure.spread, _source(figure.source)] for key, figure in value]
        if field == "behind":
            value = [_source(source) for source in value]
        if value != [] and value != getattr(_NOTHING, field):
            out[field] = value
    return out


def _source(source: Source | None) -> list[Any] | None:
    return None if source is None else [getattr(source, field) for field in Source._fields]


def _load(data: dict[str, Any]) -> Question:
    scenarios = tuple(_load_scenario(item) for item in data["scenarios"])
    return Question(**{**data, "scenarios": scenarios})


def _tuples(value: Any) -> Any:
    """What JSON has as lists."""
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def _load_scenario(data: dict[str, Any]) -> Scenario:
    fields = dict(data)
    for field in _FIGURES:
        fields[field] = tuple(
            (key, Figure(float(value), basis, spread, None if source is None else Source(*source)))
            for key, value, basis, spread, source in data.get(field, ())
        )
    fields["behind"] = tuple(Source(*source) for source in data.get("behind", ()))
    for field in ("texts", "edited", "said", "replaced", "errors"):
        fields[field] = _tuples(data.get(field, ()))
    return Scenario(**fields)
