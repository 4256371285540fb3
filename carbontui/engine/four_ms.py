"""Why one result differs from another: the four Ms (Patterson et al. 2022, arXiv:2204.05149)."""

from __future__ import annotations

from math import log

from carbontui.engine.comparison import ratio
from carbontui.engine.scenario import Filled, Scenario
from carbontui.engine.solver import fill
from carbontui.quantities import METRICS
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.values import Value

# Metrics that have such a split: the time has no place, and water and cost have factors of their own.
SPLIT = ("gross", "net", "energy")


class Step(Value):
    """One of the four Ms: its ratio, the ratio of all steps so far, and what it was and is (a name or a number)."""

    name: str
    ratio: float
    cumulative: float
    old: str | float | None
    new: str | float | None


class Why(Value):
    """How many times smaller one result is than another, in the steps model, machine, mechanization and map.

    `way` is how model and machine were told apart: "same", "unknown", "run" (through a published run of `through`: the
    old model on the new hardware), "compute", or "together" where the model's part is unknown.
    """

    metric: str
    total: float
    steps: tuple[Step, ...]
    way: str
    through: tuple[str, str] = ("", "")

    def share(self, step: Step) -> float:
        """The step's part of the whole in logarithms; the parts of all steps add up to 1."""
        return log(step.ratio) / log(self.total) if self.total not in (0.0, 1.0) else 0.0


def why(old: Filled, new: Filled, metric: str, catalogue: Catalogue) -> Why | None:
    """The ratio old / new of a metric as a product of the four Ms (Patterson et al. 2022, arXiv:2204.05149).

    None where either is unknown, or 0, or there is no ratio, or for a metric that has no such split.
    """
    key = METRICS[metric]
    if metric not in SPLIT or not old.result(key) or not new.result(key):
        return None
    if ratio(old, new, key) is None:
        return None
    energies = old.result("it_energy_kwh"), new.result("it_energy_kwh")
    if not energies[0] or not energies[1]:
        return None
    it_ratio = energies[0] / energies[1]
    model, way, through = _model_step(old, new, energies[1], catalogue)
    steps: list[tuple[str, float, str | float | None, str | float | None]] = [
        ("model", model, _name(old, "model"), _name(new, "model")),
        ("machine", it_ratio / model, _name(old, "hardware"), _name(new, "hardware")),
    ]
    keys = [("mechanization", "pue"), *([("map", metric)] if metric != "energy" else [])]
    for name, key in keys:
        then, now = old.value(key), new.value(key)
        if then is not None and now:
            steps.append((name, then / now, then, now))
    cumulative, made = 1.0, []
    for name, value, before, after in steps:
        cumulative *= value
        made.append(Step(name, value, cumulative, before, after))
    return Why(metric, cumulative, tuple(made), way, through)


def _name(one: Filled, part: str) -> str | None:
    """What a part is called: one of a person's own by the name that it was given."""
    registered = getattr(one, part)
    name: str | None = registered.record.name if registered is not None else getattr(one.scenario, part)
    return name


def _model_step(old: Filled, new: Filled, e_new: float, catalogue: Catalogue) -> tuple[float, str, tuple[str, str]]:
    """The model's part of the IT-energy ratio, and the way taken.

    Power and throughput belong to a pair of model and hardware, so the way matters: through a known run of the old
    model on the new hardware where there is one, else by the ratio of compute.
    """
    nothing = ("", "")
    before, after = old.value("compute"), new.value("compute")
    if old.model is None or new.model is None:
        # Two jobs of one's own are told apart by the work that they do.
        if before is None or not after:
            return 1.0, "unknown", nothing
        return before / after, "same" if before == after else "compute", nothing
    if old.model.id == new.model.id:
        return 1.0, "same", nothing
    if new.hardware is not None:
        for run in catalogue.runs(old.model):
            middle = fill(Scenario(model=old.model.id, run=run.id), catalogue)
            energy = middle.result("it_energy_kwh")
            if run.first_party and middle.hardware and middle.hardware.id == new.hardware.id and energy:
                return energy / e_new, "run", (old.model.record.name, new.hardware.record.name)
    if before is not None and after:
        return before / after, "compute", nothing
    return 1.0, "together", nothing
