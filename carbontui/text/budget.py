"""What a budget affords, for people and for programs."""

from __future__ import annotations

from carbontui.engine.budget import Budget
from carbontui.engine.machine import at_a_desk
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui.text.table import Column, render
from carbontui_registry.text import count_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def lines(budget: Budget) -> list[tuple[str, str]]:
    """The answer in lines of a label and a figure."""
    one, metric = budget.scenario, budget.metric
    kind = RESULTS[METRICS[metric]].kind
    own = one.results[METRICS[metric]].value
    by = f" {_by(budget.own_accounting)}" if metric in ("gross", "net") else ""
    made = [
        ("budget", f"{display.shown(budget.most, kind)} {'' if metric in ('energy', 'duration') else metric}".rstrip()),
        (one.name, f"{display.shown(own, kind)}{by}: the budget covers {display.shown(budget.share, 'share')} of that"),
    ]
    compute, chips = one.value("compute"), one.value("chips")
    if budget.compute_flop is not None:
        of = f" of its {display.shown(compute, 'compute')}"
        made.append(("training compute", display.shown(budget.compute_flop, "compute") + of))
    if budget.chip_hours_h is not None:
        made.append(("chip-hours", f"{display.significant(budget.chip_hours_h)}"))
    if metric == "duration":
        if budget.chips is not None and compute is not None:
            made.append(("chips needed", f"{budget.chips:,} at the same throughput"))
    else:
        own_time = one.result("duration_h")
        if budget.chips is not None and own_time is not None:
            number = f"{budget.chips:,}" if budget.chips else "not even one"
            made.append((f"chips for {display.shown(own_time, 'duration')}", number))
        if budget.duration_h is not None and chips is not None:
            made.append((f"time on {count_of(chips, 'chip')}", display.shown(budget.duration_h, "duration")))
    if budget.share_interval is not None:
        low, high = budget.share_interval
        ends = " to ".join(dict.fromkeys(display.shown(share, "share") for share in (low, high)))
        made.append(("90 % range", f"the budget covers {ends} of it"))
    return made


def _by(accounting: str) -> str:
    return "as published" if accounting == "as-published" else f"with {accounting} factors"


def as_text(budget: Budget, width: int | None, called: Callable[[str], str] = str) -> str:
    """The answer for a terminal: what the budget affords, then the regions within it, as they are `called`."""
    rows = lines(budget)
    label = max(len(name) for name, _ in rows)
    out = [f"{name:<{label}}  {text}" for name, text in rows]
    if budget.metric != "duration" and not at_a_desk(budget.scenario):
        kind = RESULTS[METRICS[budget.metric]].kind
        said = f"the whole run, {_by(budget.accounting)}"
        if budget.within:
            of = count_of(budget.regions, "region")
            out += ["", f"{said}, fits the budget in {len(budget.within)} of {of}; the lowest:"]
            best = budget.within[:10]
            unit = display.unit_for((value for _, value in best), kind)
            columns = [
                Column("region", [called(name) for name, _ in best], right=False),
                Column(budget.metric, [display.shown(value, kind, unit) for _, value in best]),
            ]
            out += render(columns, width)
        elif budget.least is not None:
            name, value = budget.least
            out += ["", f"{said}, fits the budget in none of {budget.regions} regions; the closest: {called(name)}, "
                    f"{display.shown(value, kind)}"]  # fmt: skip
        else:
            out += ["", f"{said}: not known in any region"]
    return "\n".join(out) + "\n"


def as_data(budget: Budget) -> dict[str, Any]:
    """The answer as JSON's own types; what is unknown is absent."""
    one = budget.scenario
    key = METRICS[budget.metric]
    data: dict[str, Any] = {
        "budget": {key: budget.most},
        "scenario": {"name": one.name, key: one.results[key].value},
        "share": budget.share,
    }
    for name in ("compute_flop", "chip_hours_h", "duration_h", "chips"):
        if (value := getattr(budget, name)) is not None:
            data[name] = value
    if budget.share_interval is not None:
        data["interval90"] = {"share": list(budget.share_interval)}
    if budget.metric != "duration":
        data["accounting"] = budget.accounting
        if budget.own_accounting != budget.accounting:
            data["scenario"]["accounting"] = budget.own_accounting
        data["regions"] = {
            "known": budget.regions,
            "within": [{"region": name, key: value} for name, value in budget.within],
        }
        if budget.least is not None:
            data["regions"]["least"] = {"region": budget.least[0], key: budget.least[1]}
    return data
