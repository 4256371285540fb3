"""Loading from the parent's side: starts the loading process, listens, checks every record again.

When the process dies or stalls, the plugin being called is named, and a new process goes on with the rest.
"""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import subprocess
import sys
import time

from carbontui_registry import first_party, folders, units
from carbontui_registry.first_party import Heard, Kept
from carbontui_registry.hearing import SAID, WAITING, WINDOWS, Building
from carbontui_registry.plugin import Loaded, Plugin
from carbontui_registry.said import Said
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import Any

    from carbontui_registry.records import Record


def _seconds_a_plugin() -> float:
    """Of processor time five, or what `CARBONTUI_PLUGIN_SECONDS` says on a machine where that is too short."""
    try:
        return min(max(0.1, float(os.environ["CARBONTUI_PLUGIN_SECONDS"])), 3600.0)
    except (KeyError, ValueError):
        return 5.0


SECONDS_A_PLUGIN = _seconds_a_plugin()
# Starting Python and finding the entry points is not any plugin's time.
SECONDS_TO_START = 30.0


def installed(packs: str | None) -> list[Plugin]:
    """Every plugin and every pack in the folder `packs`, found by its entry: none is imported, so none can hang."""
    from carbontui_registry.discovery import found_entry_points, user_packs

    found, own = found_entry_points(), user_packs(packs)
    plugins = [Plugin(one.origin, one.version, one.distribution, one.first_party) for one in found.entries]
    plugins += [Plugin(pack.origin, "", pack.distribution, False) for pack in own.packs]
    return plugins + [Plugin(name, "", name, False) for name, _, _ in (*found.passed_over, *own.passed_over)]


class _Loading:
    """What loading has found so far, by the messages of the loading process."""

    def __init__(self, seconds: float, progress: Callable[[str], None] | None, kept: Kept) -> None:
        self.seconds, self.progress, self.kept = seconds, progress, kept
        # What first-party plugins said that were called this time.
        self.called: dict[str, Heard] = {}
        self.plugins: list[Plugin] = []
        self.records: list[tuple[str, Record]] = []
        self.places: dict[tuple[str, str], tuple[str, int]] = {}
        self.reserved: list[tuple[str, str, str]] = []
        self.files: set[str] = set()
        self.units: dict[tuple[str, str], str] = {}
        # The names of those that are done, whether well or not.
        self.skip: list[str] = []
        self.hung: dict[str, tuple[str, ...]] = {}
        self.ended = False
        self.short = False
        self.building: Building | None = None
        self.lost = Said("the loading process could not be started", "install carbontui again")

    def take(self, message: dict[str, Any], *, said: bool) -> None:
        """Take one message: of the loading process itself, or as `said` by the plugin being called.

        Raises `_Strange` where the loading process says what it never says.
        """
        if said:
            if self.building is not None:
                self.building.hear(message)
            return
        try:
            self._take_own(message)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _Strange from error

    def _take_own(self, message: dict[str, Any]) -> None:
        what, building = message["is"], self.building
        if what == "plugin":
            self.building, self._messages = Building(message), [message]
            if self.progress:
                self.progress(self.building.name)
        elif what == "lost":
            self.lost = message["why"]
            if message["hung"] and building is not None and not building.message["first_party"]:
                self._note_hung(building, message["took"])
        elif what == "gone":
            if building is not None:
                if message["took"]:
                    self._note_hung(building, message["took"])
                    self.give_up(self.lost)
                elif building.strange or message["why"]:
                    why = f"{message['why'] or building.strange}; it is ignored"
                    self.give_up(Said(why, _CORRECT.format(clean(building.name))))
                elif building.seconds is None:
                    self.give_up(_ended(int(message["code"])))
                else:
                    self._keep(building)
        elif what == "units":
            self.units = {(str(s), str(k)): str(f) for s, k, f in message["table"]}
        elif what == "watch":
            self.files.update(map(str, message["files"]))
        elif what == "end":
            self.ended = True
        elif building is not None:
            if what == "kept":
                for one in self.kept.plugins[building.name].messages[1:]:
                    building.hear(one)
            else:
                building.hear(message)
                self._messages.append(message)
            if building.seconds is not None:
                self.reserved += [(str(kind), str(n), building.name) for kind, n in message.get("reserved", ())]
                self._keep(building)
                plugin = self.plugins[-1]
                if what == "done" and plugin.first_party and not (plugin.off or plugin.problems):
                    self.called[plugin.origin] = Heard(self._messages, folders.state_of(building.files))

    def _note_hung(self, building: Building, took: str) -> None:
        self.lost = _too_long(building.name, f"it took longer than {took}")
        self.hung[building.name] = tuple(building.message["files"])

    def _keep(self, building: Building) -> None:
        plugin = building.plugin()
        self.short = self.short or bool(building.short)
        if building.short and plugin.first_party:
            # Figures that go missing without a word from one start to the next would be worse than no start.
            raise OSError(building.short, os.strerror(building.short))
        self.plugins.append(plugin)
        self.records += [(plugin.origin, record) for record in building.records]
        self.places |= {(plugin.origin, subject): place for subject, place in building.places.items()}
        self.files.update(building.files)
        self.skip.append(building.name)
        self.building = None

    def give_up(self, why: Said) -> None:
        """Nothing of the plugin being called is used."""
        assert self.building is not None
        self.plugins.append(self.building.plugin(lost=why))
        self.files.update(self.building.files)
        self.skip.append(self.building.name)
        self.building = None


