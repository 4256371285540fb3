"""What every part of the map knows: the job in hand in every region, and the region under the cursor."""

from __future__ import annotations

from typing import ClassVar

from carbontui.engine.scenario import Scenario
from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.screens.in_hand import InHand
from carbontui.tui.screens.reading import Read
from carbontui.tui.views.atlas import COLOURED_BY, FACTOR, Ground
from carbontui.tui.widgets.world import WorldMap
from carbontui_registry.figures import Figure


class WorldPart(InHand):
    """The choices that make a map, and the map."""

    TAB: ClassVar[str] = "map"

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        self.metric: str | None = None
        self.accounting = "lifecycle"
        self.reach = 0
        self.chips: float | None = None
        self.everywhere = False
        # By id, in the order in which they were marked.
        self.marked: dict[str, None] = {}
        self.ground: Ground | None = None
        self._ground_of: tuple[object, ...] = ()

    @property
    def map(self) -> WorldMap:
        """The map."""
        return self.query_one(WorldMap)

    @property
    def shown_metric(self) -> str:
        """What the regions are coloured by; without a job the factor."""
        if self.ground is None or self.ground.sweep is None or self.metric is None:
            return FACTOR
        return self.metric

    def come_from(self, other: CarbonScreen) -> None:
        """Colour by the metric that was looked at, where places differ in it."""
        if other.brings in COLOURED_BY:
            self.metric = other.brings
        if other.TAB in ("plan", "compare", "sweep"):
            # A sweep may be of another number of chips than the job's own.
            self.chips = getattr(other, "chips", None)

    @property
    def base(self) -> Scenario | None:
        """The job in hand, on as many chips as in the sweep that it was looked at in."""
        job = super().base
        return job if job is None or self.chips is None else job.give("chips", Figure(self.chips, "entered"))

    def read(self) -> Read | None:
        """The job in the region under the cursor, and the unchanged job."""
        spot = self.map.spot
        if self.ground is None or spot is None:
            return None
        return Read(self.ground.filled(spot.number), self.ground.own, self.shown_metric)
