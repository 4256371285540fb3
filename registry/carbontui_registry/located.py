"""A region in a line: what holds for a place whose carbon factors are those of a grid above it."""

from __future__ import annotations

from carbontui_registry.figures import CarbonFactor
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbontui_registry.records import Region


def latest(factors: Iterable[CarbonFactor]) -> CarbonFactor | None:
    """The first factor of the latest period, None where there is none."""
    known = list(factors)
    return max(reversed(known), key=lambda factor: factor.period) if known else None


def located(region: Region, above: Iterable[Region]) -> Region:
    """The region itself where it has a gross factor; else with the latest of the finest grid above it, assumed, beside
    its own latest net and PUE."""
    if any(factor.gross is not None for factor in region.factors):
        return region
    of_grid = (latest(f for f in grid.factors if f.gross is not None) for grid in above)
    factor = next((one for one in of_grid if one is not None), None)
    if factor is None or factor.gross is None:
        return region
    net = latest(f for f in region.factors if f.net is not None)
    pue = latest(f for f in region.factors if f.pue is not None)
    here = factor.replace(
        gross=factor.gross.replace(basis="assumed"),
        net=net.net if net is not None else None,
        net_basis=net.net_basis if net is not None else None,
        pue=pue.pue if pue is not None else None,
        pue_kind=pue.pue_kind if pue is not None else None,
        cfe=None,
    )
    # Checked already, and made for thousands of regions at once.
    return Value.replace(region, factors=(here,))
