"""A job that is planned, by the factors that other places are compared by."""

from __future__ import annotations

from carbontui.engine.scenario import Filled, Scenario
from carbontui.engine.solver import fill
from carbontui_registry.catalogue import Catalogue


def planned(asked: Scenario, catalogue: Catalogue, accounting: str) -> Filled:
    """The scenario filled in; in a region that it was given, by the region's latest factors.

    What follows from a published training has the factors of that run's year, where no period is asked for. A change of
    it is made now, and is compared with places by their latest factors: those of another year would make a difference
    of their own. What its authors published, and what a file carries, stays as it is.
    """
    own = fill(asked, catalogue, accounting)
    if own.run is None or asked.region is None or asked.period is not None:
        return own
    if asked.carried or asked.sealed or own.published:
        return own
    latest = fill(Scenario(region=asked.region), catalogue, accounting).texts.get("period")
    if latest is None or latest == own.texts.get("period"):
        return own
    return fill(asked.choose("period", latest), catalogue, accounting)
