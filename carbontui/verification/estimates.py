"""How far off an estimate is: each published run predicted from the others, and the calibration fitted anew.

`docs/estimates.md` says which runs are taken and why; `random_effects` has the model.
"""

from __future__ import annotations

from math import exp, log

from carbontui.engine import calibration
from carbontui.engine import footprint as arithmetic
from carbontui.engine.calibration import Estimate
from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.verification.random_effects import Interval, fit, from_run_to_run, lognormal
from carbontui.verification.tables import SYSTEMS, TRAINED
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.records import Hardware, Model, TrainingRun
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

SYSTEM_BY_RUN = "system power, run left out"
SYSTEM_BY_CHIP = "system power, hardware left out"
THROUGHPUT_BY_RUN = "throughput, run left out"

# Models of which compute over time says nothing about a training; the records do not know it of them.
NO_TRAINING = {
    "evolved-transformer-nas": "an architecture search",
    "nas-strubell": "an architecture search",
    "llama-3.2-1b": "pruned and distilled",
    "llama-3.2-3b": "pruned and distilled",
}


class Measured(Value):
    """A published run of a calibration: its ratio to TDP or peak, and the hardware or generation it is grouped by."""

    run: Registered
    group: str
    ratio: float


class LeftOut(Value):
    """A run that a calibration does not take, and why."""

    of: str
    run: str
    reason: str


class Case(Value):
    """A published run predicted without itself."""

    method: str
    measured: Measured
    predicted: Interval

    @property
    def covered(self) -> bool:
        """Whether the interval holds the truth."""
        return self.predicted.covers(self.measured.ratio)


class Summary(Value):
    """How one method stands: runs covered, mean (geometric) of upper over lower end, and what is asked of both."""

    method: str
    runs: int
    covered: int
    least_covered: int
    ratio: float
    largest_ratio: float

    @property
    def holds(self) -> bool:
        """Whether enough runs are covered by intervals that are narrow enough."""
        return self.covered >= self.least_covered and self.ratio <= self.largest_ratio


class Constant(Value):
    """A calibrated figure as it is taken, and as the runs give it now."""

    name: str
    taken: Estimate
    fitted: Estimate

    @property
    def differs(self) -> bool:
        """Whether the runs say something else than the program."""
        return self.taken != self.fitted


class Energy(Value):
    """A run of the paper's Table 4: what its energy is estimated at, over what was published."""

    system: str
    from_tdp: float
    estimated: Interval


