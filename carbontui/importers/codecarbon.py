"""CodeCarbon's `emissions.csv`.

A row is one finished run of a tracker, or what a run had used when it was written out: then later rows of the same
`run_id` hold what earlier ones do, and the last one counts. `energy_consumed` (kWh) has the PUE in it already,
`emissions` are kgCO2e, `duration` is in seconds.
"""

from __future__ import annotations

import re
from operator import itemgetter

from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui.engine.scenario import Scenario
from carbontui.errors import FileError
from carbontui.importers.codecarbon_run import COLUMNS, COMMON, MACHINE, NUMBERS, TEXTS, Run
from carbontui.importers.doubts import Doubts
from carbontui.importers.reading import (
    LARGEST_NUMBER,
    MOST_SCENARIOS,
    Reading,
    figures,
    name_of,
    no_rows,
    note_of,
    shown,
    source_of,
    stem,
    year_of,
)
from carbontui.importers.table import Row, Table
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from carbontui.importers.names import Named
    from carbontui_registry.figures import Basis

URL = "https://github.com/mlco2/codecarbon"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BATCH = 1000
_REMEMBERED = 10_000
_CREATE = f"CREATE TABLE run ({', '.join(COLUMNS)}, PRIMARY KEY (project, key)) WITHOUT ROWID"
_INSERT = f"INSERT OR REPLACE INTO run VALUES ({', '.join('?' * len(COLUMNS))})"


def read(path: str, reading: Reading) -> tuple[Scenario, ...]:
    """One scenario a project with what its runs add up to, or one a run. Raises `FileError`."""
    import sqlite3

    # On disk as soon as it is large; the runs of a long log need not fit into memory.
    connection = sqlite3.connect("", isolation_level=None)
    try:
        connection.execute(_CREATE)
        connection.execute("BEGIN")
        batch = []
        for run in _rows(path, reading):
            batch.append(run)
            if len(batch) == _BATCH:
                connection.executemany(_INSERT, batch)
                batch.clear()
        connection.executemany(_INSERT, batch)
        return tuple(_scenarios(connection, path, reading))
    except sqlite3.Error as error:
        raise FileError(f"{shown(path)}: cannot be processed: {error}") from None
    finally:
        connection.close()


def read_entries(path: str, reading: Reading) -> Iterator[Entry]:
    """One entry a run of a tracker. Raises `FileError`."""
    known: dict[tuple[object, ...], tuple[Setting, float | None, Labels]] = {}
    none = True
    for run in _rows(path, reading):
        none = False
        common: tuple[object, ...] = run[COMMON]  # type: ignore[assignment]
        found = known.get(common)
        if found is None:
            if len(known) > _REMEMBERED:
                known.clear()
            found = known[common] = (*_setting(run, path, reading), Labels(group=run.project, node=run.machine))
        setting, chips, labels = found
        hours = None if run.duration is None else run.duration / 3600
        end = reading.time(path, run.end, run.line)
        start = end - run.duration if end is not None and run.duration is not None else end
        start = reading.start(path, start, hours, run.line)
        name = f"{run.project} {run.run[:8] or f'line {run.line}'}"
        # What CodeCarbon gives is unique everywhere; what somebody else wrote may be so in its file alone.
        key = (run.key if _UUID.fullmatch(run.run) else f"{path} {run.key}") if run.run else ""
        yield Entry(name, setting, labels, start, hours or None, chips, run.energy_consumed, run.emissions, None, key)
    if none:
        raise no_rows(path, reading)


