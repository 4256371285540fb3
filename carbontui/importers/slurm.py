"""`sacct -P`: one entry a job, its steps folded in.

The cells are divided by `|` and never quoted. A job's own line comes before those of its steps; of these come the
energy where the job's line has none, and whether the GPUs worked at all.
"""

from __future__ import annotations

import re
from math import inf

from carbontui.engine.ledger.entry import Entry, Labels, Setting
from carbontui.errors import EmptyFile, FileError
from carbontui.importers.beside import cluster_of
from carbontui.importers.cluster import Cluster
from carbontui.importers.doubts import highest_power
from carbontui.importers.names import Named
from carbontui.importers.reading import Reading, no_rows, number_of, shown, whole_of
from carbontui.importers.table import lines_of
from carbontui_registry.text import clean, did_you_mean
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

URL = "https://slurm.schedmd.com/sacct.html"
TOOL = "Slurm"
# Slurm writes "not known" as a number near 2^64.
_NO_VALUE = 1e18
# A node that draws more than this, in W, is not one node, or its meter is wrong.
_HIGHEST_NODE = 20_000.0
_REMEMBERED = 100_000
_J_A_KWH = 3.6e6


class _Tres(NamedTuple):
    """What was allocated: accelerators by type ("gpu" where none is named), cores and nodes."""

    gpus: tuple[tuple[str, int], ...]
    cores: int | None
    nodes: int | None


class _Job:
    """A job's line, until all of its steps were seen."""

    __slots__ = ("cells", "id", "idle", "line", "steps_energy")

    def __init__(self, line: int, cells: list[str], job: str) -> None:
        self.line = line
        self.cells = cells
        self.id = job
        self.steps_energy = 0.0
        self.idle: bool | None = None


class _Log:
    """An accounting file: where its columns are, and what was looked up for its partitions."""

    def __init__(self, path: str, first: str, reading: Reading, cluster: Cluster) -> None:
        header = first.rstrip("\r\n").split("|")
        # With -p instead of -P each line ends in a divider.
        self.ended = len(header) > 1 and not header[-1]
        if self.ended:
            header.pop()
        self.path = path
        self.reading = reading
        self.cluster = cluster
        self.width = len(header)
        self.at = {name: number for number, name in enumerate(header) if name}
        if "JobID" not in self.at:
            hint = did_you_mean("JobID", [clean(name)[:60] for name in header])
            what = "has no column 'JobID', so it is not output of sacct -P (with its header line)"
            raise FileError(f"{shown(path)}, line 1: {what}{hint}")
        if not {"Elapsed", "ElapsedRaw"} & set(self.at):
            raise FileError(f"{shown(path)}, line 1: has neither Elapsed nor ElapsedRaw; add one to --format")
        self.settings: dict[tuple[str, str, bool], tuple[Setting, float | None, int | None]] = {}
        self.labels: dict[tuple[str, ...], Labels] = {}
        self.assumed: set[str] = set()
        # W of a node for each accelerator, by hardware.
        self.most: dict[str, float | None] = {}

    def cells_of(self, text: str, line: int) -> list[str]:
        """The cells of a line; one `|` too many is part of the job's name."""
        cells = text.rstrip("\r\n").split("|")
        if self.ended:
            cells.pop()
        extra = len(cells) - self.width
        if extra > 0 and "JobName" in self.at:
            at = self.at["JobName"]
            cells[at : at + extra + 1] = ["|".join(cells[at : at + extra + 1])]
            extra = 0
        if extra:
            raise FileError(
                f"{shown(self.path)}, line {line}: has {len(cells):,} cells but the header has {self.width:,}"
            )
        return cells

    def highest(self, hardware: str) -> float | None:
        """What a node can draw for each accelerator, in W."""
        if hardware not in self.most:
            self.most[hardware] = highest_power(self.reading.catalogue, Named(hardware)) if hardware else None
        return self.most[hardware]

    def wrong(self, line: int, column: str, text: str, what: str) -> FileError:
        return FileError(f"{shown(self.path)}, line {line}, column {column}: {clean(text)[:60]!r} {what}")

    def whole(self, line: int, column: str, text: str, of: str = "") -> int:
        """What a cell counts."""
        try:
            return whole_of(text)
        except ValueError as error:
            raise self.wrong(line, column, text, f"{error} {of}".rstrip()) from None

    def joules(self, text: str, line: int) -> float:
        """A `ConsumedEnergyRaw`, 0 where it is not known."""
        if not text:
            return 0.0
        try:
            value = float(text) if "_" not in text else -1.0
        except ValueError:
            value = -1.0
        if not 0 <= value < inf:
            raise self.wrong(line, "ConsumedEnergyRaw", text, "must be a number of joules")
        return value if value < _NO_VALUE else 0.0