class Report(Value):
    """All that `carbontui verify --estimates` says."""

    cases: tuple[Case, ...]
    summaries: tuple[Summary, ...]
    constants: tuple[Constant, ...]
    energies: tuple[Energy, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def holds(self) -> bool:
        """Whether every method does what is asked of it, and every figure taken is what the runs give."""
        return all(one.holds for one in self.summaries) and not any(one.differs for one in self.constants)


# The runs


def powers(catalogue: Catalogue, boundary: str) -> tuple[list[Measured], list[LeftOut]]:
    """First-party runs whose power was measured at this boundary, over their hardware's TDP; and those left out."""

    def ratio(run: TrainingRun, hardware: Hardware, _model: Model) -> float | str | None:
        tdp = hardware.power.tdp
        if run.power is None:
            return None
        if run.power.basis != "measured":
            return "no power measured on this hardware"
        if run.boundary != boundary:
            return None
        if tdp is None or tdp.basis == "assumed":
            return f"no TDP of {hardware.id} was published"
        return run.power.value / tdp.value

    return _measured(catalogue, f"power of the {boundary}", ratio, lambda hardware: hardware)


def utilisations(catalogue: Catalogue) -> tuple[list[Measured], list[LeftOut]]:
    """First-party runs whose utilisation follows from what was published; and those left out."""

    def ratio(run: TrainingRun, hardware: Hardware, model: Model) -> float | str | None:
        if model.id in NO_TRAINING:
            return NO_TRAINING[model.id]
        if hardware.matrix_peak is None:
            return f"no peak of {hardware.id} is known"
        if run.throughput is not None:
            return run.throughput.value / hardware.matrix_peak.value
        if model.compute_kind == "hardware":
            return "its compute counts recomputation"
        compute, hours = compute_of(run, model), chip_hours_of(run)
        if not compute or not hours:
            return "compute or chip-hours are unknown"
        return compute / (hours * arithmetic.SECONDS_PER_HOUR) / hardware.matrix_peak.value

    def generation(hardware: str) -> str:
        return calibration.GENERATION_OF.get(hardware, hardware)

    return _measured(catalogue, "throughput", ratio, generation)


def compute_of(run: TrainingRun, model: Model) -> float | None:
    """The run's FLOP, the model's, or 6 x active parameters x tokens."""
    if known := run.compute or model.compute:
        return known.value
    active = model.active_params or model.params
    return 6 * active.value * model.tokens.value if active and model.tokens else None


def chip_hours_of(run: TrainingRun) -> float | None:
    """The run's chip-hours, given or as duration x chips."""
    if run.chip_hours is not None:
        return run.chip_hours.value
    return run.duration.value * run.chips.value if run.duration and run.chips else None


def _measured(
    catalogue: Catalogue,
    of: str,
    ratio: Callable[[TrainingRun, Hardware, Model], float | str | None],
    group: Callable[[str], str],
) -> tuple[list[Measured], list[LeftOut]]:
    """The runs of which `ratio` gives a number; where it gives a text, that is why the run is left out."""
    taken: dict[tuple[str, str, float], Measured] = {}
    left_out = []
    for run in catalogue.all("run"):
        hardware = catalogue.named_by(run, "hardware", run.record.hardware)
        model = catalogue.named_by(run, "model", run.record.model)
        if not (run.first_party and hardware and hardware.first_party and model and model.first_party):
            continue
        found = ratio(run.record, hardware.record, model.record)
        if isinstance(found, str):
            left_out.append(LeftOut(of, run.id, found))
        elif found is not None:
            # One training stands in the paper's Table 1 twice, at two places.
            first = taken.setdefault((model.id, hardware.id, found), Measured(run, group(hardware.id), found))
            if first.run is not run:
                left_out.append(LeftOut(of, run.id, f"the measurement of {first.run.id}"))
    return list(taken.values()), left_out


def by_group(measured: Iterable[Measured]) -> dict[str, list[float]]:
    """Logarithms of the ratios, by hardware or generation."""
    groups: dict[str, list[float]] = {}
    for one in measured:
        groups.setdefault(one.group, []).append(log(one.ratio))
    return groups


# What is asked and what is found


def left_out_each(method: str, measured: Sequence[Measured], *, whole_group: bool = False) -> list[Case]:
    """Each run predicted from the others, or from those of other groups alone. Raises `ValueError` if too few."""
    cases = []
    for one in measured:
        others = [other for other in measured if other is not one and not (whole_group and other.group == one.group)]
        cases.append(Case(method, one, fit(by_group(others)).predict(one.group)))
    return cases


def summed_up(cases: Sequence[Case], least_covered: int, largest_ratio: float) -> Summary:
    """How a method stands to what is asked of it."""
    ratio = exp(sum(log(case.predicted.width) for case in cases) / len(cases))
    covered = sum(case.covered for case in cases)
    return Summary(cases[0].method, len(cases), covered, least_covered, ratio, largest_ratio)


def estimates(catalogue: Catalogue) -> Report:
    """Every run that an estimate can be held against, and the calibration as the runs give it.

    Raises `ScenarioError` where too few runs are registered, `UnknownName` where one of the paper's is not.
    """
    system, no_system = powers(catalogue, "system")
    accelerator, _ = powers(catalogue, "accelerator")
    throughput, no_throughput = utilisations(catalogue)
    try:
        by_run = left_out_each(SYSTEM_BY_RUN, system)
        by_chip = left_out_each(SYSTEM_BY_CHIP, system, whole_group=True)
        utilised = left_out_each(THROUGHPUT_BY_RUN, throughput)
        constants = fitted(system, accelerator, throughput)
    except ValueError:
        raise ScenarioError("too few first-party runs are registered to calibrate an estimate on") from None
    summaries = (
        summed_up(by_run, len(by_run) - 1, 2.2),
        summed_up(by_chip, len(by_chip) - 1, 5.0),
        # Nine of ten, rounded up.
        summed_up(utilised, -(-9 * len(utilised) // 10), 3.2),
    )
    energies = tuple(_energies(catalogue, by_chip))
    return Report((*by_run, *by_chip, *utilised), summaries, constants, energies, (*no_system, *no_throughput))


def fitted(
    system: Sequence[Measured], accelerator: Sequence[Measured], throughput: Sequence[Measured]
) -> tuple[Constant, ...]:
    """Each figure of `calibration` next to what the runs give. Raises `ValueError` where there are too few."""
    # Its power limit keeps an accelerator's mean at the TDP or below.
    at_accelerator = lognormal(fit(by_group(accelerator)).predict(), limit=1.0)
    utilised = fit(by_group(throughput))
    power = "power over TDP of new hardware"
    return (
        Constant(f"{power}, system", calibration.SYSTEM_POWER, lognormal(fit(by_group(system)).predict())),
        Constant(f"{power}, few accelerators", calibration.ACCELERATOR_POWER, at_accelerator),
        Constant("utilisation of a new generation", calibration.NEW_GENERATION, lognormal(utilised.predict())),
        *(
            Constant(f"utilisation of {name}", taken, lognormal(utilised.predict(name)))
            for name, taken in calibration.UTILISATION.items()
        ),
        Constant("throughput of one run for another", calibration.SAME_PAIR_THROUGHPUT, from_run_to_run(utilised)),
    )


def _energies(catalogue: Catalogue, cases: Iterable[Case]) -> Iterator[Energy]:
    """The runs of Table 4 with their power taken from TDP, and estimated without their hardware."""
    predicted = {case.measured.run.id: case.predicted for case in cases}
    for system in ("ET-NAS", *TRAINED):
        model, hardware, region = SYSTEMS[system]
        scenario = Scenario(model=model, hardware=hardware, region=region)
        known = fill(scenario, catalogue)
        tdp = catalogue.hardware(hardware).record.power.tdp
        if tdp is None or known.run is None or known.run.id not in predicted or not known.published:
            raise ScenarioError(f"{system} of Table 4 is not registered")
        at_tdp = fill(scenario.give("power", tdp), catalogue)
        ratio = at_tdp.results["energy_kwh"].value / known.published["energy_kwh"].value
        ends = predicted[known.run.id]
        yield Energy(system, ratio, Interval(*(ratio * end for end in (ends.median, ends.low, ends.high))))
