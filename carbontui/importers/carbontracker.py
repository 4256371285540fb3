"""carbontracker's logs: what it printed and keeps as `*_carbontracker_output.log`, or the log of its epochs.

The first says what was used so far, with the PUE that carbontracker takes in it, and predictions, which are no
measurement. The second has time and power (W, before PUE) of each epoch.
"""

from __future__ import annotations

import re

from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui.errors import EmptyFile, FileError
from carbontui.importers.clock import seconds_of
from carbontui.importers.reading import Reading, name_of, number_of, shown, stem
from carbontui.importers.table import lines_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://github.com/lfwa/carbontracker"
TOOL = "carbontracker"
_STAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8})(?:,[0-9]+)? - ")
_DEVICES = re.compile(r"GPU with device\(s\) (.*?)\.(?: [A-Z]+ with|\s*\Z)")
_FOUND = "The following components were found"
# What a run begins with, where one has said that before.
_BEGINS = re.compile(rf"carbontracker version|{_FOUND}")
_PLACE = re.compile(r"detected location:? (.+?)\.?\s*\Z|average carbon intensity for (.+?) in [0-9]{4}")
_FIGURE = re.compile(r"(Time|Energy|CO2eq):\s*(.+?)\s*\Z")


class _Log:
    """What a run says so far: the last that it says was used, and its epochs. It stands from `line` to `last`."""

    def __init__(self, line: int = 1) -> None:
        self.line = self.last = line
        self.begun = False
        self.devices: list[str] | None = None
        self.place = ""
        self.of_world = False
        self.start: float | None = None
        self.actual: dict[str, str] = {}
        self.section = ""
        # The time of an epoch in s, and its powers in W; None where a component gave none.
        self.epochs: list[tuple[float, list[float | None]]] = []

    def take(self, text: str) -> None:
        """Take a line in."""
        if match := _STAMP.match(text):
            self.start = seconds_of(match[1]) if self.start is None else self.start
            text = text[match.end() :]
        if _FOUND in text:
            self.begun = True
        if match := _DEVICES.search(text):
            self.devices = [device.strip() for device in match[1].split(",")]
        elif match := _PLACE.search(text):
            self.place = match[1] or match[2]
            self.of_world = self.of_world or self.place == "world"
        elif re.match(r"Actual consumption", text):
            self.section, self.actual, self.begun = "actual", {}, True
        elif re.match(r"Predicted consumption", text):
            self.section = "predicted"
        elif (match := _FIGURE.match(text.strip())) and self.section == "actual":
            self.actual[match[1]] = match[2]
            if match[1] == "Time":
                _seconds(match[2])
        elif match := re.match(r"Duration:\s*([0-9:.]+)", text):
            self.epochs.append((_seconds(match[1]), []))
            self.begun = True
        elif (match := re.match(r"Average power usage \(W\) for (.+): (.+)", text)) and self.epochs:
            self.epochs[-1][1].extend(_powers(match[2]))


def _seconds(text: str) -> float:
    hours, minutes, seconds = ([0.0, 0.0] + [number_of(part) for part in text.split(":")])[-3:]
    return hours * 3600 + minutes * 60 + seconds


def _powers(text: str) -> list[float | None]:
    if text.strip() == "None":
        return [None]
    return [number_of(part) for part in re.findall(r"[0-9]+(?:\.[0-9]*)?(?:e[-+]?[0-9]+)?", text)]


def read_entries(path: str, reading: Reading) -> Iterator[Entry]:
    """One entry a run; files put together have several. Raises `FileError`."""
    logs, number = [_Log()], 0
    for number, line in enumerate(lines_of(path, reading), 1):
        text = line.removeprefix("CarbonTracker: ").rstrip("\r\n")
        if logs[-1].begun and _BEGINS.match(_STAMP.sub("", text, count=1)):
            logs.append(_Log(number))
        logs[-1].last = number
        try:
            logs[-1].take(text)
        except (ValueError, IndexError):
            raise FileError(f"{shown(path)}, line {number}: is not a time as carbontracker writes it") from None
    if not number:
        raise EmptyFile(f"{shown(path)}: is empty; expected a log of carbontracker")
    used = [log for log in logs if log.actual or log.epochs]
    if not used:
        raise FileError(
            f"{shown(path)}: has neither an actual consumption nor epochs, so it is not a log of carbontracker"
        )
    for log in logs:
        if log not in used:
            reading.warn(path, "left out a run that states neither its energy nor its epochs", log.line)
        else:
            yield _entry(log, path, reading, several=len(used) > 1)


def _entry(log: _Log, path: str, reading: Reading, *, several: bool) -> Entry:
    chips, hardware = _hardware(log, path, reading)
    region = None
    if log.place and not log.of_world:
        # An address ends in the country, before it the part of it.
        parts = [part.strip() for part in log.place.split(",")]
        before = parts[-2] if len(parts) > 1 else ""
        region = reading.names.region(code=parts[-1], country=parts[-1], part=before)
    energy, gross, hours, of = _used(log, path, log.last)
    if log.of_world and gross is not None:
        reading.warn(path, "its CO2eq is based on a world average and is not used")
        gross = None
    if energy is None:
        reading.warn(path, "an epoch has no power, so the energy is unknown")
    setting = Setting(hardware, region or "", chips, boundary="node", energy_of=of, tool=TOOL)
    name = name_of(f"{stem(path)} line {log.line}" if several else stem(path), "log")
    start = reading.start(path, log.start, hours, log.line)
    return Entry(name, setting, Labels(group=stem(path)), start, hours or None, chips, energy, gross)


def _hardware(log: _Log, path: str, reading: Reading) -> tuple[float | None, str]:
    if not log.devices:
        return None, ""
    names = set(log.devices)
    found = reading.names.hardware(names.pop()) if len(names) == 1 else None
    if found is None:
        reading.warn(path, f"hardware unknown to the registry: {', '.join(sorted(set(log.devices)))[:200]}")
    return len(log.devices) * (found.each if found else 1.0), found.id if found else ""


def _used(log: _Log, path: str, line: int) -> tuple[float | None, float | None, float, str]:
    """Energy in kWh, emissions in kgCO2e, time in h, and what the energy is of."""
    if log.actual:
        energy, gross = (
            _number(log.actual[key], unit, path, line) if key in log.actual else None
            for key, unit in (("Energy", "kWh"), ("CO2eq", "g"))
        )
        hours = _seconds(log.actual["Time"]) / 3600 if "Time" in log.actual else 0.0
        return energy, None if gross is None else gross / 1000, hours, FACILITY
    joules: float | None = 0.0
    for seconds, powers in log.epochs:
        known = [power for power in powers if power is not None]
        joules = joules + seconds * sum(known) if joules is not None and known and len(known) == len(powers) else None
    return None if joules is None else joules / 3.6e6, None, sum(s for s, _ in log.epochs) / 3600, "node"


def _number(text: str, unit: str, path: str, line: int) -> float:
    try:
        return number_of(text.removesuffix(unit))
    except ValueError as error:
        what = str(error).replace("point,", f"point, optionally followed by {unit},")
        raise FileError(f"{shown(path)}, line {line}: {text[:60]!r} {what}") from None
