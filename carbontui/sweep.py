"""Every model on every hardware in every region: the whole product of scenarios, and the best corner of it.

A cell is a machine (model, hardware, number of chips) in a place (region, period). Each machine and each place is
filled in once, as a scenario is; their products are taken by NumPy in chunks, so that memory is bounded whatever the
size. All cells are held to one accounting.
"""

from __future__ import annotations

from copy import copy
from typing import NamedTuple

import numpy as np

from carbontui import footprint as arithmetic
from carbontui.comparison import METRICS
from carbontui.filling import fill
from carbontui.scenario import Filled, Scenario, ScenarioError, offered, own_cloud
from carbontui.spec import chosen
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.records import Figure
from carbontui_registry.text import listed
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

# What a scenario keeps on another machine and in another place; all else was entered for the one it had.
KEPT = ("chips", "compute", "utilisation", "queries", "energy_per_query")
# Cells of a chunk: three arrays of them stay in a processor's cache.
CHUNK = 1 << 17

# Of mixed-precision training with Adam: weights and gradients in 16 bits, three states in 32 (Rajbhandari et al. 2020,
# ZeRO, section 3.1, arXiv:1910.02054).
BYTES_PER_PARAMETER = 16
GIB = 2**30
# A run so many times longer than the known one is not what anybody would do.
LONGER_THAN_KNOWN = 4.0

MARKS = {
    "cloud": "its maker offers it in its own cloud only",
    "memory": f"{BYTES_PER_PARAMETER} bytes a parameter do not fit its chips' memory",
    "time": f"it would take more than {LONGER_THAN_KNOWN:g} times as long as the known run",
}
EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


class Limits(Value):
    """What a cell must keep to: days, tCO2e gross or net, MWh, chips; GiB of one chip; countries, or `EU`."""

    max_days: float | None = None
    max_gross: float | None = None
    max_net: float | None = None
    max_energy: float | None = None
    max_chips: float | None = None
    min_memory: float | None = None
    within: tuple[str, ...] = ()

    def most(self) -> dict[str, float]:
        """The largest value of each metric that is limited, in engine units."""
        most = {"duration": (self.max_days, 24.0), "gross": (self.max_gross, 1000.0), "net": (self.max_net, 1000.0)}
        most["energy"] = (self.max_energy, 1000.0)
        return {metric: value * units for metric, (value, units) in most.items() if value is not None}

    def texts(self) -> list[str]:
        """Each limit in words."""
        parts = (
            ("at most {:g} d", self.max_days),
            ("at most {:g} tCO2e gross", self.max_gross),
            ("at most {:g} tCO2e net", self.max_net),
            ("at most {:g} MWh", self.max_energy),
            ("at most {:,.0f} chips", self.max_chips),
            ("at least {:g} GiB", self.min_memory),
            ("within {}", " ".join(self.within) or None),
        )
        return [text.format(value) for text, value in parts if value is not None]


class SweepQuestion(Value):
    """What to sweep: scenarios whose models are meant, and ids or globs of hardware and regions; periods and chips.

    Without hardware all there is, without regions all datacenters, without periods each region's latest factors,
    without chips those of the model's run.
    """

    bases: tuple[Scenario, ...]
    hardware: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    chips: tuple[float, ...] = ()
    objective: str = "gross"
    accounting: str = "lifecycle"
    limits: Limits = Limits()
    # Whether cells that cannot be may be best all the same.
    marked: bool = False


class Machine(NamedTuple):
    """A model on so many chips of some hardware; `filled` says where its figures come from, whatever the chips."""

    base: int
    hardware: Registered
    scenario: Scenario
    filled: Filled
    chips: float | None


class Place(NamedTuple):
    """A region in one period."""

    region: Registered
    period: str | None
    filled: Filled


class Cell(NamedTuple):
    """A machine in a place, by their numbers, with the objective's value there."""

    value: float
    machine: int
    place: int


class Block(NamedTuple):
    """The results of some machines in all places, an array of machines x places each; unknown is nan."""

    machines: slice
    duration: Floats
    energy: Floats
    gross: Floats
    net: Floats


class Part(NamedTuple):
    """What the products are taken of: hours and kWh before PUE by machine; PUE and both factors by place."""

    duration: Floats
    it_energy: Floats
    pue: Floats
    gross: Floats
    net: Floats


