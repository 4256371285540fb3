"""Reading a sweep: a cell down to its sources, and the best start in its region."""

from __future__ import annotations

from carbontui.engine.scenario import ScenarioError
from carbontui.quantities import METRICS
from carbontui.tui.screens.sweep.base import SweepPart


class ReadActions(SweepPart):
    """What explains and changes nothing."""

    def action_explain(self) -> None:
        """The cell's figure down to its sources."""
        from carbontui.engine.explanation import explain
        from carbontui.text.explain import as_text
        from carbontui.tui.screens.reader import Reader

        if (chosen := self.chosen()) is None:
            return
        sweep, one = chosen
        try:
            text = as_text(explain(one, METRICS[sweep.question.objective]))
        except ScenarioError as error:
            self.say(str(error), error=True)
            return
        self.app.push_screen(Reader("Explain", text))

    def action_why(self) -> None:
        """From the scenario as it stands to the cell, in the steps of the four Ms."""
        from carbontui.engine.four_ms import why
        from carbontui.tui.screens.reader import Reader
        from carbontui.tui.views.waterfall import lines, waterfall

        if (chosen := self.chosen()) is None:
            return
        sweep, one = chosen
        own, objective = sweep.bases[0].standing, sweep.question.objective
        found = why(own, one, objective, self.carbon.catalogue)
        if found is None:
            self.say(f"{objective} of {own.name} and {one.name} does not split into steps, or one of them is unknown")
            return
        width = min(108, self.app.size.width - 10)
        self.app.push_screen(Reader("Why", "\n".join(lines(waterfall(found, own, one), width))))

    def action_when(self) -> None:
        """The best start in the cell's region."""
        from carbontui.tui.screens.when import read_when

        if (chosen := self.chosen()) is not None:
            read_when(self, chosen[1])
