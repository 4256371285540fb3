"""Changing cells of Compare: a picker for a part, a typed line for a quantity."""

from __future__ import annotations

from carbontui.quantities import LABELS, QUANTITIES
from carbontui.tui import workspace
from carbontui.tui.screens.compare.scenarios import ScenarioActions
from carbontui.tui.screens.editing import PARTS


class CellActions(ScenarioActions):
    """What changes the cell under the cursor."""

    def action_change(self) -> None:
        """A picker for a part, a typed line for a quantity."""
        sheet = self.sheet
        row = sheet.current
        if self.scenario is None:
            self.action_add()
        elif row is not None and row.edits == "group":
            self.action_group()
        elif row is not None and row.edits in PARTS:
            self.pick(row.edits)
        elif row is not None and row.edits in QUANTITIES:
            self.type_quantity(row.edits, row.label)
        elif row is not None:
            self.say(f"{row.label} follows from the inputs above; change one of those")

    def action_derive(self) -> None:
        """Drop what was entered in the cell."""
        row = self.sheet.current
        if self.scenario is None or row is None or not row.edits:
            return
        name = self.carbon.comparison.scenarios[self.at].name
        if row.edits in QUANTITIES:
            self.act(f"{LABELS[row.edits]} of {name}", workspace.give(self.question, self.at, row.edits, None))
        elif row.edits == "group":
            self.act(f"group of {name}", workspace.group(self.question, self.at, ""))
        elif row.edits != "model":
            self.act(f"{row.edits} of {name}", workspace.choose(self.question, self.at, row.edits, None))
