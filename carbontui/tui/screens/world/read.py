"""Reading the map: a region's figure down to its sources, why it differs, and when to start there."""

from __future__ import annotations

from carbontui.engine.scenario import ScenarioError
from carbontui.quantities import METRICS
from carbontui.tui.screens.world.base import WorldPart
from carbontui.tui.views.atlas import FACTOR


class ReadActions(WorldPart):
    """What explains and changes nothing."""

    def action_explain(self) -> None:
        """The figure of the region down to its sources."""
        from carbontui.engine.explanation import explain
        from carbontui.text.explain import as_text
        from carbontui.tui.screens.reader import Reader

        if (one := self.chosen()) is None:
            return
        metric = self.shown_metric
        try:
            text = as_text(explain(one, "gross" if metric == FACTOR else METRICS[metric]))
        except ScenarioError as error:
            self.say(str(error), error=True)
            return
        self.app.push_screen(Reader("Explain", text))

    def action_why(self) -> None:
        """From the job where it is to the region, in the steps of the four Ms."""
        from carbontui.engine.four_ms import why
        from carbontui.tui.screens.reader import Reader
        from carbontui.tui.views.waterfall import lines, waterfall

        one, own = self.chosen(), self.ground.own if self.ground is not None else None
        metric = self.shown_metric
        found = why(own, one, metric, self.carbon.catalogue) if one and own and metric != FACTOR else None
        if found is None or own is None or one is None:
            self.say(f"no steps: the {metric} of the job as it stands, or of this region, is unknown or does not split")
            return
        width = min(108, self.app.size.width - 10)
        self.app.push_screen(Reader("Why", "\n".join(lines(waterfall(found, own, one), width))))

    def action_when(self) -> None:
        """The best start in the region."""
        from carbontui.tui.screens.when import read_when

        if (one := self.chosen()) is not None:
            read_when(self, one)
