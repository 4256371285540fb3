"""A sweep: every model on every hardware in every region, and the best corner of that product.

A cell is a machine (job, hardware, number of chips) in a place (region, period). Each machine and each place is filled
in once, as a scenario is; their products are taken by NumPy in chunks, so that memory is bounded whatever the size. All
cells are held to one accounting.
"""

from __future__ import annotations

from copy import copy

import numpy as np

from carbontui.engine import footprint as arithmetic
from carbontui.engine.assumptions import DESK_PUE
from carbontui.engine.run_choice import OWN
from carbontui.engine.scenario import Filled, Note, Scenario
from carbontui.engine.solver import fill
from carbontui.engine.sweep.axes import NOTHING_MADE, Base, Machine, Made, Place, base_of, machines, places
from carbontui.engine.sweep.feasibility import CODES, HOURS, LONGER_THAN_KNOWN, MARKS, OVER, UNKNOWN, UNLIKE, code_of
from carbontui.engine.sweep.kinds import kind_notes, ranked_kinds, unlike
from carbontui.engine.sweep.offered import Offers
from carbontui.engine.sweep.pareto import Cell, front, front_of
from carbontui.engine.sweep.product import CHUNK, Block, Part, blocks
from carbontui.quantities import METRICS
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from carbontui.engine.sweep.question import Limits, SweepQuestion

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


class Survey(NamedTuple):
    """What a sweep found: the best cells and the Pareto front of the objective against another metric, best first.

    Of `cells` this many are `possible`, `unknown`, over a limit, or marked by the keys of `MARKS`; `worst` is the
    objective's largest value among those that may be best, None where there is none. The factors of `unlike` are of
    another kind than those ranked; of `hours` the job is given by hours, which are those of other hardware.
    """

    best: list[Cell]
    front: list[Cell]
    cells: int
    possible: int
    unknown: int
    over: int
    marked: dict[str, int]
    worst: float | None
    unlike: int = 0
    hours: int = 0