def read_entries(path: str, reading: Reading) -> Iterator[Entry]:
    """One entry a job that ran. Raises `FileError`."""
    lines = lines_of(path, reading)
    cluster = cluster_of(path, reading)
    log = _Log(path, _first(lines, path), reading, cluster)
    if cluster.path:
        reading.described.setdefault(cluster.path, []).append(path)
    at, width = log.at, log.width
    id_at, energy_at, usage_at = at["JobID"], at.get("ConsumedEnergyRaw"), at.get("TRESUsageInAve")
    job: _Job | None = None
    number = 1
    for number, text in enumerate(lines, 2):
        cells = text.rstrip("\r\n").split("|")
        if len(cells) != width:
            if not text.strip():
                continue
            cells = log.cells_of(text, number)
        job_id = cells[id_at]
        if "." in job_id:
            if job is None or job_id.partition(".")[0] != job.id:
                reading.warn(path, "left out a step whose job is not in the lines above it", number)
                continue
            if energy_at is not None and cells[energy_at]:
                # Each step meters the whole of its nodes, so that the largest has the others in it.
                job.steps_energy = max(job.steps_energy, log.joules(cells[energy_at], number))
            if usage_at is not None:
                try:
                    used = _used(cells[usage_at])
                except ValueError as error:
                    raise log.wrong(number, "TRESUsageInAve", cells[usage_at], f"gres/gpuutil {error}") from None
                if used is not None:
                    job.idle = not used and job.idle is not False
            continue
        if job is not None and (entry := _entry(log, job)) is not None:
            yield entry
        if cells[id_at] == "JobID":
            # Files put together.
            job = None
            continue
        job = _Job(number, cells, job_id)
    if job is not None and (entry := _entry(log, job)) is not None:
        yield entry
    if number == 1:
        raise no_rows(path, reading)


def _first(lines: Iterator[str], path: str) -> str:
    first = next(lines, "")
    if not first.strip():
        raise EmptyFile(f"{shown(path)}: is empty; output of sacct -P begins with a line of column names")
    return first


def _used(usage: str) -> bool | None:
    """Whether a step's GPUs worked, by `gres/gpuutil`; None where it does not say. Raises `ValueError`."""
    at = usage.find("gres/gpuutil")
    if at < 0:
        return None
    match = re.match(r"gres/gpuutil(?::[^=,]+)?=([0-9.]+)", usage[at:])
    return number_of(match[1]) > 0 if match else None


