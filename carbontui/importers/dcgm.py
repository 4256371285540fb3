"""NVIDIA DCGM: what `dcgmi dmon -e 155,156` prints, or scrapes of dcgm-exporter in Prometheus' text format.

Field 155 is a GPU's power in W, 156 a counter of its energy in mJ since its driver was loaded. What was used is the
difference of the counter's readings; of a log without it, the mean power over its time.
"""

from __future__ import annotations

import re

from carbontui.engine.ledger.entry import Entry, Labels, Setting
from carbontui.errors import EmptyFile, FileError
from carbontui.importers.clock import seconds_of
from carbontui.importers.nvidia_smi import HIGHEST_POWER
from carbontui.importers.reading import Reading, name_of, no_rows, number_of, shown, stem
from carbontui.importers.table import lines_of
from carbontui_registry.text import clean, count_of
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://docs.nvidia.com/datacenter/dcgm/latest/reference/dcgm-exporter-metrics.html"
TOOL = "DCGM"
POWER, ENERGY = "power", "energy"
FIELDS = {"POWER": (POWER, "W"), "TOTEC": (ENERGY, "mJ")}
METRICS = {"DCGM_FI_DEV_POWER_USAGE": POWER, "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION": ENERGY}
HEAD = re.compile(r"\s*(?:\S+\s+)?#\s*Entity\b(.*)")
SAMPLE = re.compile(r"\s*(DCGM_\w+)\{(.*)\}\s+(\S+)(?:\s+(-?[0-9]+))?\s*")
_METRIC = re.compile(r"\s*\w+(?:\{|\s)")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_ROW = re.compile(r"\s*(?:([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+)\S*\s+)?([A-Za-z-]+)\s+([0-9]+)\s+(.*?)\s*")
_MJ_A_KWH = 3.6e9
# What DCGM has no figure for it writes as the first of these numbers, or one to three above it: not found, not
# supported, not permitted (dcgm_structs.h, DCGM_INT32_BLANK, DCGM_FP64_BLANK, DCGM_INT64_BLANK). A counter may pass the
# first, a power none of them. Prometheus prints the last as 9.223372036854776e+18, which is 16 above.
_BLANKS = {
    POWER: ((0x7FFFFFF0, 0x7FFFFFF3), (1 << 47, 1 << 63)),
    ENERGY: ((1 << 47, (1 << 47) + 3), (0x7FFFFFFFFFFFFFF0, 1 << 63)),
}
# So a text is written.
_BLANK_TEXTS = ("N/A", "-", "<<<NULL>>>", "<<<NOT_FOUND>>>", "<<<NOT_SUPPORTED>>>", "<<<NOT_PERM>>>")


class _Reading(NamedTuple):
    """One figure of one GPU: of which host, and when in s since 1970 where the log says."""

    host: str
    gpu: str
    model: str
    what: str
    value: float | None
    time: float | None
    line: int
    # Of several series of one GPU, as of its MIG instances, each counts all of it.
    series: str


class _Gpu:
    """What the readings of a GPU come to so far."""

    def __init__(self, reading: _Reading) -> None:
        self.host, self.model, self.series = reading.host, reading.model, {reading.what: reading.series}
        self.count = dict.fromkeys((POWER, ENERGY), 0)
        self.first = self.last = reading.time
        self.counted = self.watt_seconds = self.powers = 0.0
        self.resets = 0
        self._counter: float | None = None
        self._power: tuple[float, float | None] | None = None

    def add(self, one: _Reading) -> None:
        """Take a reading in."""
        if self.series.setdefault(one.what, one.series) != one.series or one.value is None:
            return
        self.count[one.what] += 1
        if one.time is not None:
            self.first = one.time if self.first is None else min(self.first, one.time)
            self.last = one.time if self.last is None else max(self.last, one.time)
        if one.what == ENERGY:
            if self._counter is not None:
                self.resets += one.value < self._counter
                self.counted += one.value - self._counter if one.value >= self._counter else one.value
            self._counter = one.value
            return
        self.powers += one.value
        if self._power is not None and one.time is not None and self._power[1] is not None:
            self.watt_seconds += (self._power[0] + one.value) / 2 * max(0.0, one.time - self._power[1])
        self._power = (one.value, one.time)

    def seconds(self, interval: float | None) -> float | None:
        """From the first reading to the last; None where the log has no times and no interval is said."""
        if self.first is not None and self.last is not None and self.last > self.first:
            return self.last - self.first
        return (max(self.count.values()) - 1) * interval if interval is not None else None

    def kwh(self, interval: float | None) -> float | None:
        """What it used, None where the log does not say."""
        if self.count[ENERGY] > 1:
            return self.counted / _MJ_A_KWH
        if self.count[POWER] < 2:
            return None
        if self.watt_seconds:
            return self.watt_seconds / 3.6e6
        seconds = self.seconds(interval)
        return self.powers / self.count[POWER] * seconds / 3.6e6 if seconds else None


