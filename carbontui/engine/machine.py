"""What is estimated of a machine: the power and the throughput of an accelerator for a job that nobody measured."""

from __future__ import annotations

from math import exp, log

from carbontui.engine import calibration
from carbontui.engine.assumptions import DESK_FORMS, OWN_ESTIMATE, prediction_spread, ranged
from carbontui.engine.claims import Claim, product
from carbontui.engine.run_choice import Parts
from carbontui.engine.scenario import Filled, Note, Scenario, Term, Way
from carbontui_registry.catalogue import Registered
from carbontui_registry.figures import Figure
from carbontui_registry.records import TrainingRun
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Power(Value):
    """A claim for a power, what it is of, and what one should know; no claim where nothing says what is drawn there."""

    claim: Claim | None
    boundary: str
    notes: tuple[Note, ...] = ()


def power(
    parts: Parts,
    pair: Registered | None,
    asked: Scenario,
    entered: Mapping[str, Figure],
    chips: float | None,
    preferred: Sequence[Registered] = (),
) -> Power:
    """The measured power of the pair of model and hardware, what measurements say that the user prefers, the hardware's
    mean, or an estimate from its TDP.

    Each is of the boundary asked for, the system unless one is; a measurement of other runs carries their run-to-run
    spread.
    """
    wanted = asked.boundary or "system"
    notes: list[Note] = []
    if pair is not None and "tdp" not in entered:
        run: TrainingRun = pair.record
        if run.power is not None and run.power.basis == "measured" and run.boundary is not None:
            if run.boundary == wanted:
                return Power(Claim("power", _predicted(run.power), pair.origin, Way("pair", pair.id),
                                   ("run", pair.id, "power")), wanted)  # fmt: skip
            notes.append(Note("power", "measured-elsewhere", (run.power.value, run.boundary, wanted)))
    tdp, origin, of, hardware = entered.get("tdp"), "", asked.hardware or "", None
    if parts.hardware is not None:
        hardware, of = parts.hardware.record, parts.hardware.id
        profile = hardware.power
        if tdp is None and (claim := _of_measurements(of, [one for one in preferred if one.record.boundary == wanted])):
            return Power(claim, wanted, tuple(notes))
        if tdp is None and profile.mean is not None:
            there = profile.boundary or "system"
            if there == wanted:
                way, identity = Way("mean", of), ("mean", of)
                claim = Claim("power", _predicted(profile.mean), parts.hardware.origin, way, identity)
                return Power(claim, wanted, tuple(notes))
            notes.append(Note("power", "measured-elsewhere", (profile.mean.value, there, wanted)))
        if tdp is None:
            tdp, origin = profile.tdp, parts.hardware.origin
    if tdp is None:
        return Power(None, wanted, tuple(notes))
    at_desk = (asked.form or (hardware.form if hardware is not None else None)) in DESK_FORMS
    kind = calibration.machine(hardware, at_desk)
    job = calibration.Job(chips, _params(parts.model, entered), asked.work == "serving")
    estimate, laws = calibration.power_over_tdp(wanted, kind, of, tdp.value, job)
    ratio = Figure(estimate.median, "assumed", estimate.spread, OWN_ESTIMATE)
    if hardware is None and asked.form is None and wanted == "system":
        notes.append(Note("power", "form-unknown", (of or "the hardware",)))
    if wanted == "system" and (loads := calibration.by_load(kind, of, tdp.value, job)):
        notes.append(Note("power", "size-unknown", (loads.params, loads.small * tdp.value, loads.large * tdp.value)))
    # Jobs of other sizes keep an accelerator busy in other ways; what a whole server draws is the same error.
    own = job.params if {"few", "few-by-size"} & {*laws} else None
    terms = (
        Term("tdp", "power", ranged("tdp", tdp), origin, ("tdp", of)),
        Term("power_over_tdp", "number", ratio, "carbontui", ("power over TDP", of, wanted, laws, own), laws),
    )
    return Power(product("power", Way("tdp", of, estimate.median), terms), wanted, tuple(notes))


def at_a_desk(one: Filled) -> bool:
    """Whether the machine is somebody's own, which is where it is."""
    return (one.scenario.form or (one.hardware.record.form if one.hardware is not None else None)) in DESK_FORMS


def _params(model: Registered | None, entered: Mapping[str, Figure]) -> float | None:
    """The parameters that a token passes through, of which the size of the work depends."""
    record = model.record if model is not None else None
    own = (entered.get("active_params"), entered.get("params"))
    figure = next((one for one in own if one is not None), None)
    if figure is None and record is not None:
        figure = record.active_params or record.params
    return figure.value if figure is not None else None


def _predicted(figure: Figure) -> Figure:
    return Figure(figure.value, "assumed", max(prediction_spread(), figure.spread or 0.0), figure.source, figure.note)


def _of_measurements(of: str, measured: Sequence[Registered]) -> Claim | None:
    """What one more job draws by measurements of others: their mean, each source having one voice."""
    if not measured:
        return None
    by_source: dict[object, list[float]] = {}
    for one in measured:
        by_source.setdefault(one.record.source, []).append(log(one.record.power.value))
    means = [sum(logs) / len(logs) for logs in by_source.values()]
    first = measured[0]
    figure = Figure(exp(sum(means) / len(means)), "assumed", prediction_spread(len(means)), first.record.source)
    return Claim("power", figure, first.origin, Way("measured", of, first.distribution), ("measured", of))


def throughput(
    parts: Parts, pair: Registered | None, of_pair: Mapping[str, float], entered: Mapping[str, Figure]
) -> Claim | None:
    """The throughput of the pair of model and hardware, which follows from its run, or an estimated utilisation of the
    hardware's peak."""
    if pair is not None:
        value = of_pair.get("throughput")
        if value is not None:
            run: TrainingRun = pair.record
            source = run.throughput.source if run.throughput is not None else run.source
            figure = Figure(value, "assumed", calibration.SAME_PAIR_THROUGHPUT.spread, source)
            return Claim("throughput", figure, pair.origin, Way("pair", pair.id), ("run", pair.id, "throughput"))
    peak, origin, of = entered.get("peak"), "", ""
    if parts.hardware is not None:
        of = parts.hardware.id
        if peak is None:
            peak, origin = parts.hardware.record.matrix_peak, parts.hardware.origin
    if peak is None:
        return None
    estimate = calibration.utilisation(of)
    utilisation = Figure(estimate.median, "assumed", estimate.spread, OWN_ESTIMATE)
    pairing = (parts.model and parts.model.id, of)
    terms = (
        Term("peak", "throughput", ranged("peak", peak), origin, ("peak", of)),
        Term("utilisation", "share", utilisation, "carbontui", ("utilisation", *pairing)),
    )
    return product("throughput", Way("peak", of, estimate.median), terms)