def _entry(log: _Log, job: _Job) -> Entry | None:
    cells, at = job.cells, log.at

    def text(column: str) -> str:
        where = at.get(column)
        return cells[where] if where is not None else ""

    state = text("State").partition(" ")[0]
    elapsed = _elapsed(log, job)
    if not elapsed:
        # It held nothing for any time; what never began is no run.
        what = "whose time is unknown" if elapsed is None else "that never ran"
        log.reading.warn(log.path, f"left out a job {what}", job.line)
        return None
    hours = elapsed / 3600
    joules = (log.joules(text("ConsumedEnergyRaw"), job.line) or job.steps_energy) if "ConsumedEnergyRaw" in at else 0.0
    tres = text("AllocTRES") or text("ReqTRES")
    partition = text("Partition")
    kind = (partition, tres or f"{text('NCPUS') or text('AllocCPUS')}/{text('NNodes')}", joules > 0)
    found = log.settings.get(kind)
    if found is None:
        if len(log.settings) > _REMEMBERED:
            log.settings.clear()
        found = log.settings[kind] = _setting(log, job, partition, _tres(log, job.line, text), joules > 0)
    setting, units, nodes = found
    energy = joules / _J_A_KWH if joules else None
    if joules:
        _doubt(log, job, setting, joules / elapsed, units, nodes)
    cluster = text("Cluster") or log.cluster.name
    told = (text("User"), text("Account"), cluster, partition, state, text("NodeList"))
    labels = log.labels.get(told)
    if labels is None:
        if len(log.labels) > _REMEMBERED:
            log.labels.clear()
        user, account, of, queue, _, node = (clean(one)[:200] for one in told)
        labels = log.labels[told] = Labels(user, account, of, queue, state=state, node=node)
        if log.cluster.name and cluster.casefold() != log.cluster.name.casefold():
            what = f"a job of cluster {of}, read with the cluster file of {log.cluster.name}"
            log.reading.warn(log.path, what, job.line)
    start = text("Start")
    began = log.reading.start(log.path, log.reading.time(log.path, start, job.line), hours, job.line)
    # A job that several exports hold is one; one that was requeued has begun again.
    key = f"{cluster} {job.id} {start or _without_start(log, job, cluster)}"
    name = f"{job.id} {text('JobName')[:60]}".rstrip()
    return Entry(name, setting, labels, began, hours, units, energy, None, job.idle, key)


def _without_start(log: _Log, job: _Job, cluster: str) -> str:
    """What tells a job without a start from others of its id: all that its lines say."""
    cells = [f"{name}={job.cells[at]}" for name, at in sorted(log.at.items())]
    told = str(hash((*cells, job.steps_energy, job.idle)))
    if log.reading.without_start.setdefault(f"{cluster} {job.id}", told) != told:
        what = "two different jobs without Start have the same id: they may be one run or two, so both count"
        log.reading.warn(log.path, what, job.line)
    return told


def _doubt(log: _Log, job: _Job, setting: Setting, watts: float, units: float | None, nodes: int | None) -> None:
    """Note a meter that says more than the job can have drawn."""
    if watts > _HIGHEST_NODE * (nodes or 1):
        log.reading.warn(log.path, f"a meter reads more than {_HIGHEST_NODE / 1000:g} kW per node", job.line)
    elif setting.chips and units and (most := log.highest(setting.hardware)) is not None and watts / units > most:
        what = f"the nodes draw more than {most:,.0f} W per GPU of a job (2 x TDP + 200 W)"
        log.reading.warn(log.path, f"{what}: the meter may include other jobs", job.line)


def _elapsed(log: _Log, job: _Job) -> float | None:
    """The time of a job in s; None where it is not known."""
    raw_at, at = log.at.get("ElapsedRaw"), log.at.get("Elapsed")
    if raw_at is not None and (raw := job.cells[raw_at]):
        return float(log.whole(job.line, "ElapsedRaw", raw, "of seconds"))
    written = job.cells[at] if at is not None else ""
    if not written or written in ("Unknown", "INVALID"):
        return None
    match = re.fullmatch(r"(?:([0-9]{1,6})-)?(?:([0-9]{1,8}):)?([0-9]{1,2}):([0-9]{2}(?:\.[0-9]+)?)", written)
    if match is None:
        raise log.wrong(job.line, "Elapsed", written, "must be a time as sacct writes it, such as 1-12:00:00")
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return days * 86_400 + hours * 3600 + minutes * 60 + seconds