def read_entries(path: str, reading: Reading) -> Iterator[Entry]:
    """One entry a host, whose GPUs add up. Raises `FileError`."""
    gpus: dict[tuple[str, str], _Gpu] = {}
    for one in _readings(path, reading):
        key = (one.host, one.gpu)
        if key not in gpus:
            gpus[key] = _Gpu(one)
        gpus[key].add(one)
    if not gpus:
        raise FileError(f"{shown(path)}: has neither the power (field 155) nor the energy (156) of a GPU")
    hosts: dict[str, list[_Gpu]] = {}
    for gpu in gpus.values():
        hosts.setdefault(gpu.host, []).append(gpu)
    for host, some in hosts.items():
        yield _entry(path, reading, host, some)


def _entry(path: str, reading: Reading, host: str, gpus: list[_Gpu]) -> Entry:
    interval = reading.interval
    seconds = max((found for gpu in gpus if (found := gpu.seconds(interval)) is not None), default=None)
    energies = [gpu.kwh(interval) for gpu in gpus]
    if all(energy is None for energy in energies):
        if max(max(gpu.count.values()) for gpu in gpus) < 2:
            what = "has one reading of each GPU; an energy needs two"
        else:
            what = (
                "has no times, which a power needs; if it was logged at a fixed interval,"
                " use carbontui import --interval SECONDS"
            )
        raise FileError(f"{shown(path)}: {what}")
    if seconds is None:
        reading.warn(path, "has no times, so its duration is unknown; use carbontui import --interval SECONDS")
    if resets := sum(gpu.resets for gpu in gpus):
        reading.warn(
            path,
            f"counters were reset {count_of(resets, 'time')} (a driver was reloaded): the energy in between is lost",
        )
    known = [energy for energy in energies if energy is not None]
    if len(known) < len(gpus):
        mute = len(gpus) - len(known)
        report = "reports" if mute == 1 else "report"
        reading.warn(path, f"{mute} of {count_of(len(gpus), 'GPU')} {report} neither energy nor power")
    if seconds and any(energy * 3.6e6 / seconds > HIGHEST_POWER for energy in known):
        raise FileError(f"{shown(path)}: has a GPU with a mean of more than {HIGHEST_POWER:,.0f} W")
    models = sorted({gpu.model for gpu in gpus} - {""})
    named = reading.names.hardware(models[0]) if len(models) == 1 else None
    if models and named is None:
        what = "several GPUs" if len(models) > 1 else "hardware unknown to the registry"
        reading.warn(path, f"{what}: {', '.join(models)[:200]}")
    chips = float(len(gpus))
    setting = Setting(
        named.id if named else "", chips=chips, boundary="accelerator", energy_of="accelerator", tool=TOOL
    )  # fmt: skip
    starts = [gpu.first for gpu in gpus if gpu.first is not None]
    return Entry(
        name_of(f"{stem(path)} {host}", stem(path)),
        setting,
        Labels(group=stem(path), node=clean(host)[:200]),
        reading.start(path, min(starts, default=None), seconds / 3600 if seconds else None),
        seconds / 3600 if seconds else None,
        chips,
        sum(known) if len(known) == len(gpus) else None,
    )


