"""What every part of the map knows: the current job in every region, and the region under the cursor."""

from __future__ import annotations

from typing import ClassVar

from carbontui.engine.scenario import Scenario
from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.screens.in_hand import Combination, InHand
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
        self._from_sweep: Combination | None = None
        # The region that the cursor is to go to when the map is drawn.
        self._goes_to: str | None = None
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
        """Colour by the metric that was looked at, where places differ in it, and show the combination that was."""
        if other.brings in COLOURED_BY:
            self.metric = other.brings
        if other.TAB in ("plan", "compare", "sweep"):
            found = self._from_sweep = other.combination if isinstance(other, InHand) else None
            if found is not None:
                self._goes_to, self.accounting = found.region, found.accounting
                self.reach = max(self.reach, int(found.grids))

    @property
    def combination(self) -> Combination | None:
        """The one that the job was looked at on in the sweep, as long as that job is the current one."""
        found = self._from_sweep
        return found if found is not None and found.job == self.carbon.in_hand else None

    @property
    def chips(self) -> float | None:
        """As many chips as in the sweep that one came from, if not the job's own number."""
        return self.combination.chips if self.combination is not None else None

    @property
    def base(self) -> Scenario | None:
        """The current job, on as many chips as in the sweep that it was looked at in."""
        job = super().base
        return job if job is None or self.chips is None else job.give("chips", Figure(self.chips, "entered"))

    def read(self) -> Read | None:
        """The job in the region under the cursor, and the unchanged job."""
        spot = self.map.spot
        if self.ground is None or spot is None:
            return None
        return Read(self.ground.filled(spot.number), self.ground.own, self.shown_metric)
