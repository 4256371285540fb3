"""How far off an estimate is: measurements and runs predicted from the others, and the calibration refitted.

`docs/estimates.md` says which are taken and why; `power` and `utilisation` have the laws, `random_effects` the model.
"""

from __future__ import annotations

from math import exp, inf, log

from carbontui.engine import calibration
from carbontui.engine.calibration import BySize, Estimate
from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.verification import power, utilisation
from carbontui.verification.power import Measured
from carbontui.verification.random_effects import Interval
from carbontui.verification.tables import SYSTEMS, TRAINED
from carbontui.verification.utilisation import LeftOut
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FEW = "a few accelerators, training"
BATCHES = "accelerators, serving in batches"
SERVER = "GPU servers of 2020 and later at the wall"
TOGETHER = "these three together"
WHOLE = "4 to 8 accelerators of a server, size of the model unknown"
OLDER = "older servers and TPUs at the wall, hardware left out"
NODE = "a few accelerators with CPU and memory"
BY_RUN = "throughput, run left out"
BY_SOURCE = "throughput, source left out"

# A truth outside of its interval costs this many times its distance, both as logarithms: the interval score of 90 %
# intervals (Gneiting, Raftery 2007, doi:10.1198/016214506000001437).
OUTSIDE = 20


class Case(Value):
    """A measurement or a published run predicted without itself, or without its source."""

    method: str
    measured: Measured
    predicted: Interval

    @property
    def covered(self) -> bool:
        """Whether the interval holds the truth."""
        return self.predicted.covers(self.measured.ratio)

    @property
    def score(self) -> float:
        """The width of the interval and how far outside the truth lies, both as logarithms; less is better."""
        ends, truth = self.predicted, self.measured.ratio
        return log(ends.width) + OUTSIDE * max(0.0, log(ends.low / truth), log(truth / ends.high))


class Asked(Value):
    """What is asked of a method: how many are covered, and at most of upper over lower end and of the score, as means;
    of the mean (geometric) of truth over estimate both ends."""

    covered: int = 0
    ratio: float = inf
    score: float = inf
    truth: tuple[float, float] = (0.0, inf)


class Summary(Value):
    """How one method stands: cases covered, the mean (geometric) of upper over lower end, the mean score, the mean
    (geometric) of truth over estimate, and what is asked of them."""

    method: str
    runs: int
    covered: int
    ratio: float
    score: float
    truth: float
    asked: Asked

    @property
    def holds(self) -> bool:
        """Whether enough cases are covered by intervals that are narrow enough, around medians that are near enough."""
        low, high = self.asked.truth
        near = self.covered >= self.asked.covered and low <= self.truth <= high
        return near and self.ratio <= self.asked.ratio and self.score <= self.asked.score


class Constant(Value):
    """A calibrated figure as it is taken, and as the records give it now."""

    name: str
    taken: Estimate | BySize
    fitted: Estimate | BySize

    @property
    def differs(self) -> bool:
        """Whether the records say something else than the program."""
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
    def methods(self) -> dict[str, list[Case]]:
        """The cases of each method."""
        of: dict[str, list[Case]] = {}
        for case in self.cases:
            for method in (case.method, *([TOGETHER] if case.method in (FEW, BATCHES, SERVER) else [])):
                of.setdefault(method, []).append(case)
        return of

    @property
    def holds(self) -> bool:
        """Whether every method does what is asked of it, and every figure taken is what the records give."""
        return all(one.holds for one in self.summaries) and not any(one.differs for one in self.constants)


def summed_up(method: str, cases: Sequence[Case], asked: Asked) -> Summary:
    """How a method stands to what is asked of it."""

    def mean(values: Iterable[float]) -> float:
        return sum(values) / len(cases)

    return Summary(
        method,
        len(cases),
        sum(case.covered for case in cases),
        exp(mean(log(case.predicted.width) for case in cases)),
        mean(case.score for case in cases),
        exp(mean(log(case.measured.ratio / case.predicted.median) for case in cases)),
        asked,
    )


