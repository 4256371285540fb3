"""One's own job in Compare: what a budget affords of it, and what was described, saved as a pack."""

from __future__ import annotations

from carbontui.quantities import of_one_coverage
from carbontui.tui.screens.compare.base import ComparePart
from carbontui_registry.errors import CarbontuiError


class OwnActions(ComparePart):
    """What is done with a job of one's own."""

    def action_budget(self) -> None:
        """What a budget affords of the scenario under the cursor, and where."""
        if self.scenario is None:
            self.say("add a scenario first")
            return
        from carbontui.tui.screens.budget import ask_budget

        accounting = of_one_coverage(self.question.accounting)
        ask_budget(self, self.carbon.comparison.scenarios[self.at], accounting, self.sheet.cell_region())

    def action_pack(self) -> None:
        """The described hardware or region as a pack, in the folder of packs."""
        from carbontui.tui import described_pack

        if self.scenario is None:
            return
        one = self.carbon.comparison.scenarios[self.at]
        row = self.sheet.row_key
        kinds = [row] if row in ("hardware", "region") else ["hardware", "region"]
        kind = next((kind for kind in kinds if described_pack.can_be_saved(one, kind)), None)
        if kind is None:
            self.say("nothing to save: the hardware and region here are registered, or not described")
            return
        try:
            path = described_pack.save(one, kind)
        except (CarbontuiError, OSError, ValueError) as error:
            self.say(str(error), error=True)
            return
        self.say(f"wrote {path}; reload the plugins to use it elsewhere", whole=True)
