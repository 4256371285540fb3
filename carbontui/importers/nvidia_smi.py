"""Logs of `nvidia-smi --query-gpu=timestamp,power.draw --format=csv`, with one power in W a row and GPU.

The mean of a GPU is weighted by time: a sample holds until the next, but for gaps, which are left out of it.
"""

from __future__ import annotations

import re
from heapq import heappush, heappushpop

from carbontui.engine.ledger.entry import Entry
from carbontui.engine.scenario import Scenario
from carbontui.errors import FileError
from carbontui.importers.clock import seconds_of
from carbontui.importers.entries import entry_of
from carbontui.importers.reading import Reading, figures, no_rows, note_of, shown, source_of, stem
from carbontui.importers.table import Row, Table
from carbontui_registry.figures import Figure
from carbontui_registry.text import count_of, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

HINT = "nvidia-smi --query-gpu=timestamp,index,name,power.draw --format=csv"
_POWERS = ("power.draw", "power.draw.average", "power.draw.instant")
_GPUS = ("uuid", "gpu_uuid", "index", "pci.bus_id", "gpu_bus_id")
# One accelerator, in W; and how finely powers are told apart for the percentile.
HIGHEST_POWER = 10_000.0
_BIN = 0.1
MOST_GPUS = 10_000
# A gap is longer than this many times the median time between samples.
GAP = 5.0
IDLE_SHARE = 0.05
_GAPS_NAMED = 3
# No nvidia-smi samples one GPU so fast, in s.
_SHORTEST = 0.02
# Times between rows that change by more than this factor, again and again, are of several GPUs, one after the other.
_JUMP = 4.0
_JUMPS = 0.1
# Where a log has no times they are counted from here.
_EPOCH = "1970-01-01 00:00:00"


class _Gpu:
    """One GPU: its last sample, and by the time between samples (s) that time and the power (W) x time in it."""

    __slots__ = ("at", "first", "last", "power", "weights")

    def __init__(self, at: datetime) -> None:
        self.first = at
        self.last = at
        self.at: datetime | None = None
        self.power = 0.0
        self.weights: dict[float, list[float]] = {}

    def mean(self, gap: float) -> float | None:
        """The mean power in W over all but the gaps."""
        kept = [both for interval, both in self.weights.items() if interval <= gap]
        time = sum(both[0] for both in kept)
        if time:
            return sum(both[1] for both in kept) / time
        return self.power if self.at is not None else None


class _Log:
    """What a log amounts to so far, in memory that does not grow with it."""

    def __init__(self) -> None:
        self.gpus: dict[str, _Gpu] = {}
        self.names: set[str] = set()
        self.samples = 0
        self.unknown = 0
        self.bins: dict[int, int] = {}
        # Times between the samples of one GPU, to three digits, and how many there are of each.
        self.intervals: dict[float, int] = {}
        self.longest: list[tuple[float, int]] = []
        # Of rows that nothing tells apart: how often the time between two is far from that before.
        self.jumps = 0
        self._before: float | None = None

    def add(self, row: Row, gpu: str, at: datetime, power: float | None, told_apart: bool) -> None:
        """Take a row in; `power` is None where the driver gave none."""
        one = self.gpus.get(gpu)
        if one is None:
            if len(self.gpus) == MOST_GPUS:
                raise FileError(f"{shown(row.table.path)}, line {row.line}: has more than {MOST_GPUS:,} GPUs")
            one = self.gpus[gpu] = _Gpu(at)
        elif at < one.last:
            raise row.wrong("timestamp", "is earlier than the row before; sort the log by time")
        elif not told_apart and (at - one.last).total_seconds() < _SHORTEST:
            raise row.wrong(
                "timestamp", f"is the same as in the row before, so there are several GPUs; log them with {HINT}"
            )
        elif not told_apart:
            seconds = (at - one.last).total_seconds()
            if self._before is not None:
                self.jumps += not self._before / _JUMP <= seconds <= self._before * _JUMP
            self._before = seconds
        one.last = at
        if power is None:
            self.unknown += 1
            return
        self.samples += 1
        bin_ = round(power / _BIN)
        self.bins[bin_] = self.bins.get(bin_, 0) + 1
        if one.at is not None:
            seconds = (at - one.at).total_seconds()
            rounded = float(f"{seconds:.2e}")
            self.intervals[rounded] = self.intervals.get(rounded, 0) + 1
            both = one.weights.setdefault(rounded, [0.0, 0.0])
            both[0] += seconds
            both[1] += seconds * one.power
            (heappush if len(self.longest) < _GAPS_NAMED else heappushpop)(self.longest, (seconds, row.line))
        one.at, one.power = at, power

    def median_interval(self) -> float:
        """The median time between two samples of a GPU, in s; 0 where there are none."""
        seen, half = 0, sum(self.intervals.values()) / 2
        for interval in sorted(self.intervals):
            seen += self.intervals[interval]
            if seen >= half:
                return interval
        return 0.0

    def idle(self) -> float:
        """The power in W below which one sample in twenty lies."""
        seen = 0
        for bin_ in sorted(self.bins):
            seen += self.bins[bin_]
            if seen >= IDLE_SHARE * self.samples:
                return bin_ * _BIN
        return 0.0