def nine_of_ten(cases: Sequence[Case]) -> int:
    """How many nine of ten are, rounded up."""
    return -(-9 * len(cases) // 10)


def estimates(catalogue: Catalogue) -> Report:
    """Everything that an estimate can be held against, and the calibration as the records give it.

    Raises `ScenarioError` where too few records are registered, `UnknownName` where one of the paper's is not.
    """
    measured = power.measurements(catalogue)
    runs, left_out = utilisation.utilisations(catalogue)
    try:
        found = {
            method: [Case(method, *case) for case in power.left_out(measured, classes, by)]
            for method, classes, by in (
                (FEW, ("few",), power.SOURCE),
                (BATCHES, ("batches",), power.SOURCE),
                (SERVER, ("server",), power.SOURCE),
                (WHOLE, ("any-model",), power.SOURCE),
                (NODE, ("few, node",), power.SOURCE),
                (OLDER, ("older-server", "tpu"), power.HARDWARE),
            )
        }
        found[BY_RUN] = [Case(BY_RUN, *case) for case in utilisation.left_out_each(runs)]
        found[BY_SOURCE] = [Case(BY_SOURCE, *case) for case in utilisation.left_out_each(runs, whole_source=True)]
        law, utilised = power.fitted(power.law(measured)), utilisation.fitted(runs)
    except (ValueError, KeyError):
        raise ScenarioError("too few first-party records are registered to calibrate an estimate on") from None
    together = [*found[FEW], *found[BATCHES], *found[SERVER]]
    asked = {
        SERVER: Asked(nine_of_ten(found[SERVER]), score=0.6, truth=(0.85, 1.18)),
        TOGETHER: Asked(nine_of_ten(together), 3.0, 1.35),
        BY_RUN: Asked(nine_of_ten(found[BY_RUN]), 2.87),
        BY_SOURCE: Asked(35),
    }
    found = {FEW: found.pop(FEW), BATCHES: found.pop(BATCHES), SERVER: found.pop(SERVER), TOGETHER: together, **found}
    return Report(
        tuple(case for method, cases in found.items() if method != TOGETHER for case in cases),
        tuple(summed_up(method, cases, asked.get(method, Asked())) for method, cases in found.items()),
        tuple(_constants(law, utilised)),
        tuple(_energies(catalogue, found[OLDER])),
        tuple(left_out),
    )


def _constants(law: dict[str, Estimate | BySize], utilised: dict[str, Estimate]) -> Iterator[Constant]:
    """Each figure of `calibration` next to what the records give."""
    for name, given in law.items():
        yield Constant(f"power over TDP, {power.NAMES[name]}", getattr(calibration, name), given)
    yield Constant("utilisation, new generation", calibration.NEW_GENERATION, utilised.pop("new generation"))
    other = "throughput of one run for another"
    taken = {**calibration.UTILISATION, other: calibration.SAME_PAIR_THROUGHPUT}
    for name, given in utilised.items():
        yield Constant(name if name == other else f"utilisation, {name}", taken[name], given)


def _energies(catalogue: Catalogue, cases: Iterable[Case]) -> Iterator[Energy]:
    """The runs of Table 4 with their power taken from TDP, and estimated without their hardware."""
    predicted = {(case.measured.group, case.measured.record.record.power.value): case.predicted for case in cases}
    for system in ("ET-NAS", *TRAINED):
        model, hardware, region = SYSTEMS[system]
        scenario = Scenario(model=model, hardware=hardware, region=region)
        known = fill(scenario, catalogue)
        of = catalogue.hardware(hardware)
        tdp = of.record.power.tdp
        ends = predicted.get((of.id, known.value("power") or 0.0))
        if tdp is None or ends is None or not known.published:
            raise ScenarioError(f"{system} of Table 4 is not registered")
        at_tdp = fill(scenario.give("power", tdp), catalogue)
        ratio = at_tdp.results["energy_kwh"].value / known.published["energy_kwh"].value
        yield Energy(system, ratio, Interval(*(ratio * end for end in (ends.median, ends.low, ends.high))))
