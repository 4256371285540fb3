"""The bars of a comparison: a value a scenario with its 90 % range, all in one unit."""

from __future__ import annotations

from typing import NamedTuple

from carbontui.engine.comparison import Comparison
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui.tui.views.sheet_rows import co2e_unit


class Bar(NamedTuple):
    """One scenario's bar: `value` and its 90 % range in the unit of the chart, and both in words."""

    name: str
    value: float | None
    text: str
    assumed: bool
    low: float | None
    high: float | None
    baseline: bool
    ends: str = ""


def bars(comparison: Comparison, unit: str = "auto") -> tuple[str, list[Bar]]:
    """The title of the chart and a bar a scenario, by the metric."""
    metric = comparison.question.metric
    key = METRICS[metric]
    kind = RESULTS[key].kind
    asked = co2e_unit(unit) if kind == "co2e" else None
    size = asked or display.unit_for((one.result(key) for one in comparison.scenarios), kind)
    units = {size[0]}
    made = []
    for n, one in enumerate(comparison.scenarios):
        result = one.results.get(key)
        interval = result.interval if result else None
        own = asked or display.suited(result.value, kind, size) if result else None
        units |= {own[0]} if own else set()
        made.append(
            Bar(
                f"{n + 1} {one.name}",
                result.value / size[1] if result else None,
                display.shown(result.value, kind, own) if result else display.UNKNOWN,
                bool(result and result.basis == "assumed"),
                interval[0] / size[1] if interval else None,
                interval[1] / size[1] if interval else None,
                n == comparison.baseline,
                display.interval(*interval, kind, own).removesuffix(f" {own[0]}") if interval and own else "",
            )
        )
    # Where figures have units of their own, there is none to be named above them.
    return f"{RESULTS[key].label}, {size[0]}" if len(units) == 1 else RESULTS[key].label, made
