"""Scenarios side by side: baseline, ratios with their spread, and why one differs from another."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.engine.uncertainty import combined, factors_spread, interval90
from carbontui.quantities import METRICS
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.text import did_you_mean
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar, overload

    from carbontui.engine.totals import Total

    T = TypeVar("T")


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
    # Whether sums over groups and over all scenarios are wanted.
    total: bool = False

    def asks_of_the_same(self, other: Question) -> bool:
        """Whether both are about the very same scenarios, filled in under the same accounting."""
        return self.scenarios is other.scenarios and self.accounting == other.accounting


# Metric -> the texts of carbon factors by which two results of it may be unlike.
RATED_BY = {"gross": ("coverage",), "net": ("coverage", "net_basis")}
_METRIC_OF = {key: metric for metric, key in METRICS.items()}


class Ratio(Value):
    """A result over that of the baseline; `spread` is what is left where both do not share the same error.

    `unlike` where the carbon factors of both are known to be of different coverage.
    """

    value: float
    spread: float | None
    unlike: bool = False

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 90 % range, where a spread is known."""
        return None if self.spread is None else interval90(self.value, self.spread)


class ForEach(Sequence["T"]):
    """Of each scenario what `make` makes of it, when it is first looked at: of ten thousand some dozen are."""

    def __init__(self, scenarios: Sequence[Filled], make: Callable[[Filled], T]) -> None:
        self._scenarios, self._make = scenarios, make
        self._made: dict[int, T] = {}

    def __len__(self) -> int:
        return len(self._scenarios)

    def of(self, scenarios: Sequence[Filled]) -> ForEach[T]:
        """The same of other scenarios, or of these in another order."""
        return ForEach(scenarios, self._make)

    def is_like(self, other: object) -> bool:
        """Whether both make the same of a scenario."""
        return isinstance(other, ForEach) and other._make is self._make

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, at: int) -> T: ...
        @overload
        def __getitem__(self, at: slice) -> tuple[T, ...]: ...

    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        if isinstance(at, slice):
            return tuple(self[n] for n in range(*at.indices(len(self))))
        at = range(len(self))[at]
        if at not in self._made:
            self._made[at] = self._make(self._scenarios[at])
        return self._made[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def _ratios(filled: Sequence[Filled], baseline: int) -> ForEach[dict[str, Ratio]]:
    """Of each scenario its ratios to the baseline, by metric."""
    base = filled[baseline]

    def of(one: Filled) -> dict[str, Ratio]:
        found = ((metric, ratio(one, base, key)) for metric, key in METRICS.items())
        return {metric: known for metric, known in found if known is not None}

    return ForEach(filled, of)


class Comparison(Value):
    """Scenarios filled in, with the ratios of each to the baseline by metric, what is mixed in it unavoidably, and the
    sums that were asked for."""

    question: Question
    scenarios: tuple[Filled, ...]
    ratios: Sequence[dict[str, Ratio]]
    crossings: tuple[Crossing, ...]
    totals: tuple[Total, ...]

    @property
    def baseline(self) -> int:
        """The number of the baseline, counted from 0."""
        return self.question.baseline

    @property
    def metric_key(self) -> str:
        """The key of the result by which the comparison is drawn and sorted."""
        return METRICS[self.question.metric]


def compare(question: Question, catalogue: Catalogue) -> Comparison:
    """Fill every scenario in and compare it with the baseline.

    Raises `UnknownName` and `ScenarioError` as `fill` does.
    """
    return side_by_side(question, fill_all(question, catalogue))


def settled(question: Question, catalogue: Catalogue) -> Question:
    """The question with its baseline found among the names that scenarios without one get when they are filled in.

    Raises `ScenarioError` where none of them has the name.
    """
    if not question.baseline_name:
        return question
    names = [one.name for one in _distinct(fill_all(question, catalogue))]
    if question.baseline_name not in names:
        hint = did_you_mean(question.baseline_name, names)
        raise ScenarioError(f"baseline: {question.baseline_name!r} is not one of the scenarios{hint}")
    return question.replace(baseline=names.index(question.baseline_name), baseline_name="")


def fill_all(question: Question, catalogue: Catalogue) -> list[Filled]:
    """Each scenario of the question filled in under its accounting."""
    return [fill(scenario, catalogue, question.accounting) for scenario in question.scenarios]


def side_by_side(question: Question, filled: Sequence[Filled]) -> Comparison:
    """The comparison of scenarios that are filled in; a repeated name gets ` (2)`."""
    named = _distinct(filled)
    if not named:
        return Comparison(question, (), (), (), ())
    if not 0 <= question.baseline < len(named):
        raise ScenarioError(f"there is no scenario {question.baseline + 1}; there are {len(named)}")
    return Comparison(
        question, tuple(named), _ratios(named, question.baseline), crossings(named), _sums(question, named)
    )


def asked_anew(comparison: Comparison, question: Question) -> Comparison:
    """The same scenarios, under the same accounting, by another metric, baseline or title."""
    same = question.baseline == comparison.baseline
    ratios = comparison.ratios if same else _ratios(comparison.scenarios, question.baseline)
    return comparison.replace(question=question, ratios=ratios, totals=_sums(question, comparison.scenarios))


def in_order(comparison: Comparison, question: Question, filled: Sequence[Filled]) -> Comparison | None:
    """A comparison of the same scenarios in the order that they have in `filled`; None where they are others, or have
    another baseline."""
    ratios = comparison.ratios
    if not isinstance(ratios, ForEach) or {id(one) for one in comparison.scenarios} != {id(one) for one in filled}:
        return None
    if len(filled) != len(ratios) or filled[question.baseline] is not comparison.scenarios[comparison.baseline]:
        return None
    crossed = crossings(filled) if comparison.crossings else ()
    return Comparison(question, tuple(filled), ratios.of(filled), crossed, _sums(question, filled))


def answered(before: Comparison | None, question: Question, filled: Callable[[Scenario], Filled]) -> Comparison:
    """What a question asks for, with what still holds of the comparison before; `filled` fills a scenario in."""
    if before is not None and before.scenarios and before.question.asks_of_the_same(question):
        return asked_anew(before, question)
    made = [filled(scenario) for scenario in question.scenarios]
    again = in_order(before, question, made) if before is not None else None
    return again or side_by_side(question, made)


def _sums(question: Question, filled: Sequence[Filled]) -> tuple[Total, ...]:
    if not question.total:
        return ()
    from carbontui.engine.totals import totals

    return totals(filled, question.metric)


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
    """A result of one scenario over that of another; None where either is unknown or the other is 0, and of annual
    and hourly net."""
    if key not in one.results or key not in base.results or not base.results[key].value:
        return None
    if key == METRICS["net"] and differ(one, base, "net_basis"):
        return None
    value = one.results[key].value / base.results[key].value
    if not value < float("inf"):
        return None
    factors = combined((1.0, one.results[key].factors), (-1.0, base.results[key].factors))
    known = one.results[key].spread is not None or base.results[key].spread is not None
    spread = (factors_spread(factors) or 0.0) if known else None
    unlike = any(differ(one, base, text) for text in RATED_BY.get(_METRIC_OF.get(key, ""), ()))
    return Ratio(value, spread, unlike)


def farthest(comparison: Comparison) -> Filled | None:
    """The scenario whose metric is, as a ratio, farthest from that of the baseline; None where no other has one."""
    key = comparison.metric_key
    base = comparison.scenarios[comparison.baseline]
    known = [(log(value), one) for one in comparison.scenarios if one is not base and (value := one.result(key))]
    if not known or not (middle := base.result(key)):
        return None
    return max(known, key=lambda found: abs(found[0] - log(middle)))[1]


def differ(one: Filled, other: Filled, key: str) -> bool:
    """Whether both scenarios say what a text of them is, and not the same."""
    return key in one.texts and key in other.texts and one.texts[key] != other.texts[key]


class Crossing(Value):
    """Where a comparison sets beside each other what is not of one kind: the text by which they differ, and the names
    of the scenarios by what it says of them."""

    key: str
    names: dict[str, tuple[str, ...]]


# Texts by which scenarios may differ in kind, and how their energy is known.
CROSSING = ("coverage", "net_basis", "boundary", "pue_kind", "energy")


def _energy_is(one: Filled) -> str | None:
    """Whether a meter's energy took the place of the estimated one; None of an energy that is neither."""
    if one.estimate:
        return "metered"
    found = one.results.get("energy_kwh")
    return "estimated" if found is not None and found.basis == "assumed" else None


def crossings(filled: Sequence[Filled]) -> tuple[Crossing, ...]:
    """Where scenarios side by side are not of one kind."""
    found = []
    for key in CROSSING:
        by_value: dict[str, list[str]] = {}
        for one in filled:
            if (value := _energy_is(one) if key == "energy" else one.texts.get(key)) is not None:
                by_value.setdefault(value, []).append(one.name)
        if len(by_value) > 1:
            found.append(Crossing(key, {value: tuple(names) for value, names in sorted(by_value.items())}))
    return tuple(found)