def load(
    *,
    off: Collection[str] = (),
    hung: Mapping[str, Any] | Collection[str] = (),
    packs: str | None = None,
    only_first_party: bool = False,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
    seconds_a_plugin: float = SECONDS_A_PLUGIN,
) -> Loaded:
    """Load every installed plugin and every pack in the folder `packs`, except those named in `off`.

    Those named in `hung` are not tried, and are refused as the ones that take more than `seconds_a_plugin` of processor
    time, or that only wait for several times as long. `only_first_party` leaves every third party aside, and the user's
    packs with them; with `fresh` first-party plugins are called even where what they said is kept. `progress` is called
    with each plugin's name when its turn comes. Raises `KeyboardInterrupt` on Ctrl+C, with the loading process ended.
    """
    found = _Loading(seconds_a_plugin, progress, first_party.NOTHING if fresh else first_party.read())
    units.remember(found.kept.factors)
    untried = {name: _too_long(name, "it took too long when it was last tried").parts() for name in hung}
    while not found.ended:
        at_start = len(found.skip)
        task = {"off": sorted(off), "skip": found.skip, "hung": untried, "packs": packs, "seconds": seconds_a_plugin}
        # What this process knows of units, pint is not asked for again.
        known = [[*key, factor] for key, factor in units.resolved().items()]
        kept = {name: heard.messages[0] for name, heard in found.kept.plugins.items()}
        more = {"units": known, "only_first_party": only_first_party, "kept": kept}
        for message, said in _messages({**task, **more}, seconds_a_plugin):
            try:
                found.take(message, said=said)
            except _Strange:
                found.lost = Said("the loading process was disturbed; it is ignored", _DISTURBED)
                break
        if found.ended:
            break
        if found.building is not None:
            found.give_up(found.lost)
        elif len(found.skip) == at_start:
            raise _failed(str(found.lost))
    factors = {**found.kept.factors, **found.units}
    if found.called and not (fresh or found.short):
        first_party.write(Kept({**found.kept.plugins, **found.called}, factors))
    return Loaded(
        tuple(found.plugins),
        tuple(found.records),
        tuple(found.reserved),
        tuple(sorted(found.files)),
        factors,
        tuple(found.hung.items()),
        found.short,
        found.places,
    )


class _Strange(Exception):
    """A message of the loading process that is none of those it sends."""


class LoadingFailed(RuntimeError):
    """The loading process cannot run at all: the installation is broken."""


