"""Scenarios side by side: baseline, ratios with their spread, and why one differs from another."""

from __future__ import annotations

from math import log

from carbontui import footprint as arithmetic
from carbontui.filling import fill
from carbontui.scenario import ACCOUNTINGS, Filled, Scenario, ScenarioError
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.text import did_you_mean, listed
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# So many names of scenarios a sentence bears.
MOST_NAMED = 6
METRICS = {"gross": "gross_kgco2e", "net": "net_kgco2e", "energy": "energy_kwh", "duration": "duration_h"}
__all__ = ["ACCOUNTINGS", "METRICS", "Comparison", "Question", "Why", "compare", "fill_all", "ratio", "settled", "why"]


class Question(Value):
    """What to compare and how: the scenarios asked for, the number of the baseline, metric and accounting."""

    scenarios: tuple[Scenario, ...] = ()
    baseline: int = 0
    metric: str = "gross"
    accounting: str = "as-published"
    title: str = ""
    note: str = ""
    # What a file calls its baseline, where only filling in tells whose name that is: see `settled`.
    baseline_name: str = ""


class Ratio(Value):
    """A result over that of the baseline; `spread` is what is left where both do not share the same error."""

    value: float
    spread: float | None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 90 % interval, where a spread is known."""
        return None if self.spread is None else arithmetic.interval90(self.value, self.spread)


class Comparison(Value):
    """Scenarios filled in, with the ratios of each to the baseline by metric, and what is mixed in it unavoidably."""

    question: Question
    scenarios: tuple[Filled, ...]
    ratios: tuple[dict[str, Ratio], ...]
    crossings: tuple[str, ...]

    @property
    def baseline(self) -> int:
        """The number of the baseline, counted from 0."""
        return self.question.baseline

    @property
    def metric_key(self) -> str:
        """The key of the result by which the comparison is drawn and sorted."""
        return METRICS[self.question.metric]


def compare(question: Question, catalogue: Catalogue) -> Comparison:
    """Fill every scenario in and set it beside the baseline.

    Raises `UnknownName` and `ScenarioError` as `fill` does.
    """
    return beside(question, fill_all(question, catalogue))


def settled(question: Question, catalogue: Catalogue) -> Question:
    """The question with its baseline found among the names that scenarios without one get when they are filled in.

    Raises `ScenarioError` where none of them has the name.
    """
    if not question.baseline_name:
        return question
    names = [one.name for one in _distinct(fill_all(question, catalogue))]
    if question.baseline_name not in names:
        hint = did_you_mean(question.baseline_name, names)
        raise ScenarioError(f"baseline: {question.baseline_name!r} is none of the scenarios{hint}")
    return question.replace(baseline=names.index(question.baseline_name), baseline_name="")


def fill_all(question: Question, catalogue: Catalogue) -> list[Filled]:
    """Each scenario of the question filled in under its accounting."""
    return [fill(scenario, catalogue, question.accounting) for scenario in question.scenarios]


def beside(question: Question, filled: Sequence[Filled]) -> Comparison:
    """The comparison of scenarios that are filled in; a repeated name gets ` (2)`."""
    named = _distinct(filled)
    if not named:
        return Comparison(question, (), (), ())
    if not 0 <= question.baseline < len(named):
        raise ScenarioError(f"there is no scenario {question.baseline + 1}; there are {len(named)}")
    base = named[question.baseline]
    ratios = tuple(
        {metric: r for metric, key in METRICS.items() if (r := ratio(one, base, key)) is not None} for one in named
    )
    return Comparison(question, tuple(named), ratios, crossings(named))


def _distinct(filled: Sequence[Filled]) -> list[Filled]:
    seen: set[str] = set()
    named = []
    for one in filled:
        name, number = one.name, 2
        while name in seen:
            name, number = f"{one.name} ({number})", number + 1
        seen.add(name)
        named.append(one if name == one.name else one.replace(name=name))
    return named


def ratio(one: Filled, base: Filled, key: str) -> Ratio | None:
    """A result of one scenario over that of another; None where either is unknown or the other is 0."""
    if key not in one.results or key not in base.results or not base.results[key].value:
        return None
    value = one.results[key].value / base.results[key].value
    if not value < float("inf"):
        return None
    factors = arithmetic.combined((1.0, one.results[key].factors), (-1.0, base.results[key].factors))
    known = one.results[key].spread is not None or base.results[key].spread is not None
    spread = (arithmetic.factors_spread(factors) or 0.0) if known else None
    return Ratio(value, spread)


def crossings(filled: Sequence[Filled]) -> tuple[str, ...]:
    """Where the comparison sets beside each other what is not of one kind, each in one sentence."""
    found = []
    kinds = {
        "coverage": ("carbon factors of different coverage", "method, not merit, may be what differs"),
        "net_basis": ("net factors of different kind", "annual and hourly net are not ranked together"),
        "boundary": ("powers of different boundary", "the smaller ones leave something out"),
        "pue_kind": ("PUEs of different kind", "a fleet's average is not a site's"),
    }
    for key, (what, so) in kinds.items():
        by_value: dict[str, list[str]] = {}
        for one in filled:
            if (value := one.texts.get(key)) is not None:
                by_value.setdefault(value, []).append(one.name)
        if len(by_value) > 1:
            who = listed(f"{value} ({_some(names)})" for value, names in sorted(by_value.items()))
            found.append(f"{what}: {who}; {so}")
    return tuple(found)


def _some(names: Sequence[str]) -> str:
    """The first few names, and how many more."""
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


class Step(Value):
    """One of the four Ms: its ratio, the ratio of all steps so far, and what changed."""

    name: str
    ratio: float
    cumulative: float
    change: str


class Why(Value):
    """How many times smaller one result is than another, in the steps model, machine, mechanization and map.

    `way` says through which run model and machine were told apart.
    """

    total: float
    steps: tuple[Step, ...]
    way: str

    def share(self, step: Step) -> float:
        """The step's part of the whole in logarithms; the parts of all steps add up to 1."""
        return log(step.ratio) / log(self.total) if self.total not in (0.0, 1.0) else 0.0


