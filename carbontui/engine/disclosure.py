"""What reports ask of a scenario beyond its footprint; None where it is not known."""

from __future__ import annotations

from carbontui.engine.run_choice import OWN
from carbontui.engine.scenario import Filled
from carbontui_registry.vocabulary import TRAININGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.catalogue import Registered
    from carbontui_registry.figures import Figure

PRE_TRAINING, FINE_TUNING = TRAININGS
# How an energy that no meter gave is known.
ESTIMATED = "estimated"


def count(one: Filled) -> float:
    """How many times the job is run."""
    return one.inputs["count"].value if "count" in one.inputs else 1.0


def of_model(one: Filled, key: str) -> Figure | None:
    """The `params` of the model, or the `tokens` of its published training, which are no other job's."""
    if one.model is None or (key == "tokens" and one.status == OWN):
        return None
    figure: Figure | None = one.model.record.params if key == "params" else one.model.record.tokens
    return figure


def of_all(one: Filled, key: str) -> float | None:
    """`compute` in FLOP, `chip_hours` in h or `tokens` of all the times that the job is run."""
    if key in one.inputs:
        return one.inputs[key].value * count(one)
    if key == "tokens":
        tokens = of_model(one, "tokens")
        return tokens.value * count(one) if tokens is not None else None
    found = one.value(key)
    if found is None and key == "chip_hours":
        hours, chips = one.result("duration_h"), one.value("chips")
        return hours * chips * count(one) if hours is not None and chips is not None else None
    return found


def parameters(one: Filled) -> float | None:
    """Parameters of the model: those entered, else those of its record."""
    if "params" in one.inputs:
        return one.inputs["params"].value
    figure = of_model(one, "params")
    return figure.value if figure is not None else None


def base_model(one: Filled) -> Registered | None:
    """The registered model that the job trains further."""
    further = one.texts.get("training") == FINE_TUNING and one.status == OWN
    return one.model if further else None


def method(one: Filled) -> str | None:
    """How the energy is known: the basis of the one that was given, else `ESTIMATED`."""
    if "energy_kwh" not in one.results:
        return None
    given = one.inputs.get("energy") or one.inputs.get("it_energy")
    return ESTIMATED if given is None or given.basis in ("derived", "assumed") else given.basis
