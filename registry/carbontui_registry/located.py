"""Which of a region's carbon factors hold: one choice for lists, comparisons and all else."""

from __future__ import annotations

from carbontui_registry.figures import CarbonFactor
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbontui_registry.records import Region

# What is not known of a year is taken from the nearest, if it is no more years away.
NEAR = 2


def latest(factors: Iterable[CarbonFactor]) -> CarbonFactor | None:
    """The first factor of the latest period, None where there is none."""
    return max(factors, key=lambda factor: factor.period, default=None)


def of_period(factors: Sequence[CarbonFactor], period: str) -> CarbonFactor | None:
    """The first factor of a period, None where there is none."""
    return next((factor for factor in factors if factor.period == period), None)


def nearest(factors: Iterable[CarbonFactor], period: str) -> CarbonFactor | None:
    """The first factor of the year nearest to a period, None where none is near."""
    found = min(factors, key=lambda factor: (years_between(factor.period, period), factor.period), default=None)
    return found if found is not None and years_between(found.period, period) <= NEAR else None


def years_between(one: str, other: str) -> int:
    """Years from one period to another."""
    return abs(int(one[:4]) - int(other[:4]))


def net_near(region: Region, period: str | None) -> CarbonFactor | None:
    """The region's own net factor nearest to a period, or its latest, of those that have no gross factor beside it."""
    known = [factor for factor in region.factors if factor.net is not None and factor.gross is None]
    return latest(known) if period is None else nearest(known, period)


def net_holds(owner: Region, region: Region) -> bool:
    """Whether the net of a factor of `owner`, a grid or the region itself, is that of who runs the region: one of
    another operator is not."""
    return owner.provider in (None, region.provider)


def pue_near(region: Region, period: str | None) -> CarbonFactor | None:
    """The factor with the region's PUE nearest to a period, or its latest."""
    known = [factor for factor in region.factors if factor.pue is not None]
    return latest(known) if period is None else nearest(known, period)


def located(region: Region, above: Iterable[Region]) -> Region:
    """The region with the one factor that holds there by default: its own latest gross factor, else that of the finest
    grid above it, assumed, each beside the region's own net and PUE of about that time."""
    owner, factor = region, latest(one for one in region.factors if one.gross is not None)
    for grid in above if factor is None else ():
        if (found := latest(one for one in grid.factors if one.gross is not None)) is not None and found.gross:
            owner, factor = grid, found.replace(gross=found.gross.replace(basis="assumed"), pue_kind=None, cfe=None)
            break
    if factor is None and (factor := latest(one for one in region.factors if one.net is not None)) is None:
        return region
    net = factor if factor.net is not None and net_holds(owner, region) else net_near(region, factor.period)
    pue = pue_near(region, factor.period)
    here = factor.replace(
        net=net.net if net is not None else None,
        net_basis=net.net_basis if net is not None else None,
        pue=pue.pue if pue is not None else None,
        pue_kind=pue.pue_kind if pue is not None else factor.pue_kind,
    )
    # Checked already, and made for thousands of regions at once.
    return Value.replace(region, factors=(here,))