def why(old: Filled, new: Filled, metric: str, catalogue: Catalogue) -> Why | None:
    """The ratio old / new of a metric as a product of the four Ms (Patterson et al. 2022, arXiv:2204.05149).

    None where either is unknown, or 0, or for the duration, which has no such split.
    """
    key = METRICS[metric]
    if metric == "duration" or not old.result(key) or not new.result(key):
        return None
    energies = old.result("it_energy_kwh"), new.result("it_energy_kwh")
    if not energies[0] or not energies[1]:
        return None
    it_ratio = energies[0] / energies[1]
    model, way = _model_step(old, new, energies[1], catalogue)
    steps = [("model", model, f"{_name(old.model)} → {_name(new.model)}")]
    steps.append(("machine", it_ratio / model, f"{_name(old.hardware)} → {_name(new.hardware)}"))
    if "pue" in old.inputs and "pue" in new.inputs:
        pues = old.inputs["pue"].value, new.inputs["pue"].value
        steps.append(("mechanization", pues[0] / pues[1], f"PUE {pues[0]:.2f} → {pues[1]:.2f}"))
    if metric in ("gross", "net"):
        factors = old.inputs[metric].value, new.inputs[metric].value
        steps.append(("map", factors[0] / factors[1], f"{metric} {factors[0]:.4g} → {factors[1]:.4g} gCO2e/kWh"))
    cumulative, made = 1.0, []
    for name, value, change in steps:
        cumulative *= value
        made.append(Step(name, value, cumulative, change))
    return Why(cumulative, tuple(made), way)


def _name(registered: Any) -> str:
    return registered.record.name if registered is not None else "unknown"


def _model_step(old: Filled, new: Filled, e_new: float, catalogue: Catalogue) -> tuple[float, str]:
    """The model's part of the IT-energy ratio, and the way taken.

    Power and throughput belong to a pair of model and hardware, so the way matters: through a known run of the old
    model on the new hardware where there is one, else by the ratio of compute.
    """
    if old.model is None or new.model is None or old.model.id == new.model.id:
        return 1.0, "the model is the same" if old.model and new.model else "the models are unknown"
    if new.hardware is not None:
        for run in catalogue.runs(old.model):
            middle = fill(Scenario(model=old.model.id, run=run.id), catalogue)
            energy = middle.result("it_energy_kwh")
            if run.first_party and middle.hardware and middle.hardware.id == new.hardware.id and energy:
                return energy / e_new, f"by way of {_name(old.model)} on {_name(new.hardware)}, a published run"
    if "compute" in old.inputs and "compute" in new.inputs:
        return (
            old.inputs["compute"].value / new.inputs["compute"].value,
            "by the ratio of compute: no run of the old model on the new hardware is known",
        )
    return 1.0, "the model's part is unknown and stands in machine: no compute is known"
