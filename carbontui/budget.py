"""The question turned round: how much training a budget of carbon, energy or time affords, and where.

Every result is a product of its inputs (`footprint`), so each input is solved for by division: exact, no search.
"""

from __future__ import annotations

from math import ceil, floor

from carbontui import display
from carbontui import footprint as arithmetic
from carbontui.comparison import METRICS
from carbontui.exchange.table import Column, render
from carbontui.filling import fill
from carbontui.scenario import Filled, ScenarioError, offered, own_cloud
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from carbontui_registry.catalogue import Registered

# A figure this close to a whole number of chips is that number: division does not give back each whole one.
_ROUNDING = 1e-12


class Budget(Value):
    """What a budget affords, in engine units; what does not follow from what is known is None.

    `share` is the budget over what the scenario costs; `chips` is for the scenario's duration (of a budget in days: for
    its compute), `duration_h` on its chips. `within` are regions that keep to the budget, best first, of `regions`
    whose figure is known.
    """

    metric: str
    most: float
    scenario: Filled
    share: float
    compute_flop: float | None
    chip_hours_h: float | None
    duration_h: float | None
    chips: int | None
    share_interval: tuple[float, float] | None
    accounting: str = ""
    within: tuple[tuple[str, float], ...] = ()
    least: tuple[str, float] | None = None
    regions: int = 0


def afford(
    one: Filled, metric: str, most: float, catalogue: Catalogue, regions: Sequence[Registered], accounting: str
) -> Budget:
    """What `most` (engine units: kgCO2e, kWh or h) of a metric affords of a scenario, and which regions keep to it.

    Raises `ScenarioError` where the scenario's own figure is not known, or 0.
    """
    result = one.results.get(METRICS[metric])
    if result is None or not result.value:
        raise ScenarioError(
            f"{one.name}: its {metric} is {'0' if result else 'not known'}, so no budget follows from it"
        )
    share = most / result.value
    known = {key: value.value for key, value in one.inputs.items()}
    compute = known.get("compute")
    time, chip_time = arithmetic.time_part(known), arithmetic.chip_time(known)
    chip_hours = chip_time[0] * chip_time[1] if chip_time is not None else None
    chips = known.get("chips")
    if metric == "duration":
        # So many chips do the same compute in the time given; on the chips there are, less of it is done.
        needed = ceil(chips / share * (1 - _ROUNDING)) if chips else None
        hours: float | None = most
    else:
        needed = floor(chips * share * (1 + _ROUNDING)) if chips and time is not None else None
        hours = time[0] * share if time is not None else None
    interval = result.interval
    found = _by_region(one, metric, catalogue, regions, accounting) if metric != "duration" else []
    return Budget(
        metric,
        most,
        one,
        share,
        compute * share if compute else None,
        chip_hours * share if chip_hours else None,
        hours,
        needed,
        (most / interval[1], most / interval[0]) if interval else None,
        accounting,
        tuple(pair for pair in found if pair[1] <= most),
        found[0] if found else None,
        len(found),
    )


def _by_region(
    one: Filled, metric: str, catalogue: Catalogue, regions: Sequence[Registered], accounting: str
) -> list[tuple[str, float]]:
    """The whole scenario in each region where it can be and its metric is known, least first.

    What was entered of its own place holds nowhere else.
    """
    found = []
    scenario = one.scenario
    for key in ("pue", "gross", "net", "energy"):
        if key in dict(scenario.given):
            scenario = scenario.give(key, None)
    cloud = own_cloud(one.hardware.record) if one.hardware is not None else None
    for region in regions:
        if not offered(cloud, region.record):
            continue
        value = fill(scenario.choose("region", region.id), catalogue, accounting).result(METRICS[metric])
        if value is not None:
            found.append((region.id, value))
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def lines(budget: Budget) -> list[tuple[str, str]]:
    """The answer in lines of a label and a figure."""
    one, metric = budget.scenario, budget.metric
    kind = display.kind_of(METRICS[metric])
    own = one.results[METRICS[metric]].value
    made = [
        ("budget", f"{display.shown(budget.most, kind)} {'' if metric in ('energy', 'duration') else metric}".rstrip()),
        (one.name, f"{display.shown(own, kind)}: the budget is {display.shown(budget.share, 'share')} of that"),
    ]
    known = {key: value.value for key, value in one.inputs.items()}
    if budget.compute_flop is not None:
        of = f" of its {display.shown(known['compute'], 'compute')}"
        made.append(("training compute", display.shown(budget.compute_flop, "compute") + of))
    if budget.chip_hours_h is not None:
        made.append(("chip-hours", f"{display.significant(budget.chip_hours_h)}"))
    if metric == "duration":
        if budget.chips is not None and "compute" in known:
            made.append(("chips for its compute", f"{budget.chips:,} at the same throughput"))
    else:
        own_time = one.result("duration_h")
        if budget.chips is not None and own_time is not None:
            number = f"{budget.chips:,}" if budget.chips else "not even one"
            made.append((f"chips for its {display.shown(own_time, 'duration')}", number))
        if budget.duration_h is not None and "chips" in known:
            made.append((f"time on its {known['chips']:,.0f} chips", display.shown(budget.duration_h, "duration")))
    if budget.share_interval is not None:
        low, high = budget.share_interval
        ends = " to ".join(display.shown(share, "share") for share in (low, high))
        made.append(("90 % of cases", f"the budget is {ends} of what it costs"))
    return made


def as_text(budget: Budget, width: int | None) -> str:
    """The answer for a terminal: what the budget affords, then the regions that keep to it."""
    rows = lines(budget)
    label = max(len(name) for name, _ in rows)
    out = [f"{name:<{label}}  {text}" for name, text in rows]
    if budget.metric != "duration":
        kind = display.kind_of(METRICS[budget.metric])
        said = f"the whole run, by {budget.accounting} factors"
        if budget.within:
            out += ["", f"{said}, keeps to it in {len(budget.within)} of {budget.regions} regions; the least:"]
            best = budget.within[:10]
            unit = display.unit_for((value for _, value in best), kind)
            columns = [
                Column("region", [name for name, _ in best], right=False),
                Column(budget.metric, [display.shown(value, kind, unit) for _, value in best]),
            ]
            out += render(columns, width)
        elif budget.least is not None:
            name, value = budget.least
            out += ["", f"{said}, keeps to it in none of {budget.regions} regions; the least: {name}, "
                    f"{display.shown(value, kind)}"]  # fmt: skip
        else:
            out += ["", f"{said}: no region has one"]
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
        data["regions"] = {
            "known": budget.regions,
            "within": [{"region": name, key: value} for name, value in budget.within],
        }
        if budget.least is not None:
            data["regions"]["least"] = {"region": budget.least[0], key: budget.least[1]}
    return data
