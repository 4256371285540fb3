"""Reading a job somewhere: its figure down to its sources, why it differs from the job unchanged, when to start."""

from __future__ import annotations

from typing import NamedTuple

from carbontui.engine.scenario import Filled, ScenarioError
from carbontui.quantities import METRICS
from carbontui.tui.screens.parts import WithFilter
from carbontui.tui.screens.reader import Reader


class Read(NamedTuple):
    """The job under the cursor, the unchanged job if there is one, and the metric that is looked at."""

    one: Filled
    own: Filled | None
    metric: str


class ReadActions(WithFilter):
    """What explains and changes nothing."""

    def read(self) -> Read | None:
        """What is under the cursor; None where nothing is."""
        raise NotImplementedError

    def action_explain(self) -> None:
        """The figure down to its sources."""
        from carbontui.engine.explanation import explain
        from carbontui.text.explain import as_text

        if (read := self.read()) is None:
            return
        try:
            text = as_text(explain(read.one, METRICS.get(read.metric, "gross")))
        except ScenarioError as error:
            self.say(str(error))
            return
        self.app.push_screen(Reader("Explain", text))

    def action_why(self) -> None:
        """From the unchanged job to the one under the cursor, in the steps of the four Ms."""
        from carbontui.engine.four_ms import SPLIT, why
        from carbontui.tui.views.waterfall import lines, waterfall

        if (read := self.read()) is None:
            return
        one, own, metric = read
        found = why(own, one, metric, self.carbon.catalogue) if own is not None and metric in SPLIT else None
        if found is None or own is None:
            self.say(f"no steps: {metric} is unknown for this job or the unchanged one, or does not split")
            return
        width = min(108, self.app.size.width - 10)
        self.app.push_screen(Reader("Why", "\n".join(lines(waterfall(found, own, one), width))))

    def action_when(self) -> None:
        """The best start."""
        from carbontui.tui.screens.when import read_when

        if (read := self.read()) is not None:
            read_when(self, read.one)