def _tres(log: _Log, line: int, text: Callable[[str], str]) -> _Tres:
    column = "AllocTRES" if text("AllocTRES") else "ReqTRES"
    gpus: dict[str, int] = {}
    counts: dict[str, int] = {}
    for part in text(column).split(","):
        name, _, value = part.partition("=")
        if not value.isdecimal():
            continue
        if name == "gres/gpu" or name.startswith("gres/gpu:"):
            gpus[name.partition(":")[2] or "gpu"] = log.whole(line, column, value)
        elif name in ("cpu", "node"):
            counts[name] = log.whole(line, column, value)
    typed = {name: count for name, count in gpus.items() if name != "gpu"}
    # The line without a type counts all; those with one say what they are.
    if typed and sum(typed.values()) >= gpus.get("gpu", 0):
        gpus = typed
    of_cores = "NCPUS" if text("NCPUS") else "AllocCPUS"
    cores, nodes = text(of_cores), text("NNodes")
    return _Tres(
        tuple((name, count) for name, count in sorted(gpus.items()) if count),
        log.whole(line, of_cores, cores) if cores.isdecimal() else counts.get("cpu"),
        log.whole(line, "NNodes", nodes) if nodes.isdecimal() else counts.get("node"),
    )


def _setting(
    log: _Log, job: _Job, partition: str, tres: _Tres, metered: bool
) -> tuple[Setting, float | None, int | None]:
    of = log.cluster.partition(partition)
    measured = {"energy_of": "node"} if metered else {}
    if not tres.gpus:
        units = float(tres.cores) if tres.cores else None
        basic = Setting(region=of.region, power=of.watts_per_core, pue=of.pue, tool=TOOL, **measured)  # type: ignore[arg-type]
        return basic, units, tres.nodes
    kinds: dict[str, float] = {}
    total = 0.0
    for name, count in tres.gpus:
        hardware, each = _hardware(log, job, of.hardware, name)
        kinds[hardware] = kinds.get(hardware, 0.0) + count * each
        total += count * each
    if len(kinds) > 1:
        log.reading.warn(log.path, f"several kinds of GPU in one job: {', '.join(sorted(map(str, kinds)))}", job.line)
    hardware = next(iter(kinds)) if len(kinds) == 1 else ""
    setting = Setting(hardware, of.region, total, pue=of.pue, tool=TOOL, **measured)  # type: ignore[arg-type]
    return setting, total, tres.nodes


def _hardware(log: _Log, job: _Job, of_partition: str, name: str) -> tuple[str, float]:
    """The hardware of a type of `gres/gpu`, and how many there are for each that Slurm counts."""
    if name in log.cluster.gres:
        return log.cluster.gres[name], 1.0
    if of_partition:
        return of_partition, 1.0
    if name == "gpu":
        return "", 1.0
    found = log.reading.names.hardware(name)
    gres = f"gres/gpu:{clean(name)[:60]}"
    if found is None:
        log.reading.warn(log.path, f"{gres} is unknown to the registry; a cluster file can say what it is", job.line)
        return "", 1.0
    if not re.search(r"[_-]", name):
        what = f"{gres} is taken to be {found.id}; a cluster file can say otherwise"
        if what not in log.assumed:
            # Of many jobs the first is named: what they hold is looked up once a kind of job, not once a job.
            log.assumed.add(what)
            log.reading.warn(log.path, what, job.line)
    return found.id, found.each


def seen(path: str, reading: Reading) -> tuple[dict[str, dict[str, int]], Mapping[str, str]]:
    """The partitions of a file with their jobs by type of accelerator, and the hardware that each type is taken for.

    Raises `FileError`.
    """
    found: dict[str, dict[str, int]] = {}
    known: dict[str, str] = {}
    lines = lines_of(path, reading)
    log = _Log(path, _first(lines, path), reading, Cluster())
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        cells = log.cells_of(line, number)

        def text(column: str, cells: list[str] = cells) -> str:
            return cells[log.at[column]] if column in log.at else ""

        if "." in text("JobID") or text("JobID") == "JobID":
            continue
        gpus = _tres(log, number, text).gpus
        of = found.setdefault(clean(text("Partition"))[:200], {})
        for name in [name for name, _ in gpus] or [""]:
            of[name] = of.get(name, 0) + 1
            if name not in ("", "gpu") and name not in known and (hardware := reading.names.hardware(name)):
                known[name] = hardware.id
    return found, known
