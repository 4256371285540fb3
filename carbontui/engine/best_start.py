"""When to run: what the mean day of a region's carbon factor says of the best start, of waiting and of pausing.

The profiles are averages over at least a year, hour by hour, never a single day's, and of the grid's average factor.
"""

from __future__ import annotations

from math import floor

from carbontui.engine.scenario import Filled
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.figures import CarbonFactor, Source
from carbontui_registry.values import Value

# Below this part no start is better than another by anything that a mean day says.
LEAST_SAVED = 0.001

# Hours a day that a run which pauses is on.
DUTIES = (12, 8)


class Start(Value):
    """A start at an hour of the local clock, with the run's mean factor over the day's mean."""

    hour: int
    relative: float


class Pause(Value):
    """Running only in the best hours of each day: mean factor over the day's, and days for one day's work."""

    hours: int
    relative: float
    longer: float


class When(Value):
    """What a region's mean day says of a run of `duration_h` hours."""

    region: str
    period: str
    time_zone: str
    duration_h: float
    best: Start
    worst: Start
    pauses: tuple[Pause, ...]
    shape: tuple[float, ...]
    source: Source | None
    note: str = ""

    @property
    def saving(self) -> float:
        """What the best start saves of what a start at any hour costs in the mean."""
        return 1 - self.best.relative


def profile_of(region: Registered, catalogue: Catalogue) -> tuple[Registered, CarbonFactor] | None:
    """The latest factor with an hourly profile of the region, else of the grid that it lies in."""
    owner: Registered | None = region
    seen: set[str] = set()
    while owner is not None and owner.id not in seen:
        seen.add(owner.id)
        known = [factor for factor in owner.record.factors if factor.hourly is not None]
        if known:
            return owner, max(known, key=lambda factor: factor.period)
        owner = catalogue.named_by(owner, "region", owner.record.grid)
    return None


def profiles(catalogue: Catalogue) -> list[tuple[Registered, CarbonFactor]]:
    """Every region that has an hourly profile of its own, with its latest factor that has one."""
    found = []
    for region in catalogue.all("region"):
        own = [factor for factor in region.record.factors if factor.hourly is not None]
        if own:
            found.append((region, max(own, key=lambda factor: factor.period)))
    return found


def when(one: Filled, catalogue: Catalogue) -> When | None:
    """The best and worst start of a scenario in its region; None where its duration or a profile is not known."""
    hours = one.result("duration_h")
    found = profile_of(one.region, catalogue) if one.region is not None else None
    if found is None or not hours:
        return None
    owner, factor = found
    assert factor.hourly is not None
    shape = factor.hourly.shape
    starts = [Start(hour, mean_over(shape, hour, hours)) for hour in range(24)]
    best, worst = min(starts, key=lambda s: s.relative), max(starts, key=lambda s: s.relative)
    ordered = sorted(shape)
    # A run that fits into the hours that are on need not pause.
    pauses = tuple(Pause(n, sum(ordered[:n]) / n / _mean(shape), 24 / n) for n in DUTIES if hours > n)
    hourly = factor.hourly
    period = hourly.period or factor.period
    more = (hourly.source, hourly.note or "")
    return When(owner.id, period, hourly.time_zone, hours, best, worst, pauses, shape, *more)


def mean_over(shape: tuple[float, ...], start: float, hours: float) -> float:
    """Mean of a day's shape, which repeats, over a number of hours from an hour of the day; over the mean of the day.

    Whole days have the day's mean, so that of a long run only what is left over them can be placed.
    """
    days = floor(hours / len(shape))
    total = days * sum(shape)
    at, left = start % len(shape), hours - days * len(shape)
    while left > 0:
        step = min(left, floor(at) + 1 - at)
        total += step * shape[int(at) % len(shape)]
        at, left = at + step, left - step
    return total / hours / _mean(shape)


def _mean(shape: tuple[float, ...]) -> float:
    return sum(shape) / len(shape)
