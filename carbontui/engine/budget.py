"""The question turned round: how much training a budget of carbon, energy or time affords, and where.

Every result is a product of its inputs (`footprint`), so each input is solved for by division: exact, no search.
"""

from __future__ import annotations

from math import ceil, floor

from carbontui.engine.machine import at_a_desk
from carbontui.engine.offers import ELSEWHERE, Market
from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.quantities import METRICS
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbontui_registry.catalogue import Registered

# A figure this close to a whole number of chips is that number: division does not give back each whole one.
_ROUNDING = 1e-12


class Budget(Value):
    """What a budget affords, in engine units; what does not follow from what is known is None.

    `share` is the budget over what the scenario costs; `chips` is for the scenario's duration (of a budget in days: for
    its compute), `duration_h` on its chips. `within` are regions within the budget, best first, of `regions`
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
    # The accounting of the scenario's own figure: that of the regions, unless no factor of it is known there.
    own_accounting: str = ""


def held_to(scenario: Scenario, metric: str, catalogue: Catalogue, accounting: str) -> tuple[Filled, str]:
    """The scenario by the factors of an accounting; as published where its place has none of them, as the paper's."""
    one = fill(scenario, catalogue, accounting)
    if METRICS[metric] not in one.results:
        published = fill(scenario, catalogue)
        if METRICS[metric] in published.results:
            return published, "as-published"
    return one, accounting


def afford(
    one: Filled,
    metric: str,
    most: float,
    catalogue: Catalogue,
    regions: Sequence[Registered],
    accounting: str,
    own_accounting: str = "",
) -> Budget:
    """What `most` (engine units: kgCO2e, kWh or h) of a metric affords of a scenario, and which regions are within it.

    `own_accounting` is that by which the scenario was filled in, where it is another than the regions'.

    Raises `ScenarioError` where the scenario's own figure is not known, or 0.
    """
    result = one.results.get(METRICS[metric])
    if result is None or not result.value:
        raise ScenarioError(
            f"{one.name}: its {metric} is {'0' if result else 'unknown'}, so it cannot be compared with a budget"
        )
    share = most / result.value
    compute, chips, time = one.value("compute"), one.value("chips"), one.result("duration_h")
    chip_hours = time * chips if time is not None and chips is not None else one.value("chip_hours")
    if metric == "duration":
        # More chips do the same compute in the time given; the chips there are do less of it.
        needed = ceil(chips / share * (1 - _ROUNDING)) if chips else None
        hours: float | None = most
    else:
        needed = floor(chips * share * (1 + _ROUNDING)) if chips and time is not None else None
        hours = time * share if time is not None else None
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
        own_accounting or accounting,
    )


def _by_region(
    one: Filled, metric: str, catalogue: Catalogue, regions: Sequence[Registered], accounting: str
) -> list[tuple[str, float]]:
    """The whole scenario in each region where it can be and its metric is known, least first.

    What was entered of its own place holds nowhere else; a machine of one's own stays where it is.
    """
    found = []
    scenario = one.scenario
    for key in ("pue", "gross", "net", "energy", "price", "wue"):
        if key in dict(scenario.given):
            scenario = scenario.give(key, None)
    market = Market(catalogue)
    own = one.region.id if one.region is not None else None
    if at_a_desk(one):
        regions = [one.region] if one.region is not None else []
    for region in regions:
        if one.hardware is not None and region.id != own and market.barred(one.hardware, region) == ELSEWHERE:
            continue
        here = scenario.choose("region", region.id)
        if region.id == own:
            here = here.replace(period=scenario.period)
        value = fill(here, catalogue, accounting).result(METRICS[metric])
        if value is not None:
            found.append((region.id, value))
    return sorted(found, key=lambda pair: (pair[1], pair[0]))
