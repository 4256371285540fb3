"""What is estimated of a machine: the power and the throughput of an accelerator for a job that nobody measured."""

from __future__ import annotations

from carbontui.engine import calibration
from carbontui.engine.assumptions import OWN_ESTIMATE, prediction_spread
from carbontui.engine.claims import Claim, product
from carbontui.engine.run_choice import Parts
from carbontui.engine.scenario import Note, Scenario, Term, Way
from carbontui_registry.catalogue import Registered
from carbontui_registry.figures import Figure
from carbontui_registry.records import Hardware, TrainingRun
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Power(NamedTuple):
    """A claim for a power, what it is of, and what one should know; no claim where nothing says what is drawn there."""

    claim: Claim | None
    boundary: str
    notes: tuple[Note, ...] = ()


def power(
    parts: Parts, pair: Registered | None, asked: Scenario, entered: Mapping[str, Figure], chips: float | None
) -> Power:
    """The measured power of the pair of model and hardware, the hardware's mean, or an estimate from its TDP.

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
    tdp, origin, of = entered.get("tdp"), "", asked.hardware or ""
    if parts.hardware is not None:
        hardware: Hardware = parts.hardware.record
        profile, of = hardware.power, parts.hardware.id
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
    estimate, boundary = calibration.power_over_tdp(wanted, chips)
    if boundary != wanted:
        return Power(None, wanted, (*notes, Note("boundary", "no-power-at", (wanted, chips))))
    ratio = Figure(estimate.median, "assumed", estimate.spread, OWN_ESTIMATE)
    terms = (
        Term("tdp", "power", tdp, origin, ("tdp", of)),
        Term("power_over_tdp", "number", ratio, "carbontui", ("power over TDP", of, boundary)),
    )
    return Power(product("power", Way("tdp", of, estimate.median), terms), boundary, tuple(notes))


def _predicted(figure: Figure) -> Figure:
    return Figure(figure.value, "assumed", max(prediction_spread(), figure.spread or 0.0), figure.source)


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
        Term("peak", "throughput", peak, origin, ("peak", of)),
        Term("utilisation", "share", utilisation, "carbontui", ("utilisation", *pairing)),
    )
    return product("throughput", Way("peak", of, estimate.median), terms)
