"""The loading process: the only place where plugin code runs.

It reports to the parent, one message a line: `plugin` before anything of it is imported, then what it gave, then
`done`. Each third party, and each pack of the user's, has a copy of this process to itself: what it does to Python or
to its process, threads and patched modules among it, reaches nobody else. What such a copy says comes through a pipe of
its own and is passed on marked as said by it; its name and its rank are given here.
"""

from __future__ import annotations

import json
import math
import os
import resource
import select
import signal
import sys
import time

from carbontui_registry import calling, units
from carbontui_registry.discovery import Entry, UserPack, found_entry_points, user_packs
from carbontui_registry.hearing import SAID, WAITING, WINDOWS
from carbontui_registry.said import Said
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LARGEST_REPORT = 64 * 2**20
# One that works for less than this share of the time only waits.
WORKING = 0.02

# Kept from before any plugin's code has run, as a plugin may put something else in their place.
_leave = os._exit
_process = os.getpid
_to_json = json.dumps
_write = os.write


# Why a copy was ended.
WAITS = "waits"


class _Ended(NamedTuple):
    """How a copy ended: its exit status, the processor time it took, and why it was ended, if it was."""

    code: int
    seconds: float
    why: str = ""


def main(task: dict[str, Any]) -> None:
    """Load what the parent asks for and report to the descriptor that it names."""
    # What this process found itself is newer: a `.pth` file may have come since the parent started.
    sys.path[:] = [*task["path"], *(path for path in sys.path if path not in task["path"])]
    out: int = task["report"]
    os.set_inheritable(out, False)
    report = _reporter(out)
    units.remember({(spelling, kind): factor for spelling, kind, factor in task["units"]})
    found = found_entry_points()
    for name, why, costs in found.passed_over:
        if name not in task["skip"] and not task["only_first_party"]:
            report("plugin", **_described(name, name))
            report("problem" if costs else "warning", said=why)
            report("done", seconds=0.0, files=[])
    for entry in found.entries:
        if entry.origin not in task["skip"] and (entry.first_party or not task["only_first_party"]):
            _load(entry, task, out, report)
    if not task["only_first_party"]:
        own = user_packs(task["packs"])
        report("watch", files=own.folders)
        for pack in own.packs:
            if pack.origin not in task["skip"]:
                _load_pack(pack, task, out, report)
        for name, why, costs in own.passed_over:
            if name not in task["skip"]:
                report("plugin", **_described(name, name))
                report("problem" if costs else "warning", said=why)
                report("done", seconds=0.0, files=[])
    report("units", table=[[*key, factor] for key, factor in units.resolve_all().items()])
    report("end")
    _leave(0)


def _described(name: str, distribution: str, version: str = "", *, files: Any = (), **more: Any) -> dict[str, Any]:
    return {
        **{"name": name, "version": version, "distribution": distribution, "files": list(files)},
        **{"first_party": False, "off": False, **more},
    }


def _load(entry: Entry, task: dict[str, Any], out: int, report: Any) -> None:
    off = entry.origin in task["off"] or entry.distribution in task["off"]
    # Files go with it from the start: one that ends its process can be fixed too.
    files = calling.files_of(entry.module, set(sys.modules))
    whose = {"first_party": entry.first_party, "off": off, "files": files}
    described = _described(entry.origin, entry.distribution, entry.version, **whose)
    report("plugin", **described)
    if entry.first_party and not off and task["kept"].get(entry.origin) == {"is": "plugin", **described}:
        report("kept")
        return
    for problem in entry.problems:
        report("problem", said=problem)
    for warning in entry.warnings:
        report("warning", said=warning)
    if off:
        calling.call_off(entry, report)
    elif entry.first_party:
        calling.call(entry, report)
    else:
        _apart(entry.origin, task, out, report, lambda say: calling.call(entry, say))


def _load_pack(pack: UserPack, task: dict[str, Any], out: int, report: Any) -> None:
    off = pack.origin in task["off"] or pack.distribution in task["off"]
    report("plugin", **_described(pack.origin, pack.distribution, files=[str(pack.path)], off=off))
    if off:
        report("done", seconds=0.0, files=[])
    else:
        _apart(pack.origin, task, out, report, lambda say: calling.call_pack(pack, say))


