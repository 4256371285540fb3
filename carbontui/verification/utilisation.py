"""Utilisation as it follows from published runs, by generation of hardware; each predicted without itself."""

from __future__ import annotations

from math import log

from carbontui.engine import calibration
from carbontui.engine import footprint as arithmetic
from carbontui.engine.calibration import Estimate
from carbontui.verification.power import Measured
from carbontui.verification.random_effects import Fit, Interval, fit, from_run_to_run, lognormal
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.records import Hardware, Model, TrainingRun
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Models of which compute over time says nothing about a training; the records do not know it of them.
NO_TRAINING = {
    "evolved-transformer-nas": "an architecture search",
    "nas-strubell": "an architecture search",
    "llama-3.2-1b": "pruned and distilled",
    "llama-3.2-3b": "pruned and distilled",
}


class LeftOut(Value):
    """A run that the calibration does not take, and why."""

    run: str
    reason: str


def utilisations(catalogue: Catalogue) -> tuple[list[Measured], list[LeftOut]]:
    """First-party runs whose utilisation follows from what was published; and those left out."""
    taken: dict[tuple[str, str, float], Measured] = {}
    left_out = []
    for run in catalogue.all("run"):
        hardware = catalogue.named_by(run, "hardware", run.record.hardware)
        model = catalogue.named_by(run, "model", run.record.model)
        if not (run.first_party and hardware and hardware.first_party and model and model.first_party):
            continue
        found = _utilisation(run.record, hardware.record, model.record)
        if isinstance(found, str):
            left_out.append(LeftOut(run.id, found))
            continue
        # One training stands in the paper's Table 1 twice, at two places.
        generation = calibration.GENERATION_OF.get(hardware.id, hardware.id)
        source = run.record.source.id or run.record.source.title
        first = taken.setdefault((model.id, hardware.id, found), Measured(run, generation, found, source))
        if first.record is not run:
            left_out.append(LeftOut(run.id, f"the measurement of {first.record.id}"))
    return list(taken.values()), left_out


def _utilisation(run: TrainingRun, hardware: Hardware, model: Model) -> float | str:
    """What share of the peak the run achieved, or why that is not known."""
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


def by_group(measured: Iterable[Measured]) -> dict[str, list[float]]:
    """Logarithms of the ratios, by generation."""
    groups: dict[str, list[float]] = {}
    for one in measured:
        groups.setdefault(one.group, []).append(log(one.ratio))
    return groups


def left_out_each(measured: Sequence[Measured], *, whole_source: bool = False) -> list[tuple[Measured, Interval]]:
    """Each run predicted from the others, or from those of other sources alone. Raises `ValueError` if too few."""
    cases = []
    for one in measured:
        others = [other for other in measured if other is not one and not (whole_source and other.source == one.source)]
        cases.append((one, fit(by_group(others)).predict(one.group)))
    return cases


def fitted(measured: Sequence[Measured]) -> dict[str, Estimate]:
    """Each figure of `calibration` as the runs give it. Raises `ValueError` where there are too few."""
    found = fit(by_group(measured))
    of_generation = {name: lognormal(found.predict(name)) for name in calibration.UTILISATION}
    return {
        "new generation": new_generation(found, of_generation),
        **of_generation,
        "throughput of one run for another": from_run_to_run(found),
    }


def new_generation(found: Fit, of_generation: dict[str, Estimate]) -> Estimate:
    """A generation of which nothing was published: no better than any that was, and by as much less known as two
    generations differ."""
    lowest = min(of_generation, key=lambda name: of_generation[name].median)
    return lognormal(found.predict(lowest, apart=2 * found.between))
