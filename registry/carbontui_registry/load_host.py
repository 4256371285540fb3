"""Loading from the parent's side: starts the loading process, listens, checks every record again.

When the process dies or stalls, the plugin in hand is named, and a new process goes on with the rest.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time

from carbontui_registry import folders
from carbontui_registry.errors import InvalidRecord
from carbontui_registry.plugin import Loaded, Plugin
from carbontui_registry.records import Record
from carbontui_registry.report import LimitPassed
from carbontui_registry.serialise import check
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import Any


def _seconds_a_plugin() -> float:
    """Five, or what `CARBONTUI_PLUGIN_SECONDS` says on a machine where that is too short."""
    try:
        return min(max(0.1, float(os.environ["CARBONTUI_PLUGIN_SECONDS"])), 3600.0)
    except (KeyError, ValueError):
        return 5.0


SECONDS_A_PLUGIN = _seconds_a_plugin()
# Starting Python and finding the entry points is not any plugin's time.
SECONDS_TO_START = 30.0
LARGEST_REPORT = 64 * 2**20


class _Building:
    def __init__(self, message: dict[str, Any]) -> None:
        self.message = message
        self.records: list[Record] = []
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def plugin(self, seconds: float = 0.0, *, lost: str | None = None) -> Plugin:
        m = self.message
        problems = (lost,) if lost else tuple(self.problems)
        return Plugin(
            clean(str(m["name"])),
            clean(str(m["version"])),
            clean(str(m["distribution"])),
            bool(m["first_party"]),
            bool(m["off"]),
            seconds,
            problems,
            tuple(self.warnings),
        )


def installed(packs: str | None) -> list[Plugin]:
    """Every plugin and every pack in the folder `packs`, found by its entry: none is imported, so none can hang."""
    from carbontui_registry import load_worker as child

    entries, unreadable = child.found_entry_points()
    found = [Plugin(child.origin_of(e), "", d := child.distribution_name(e), d == child.FIRST_PARTY) for e in entries]
    found += [Plugin(name, "", name, False) for name, _ in unreadable]
    return found + [
        Plugin(f"pack:{clean(p.stem)}", "", child.normal_name(p.stem), False) for p in child.user_packs(packs)
    ]


def load(
    *,
    off: Collection[str] = (),
    hung: Collection[str] = (),
    packs: str | None = None,
    only_first_party: bool = False,
    progress: Callable[[str], None] | None = None,
    seconds_a_plugin: float = SECONDS_A_PLUGIN,
) -> Loaded:
    """Load every installed plugin and every pack in the folder `packs`, except those named in `off`.

    Those named in `hung` are not tried, and are refused as the ones that take longer than `seconds_a_plugin` are.
    `only_first_party` leaves every third party aside, and the user's packs with them. `progress` is called with each
    plugin's name when its turn comes. Raises `KeyboardInterrupt` on Ctrl+C, with the loading process ended.
    """
    plugins: list[Plugin] = []
    records: list[tuple[str, Record]] = []
    reserved: list[tuple[str, str, str]] = []
    files: set[str] = set()
    table: dict[tuple[str, str], str] = {}
    skip: list[str] = []
    hung_now: dict[str, tuple[str, ...]] = {}
    ended = False

    def give_up(building: _Building, why: str) -> None:
        plugins.append(building.plugin(lost=why))
        files.update(map(str, building.message["files"]))
        skip.append(str(building.message["name"]))

    while not ended:
        at_start = len(skip)
        building: _Building | None = None
        lost = "the loading process could not be started"
        untried = {name: _too_long(name, seconds_a_plugin) for name in hung}
        task = {"off": sorted(off), "skip": skip, "hung": untried, "packs": packs, "only_first_party": only_first_party}
        for message in _messages(task, seconds_a_plugin):
            what = message.get("is")
            if what == "plugin":
                building = _Building(message)
                if progress:
                    progress(str(message["name"]))
            elif what == "lost":
                lost = str(message["why"])
                if message.get("hung") and building is not None and not building.message["first_party"]:
                    name = str(building.message["name"])
                    lost = _too_long(name, seconds_a_plugin)
                    hung_now[name] = tuple(map(str, building.message["files"]))
            elif what == "gone":
                if building is not None:
                    give_up(building, _ended(int(message["code"])))
                    building = None
            elif what == "units":
                table = {(str(s), str(k)): str(f) for s, k, f in message["table"]}
            elif what == "end":
                files.update(map(str, message["files"]))
                ended = True
            elif building is not None:
                _take(building, message)
                if what == "done":
                    plugin = building.plugin(float(message["seconds"]))
                    plugins.append(plugin)
                    records += [(plugin.origin, record) for record in building.records]
                    reserved += [(str(kind), str(name), plugin.origin) for kind, name in message["reserved"]]
                    files.update(map(str, message["files"]))
                    skip.append(str(building.message["name"]))
                    building = None
        if not ended and building is not None:
            give_up(building, lost)
        elif not ended and len(skip) == at_start:
            raise LoadingFailed(lost)
    return Loaded(tuple(plugins), tuple(records), tuple(reserved), tuple(sorted(files)), table, tuple(hung_now.items()))


class LoadingFailed(RuntimeError):
    """The loading process cannot run at all: the installation is broken."""


def _take(building: _Building, message: dict[str, Any]) -> None:
    """Add what one message says to the plugin in hand; records are checked again."""
    what = message["is"]
    if what == "problem":
        building.problems.append(clean(str(message["text"])))
    elif what == "warning":
        building.warnings.append(clean(str(message["text"])))
    elif what == "record":
        building.problems += [clean(str(p)) for p in message.get("problems", ())]
        building.warnings += [clean(str(w)) for w in message.get("warnings", ())]
        if "data" in message:
            try:
                building.records.append(check(str(message["kind"]), message["data"]))
            except (InvalidRecord, LimitPassed, TypeError, KeyError) as error:
                building.problems.append(clean(str(error)))


def _messages(task: dict[str, Any], seconds: float) -> Iterator[dict[str, Any]]:
    """What one loading process reports; a last `lost` message says why it ended early."""
    read_end, write_end = os.pipe()
    argument = json.dumps({**task, "path": folders.installed_folders(), "report": write_end})
    try:
        process = subprocess.Popen(
            # Compiled files would change the very folders that the cache watches.
            [sys.executable, "-P", "-B", "-c", _BOOT, argument],
            pass_fds=(write_end,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("CARBONTUI_DEBUG") else subprocess.DEVNULL,
            start_new_session=True,
        )
    finally:
        os.close(write_end)
    in_hand = False
    try:
        buffer = b""
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            ready, _, _ = select.select([read_end], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                limit = seconds if in_hand else SECONDS_TO_START
                why = f"it took longer than {limit:g} s; nothing of it is used"
                yield {"is": "lost", "why": why, "hung": in_hand}
                return
            chunk = os.read(read_end, 1 << 16)
            if not chunk:
                break
            buffer += chunk
            if len(buffer) > LARGEST_REPORT:
                yield {"is": "lost", "why": f"it reported more than {LARGEST_REPORT >> 20} MiB"}
                return
            *lines, buffer = buffer.split(b"\n")
            for line in lines:
                try:
                    message = json.loads(line)
                except ValueError:
                    message = None
                if not isinstance(message, dict) or "is" not in message:
                    yield {"is": "lost", "why": "it wrote into the report of the loading process"}
                    return
                if message["is"] in ("plugin", "done", "gone"):
                    in_hand = message["is"] == "plugin"
                    deadline = time.monotonic() + (seconds if in_hand else SECONDS_TO_START)
                yield message
                if message["is"] == "end":
                    return
        try:
            code = process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        yield {"is": "lost", "why": _ended(code)}
    finally:
        os.close(read_end)
        _end(process)


_BOOT = (
    "import json, sys; path = json.loads(sys.argv[1])['path'];"
    "sys.path[:] = [*path, *(p for p in sys.path if p not in path)];"
    "from carbontui_registry.load_worker import main; main()"
)


def _too_long(name: str, seconds: float) -> str:
    """Why nothing came of a third party that hung, and when it is tried again."""
    return (
        f"it took longer than {seconds:g} s; nothing of it is used. "
        f"It is not tried again until it changes or you ask for it: carbontui plugins on {clean(name)}"
    )


def _ended(code: int) -> str:
    """Why nothing came of a plugin whose process ended with this code before it was done."""
    how = ""
    if code < 0:
        try:
            how = f" by signal {signal.Signals(-code).name}"
        except ValueError:
            how = f" by signal {-code}"
    elif code:
        how = f" with status {code}"
    return f"it ended the loading process{how}; nothing of it is used"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the loading process and whatever it started in its own session."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()