def _reporter(descriptor: int) -> Callable[..., None]:
    """What writes messages; a copy that a plugin makes of its process does not speak too."""
    speaker = _process()

    def report(what: str, /, **fields: Any) -> None:
        if _process() != speaker:
            _leave(0)
        if isinstance(said := fields.get("said"), Said):
            fields["said"] = said.parts()
        left = (_to_json({"is": what, **fields}) + "\n").encode()
        while left:
            left = left[_write(descriptor, left) :]

    return report


def _apart(name: str, task: dict[str, Any], out: int, report: Any, call: Callable[[Any], None]) -> None:
    """Call it in a copy of this process, and pass on what it says as said by it."""
    if name in task["hung"]:
        report("problem", said=task["hung"][name])
        report("done", seconds=0.0, files=[])
        return
    read_end, write_end = os.pipe()
    copy = os.fork()
    if not copy:
        try:
            os.close(read_end)
            os.close(out)
            _limit(task["seconds"])
            call(_reporter(write_end))
        except BaseException:  # noqa: BLE001 - nothing may go on in this copy
            _leave(1)
        # A stray thread or an exit handler of a plugin has no say in when its process ends.
        _leave(0)
    os.close(write_end)
    ended = _pass_on(read_end, copy, out, task["seconds"])
    os.close(read_end)
    report("gone", code=ended.code, why=ended.why, took=_took(ended, task["seconds"]))


def _limit(seconds: float) -> None:
    """The system ends this process when it has taken its processor time."""
    most = math.ceil(seconds)
    # The first limit ends it by a signal of its own, the second what does not listen to that.
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _took(ended: _Ended, seconds: float) -> str:
    """How long it took, where that is why it was ended."""
    if ended.why == WAITS:
        return f"{WAITING * seconds:g} s"
    # A kernel that counts ticks, on a machine that is shared, ends it before that much time was its own.
    by_the_system = ended.code == -signal.SIGXCPU or (ended.code == -signal.SIGKILL and ended.seconds > 0.5 * seconds)
    return f"{seconds:g} s of processor time" if by_the_system else ""


def _pass_on(read_end: int, copy: int, out: int, seconds: float) -> _Ended:
    """Pass on what the copy says until it has ended; ends one that says too much or waits for too long."""
    voice, why = _Voice(read_end, out), ""
    window = WAITING * seconds
    until, windows, worked = time.monotonic() + window, 1, 0.0
    while True:
        voice.wait()
        voice.listen()
        ended, status, usage = os.wait4(copy, os.WNOHANG)
        if ended:
            # What it said last is still in the pipe, which a process that it has left behind may hold open.
            voice.listen()
            return _Ended(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, why)
        if why:
            continue
        if voice.said > LARGEST_REPORT:
            why = f"it reported more than {LARGEST_REPORT >> 20} MiB"
        elif time.monotonic() > until:
            now = _processor_time(copy)
            if now - worked < WORKING * window or windows == WINDOWS:
                why = WAITS
            until, windows, worked = time.monotonic() + window, windows + 1, now
        if why:
            os.kill(copy, signal.SIGKILL)


class _Voice:
    """What comes through the pipe of a copy, passed on line by line; `said` counts its bytes."""

    def __init__(self, read_end: int, out: int) -> None:
        self.said = 0
        self._read_end, self._out = read_end, out
        self._begun = b""
        self._closed = False
        os.set_blocking(read_end, False)

    def wait(self) -> None:
        """Until there is something, or it is time to see whether the copy has ended."""
        if self._closed:
            time.sleep(0.002)
        else:
            select.select([self._read_end], [], [], 0.02)

    def listen(self) -> None:
        """Pass on what is there."""
        while not self._closed and self.said <= LARGEST_REPORT:
            try:
                chunk = os.read(self._read_end, 1 << 16)
            except BlockingIOError:
                return
            self._closed = not chunk
            self.said += len(chunk)
            *lines, self._begun = (self._begun + chunk).split(b"\n")
            for line in lines:
                _send(self._out, SAID + line + b"\n")


def _send(out: int, line: bytes) -> None:
    while line:
        line = line[_write(out, line) :]


def _processor_time(process: int) -> float:
    """The processor time of a process; 0 where the system does not tell."""
    try:
        # Linux: the clock of a process by its id, as clock_getcpuclockid(3) makes it.
        return time.clock_gettime((~process << 3) | 2)
    except (OSError, OverflowError):
        return 0.0
