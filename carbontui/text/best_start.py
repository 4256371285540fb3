"""When to run, in sentences."""

from __future__ import annotations

from carbontui.engine.best_start import When
from carbontui.engine.scenario import Filled

MEANING = (
    "These are average factors: they say what share of the grid's emissions falls to each hour, not which plant would"
    " run less if this load moved, so they justify a preference among hours and no claim of emissions avoided."
)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def lines(one: Filled, found: When | None) -> list[str]:
    """The answer in sentences."""
    if found is None:
        if one.region is None:
            return ["when: no region is known"]
        if one.result("duration_h") is None:
            return ["when: the duration is not known; add chips=..."]
        return [f"when: no mean hourly profile is known for {one.region.id} or its grid"]
    best, worst = found.best, found.worst
    made = [
        f"by the mean day of {found.region} in {found.period} ({found.time_zone}):",
        f"best start {best.hour:02}:00, {_percent(best.relative)} of the day's mean; worst {worst.hour:02}:00,"
        f" {_percent(worst.relative)}",
        f"waiting for the best start saves {_percent(found.saving)}"
        + (": the run is long, so nearly nothing" if found.saving < 0.005 else ""),
    ]
    if worst.relative - best.relative < 1e-9:
        made[1:] = ["the start makes no difference: the run takes whole days"]
    made += [
        f"pausing outside the best {pause.hours} hours of each day saves {_percent(1 - pause.relative)}"
        f" and takes {pause.longer:g} times as long, if chips that wait draw nothing"
        for pause in found.pauses
    ]
    return [*made, MEANING]