def _readings(path: str, reading: Reading) -> Iterator[_Reading]:
    lines = lines_of(path, reading)
    for number, text in enumerate(lines, 1):
        if (head := HEAD.fullmatch(text.rstrip())) is not None:
            yield from _of_dmon(path, reading, lines, number, head[1].split())
            return
        if text.strip():
            if not text.lstrip().startswith("#") and _METRIC.match(text) is None:
                what = "is neither output of dcgmi dmon nor a scrape of dcgm-exporter"
                raise FileError(f"{shown(path)}, line {number}: {what}")
            yield from _of_exporter(path, number, text, lines)
            return
    raise EmptyFile(f"{shown(path)}: is empty; output of DCGM begins with its fields")


def _of_dmon(path: str, reading: Reading, lines: Iterator[str], above: int, fields: list[str]) -> Iterator[_Reading]:
    wanted = {n: FIELDS[name] for n, name in enumerate(fields) if name in FIELDS}
    if not wanted:
        raise FileError(f"{shown(path)}, line {above}: has neither POWER (field 155) nor TOTEC (156)")
    rows = 0
    for line, text in enumerate(lines, above + 1):
        words = text.split()
        if not words or HEAD.fullmatch(text.rstrip()):
            continue
        match = _ROW.fullmatch(text.rstrip())
        if match is None:
            at = next((n for n, word in enumerate(words[:2]) if word.lower() == "id"), None)
            if at is None:
                raise FileError(f"{shown(path)}, line {line}: is not a row of dcgmi dmon, such as GPU 0  71.5")
            units = words[at + 1 :]
            for n, (_, unit) in wanted.items():
                if len(units) == len(fields) and units[n] != unit:
                    raise FileError(
                        f"{shown(path)}, line {line}: {fields[n]} must be in {unit}, not {clean(units[n])[:20]}"
                    )
            continue
        rows += 1
        time, entity, number, rest = match.groups()
        if entity != "GPU":
            reading.warn(path, f"left out rows of {clean(entity)[:20]}: the meter is for the whole GPU", line)
            continue
        cells = rest.split()
        if len(cells) != len(fields):
            raise FileError(f"{shown(path)}, line {line}: has {len(cells)} figures but the header has {len(fields)}")
        when = seconds_of(time.replace(" ", "T")) if time else None
        for n, (what, _) in wanted.items():
            yield _Reading("", number, "", what, _figure(path, line, fields[n], cells[n], what), when, line, "")
    if not rows:
        raise no_rows(path, reading)


def _of_exporter(path: str, line: int, text: str, lines: Iterator[str]) -> Iterator[_Reading]:
    while True:
        if text.strip() and not text.lstrip().startswith("#"):
            match = SAMPLE.fullmatch(text.rstrip())
            if match is None and _METRIC.match(text) is None:
                raise FileError(f"{shown(path)}, line {line}: is not a line of Prometheus' text format")
            if match is not None and match[1] in METRICS:
                labels = dict(_LABEL.findall(match[2]))
                value = _figure(path, line, match[1], match[3], METRICS[match[1]])
                stamp = _figure(path, line, f"{match[1]}, its time", match[4]) if match[4] else None
                gpu = labels.get("UUID") or labels.get("gpu", "")
                yield _Reading(
                    labels.get("Hostname", ""), gpu, labels.get("modelName", ""), METRICS[match[1]], value,
                    stamp / 1000 if stamp is not None else None, line, match[2],
                )  # fmt: skip
        following = next(lines, None)
        if following is None:
            return
        line, text = line + 1, following


def _figure(path: str, line: int, name: str, text: str, what: str = "") -> float | None:
    """A figure, None where DCGM has none; `what` is that of a power or an energy."""
    if text in _BLANK_TEXTS or text == "NaN":
        return None
    try:
        # Whole numbers are compared as they stand: as floats, the largest of them are all the same.
        exact = int(text) if text.isdecimal() else float(text)
    except ValueError:
        exact = -1
    if any(first <= exact <= last for first, last in _BLANKS.get(what, ())):
        return None
    try:
        return number_of(text)
    except ValueError as error:
        raise FileError(f"{shown(path)}, line {line}, {name}: {clean(text)[:60]!r} {error}") from None