def _column(title: str) -> str:
    """The name of a column without its unit, which is checked."""
    match = re.fullmatch(r"(\S+)\s*\[(.*)\]", title)
    if match and match[1] in _POWERS and match[2] != "W":
        return title
    return match[1] if match else title


def _guessed(first: list[str]) -> list[str] | None:
    """The names of the columns where the first row is no header, as `noheader` leaves it; None where it is one.

    Only what cannot be anything else is named. A power has two decimals, and its unit unless `nounits` took that away;
    a whole number without unit that is 0 is an index where units are written.
    """
    cells = [cell.strip() for cell in first]
    if not any(_is_time(cell) for cell in cells):
        return None
    with_units = [n for n, cell in enumerate(cells) if re.fullmatch(r"[0-9.]+ W", cell)]
    powers = with_units or [n for n, cell in enumerate(cells) if re.fullmatch(r"[0-9]+\.[0-9]+", cell)]
    zeros = [n for n, cell in enumerate(cells) if cell == "0"] if with_units else []
    names = [""] * len(cells)
    for name, found in (
        ("timestamp", [n for n, cell in enumerate(cells) if _is_time(cell)]),
        ("power.draw", powers),
        ("uuid", [n for n, cell in enumerate(cells) if re.fullmatch(r"GPU-[0-9a-f-]+", cell)]),
        ("pci.bus_id", [n for n, cell in enumerate(cells) if re.fullmatch(r"[0-9A-F]{8}:[0-9A-F:.]+", cell)]),
        ("index", zeros),
        ("name", [n for n, cell in enumerate(cells) if cell.startswith(("NVIDIA ", "Tesla ", "Quadro ", "GeForce "))]),
    ):
        if len(found) == 1:
            names[found[0]] = name
    return names


def read(path: str, reading: Reading) -> tuple[Scenario, ...]:
    """The GPUs of a log as one scenario. Raises `FileError`."""
    log, dated = _log(path, reading)
    return (_scenario(path, log, reading, dated=dated),)


def read_entries(path: str, reading: Reading) -> Iterator[Entry]:
    """The GPUs of a log as one run. Raises `FileError`."""
    log, dated = _log(path, reading)
    entry = entry_of(_scenario(path, log, reading, dated=dated), "nvidia-smi")
    first = min(gpu.first for gpu in log.gpus.values())
    yield entry._replace(start=reading.start(path, seconds_of(first.isoformat(" ")), entry.hours) if dated else None)


def _log(path: str, reading: Reading) -> tuple[_Log, bool]:
    """What a log amounts to, and whether its rows have times."""
    table = Table(path, reading, f"a log of {HINT}", (), rename=_column, guess=_guessed)
    power_column = next((name for name in _POWERS if name in table.at), None)
    if power_column is None and table.first is not None:
        what = "has no header, and not exactly one column that can only be a power"
        raise FileError(f"{shown(path)}, line {table.line}: {what}; log with {HINT}, without noheader")
    if power_column is None:
        raise FileError(f"{shown(path)}, line {table.line}: has no column power.draw [W]; log with {HINT}")
    gpu_column = next((name for name in _GPUS if name in table.at), None)
    clock = _clock(table, gpu_column, reading.interval)
    name_column = next((name for name in ("name", "gpu_name") if name in table.at), "name")
    # An index that was guessed may be something else; then samples of one GPU stand too close together.
    told_apart = gpu_column is not None and not (table.first is not None and gpu_column == "index")
    log = _Log()
    for row in table.rows():
        gpu = row.text(gpu_column)[:100] if gpu_column else ""
        log.add(row, gpu, clock(row, gpu), _power(row, power_column, reading), told_apart)
        if len(log.names) < 10 and (name := row.text(name_column)[:200]):
            log.names.add(name)
    if not log.gpus:
        raise no_rows(path, reading)
    if log.jumps > 1 and log.jumps >= _JUMPS * (log.samples + log.unknown):
        what = "alternates short and long times between rows, so there are several GPUs, which cannot be told apart"
        raise FileError(f"{shown(path)}: {what}; log them with {HINT}")
    return log, "timestamp" in table.at


