"""What every part of the map knows: the job in hand in every region, and the region under the cursor."""

from __future__ import annotations

from typing import ClassVar

from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.screens.in_hand import InHand
from carbontui.tui.screens.reading import Read
from carbontui.tui.views.atlas import COLOURED_BY, FACTOR, Ground
from carbontui.tui.widgets.world import WorldMap


class WorldPart(InHand):
    """The choices that make a map, and the map."""

    TAB: ClassVar[str] = "map"

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        self.metric: str | None = None
        self.accounting = "lifecycle"
        self.reach = 0
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

    def read(self) -> Read | None:
        """The job in the region under the cursor, and the unchanged job."""
        spot = self.map.spot
        if self.ground is None or spot is None:
            return None
        return Read(self.ground.filled(spot.number), self.ground.own, self.shown_metric)
