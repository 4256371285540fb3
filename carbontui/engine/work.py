"""How much work a training is: FLOP per token, compute from tokens, and what a published run says of both."""

from __future__ import annotations

from carbontui.engine.assumptions import FROZEN, KAPLAN, TRAINED, UPDATED
from carbontui.engine.claims import Claim, product
from carbontui.engine.equations import Known, propagate
from carbontui.engine.scenario import Term, Way
from carbontui_registry.catalogue import Registered
from carbontui_registry.figures import Figure
from carbontui_registry.records import Model, TrainingRun

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def model_compute(model: Registered | None) -> Claim | None:
    """The model's own compute, or 6 x active parameters x tokens (Kaplan 2020, Hoffmann 2022)."""
    if model is None:
        return None
    record: Model = model.record
    if record.compute is not None:
        way = Way("model", model.id)
        return Claim("compute", record.compute, model.origin, way, ("compute", model.id))
    active = record.active_params or record.params
    if active is None or record.tokens is None:
        return None
    terms = (
        Term("flop_per_parameter", "number", Figure(TRAINED, "derived", None, KAPLAN), "carbontui",
             ("model", model.id, "flop_per_parameter")),
        Term("active_params", "number", active, model.origin, ("model", model.id, "active_params")),
        Term("tokens", "number", record.tokens, model.origin, ("model", model.id, "tokens")),
    )  # fmt: skip
    return product("compute", Way("six"), terms)


def run_compute(run: Registered, model: Registered | None) -> Claim | None:
    """The compute of a run: its own, the model's, or its chip-hours x throughput."""
    record: TrainingRun = run.record
    if record.compute is not None:
        return Claim("compute", record.compute, run.origin, Way("run", run.id), ("compute", model and model.id))
    if (own := model_compute(model)) is not None:
        return own
    if record.chip_hours is None or record.throughput is None:
        return None
    terms = (
        Term("chip_hours", "duration", record.chip_hours, run.origin, ("run", run.id, "chip_hours")),
        Term("throughput", "throughput", record.throughput, run.origin, ("run", run.id, "throughput")),
    )
    made = product("compute", Way("run", run.id), terms)
    return made._replace(figure=made.figure.replace(value=made.figure.value * 3600))


def run_known(run: Registered, model: Registered | None) -> dict[str, float]:
    """All that follows from what a run's authors published, in engine units."""
    record: TrainingRun = run.record
    compute = run_compute(run, model)
    published = {
        "chips": record.chips,
        "duration": record.duration,
        "chip_hours": record.chip_hours,
        "compute": compute.figure if compute else None,
        "throughput": record.throughput,
    }
    known: dict[str, Known] = {}
    for key, figure in published.items():
        if figure is not None and key not in known:
            known[key] = Known(figure.value, {key: 1.0})
            propagate(known, key)
    return {key: one.value for key, one in known.items()}


def flop_per_token(params: Mapping[str, float]) -> Known | None:
    """FLOP for each token: 6 x active parameters, or with `trainable` ones, all others frozen, 4 x active + 2 x
    trainable: forward, backward through activations, and the gradients of what is trained.

    `params` holds `active_params` or `params`, and `trainable` where a backbone is frozen.
    """
    key = "active_params" if "active_params" in params else "params"
    if key not in params:
        return None
    active = params[key]
    if "trainable" not in params:
        return Known(TRAINED * active, {key: 1.0})
    backbone, updated = FROZEN * active, UPDATED * params["trainable"]
    total = backbone + updated
    return Known(total, {key: backbone / total, "trainable": updated / total})