def _clock(table: Table, gpu_column: str | None, interval: float | None) -> Callable[[Row, str], datetime]:
    """The time of a row: what it says, or of a log without times the number of rows of its GPU times the interval."""
    from datetime import datetime, timedelta

    if "timestamp" in table.at:
        return lambda row, _: _time(row)
    where = f"{shown(table.path)}, line {table.line}"
    if interval is None:
        hint = "if it was logged at a fixed interval, use carbontui import --interval SECONDS"
        raise FileError(f"{where}: has no column 'timestamp', so it is not a log of {HINT}; {hint}")
    if gpu_column is None:
        raise FileError(f"{where}: has neither times nor an index, so the number of GPUs is unknown; {HINT}")
    start, counts = datetime.fromisoformat(_EPOCH), dict[str, int]()

    def counted(_row: Row, gpu: str) -> datetime:
        counts[gpu] = counts.get(gpu, 0) + 1
        return start + timedelta(seconds=interval * counts[gpu])

    return counted


def _time(row: Row) -> datetime:
    found = _parsed(row.text("timestamp"))
    if found is None:
        raise row.wrong("timestamp", "is not a time; nvidia-smi writes 2026/01/31 12:00:00.123")
    return found


def _is_time(text: str) -> bool:
    return _parsed(text) is not None


def _parsed(text: str) -> datetime | None:
    from datetime import datetime

    text = text.replace("/", "-")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if len(text) < len("2026-01-31 12:00") or found.tzinfo is not None else found


def _power(row: Row, column: str, reading: Reading) -> float | None:
    text = row.text(column)
    if "GPU is lost" in text:
        reading.warn(row.table.path, "a GPU was lost, so its power is unknown from here on", row.line)
    if not text or text.startswith("[") or text == "N/A":
        return None
    value = row.number(column, unit="W")
    if value is not None and value > HIGHEST_POWER:
        raise row.wrong(column, f"is more than {HIGHEST_POWER:,.0f} W, for one accelerator")
    return value


def _scenario(path: str, log: _Log, reading: Reading, *, dated: bool) -> Scenario:
    gpus, notes = list(log.gpus.values()), []
    first, last = min(gpu.first for gpu in gpus), max(gpu.last for gpu in gpus)
    median = log.median_interval()
    gap = GAP * median if median else float("inf")
    means = [mean for gpu in gpus if (mean := gpu.mean(gap)) is not None]
    mean, spread = None, None
    if means:
        mean = sum(means) / len(means)
        if len(means) > 1 and mean:
            spread = (sum((one - mean) ** 2 for one in means) / (len(means) - 1)) ** 0.5 / mean
        notes.append(f"{count_of(log.samples, 'sample')}{f', one in {median:g} s' if median else ''}")
        notes.append(f"idle {log.idle():.4g} W (5th percentile)")
    if len(means) < len(gpus):
        mute = len(gpus) - len(means)
        text = f"{mute} of {count_of(len(gpus), 'GPU')} {'gives' if mute == 1 else 'give'} no power"
        notes.append(text)
        reading.warn(path, text)
    if log.unknown and means:
        notes.append(f"rows without a power, left out: {log.unknown:,}")
    if gaps := sum(count for interval, count in log.intervals.items() if interval > gap):
        named = [f"{seconds:.4g} s before line {line}" for seconds, line in sorted(log.longest, reverse=True)]
        named = [*named[: min(gaps, _GAPS_NAMED)], *([f"{gaps - _GAPS_NAMED:,} more"] if gaps > _GAPS_NAMED else [])]
        text = f"gaps, left out of the mean: {listed(named)}"
        notes.append(text)
        reading.warn(path, text)
    name = next(iter(log.names)) if len(log.names) == 1 else ""
    known = reading.names.hardware(name) if name else None
    hardware = known.id if known else None
    if hardware is not None and not means:
        # With its hardware the power would be an estimate, where the log was to say what was drawn.
        notes.append(f"no power in the log; choose the hardware, {hardware}, for an estimate")
        hardware = None
    elif hardware is None and log.names:
        several = "several GPUs" if len(log.names) > 1 else "hardware unknown to the registry"
        notes.append(f"{several}: {', '.join(sorted(log.names))}")
    source = source_of("nvidia-smi", f"log {stem(path)}", first.year if dated and 1970 <= first.year < 2200 else None)
    hours = (last - first).total_seconds() / 3600
    carried = figures(source, chips=(len(gpus), "measured"), duration=(hours or None, "measured"))
    if mean:
        carried += (("power", Figure(mean, "measured", spread or None, source)),)
    texts = (("boundary", "accelerator"),) if mean else ()
    return Scenario(name=stem(path), hardware=hardware, carried=carried, texts=texts, note=note_of(notes))