def _setting(run: Run, path: str, reading: Reading) -> tuple[Setting, float | None]:
    """What a run has in common with others, and how many accelerators it has."""
    models = {model for _, model in reading.names.models(run.gpu_model)} if run.gpu_count else set()
    named = reading.names.hardware(next(iter(models))) if len(models) == 1 else None
    if models and named is None:
        what = "several GPUs" if len(models) > 1 else "hardware unknown to the registry"
        reading.warn(path, f"{what}: {', '.join(sorted(models))[:200]}", run.line)
    chips = run.gpu_count * named.each if run.gpu_count and named else run.gpu_count or None
    region = _region_of(run, reading)
    setting = Setting(
        named.id if named else "",
        region or "",
        chips,
        boundary="node",
        # What CodeCarbon is not told it takes for 1, which says nothing of the place.
        pue=run.pue if run.pue != 1 else None,
        energy_of=FACILITY,
        tool="CodeCarbon",
        tool_pue=1.0,
    )
    return setting, chips


def _region_of(run: Run, reading: Reading) -> str | None:
    return reading.names.region(
        code=run.country_iso_code,
        country=run.country_name,
        part=run.region,
        provider=run.cloud_provider,
        zone=run.cloud_region,
    )


def _rows(path: str, reading: Reading) -> Iterator[Run]:
    """The rows; what is odd about one is noted."""
    table = Table(path, reading, "an emissions.csv of CodeCarbon", ("energy_consumed",))
    runs, doubts = _Rows(table), Doubts(path, reading)
    for row in table.rows():
        run = runs.run(row)
        doubts.of(run)
        yield run


class _Rows:
    """Reads rows fast: their numbers together, and what is the same in many of them once."""

    def __init__(self, table: Table) -> None:
        self._numbers = [table.at.get(column, -1) for column in NUMBERS]
        self._machine = [table.at[column] for column in MACHINE if column in table.at]
        # A tracker of a process alone does not meter the machine.
        self._mode = table.at.get("tracking_mode")
        columns = ("project_name", "task_name", "pue", *TEXTS, *MACHINE, "tracking_mode")
        # Of one column it would be no tuple.
        self._common = itemgetter(*[table.at[column] for column in columns if column in table.at], 0, 0)
        self._known: dict[tuple[str, ...], tuple[str, tuple[object, ...]]] = {}
        self._run, self._time = (table.at.get(column) for column in ("run_id", "timestamp"))

    def run(self, row: Row) -> Run:
        """A row as a run. Raises `FileError`."""
        cells = row.cells
        run = cells[self._run].strip()[:100] if self._run is not None else ""
        time = cells[self._time].strip()[:40] if self._time is not None else ""
        task, common = self._shared(row)
        # Rows of one run may be of its tasks, each with its own energy.
        key = f"{run} {task}" if run else f"line {row.line}"
        return Run._make((key, row.line, run, *(self._fast(cells) or _numbers(row)), *common, time))

    def _fast(self, cells: list[str]) -> list[float | None] | None:
        """The numbers of a row with nothing wrong in it; None where each has to be looked at."""
        raw = [cells[at] if at >= 0 else "" for at in self._numbers]
        try:
            values = [float(text) if text else 0.0 for text in raw]
        except ValueError:
            return None
        # A sum that is nan or infinite is not within them either.
        if not (min(values) >= 0 and sum(values) <= LARGEST_NUMBER) or "_" in "".join(raw):
            return None
        return [value if text else None for value, text in zip(values, raw, strict=True)]

    def _shared(self, row: Row) -> tuple[str, tuple[object, ...]]:
        """The task, and what `COMMON` says of a run; the machine is "" where it is not what was metered."""
        raw = self._common(row.cells)
        found = self._known.get(raw)
        if found is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            project = name_of(row.text("project_name"), "")
            figures = (row.whole("gpu_count"), row.pue("pue"))
            texts = (row.text(column)[:200] for column in TEXTS)
            whole = self._mode is None or row.cells[self._mode] == "machine"
            machine = clean(" ".join(row.cells[at] for at in self._machine))[:300] if whole else ""
            found = self._known[raw] = (row.text("task_name")[:100], (project, *figures, *texts, machine))
        return found


def _numbers(row: Row) -> list[float | None]:
    """The numbers of a row one by one. Raises `FileError`, which names the one that is wrong."""
    metered = [row.number(column) for column in NUMBERS[:3]]
    return [*metered, *(row.part(column) for column in NUMBERS[3:])]


