"""What every part of Sweep knows: what is swept, how, and the map of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from carbontui.engine.sweep import Cell, Limits, Survey, Sweep
from carbontui.quantities import METRICS
from carbontui.tui.screens.reading import Read, ReadActions
from carbontui.tui.views.heat import ORDERS
from carbontui.tui.views.typed_limits import read_limits
from carbontui.tui.widgets.heatmap import HeatMap
from carbontui.tui.widgets.scatter import Scatter

if TYPE_CHECKING:
    from carbontui.engine.scenario import Scenario

# What a sweep is ranked by.
OBJECTIVES = tuple(METRICS)
NOTHING_YET = "nothing to sweep yet: add a scenario in Compare"


class SweepPart(ReadActions):
    """The choices that make a sweep, and the map."""

    TAB: ClassVar[str] = "sweep"

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        self.objective: str | None = None
        self.accounting = "lifecycle"
        self.chips: float | None = None
        self.places = 0
        self.order = 0
        self.marked = False
        self._filled_in: tuple[tuple[object, ...], Sweep] | None = None
        self._ordered_at: Cell | None = None
        self.survey: Survey | None = None
        self.standing = ""
        self.trouble = ""

    @property
    def map(self) -> HeatMap:
        """The heat map."""
        return self.query_one(HeatMap)

    @property
    def dots(self) -> Scatter:
        """The same cells as dots."""
        return self.query_one(Scatter)

    @property
    def base(self) -> Scenario | None:
        """The job in hand."""
        return self.carbon.in_hand

    @property
    def limits_text(self) -> str:
        """What is meant to hold of the job wherever it is planned, as it was typed here or on Plan."""
        return self.carbon.workspace.limits

    @property
    def limits(self) -> Limits:
        """The same, read."""
        return read_limits(self.limits_text, self.carbon.catalogue)[0]

    def draw_other(self) -> None:
        """Draw another sweep, of other machines or places."""
        # Machines and places are others: the old numbers mean nothing in them.
        self.map.heat = None
        self._ordered_at, self.order = None, 0 if ORDERS[self.order] == "by the cursor" else self.order
        self.draw()

    def read(self) -> Read | None:
        """The cell under the cursor, and the scenario as it stands."""
        heat, cell = self.map.heat, self.map.cell
        if heat is None or cell is None:
            return None
        one = heat.sweep.filled(cell.machine, cell.place)
        return Read(one, heat.sweep.bases[0].standing, heat.sweep.question.objective)
