"""What every part of Sweep knows: what is swept, how, and the map of it."""

from __future__ import annotations

from typing import ClassVar

from carbontui.engine.sweep import Cell, Survey, Sweep
from carbontui.quantities import METRICS
from carbontui.text.notes import note_text
from carbontui.tui.screens.in_hand import Combination, InHand
from carbontui.tui.screens.reading import Read
from carbontui.tui.views.heat import ORDERS
from carbontui.tui.widgets.heatmap import HeatMap
from carbontui.tui.widgets.scatter import Scatter

# Which regions are swept: (word for people, globs, countries).
PLACES = (
    ("every datacenter", (), ()),
    ("every datacenter in the EU", (), ("EU",)),
    ("every region and grid", ("*",), ()),
)
# What a sweep is ranked by.
OBJECTIVES = tuple(METRICS)
NOTHING_YET = "nothing to sweep yet: add a scenario in Compare"


class SweepPart(InHand):
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
        self.standing: list[str] = []
        self.of_days = ""
        self.trouble = ""

    @property
    def map(self) -> HeatMap:
        """The heat map."""
        return self.query_one(HeatMap)

    @property
    def dots(self) -> Scatter:
        """The same cells as dots."""
        return self.query_one(Scatter)

    def draw_other(self) -> None:
        """Draw another sweep, of other machines or places."""
        # Machines and places are others: the old numbers mean nothing in them.
        self.map.heat = None
        self._ordered_at, self.order = None, 0 if ORDERS[self.order] == "by the cursor" else self.order
        self.draw()

    @property
    def brings(self) -> str | None:
        """The objective."""
        return self.objective

    @property
    def combination(self) -> Combination | None:
        """The cell under the cursor."""
        heat, cell = self.map.heat, self.map.cell
        if heat is None or cell is None:
            return None
        hardware, region = heat.sweep.machines[cell.machine].hardware, heat.sweep.places[cell.place].region
        grids = any(PLACES[self.places][1])
        return Combination(self.carbon.in_hand, hardware.id, region.id, self.accounting, self.chips, grids)

    def read(self) -> Read | None:
        """The cell under the cursor, and the unchanged scenario."""
        heat, cell = self.map.heat, self.map.cell
        if heat is None or cell is None:
            return None
        one = heat.sweep.filled(cell.machine, cell.place)
        return Read(one, heat.sweep.bases[0].standing, heat.sweep.question.objective)

    def notes(self) -> list[str]:
        """What one should know about the combination, and about the sweep."""
        heat = self.map.heat
        return [*super().notes(), *(map(note_text, heat.sweep.notes) if heat is not None else ())]