def blocks(part: Part, chunk: int = CHUNK) -> Iterator[Block]:
    """All products of machines and places, some machines at a time; the arrays are used again for the next."""
    places = max(1, len(part.pue))
    rows = max(1, chunk // places)
    out = [np.empty((rows, places)) for _ in range(3)]
    by_kwh = (part.pue, arithmetic.place(part.pue, part.gross), arithmetic.place(part.pue, part.net))
    for start in range(0, len(part.it_energy), rows):
        machines = slice(start, min(start + rows, len(part.it_energy)))
        it_energy = part.it_energy[machines, None]
        yield Block(
            machines,
            np.broadcast_to(part.duration[machines, None], (len(it_energy), places)),
            *(np.multiply(it_energy, f, out=b[: len(it_energy)]) for f, b in zip(by_kwh, out, strict=True)),
        )


class Survey(NamedTuple):
    """What a sweep found: the best cells and the Pareto front of duration against the objective, best first.

    Of `cells` so many are `possible`, `unknown`, over a limit, or marked by the keys of `MARKS`; `worst` is the
    objective's largest value among those that may be best, None where there is none.
    """

    best: list[Cell]
    front: list[Cell]
    cells: int
    possible: int
    unknown: int
    over: int
    marked: dict[str, int]
    worst: float | None


# Figures that differ by less were rounded otherwise and are the same.
_SAME = 1e-9

# What keeps a cell from being best, by number; of two the earlier is said.
CODES = ("", "unknown", *MARKS, "over")
_UNKNOWN, _CLOUD, _MEMORY, _TIME, _OVER = range(1, 6)


class Sweep:
    """A sweep made ready: machines and places filled in, everything else computed as it is asked for.

    Raises `UnknownName` and `ScenarioError` for what nothing has.
    """

    def __init__(self, question: SweepQuestion, catalogue: Catalogue) -> None:
        self.question = question
        self.catalogue = catalogue
        self.notes: list[str] = []
        self.standing = [fill(base, catalogue, question.accounting) for base in question.bases]
        self.bases = [self._kept(base, filled) for base, filled in zip(question.bases, self.standing, strict=True)]
        self.places = self._places()
        coverages = sorted({c for place in self.places if (c := place.filled.texts.get("coverage"))})
        if len(coverages) > 1:
            self.notes.append(
                f"carbon factors of {listed(coverages)} coverage are mixed: method, not merit, may be what differs"
            )
        self.machines = self._machines()
        self.part = self._part()
        self.filling_notes = tuple(self.notes)
        self._by_kwh = {
            "energy": self.part.pue,
            "gross": arithmetic.place(self.part.pue, self.part.gross),
            "net": arithmetic.place(self.part.pue, self._rankable_net()),
        }
        clouds = [own_cloud(machine.hardware.record) for machine in self.machines]
        # None first: where all machines are of it, nothing is barred.
        known = list(dict.fromkeys([None, *clouds]))
        self._owner = np.array([known.index(cloud) for cloud in clouds], dtype=np.intp)
        self._away = np.array([[not offered(cloud, p.region.record) for p in self.places] for cloud in known])
        self._longest = [self._longest_of(base) for base in self.bases]
        self._machine_code = np.array([self._code_of(n) for n in range(len(self.machines))], dtype=np.uint8)
        self.patched = self._patched()

    # Axes

    def _kept(self, base: Scenario, filled: Filled) -> Scenario:
        if filled.model is None:
            raise ScenarioError(f"{filled.name}: names no model; a sweep is of models")
        dropped = [key for key, _ in base.given if key not in KEPT]
        if dropped:
            self.notes.append(
                f"{filled.name}: {listed(dropped)} left out: entered for one machine and place, not for all"
            )
        given = tuple(pair for pair in base.given if pair[0] in KEPT)
        if self.question.chips:
            given = tuple(pair for pair in given if pair[0] != "chips")
        carried = tuple(pair for pair in base.carried if pair[0] == "compute")
        return Scenario(model=filled.model.id, given=given, carried=carried)

    def _places(self) -> list[Place]:
        question = self.question
        regions = chosen(self.catalogue, "region", question.regions)
        if within := _countries(question.limits.within):
            regions = [r for r in regions if r.record.country in within]
            if not regions:
                raise ScenarioError(f"no region among them is within {listed(question.limits.within)}")
        places, without = [], 0
        for region in regions:
            for period in question.periods or (None,):
                try:
                    filled = fill(Scenario(region=region.id, period=period), self.catalogue, question.accounting)
                except ScenarioError:
                    without += 1
                    continue
                places.append(Place(region, filled.texts.get("period"), filled))
        if not places:
            has = sorted({factor.period for region in regions for factor in region.record.factors})
            known = f"; they have {listed(has)}" if has else ""
            raise ScenarioError(f"no region among them has {listed(question.periods)}{known}")
        if without:
            self.notes.append(f"{without:,} left out: their region has no carbon factor of the period")
        return places

    def _machines(self) -> list[Machine]:
        question = self.question
        hardware = chosen(self.catalogue, "hardware", question.hardware)
        if (least := question.limits.min_memory) is not None:
            hardware = [h for h in hardware if h.record.memory is not None and h.record.memory.value >= least]
            if not hardware:
                raise ScenarioError(f"no hardware among them has {least:g} GiB")
        most = question.limits.max_chips
        counts: list[float | None] = [n for n in question.chips if most is None or n <= most] or [None]
        if question.chips and counts == [None]:
            raise ScenarioError(f"all of the chips asked for are more than {most:,.0f}")
        machines = []
        for number, base in enumerate(self.bases):
            for one in hardware:
                scenario = base.choose("hardware", one.id)
                if counts[0] is not None:
                    scenario = scenario.give("chips", Figure(counts[0], "entered"))
                filled = fill(scenario, self.catalogue, question.accounting)
                for chips in counts:
                    if chips is not None:
                        scenario = scenario.give("chips", Figure(chips, "entered"))
                    machines.append(Machine(number, one, scenario, filled, chips))
        return machines

    def _part(self) -> Part:
        def inputs(key: str) -> Floats:
            known = (place.filled.inputs.get(key) for place in self.places)
            return np.array([one.value if one is not None else np.nan for one in known])

        duration = np.full(len(self.machines), np.nan)
        it_energy = np.full(len(self.machines), np.nan)
        for n, machine in enumerate(self.machines):
            known = {key: one.value for key, one in machine.filled.inputs.items()}
            if machine.chips is not None:
                known["chips"] = machine.chips
            if (time := arithmetic.time_part(known)) is not None:
                duration[n] = time[0]
            if "power" in known and (chip_time := arithmetic.chip_time(known)) is not None:
                it_energy[n] = arithmetic.it_energy(chip_time[0], chip_time[1], known["power"])
        return Part(duration, it_energy, inputs("pue"), inputs("gross"), inputs("net"))

    def _rankable_net(self) -> Floats:
        """Net factors of the commonest kind; annual and hourly ones are not ranked together."""
        net = self.part.net.copy()
        kinds = np.array([_net_kind(place.filled) for place in self.places])
        known = [str(kind) for kind in kinds[~np.isnan(net)]]
        self._ranked_net = max(sorted(set(known)), key=known.count) if known else ""
        net[kinds != self._ranked_net] = np.nan
        if len(set(known)) > 1 and "net" in (self.question.objective, *self.question.limits.most()):
            others = listed(sorted(kind or "unnamed" for kind in {*known} - {self._ranked_net}))
            self.notes.append(
                f"net factors: only {self._ranked_net or 'unnamed'} ones are ranked; {others} ones stand apart"
            )
        return net

    def _code_of(self, number: int) -> int:
        machine = self.machines[number]
        chips = self.chips(number)
        model = machine.filled.model
        params, memory = model and model.record.params, machine.hardware.record.memory
        most = self.question.limits.max_chips
        if most is not None and not (chips is not None and chips <= most):
            return _OVER
        if params and memory and chips and BYTES_PER_PARAMETER * params.value > chips * memory.value * GIB:
            return _MEMORY
        return _TIME if self.part.duration[number] > self._longest[machine.base] else 0

    def _longest_of(self, base: Scenario) -> float:
        """Hours from which on a run of the model is unlikely; infinite where none is known, or compute was entered."""
        known = fill(Scenario(model=base.model), self.catalogue).result("duration_h")
        return LONGER_THAN_KNOWN * known if known and "compute" not in dict(base.given) else np.inf

    def _patched(self) -> dict[tuple[int, int], Filled]:
        """Cells where a published run of the model stands: its own figures hold there, so they are filled in whole."""
        machines: dict[tuple[int, str], list[int]] = {}
        places: dict[str, list[int]] = {}
        for n, machine in enumerate(self.machines):
            machines.setdefault((machine.base, machine.hardware.id), []).append(n)
        for n, place in enumerate(self.places):
            places.setdefault(place.region.id, []).append(n)
        patched = {}
        for number, base in enumerate(self.bases):
            for run in self.catalogue.runs(self.catalogue.model(base.model or "")):
                hardware = self.catalogue.named_by(run, "hardware", run.record.hardware)
                region = self.catalogue.named_by(run, "region", run.record.region)
                if hardware is None or region is None:
                    continue
                for m in machines.get((number, hardware.id), ()):
                    for p in places.get(region.id, ()):
                        patched[m, p] = self.filled(m, p)
        return patched

    def asked(self, objective: str, limits: Limits, *, marked: bool = False) -> Sweep:
        """The same cells under another objective and other limits of what they may cost; nothing is filled in again."""
        other = copy(self)
        other.question = self.question.replace(objective=objective, limits=limits, marked=marked)
        other.notes = list(self.filling_notes)
        other._by_kwh = {**self._by_kwh, "net": arithmetic.place(self.part.pue, other._rankable_net())}
        return other

    # Cells

    def scenario(self, machine: int, place: int) -> Scenario:
        """The scenario of a cell, as Compare takes it."""
        where = self.places[place]
        scenario = self.machines[machine].scenario.choose("region", where.region.id)
        return scenario.choose("period", where.period) if where.period is not None else scenario

    def filled(self, machine: int, place: int) -> Filled:
        """A cell filled in as any scenario is, with basis and spread of every figure."""
        return fill(self.scenario(machine, place), self.catalogue, self.question.accounting)

    def values(self, rows: slice, out: Floats | None = None) -> tuple[Floats, NDArray[np.uint8]]:
        """The objective of some machines in all places, and what keeps each from being best (0: nothing).

        Unknown is nan. Where a published run stands, its own figures do.
        """
        part, objective = self.part, self.question.objective
        count = len(part.it_energy[rows])
        codes = np.zeros((count, len(self.places)), dtype=np.uint8)
        if objective == "duration":
            values = np.broadcast_to(part.duration[rows, None], codes.shape).copy()
        else:
            values = self._product(objective, rows, out)
        for metric, most in self.question.limits.most().items():
            if metric == "duration":
                result = part.duration[rows, None]
            else:
                result = values if metric == objective else self._product(metric, rows)
            # What is unknown keeps to no limit.
            codes[np.broadcast_to(~(result <= most), codes.shape)] = _OVER
        by_machine = self._machine_code[rows]
        if by_machine.any():
            codes[by_machine != 0] = by_machine[by_machine != 0, None]
        if self._owner[rows].any():
            codes[self._away[self._owner[rows]]] = _CLOUD
        codes[np.isnan(values)] = _UNKNOWN
        for (m, p), filled in self.patched.items():
            if m in _range(rows):
                values[m - rows.start, p], codes[m - rows.start, p] = self._patch(m, p, filled)
        return values, codes

    def blocks(self) -> Iterator[Block]:
        """All results of all cells, some machines at a time; the arrays are used again for the next."""
        for block in blocks(self.part):
            here = [(cell, filled) for cell, filled in self.patched.items() if cell[0] in _range(block.machines)]
            if here:
                block = block._replace(duration=block.duration.copy())
            for (m, p), filled in here:
                for metric, key in METRICS.items():
                    value = filled.result(key)
                    getattr(block, metric)[m - block.machines.start, p] = np.nan if value is None else value
            yield block

    def chips(self, machine: int) -> float | None:
        """Chips of a machine, None where unknown."""
        one = self.machines[machine]
        if one.chips is not None:
            return one.chips
        return one.filled.inputs["chips"].value if "chips" in one.filled.inputs else None

    def _product(self, name: str, rows: slice, out: Floats | None = None) -> Floats:
        it_energy = self.part.it_energy[rows, None]
        by_kwh: Floats = self._by_kwh[name]
        return it_energy * by_kwh if out is None else np.multiply(it_energy, by_kwh, out=out[: len(it_energy)])

    def _patch(self, machine: int, place: int, filled: Filled) -> tuple[float, int]:
        objective = self.question.objective
        value = filled.result(METRICS[objective])
        if value is None or (objective == "net" and _net_kind(filled) != self._ranked_net):
            return np.nan, _UNKNOWN
        if self._away[self._owner[machine], place]:
            return value, _CLOUD
        if code := int(self._machine_code[machine]):
            return value, code
        for key, most in self.question.limits.most().items():
            result = filled.result(METRICS[key])
            if result is None or result > most:
                return value, _OVER
        return value, 0

    def duration(self, machine: int, place: int) -> float | None:
        """Hours of a cell, None where unknown."""
        if (filled := self.patched.get((machine, place))) is not None:
            return filled.result("duration_h")
        hours = float(self.part.duration[machine])
        return None if np.isnan(hours) else hours

    def survey(self, best: int = 10) -> Survey:
        """Look at every cell once, in chunks; of a duration, which no place changes, at each machine's best place."""
        count = len(self.machines)
        rows = max(1, CHUNK // max(1, len(self.places)))
        buffer = np.empty((rows, len(self.places)))
        tally = np.zeros(_OVER + 1, dtype=np.int64)
        found: list[Cell] = []
        tops: list[Cell] = []
        worst = -np.inf
        for start in range(0, count, rows):
            part = slice(start, min(start + rows, count))
            values, codes = self.values(part, buffer)
            tally += np.bincount(codes.ravel(), minlength=_OVER + 1)
            barred = codes > 0
            if self.question.marked:
                barred &= (codes == _UNKNOWN) | (codes == _OVER)
            worst = max(worst, float(values.max(initial=-np.inf, where=~barred)))
            values[barred] = np.inf
            if self.question.objective == "duration":
                places = self._best_places(part, values, barred)
                found += places
                tops += places
            else:
                found += _smallest(values, start, best, found[best - 1].value if len(found) >= best else np.inf)
                where = values.argmin(axis=1)
                smallest = values[np.arange(len(values)), where]
                tops += [
                    Cell(float(v), start + n, int(p))
                    for n, (v, p) in enumerate(zip(smallest, where, strict=True))
                    if np.isfinite(v)
                ]
            found = sorted(found)[:best]
            tops += [
                Cell(float(values[m - start, p]), m, p)
                for m, p in self.patched
                if m in _range(part) and np.isfinite(values[m - start, p])
            ]
        marked = {name: int(tally[CODES.index(name)]) for name in MARKS}
        cells = count * len(self.places)
        return Survey(
            found,
            self._front(tops),
            cells,
            int(tally[0]),
            int(tally[_UNKNOWN]),
            int(tally[_OVER]),
            marked,
            worst if np.isfinite(worst) else None,
        )

    def _best_places(self, rows: slice, values: Floats, barred: Flags) -> list[Cell]:
        gross = self._product("gross", rows)
        gross[barred | np.isnan(gross)] = np.inf
        where = gross.argmin(axis=1)
        return [
            Cell(float(values[n, p]), rows.start + n, int(p)) for n, p in enumerate(where) if np.isfinite(values[n, p])
        ]

    def _front(self, cells: Sequence[Cell]) -> list[Cell]:
        """The cells that no other betters in both duration and objective, best objective first."""
        timed = [(cell.value, hours, cell) for cell in set(cells) if (hours := self.duration(*cell[1:])) is not None]
        front: list[Cell] = []
        fastest = best = float("inf")
        for value, hours, cell in sorted(timed, key=lambda one: (one[0], one[1])):
            if hours >= fastest * (1 - _SAME):
                continue
            if front and value <= best * (1 + _SAME):
                # As good as the one before to the last bits, and faster: it alone stands.
                front.pop()
            front.append(cell)
            fastest, best = hours, value
        return front

    def rank(self, value: float) -> tuple[int, int]:
        """How many possible cells are better than this value of the objective, and how many there are."""
        better = possible = 0
        rows = max(1, CHUNK // max(1, len(self.places)))
        for start in range(0, len(self.machines), rows):
            values, codes = self.values(slice(start, min(start + rows, len(self.machines))))
            free = codes == 0
            possible += int(np.count_nonzero(free))
            better += int(np.count_nonzero(values[free] < value))
        return better, possible


def _net_kind(one: Filled) -> str:
    return one.texts.get("net_basis") or ""


def _range(rows: slice) -> range:
    return range(rows.start, rows.stop)


def _smallest(values: Floats, start: int, count: int, below: float) -> list[Cell]:
    """The cells of a chunk that may be among the best."""
    flat = values.ravel()
    candidates = np.flatnonzero(flat < below)
    if len(candidates) > count:
        least = np.partition(flat[candidates], count - 1)[count - 1]
        # Of equal ones the first: whoever looks again finds the same.
        sure, equal = candidates[flat[candidates] < least], candidates[flat[candidates] == least]
        candidates = np.concatenate([sure, equal[: count - len(sure)]])
    places = values.shape[1]
    return [Cell(float(flat[n]), start + int(n) // places, int(n) % places) for n in candidates]


def _countries(within: Sequence[str]) -> frozenset[str]:
    """Countries (two letters) that `EU` and codes mean."""
    found: set[str] = set()
    for word in within:
        name = word.upper()
        if name != "EU" and not (len(name) == 2 and name.isalpha()):
            raise ScenarioError(f"within: {word!r} is neither EU nor a country of two letters such as SE")
        found |= set(EU.split()) if name == "EU" else {name}
    return frozenset(found)
