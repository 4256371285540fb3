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
from carbontui.tui.kept import FIGURES, FORMAT, workspace_of
from carbontui.tui.workspace import Logs, Step, Workspace
from carbontui_registry.durable import native
from carbontui_registry.figures import Source
from carbontui_registry.folders import config_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

# So far undo reaches back across a restart.
STEPS = 50
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_NOTHING = Scenario()
# The JSON of each scenario that was written last, by identity, which holds as long as the scenario stands here: what is
# worked on, what was saved and the steps back share nearly all of theirs, and from one save to the next few are new.
_written: dict[int, tuple[Scenario, str]] = {}
# The same of all scenarios of a question.
_lists: dict[int, tuple[tuple[Scenario, ...], str]] = {}


def path_of(slot: str | None) -> str:
    """Where this session keeps the work on a comparison's file, or that on none."""
    return _path(slot, _numbers.get(slot, 1))


def _path(slot: str | None, number: int) -> str:
    name = f"file-{crc32(os.fsencode(os.path.realpath(native(slot)))):08x}" if slot else "work"
    return os.path.join(config_folder(), "kept", f"{name}{f'-{number}' if number > 1 else ''}.json")


# By what is worked on: the number of this session, and the lock that says that it is there.
_numbers: dict[str | None, int] = {}
_locks: dict[str | None, int] = {}
_MOST_SESSIONS = 50


def claim(slot: str | None) -> int:
    """Be the only session that writes a place of its own; gives its number, 1 where no other session is open."""
    from fcntl import LOCK_EX, LOCK_NB, flock

    release(slot)
    for number in range(1, _MOST_SESSIONS):
        path = f"{_path(slot, number)}.lock"
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            # Nothing can be kept either, which is said when it is tried.
            return 1
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
        except OSError:
            os.close(descriptor)
            continue
        _numbers[slot], _locks[slot] = number, descriptor
        return number
    return 1


def is_first(slot: str | None) -> bool:
    """Whether what this session keeps is what the next one begins with."""
    return _numbers.get(slot, 1) == 1


def release(slot: str | None) -> None:
    """This session is not there any more."""
    _numbers.pop(slot, None)
    if (descriptor := _locks.pop(slot, None)) is not None:
        os.close(descriptor)


def of_others(slot: str | None) -> list[tuple[str, Workspace]]:
    """What sessions beside the first one have kept and left, each with its file."""
    from fcntl import LOCK_EX, LOCK_NB, flock

    found = []
    for number in range(2, _MOST_SESSIONS):
        path = _path(slot, number)
        if not os.path.exists(path):
            continue
        try:
            descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            continue
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
            if (left := _read(path)) is not None:
                found.append((path, left))
        except OSError:
            # It is open.
            pass
        finally:
            os.close(descriptor)
    return found


def save(workspace: Workspace, slot: str | None) -> str | None:
    """Write the work down; returns why that failed, if it did."""
    known: dict[int, tuple[Scenario, str]] = {}
    lists: dict[int, tuple[tuple[Scenario, ...], str]] = {}

    def written(scenario: Scenario) -> str:
        if id(scenario) not in known:
            text = _written.get(id(scenario)) or (scenario, json.dumps(_dump_scenario(scenario)))
            known[id(scenario)] = text
        return known[id(scenario)][1]

    def listed(scenarios: tuple[Scenario, ...]) -> str:
        if id(scenarios) not in lists:
            if before := _lists.get(id(scenarios)):
                known.update((id(one), _written[id(one)]) for one in scenarios)
            lists[id(scenarios)] = before or (scenarios, _list(map(written, scenarios)))
        return lists[id(scenarios)][1]

    text = _table(
        kept=json.dumps(FORMAT),
        path=json.dumps(workspace.path),
        stamp=json.dumps(workspace.stamp),
        question=_question(workspace.question, listed),
        saved="null" if workspace.saved is None else _question(workspace.saved, listed),
        job=written(workspace.job),
        limits=json.dumps(workspace.limits),
        tab=json.dumps(workspace.tab),
        logs=json.dumps({field: getattr(workspace.logs, field) for field in Logs._fields}),
        past=_past(workspace.past[-STEPS:], written),
        # A version that does not know them reads the work of one who never changed them.
        **({"looks": json.dumps(looks)} if (looks := workspace.looks) else {}),
    )
    try:
        write(path_of(slot), text, force=True, private=True)
    except FileError as error:
        return str(error)
    _written.clear()
    _written.update(known)
    _lists.clear()
    _lists.update(lists)
    return None


def load(slot: str | None) -> Workspace | None:
    """The work that was kept, or None where there is none that can be read; a session beside the first one that has
    none begins with the first one's."""
    return _read(path_of(slot)) or (_read(_path(slot, 1)) if _numbers.get(slot, 1) > 1 else None)


def _read(path: str) -> Workspace | None:
    try:
        with open(path, encoding="utf-8") as file:
            return workspace_of(json.load(file))
    except (OSError, ValueError, RecursionError):
        return None


def put_aside(slot: str | None) -> str | None:
    """Where kept work that cannot be read was put, so that nothing writes over it; None where there is none."""
    path = path_of(slot)
    if not os.path.lexists(path) or _read(path) is not None:
        return None
    for number in range(1, 1000):
        aside = f"{path.removesuffix('.json')}.unreadable-{number}.json"
        if not os.path.lexists(aside):
            try:
                os.rename(path, aside)
            except OSError:
                return None
            return aside
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


def _table(**fields: str) -> str:
    """A table of what is JSON already."""
    return "{" + ", ".join(f'"{key}": {text}' for key, text in fields.items()) + "}"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"


def _past(past: Sequence[Step], written: Callable[[Scenario], str]) -> str:
    """The steps back, each scenario once: from one step to the next hardly any differ. Another file is where it ends,
    as what was open before is not open any more."""
    numbers: dict[int, int] = {}
    scenarios: list[str] = []

    def number(scenario: Scenario) -> int:
        if id(scenario) not in numbers:
            numbers[id(scenario)] = len(scenarios)
            scenarios.append(written(scenario))
        return numbers[id(scenario)]

    of_all: dict[int, list[int]] = {}

    def every(of: tuple[Scenario, ...]) -> list[int]:
        if id(of) not in of_all:
            of_all[id(of)] = [number(one) for one in of]
        return of_all[id(of)]

    begun = max((n + 1 for n, step in enumerate(past) if step.file is not None), default=0)
    steps = [
        [
            step.what,
            _fields(step.question),
            every(step.question.scenarios),
            number(step.job),
            step.limits,
        ]
        for step in past[begun:]
    ]
    return _table(scenarios=_list(scenarios), steps=json.dumps(steps))


def _fields(question: Question) -> dict[str, Any]:
    return {f: getattr(question, f) for f in Question._fields if f != "scenarios"}


def _question(question: Question, listed: Callable[[tuple[Scenario, ...]], str]) -> str:
    fields = {key: json.dumps(value) for key, value in _fields(question).items()}
    return _table(**fields, scenarios=listed(question.scenarios))


def _dump_scenario(scenario: Scenario) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in Scenario._fields:
        value = getattr(scenario, field)
        if field in FIGURES:
            value = [[key, figure.value, figure.basis, figure.spread, _source(figure.source)] for key, figure in value]
        if field == "behind":
            value = [_source(source) for source in value]
        if value != [] and value != getattr(_NOTHING, field):
            out[field] = value
    return out


def _source(source: Source | None) -> list[Any] | None:
    return None if source is None else [getattr(source, field) for field in Source._fields]