def _failed(why: str) -> Exception:
    """Why nothing at all could be loaded: for want of memory where that is limited."""
    import resource

    if resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY:
        return OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
    return LoadingFailed(f"{why.partition(';')[0]}, before any plugin was loaded")


def _messages(task: dict[str, Any], seconds: float) -> Iterator[tuple[dict[str, Any], bool]]:
    """What one loading process reports, each with whether the plugin being called says it; a last `lost` message says
    why it ended early."""
    read_end, write_end = os.pipe()
    try:
        process = subprocess.Popen(
            # Compiled files would change the very folders that the cache watches.
            [sys.executable, "-P", "-B", "-c", _BOOT],
            pass_fds=(write_end,),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("CARBONTUI_DEBUG") else subprocess.DEVNULL,
            start_new_session=True,
        )
    except BaseException:
        os.close(read_end)
        raise
    finally:
        os.close(write_end)
    try:
        _give(process, {**task, "path": folders.installed_folders(), "report": write_end})
        yield from _heard(read_end, seconds)
        try:
            code = process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        yield {"is": "lost", "why": _ended(code), "hung": False}, False
    finally:
        os.close(read_end)
        _end(process)


def _give(process: subprocess.Popen[bytes], task: dict[str, Any]) -> None:
    """The task goes through standard input: arguments have a limit that a long list of names is above."""
    assert process.stdin is not None
    try:
        with process.stdin as stream:
            stream.write(json.dumps(task).encode())
    except BrokenPipeError:
        # It has ended already, and that is seen where it is listened to.
        pass


def _heard(read_end: int, seconds: float) -> Iterator[tuple[dict[str, Any], bool]]:
    """The messages until the last one or the end of the pipe."""
    in_hand = False
    # The loading process ends a third party itself, unless that has stopped it too.
    limit = WAITING * WINDOWS * seconds + SECONDS_TO_START
    buffer = b""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        ready, _, _ = select.select([read_end], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            took = f"{limit if in_hand else SECONDS_TO_START:g} s"
            why = f"it took longer than {took}; it is ignored"
            yield {"is": "lost", "why": Said(why, _DISTURBED), "hung": in_hand, "took": took}, False
            return
        chunk = os.read(read_end, 1 << 16)
        if not chunk:
            return
        *lines, buffer = (buffer + chunk).split(b"\n")
        for line in lines:
            said = line.startswith(SAID)
            try:
                message = json.loads(line.removeprefix(SAID) if said else line)
            except (ValueError, RecursionError):
                message = None
            if not isinstance(message, dict):
                message = {}
            yield message, said
            if said:
                continue
            if message.get("is") in ("plugin", "done", "gone"):
                in_hand = message["is"] == "plugin"
                deadline = time.monotonic() + (limit if in_hand else SECONDS_TO_START)
            if message.get("is") == "end":
                return


_BOOT = (
    "import json, os, sys; task = json.load(sys.stdin); os.dup2(os.open(os.devnull, os.O_RDONLY), 0);"
    "sys.path[:] = [*task['path'], *(p for p in sys.path if p not in task['path'])];"
    "from carbontui_registry.load_worker import main; main(task)"
)


def _too_long(name: str, why: str) -> Said:
    """Why nothing came of a third party that hung, and when it is tried again."""
    again = f"it is not tried again until it changes or you ask for it: carbontui plugins on {clean(name)}"
    return Said(f"{why}; it is ignored", again)


# What to do about a plugin that disturbs its loading.
_CORRECT = "correct it, or switch it off: carbontui plugins off {}"
_DISTURBED = "correct it, or switch it off with carbontui plugins off"


def _ended(code: int) -> Said:
    """Why nothing came of a plugin whose process ended with this code before it was done."""
    how = ""
    if code < 0:
        try:
            how = f" by signal {signal.Signals(-code).name}"
        except ValueError:
            how = f" by signal {-code}"
    elif code:
        how = f" with status {code}"
    return Said(f"it ended the loading process{how}; it is ignored", _DISTURBED)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the loading process and whatever it started in its own session."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()