def _scenarios(connection: sqlite3.Connection, path: str, reading: Reading) -> Iterator[Scenario]:
    what = "run" if reading.each else "project"
    count = "count(*)" if reading.each else "count(DISTINCT project)"
    (number,) = connection.execute(f"SELECT {count} FROM run").fetchone()
    if not number:
        raise no_rows(path, reading)
    if number > MOST_SCENARIOS:
        other = "without --each there is one scenario per project" if reading.each else "split it by project"
        raise FileError(f"{shown(path)}: has {number:,} {what}s, more than {MOST_SCENARIOS:,}; {other}")
    columns = ", ".join(f"run.{name}" for name in COLUMNS)
    firsts = "SELECT project, min(line) AS first FROM run GROUP BY project"
    order = "run.line" if reading.each else "first, run.line"
    rows = connection.execute(f"SELECT {columns} FROM run JOIN ({firsts}) USING (project) ORDER BY {order}")
    total: _Total | None = None
    for values in rows:
        run = Run._make(values)
        if total is not None and (reading.each or run.project != total.first.project):
            yield total.scenario(path, reading)
            total = None
        if total is None:
            total = _Total(run)
        total.add(run)
    if total is not None:
        yield total.scenario(path, reading)


class _Total:
    """What the runs of a project add up to."""

    def __init__(self, first: Run) -> None:
        self.first = first
        self.runs = 0
        self.years: set[int] = set()
        # None once a run does not say.
        self.hours: float | None = 0.0
        self.chip_hours: float | None = 0.0
        self.energy: float | None = 0.0
        self.it_energy = 0.0
        self.emissions: float | None = 0.0
        self.pues: set[float | None] = set()
        self.counts: set[int | None] = set()
        self.places: dict[tuple[str, ...], Run] = {}
        self.gpus: set[str] = set()
        self.versions: set[str] = set()
        self.idle_gpus: list[int] = []
        self.idle = 0

    def add(self, run: Run) -> None:
        """Add a run; of what differs from run to run a few are enough to tell that it does."""
        self.runs += 1
        hours = None if run.duration is None else run.duration / 3600
        self.hours = _sum(self.hours, hours)
        self.chip_hours = _sum(self.chip_hours, None if hours is None else hours * (run.gpu_count or 0))
        self.energy = _sum(self.energy, run.energy_consumed)
        self.it_energy += (run.energy_consumed or 0.0) / (run.pue or 1.0)
        self.emissions = _sum(self.emissions, run.emissions)
        place = (run.country_iso_code, run.country_name, run.region, run.cloud_provider, run.cloud_region)
        if len(self.places) < 10:
            self.places.setdefault(place, run)
        for seen, value in (
            (self.pues, run.pue),
            (self.counts, run.gpu_count),
            (self.gpus, run.gpu_model),
            (self.versions, run.codecarbon_version),
            (self.years, year_of(run.end)),
        ):
            if value is not None and len(seen) < 10:
                seen.add(value)  # type: ignore[arg-type]
        if run.gpu_count is None:
            self.counts.add(None)
        if run.gpu_count and run.gpu_energy == 0:
            self.idle += 1
            if len(self.idle_gpus) < 3:
                self.idle_gpus.append(run.line)

    def scenario(self, path: str, reading: Reading) -> Scenario:
        """The runs as one scenario."""
        first, notes = self.first, []
        project = first.project or stem(path)
        name = name_of(f"{project} {first.run[:8] or f'line {first.line}'}", project) if reading.each else project
        version = f" {min(self.versions)}" if len(self.versions) == 1 and min(self.versions) else ""
        year = max(self.years) if self.years else None
        source = source_of(f"CodeCarbon{version}", f"log of {project}", year, URL)
        notes.append(f"{self.runs:,} runs, added up as if run one after another" if self.runs > 1 else "")
        if self.energy is None:
            notes.append("energy unknown: a row has no energy_consumed")

        # What CodeCarbon is not told it takes for 1.
        pue = 1.0
        pue_basis: Basis = "assumed"
        if self.energy and self.pues - {1.0}:
            if len(self.pues) == 1:
                pue, pue_basis = next(p for p in self.pues if p is not None), "published"
            else:
                pue, pue_basis = max(1.0, self.energy / self.it_energy) if self.it_energy else 1.0, "derived"
                notes.append("PUE averaged by energy over runs with different ones")
        elif self.energy is not None:
            notes.append("PUE 1 is CodeCarbon's default")

        gross = None
        if self.energy and self.emissions is not None:
            gross = self.emissions * 1000 / self.energy
            if not gross <= 1e6:
                notes.append(f"emissions of {self.emissions:g} kg from {self.energy:g} kWh give no carbon factor")
                gross = None

        chips, chip_hours = None, None
        if len(self.counts) == 1:
            chips = next(iter(self.counts)) or None
        elif None not in self.counts:
            chip_hours = self.chip_hours or None
            notes.append("the number of GPUs differs from run to run: chip-hours are used instead")
        hours = self.hours or None
        if chips is None and chip_hours is not None:
            hours = None
        named = self._hardware(reading, notes) if chips or chip_hours else None
        if named is not None and named.each != 1:
            notes.append(f"CodeCarbon counts dies; {1 / named.each:g} make one {named.id}")
            chip_hours = chip_hours * named.each if chip_hours is not None else None
            if chips is not None and chips * named.each != int(chips * named.each):
                chip_hours = hours * chips * named.each if hours else None
                chips, hours = None, None
            chips = int(chips * named.each) if chips is not None else None
        device_hours = chip_hours or (hours * chips if hours and chips else None)
        power = None
        if device_hours and self.energy:
            power = self.energy / pue / device_hours * 1000
            power = power if 0 < power <= 1e9 else None

        region = self._region(reading, notes)
        if self.idle:
            at = ", ".join(map(str, self.idle_gpus)) + (", ..." if self.idle > 3 else "")
            notes.append(
                f"there are GPUs, but their energy is 0 (line {at}): it is missing from the total, or they were idle"
            )
        carried = figures(
            source,
            chips=(chips, "published"),
            duration=(hours, "measured"),
            chip_hours=(chip_hours, "derived"),
            power=(power, "derived"),
            energy=(self.energy, "measured"),
            pue=(None if self.energy is None else pue, pue_basis),
            gross=(gross, "derived"),
        )
        texts = (("boundary", "node"),) if power is not None else ()
        hardware = named.id if named is not None else None
        return Scenario(name=name, hardware=hardware, region=region, carried=carried, texts=texts, note=note_of(notes))

    def _hardware(self, reading: Reading, notes: list[str]) -> Named | None:
        models = {model for text in self.gpus for _, model in reading.names.models(text)}
        if len(models) == 1 and (found := reading.names.hardware(next(iter(models)))):
            return found
        named = ", ".join(sorted(models)) or "not named"
        notes.append(f"hardware unknown to the registry: {named}" if len(models) < 2 else f"several GPUs: {named}")
        return None

    def _region(self, reading: Reading, notes: list[str]) -> str | None:
        found = {_region_of(run, reading) for run in self.places.values()}
        if len(found) == 1 and (one := next(iter(found))) is not None:
            return one
        if len(self.places) > 1:
            country = reading.names.shared_country(found)
            where = f"the country, because the runs were in {len(self.places)} parts of it"
            notes.append(f"region: {where}" if country else "region unknown: the runs were in several places")
            return country
        run = next(iter(self.places.values()))
        if named := run.country_iso_code or run.country_name or run.region or run.cloud_region:
            notes.append(f"region unknown to the registry: {named}")
        return None


def _sum(total: float | None, value: float | None) -> float | None:
    return None if total is None or value is None else total + value