class Sweep:
    """A sweep made ready: machines and places filled in, everything else computed as it is asked for.

    What a sweep `before` filled in of the same jobs, under the same accounting, is not filled in again. Raises
    `UnknownName` and `ScenarioError` for what nothing has.
    """

    def __init__(self, question: SweepQuestion, catalogue: Catalogue, before: Sweep | None = None) -> None:
        self.question = question
        self.catalogue = catalogue
        self.notes: list[Note] = []
        self.bases = [base_of(base, question, catalogue, self.notes) for base in question.bases]
        made = before.made if before is not None else NOTHING_MADE
        self.places = places(question, self.bases, catalogue, self.notes, made)
        self.machines = machines(question, self.bases, catalogue, made)
        self.part = self._part()
        self.filling_notes = tuple(self.notes)
        self._rank_by_kind()
        self._desk_pue = np.array([_at_a_desk(place) for place in self.places])
        self._desks = np.array([machine.at_a_desk for machine in self.machines])
        self._elsewhere = np.array([machine.elsewhere for machine in self.machines])
        self._counts = np.array([machine.times for machine in self.machines])
        self._wue = self._inputs("wue")
        hours = (machine.filled.result("cost_usd") for machine in self.machines)
        self._chip_hours = np.array([value if value is not None else np.nan for value in hours])
        self._by_kwh = self._factors(self.part.pue)
        self._by_kwh_at_desks = self._factors(self._desk_pue)
        self.offers = Offers(question, self.bases, self.machines, self.places, catalogue)
        longest = [self._longest_of(base) for base in self.bases]
        self._machine_code = np.array(
            [
                code_of(machine, self.chips(n), self.part.duration[n], longest[machine.base], question.limits)
                for n, machine in enumerate(self.machines)
            ],
            dtype=np.uint8,
        )
        if question.to_rent:
            self._machine_code[[self._is_own(one) for one in self.machines] & (self._machine_code != OVER)] = 0
        self.patched = self._patched()

    @property
    def by_hours(self) -> bool:
        """Whether each job is given by hours, so that its own hardware alone is compared."""
        return all(base.by_hours for base in self.bases)

    @property
    def made(self) -> Made:
        """Its machines and places, for another sweep."""
        periods = self.question.periods
        return Made(
            {(one.base, one.hardware.id, one.chips): one for one in self.machines},
            {(one.region.id, one.period if periods else None): one for one in self.places},
        )

    def _is_own(self, machine: Machine) -> bool:
        """Whether the job is on this hardware as it stands."""
        own = self.bases[machine.base].standing.hardware
        return own is not None and own.id == machine.hardware.id

    def _factors(self, pue: Floats) -> dict[str, Floats]:
        """The place part of each metric: what a kWh before PUE is multiplied by."""
        return {
            "energy": pue,
            "gross": arithmetic.place(pue, self.part.gross),
            "net": arithmetic.place(pue, self.part.net),
            "water": self._wue,
        }

    def _inputs(self, key: str) -> Floats:
        known = (place.filled.inputs.get(key) for place in self.places)
        return np.array([one.value if one is not None else np.nan for one in known])

    def _part(self) -> Part:
        def results(key: str) -> Floats:
            known = (machine.filled.result(key) for machine in self.machines)
            return np.array([value if value is not None else np.nan for value in known])

        return Part(results("duration_h"), results("it_energy_kwh"), *map(self._inputs, ("pue", "gross", "net")))

    def _rank_by_kind(self) -> None:
        """Which places are ranked together under the objective; what stands apart is noted."""
        filled, objective = [place.filled for place in self.places], self.question.objective
        self.ranked = ranked_kinds(filled, objective)
        self.notes = [*self.filling_notes, *kind_notes(filled, objective, self.ranked)]
        self._unlike = np.array([unlike(one, self.ranked) for one in filled])

    def _longest_of(self, base: Base) -> float:
        """Hours from which on a run of the model is unlikely; infinite where none is known, or work was entered."""
        if base.standing.status == OWN or base.kept.model is None:
            return float("inf")
        known = fill(Scenario(model=base.kept.model), self.catalogue).result("duration_h")
        return LONGER_THAN_KNOWN * known if known else float("inf")

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
            model = base.standing.model
            # In a job of one's own no run's figures hold.
            for run in self.catalogue.runs(model) if model is not None and base.standing.status != OWN else ():
                hardware = self.catalogue.named_by(run, "hardware", run.record.hardware)
                region = self.catalogue.named_by(run, "region", run.record.region)
                if hardware is None or region is None:
                    continue
                for m in machines.get((number, hardware.id), ()):
                    for p in places.get(region.id, ()):
                        patched[m, p] = self.filled(m, p)
        return patched

    def asked(self, objective: str, limits: Limits, *, marked: bool = False, against: str = "duration") -> Sweep:
        """The same cells under another objective and other limits of what they may cost; nothing is filled in again."""
        other = copy(self)
        other.question = self.question.replace(objective=objective, limits=limits, marked=marked, against=against)
        other._rank_by_kind()
        return other

    # Cells

    def scenario(self, machine: int, place: int) -> Scenario:
        """The scenario of a cell, as Compare takes it."""
        where = self.places[place]
        scenario = self.machines[machine].scenario.choose("region", where.region.id)
        for key, figure in where.given:
            scenario = scenario.give(key, figure)
        return scenario.choose("period", where.period) if where.period is not None else scenario

    def filled(self, machine: int, place: int) -> Filled:
        """A cell filled in as any scenario is, with basis and spread of every figure."""
        return fill(self.scenario(machine, place), self.catalogue, self.question.accounting)

    def values(self, rows: slice, out: Floats | None = None) -> tuple[Floats, NDArray[np.uint8]]:
        """The objective of some machines in all places, and what keeps each from being best (0: nothing).

        Unknown is nan. Where a published run stands, its own figures do.
        """
        objective = self.question.objective
        count = len(self.part.it_energy[rows])
        codes = np.zeros((count, len(self.places)), dtype=np.uint8)
        values = self.metric(objective, rows, out)
        over = np.zeros(codes.shape, dtype=bool)
        for metric, most in self.question.limits.most().items():
            result = values if metric == objective else self.metric(metric, rows)
            # What is unknown is within no limit.
            over |= ~(result <= most)
        by_machine = self._machine_code[rows]
        if by_machine.any():
            codes[by_machine != 0] = by_machine[by_machine != 0, None]
        barred = self.offers.barred(rows)
        np.copyto(codes, barred, where=barred > 0)
        for barred, code in ((over, OVER), (np.broadcast_to(self._unlike, codes.shape), UNLIKE)):
            # Where marks keep nothing from being best, what does is said instead.
            codes[barred if self.question.marked else barred & (codes == 0)] = code
        unknown = np.isnan(values)
        # What is not offered has no price for that reason.
        codes[unknown & (barred == 0) if objective == "cost" else unknown] = UNKNOWN
        codes[self._elsewhere[rows]] = HOURS
        for (m, p), filled in self.patched.items():
            if m in _range(rows):
                values[m - rows.start, p], codes[m - rows.start, p] = self._patch(m, p, filled)
        return values, codes

    def metric(self, name: str, rows: slice, out: Floats | None = None) -> Floats:
        """A metric of some machines in all places; unknown is nan."""
        if name == "duration":
            return np.broadcast_to(self.part.duration[rows, None], (rows.stop - rows.start, len(self.places))).copy()
        if name == "cost":
            cost: Floats = self._chip_hours[rows, None] * self.offers.prices(rows) * self._counts[rows, None]
            return cost
        return self._product(name, rows, out)

    def blocks(self) -> Iterator[Block]:
        """All results of all cells, some machines at a time; the arrays are used again for the next."""
        for block in blocks(self.part):
            for name in ("energy", "gross", "net"):
                self._special(name, block.machines, getattr(block, name))
            here = [(cell, filled) for cell, filled in self.patched.items() if cell[0] in _range(block.machines)]
            if here:
                block = block._replace(duration=block.duration.copy())
            for (m, p), filled in here:
                for metric in ("duration", "energy", "gross", "net"):
                    value = filled.result(METRICS[metric])
                    getattr(block, metric)[m - block.machines.start, p] = np.nan if value is None else value
            yield block

    def chips(self, machine: int) -> float | None:
        """Chips of a machine, None where unknown."""
        return self.machines[machine].filled.value("chips")

    def _product(self, name: str, rows: slice, out: Floats | None = None) -> Floats:
        it_energy = self.part.it_energy[rows, None]
        by_kwh: Floats = self._by_kwh[name]
        made = it_energy * by_kwh if out is None else np.multiply(it_energy, by_kwh, out=out[: len(it_energy)])
        return self._special(name, rows, made)

    def _special(self, name: str, rows: slice, made: Floats) -> Floats:
        """The product with the PUE of machines at a desk, and as often as the job is run."""
        if (desks := self._desks[rows]).any():
            made[desks] = self.part.it_energy[rows][desks, None] * self._by_kwh_at_desks[name]
        if (counts := self._counts[rows, None] != 1.0).any():
            made[counts[:, 0]] *= self._counts[rows][counts[:, 0], None]
        return made

    def _patch(self, machine: int, place: int, filled: Filled) -> tuple[float, int]:
        objective = self.question.objective
        value = filled.result(METRICS[objective])
        if value is None:
            return np.nan, UNKNOWN
        code = int(self.offers.barred(slice(machine, machine + 1))[0, place]) or int(self._machine_code[machine])
        if code and not self.question.marked:
            return value, code
        results = {key: filled.result(METRICS[key]) for key in self.question.limits.most()}
        over = any((r := results[key]) is None or r > most for key, most in self.question.limits.most().items())
        if unlike(filled, self.ranked) and (self.question.marked or not over):
            return value, UNLIKE
        return value, OVER if over else code

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
        tally = np.zeros(len(CODES), dtype=np.int64)
        found: list[Cell] = []
        tops: list[Cell] = []
        worst = -np.inf
        for start in range(0, count, rows):
            part = slice(start, min(start + rows, count))
            values, codes = self.values(part, buffer)
            tally += np.bincount(codes.ravel(), minlength=len(CODES))
            barred = codes > 0
            if self.question.marked:
                barred &= (codes == UNKNOWN) | (codes >= OVER)
            worst = max(worst, float(values.max(initial=-np.inf, where=~barred)))
            values[barred] = np.inf
            if self.question.objective == "duration":
                found += self._best_places(part, values, barred)
            else:
                found += _smallest(values, start, best, found[best - 1].value if len(found) >= best else np.inf)
            found = sorted(found)[:best]
            tops += self._tops(part, values, barred)
        marked = {name: int(tally[CODES.index(name)]) for name in MARKS}
        cells = count * len(self.places)
        return Survey(
            found,
            front(tops, self.against),
            cells,
            int(tally[0]),
            int(tally[UNKNOWN]),
            int(tally[OVER]),
            marked,
            worst if np.isfinite(worst) else None,
            int(tally[UNLIKE]),
            int(tally[HOURS]),
        )

    def _tops(self, rows: slice, values: Floats, barred: Flags) -> list[Cell]:
        """The cells of a chunk that may be on the Pareto front; those that are barred have no value."""
        if self.question.against != "duration":
            return front_of(values, self.metric(self.question.against, rows), rows.start)
        if self.question.objective == "duration":
            return self._best_places(rows, values, barred)
        # A machine takes the same time in every place, but where a published run stands.
        where = [(n, int(p)) for n, p in enumerate(values.argmin(axis=1))]
        where += [(m - rows.start, p) for m, p in self.patched if m in _range(rows)]
        return [Cell(float(values[n, p]), rows.start + n, p) for n, p in where if np.isfinite(values[n, p])]

    def against(self, machine: int, place: int) -> float | None:
        """What the Pareto front sets a cell's objective against, None where unknown."""
        metric = self.question.against
        if metric == "duration":
            return self.duration(machine, place)
        if (filled := self.patched.get((machine, place))) is not None:
            return filled.result(METRICS[metric])
        value = float(self.metric(metric, slice(machine, machine + 1))[0, place])
        return None if np.isnan(value) else value

    def _best_places(self, rows: slice, values: Floats, barred: Flags) -> list[Cell]:
        gross = self._product("gross", rows)
        filled = [place.filled for place in self.places]
        kinds = ranked_kinds(filled, "gross")
        apart = np.array([unlike(one, kinds) for one in filled])
        # Where no gross is known that ranks, any place is as good, but none that is barred.
        gross[np.isnan(gross) | apart] = np.finfo(float).max
        gross[barred] = np.inf
        where = gross.argmin(axis=1)
        return [
            Cell(float(values[n, p]), rows.start + n, int(p)) for n, p in enumerate(where) if np.isfinite(values[n, p])
        ]

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


def _at_a_desk(place: Place) -> float:
    """The PUE of a place for machines at a desk: 1 where none is known of the place."""
    pue = place.filled.inputs.get("pue")
    if pue is None:
        return float("nan")
    return DESK_PUE.value if pue.way.kind == "survey" else pue.value
