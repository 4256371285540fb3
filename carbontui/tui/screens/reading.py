"""Reading a job somewhere: its figure down to its sources, why it differs from the job unchanged, when to start."""

from __future__ import annotations

from typing import NamedTuple

from carbontui.engine.scenario import Filled, ScenarioError
from carbontui.quantities import METRICS
from carbontui.tui.screens.parts import WithFilter
from carbontui.tui.screens.reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui.tui.views.footprint_lines import Pieces


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

    def _explained(self, read: Read) -> str:
        from carbontui.engine.explanation import explain
        from carbontui.text.explain import as_text

        return as_text(explain(read.one, METRICS.get(read.metric, "gross")), app=True)

    def _reasons(self, read: Read, width: int) -> list[str]:
        from carbontui.engine.four_ms import SPLIT, why
        from carbontui.tui.views.waterfall import lines, waterfall

        one, own, metric = read
        found = why(own, one, metric, self.carbon.catalogue) if own is not None and metric in SPLIT else None
        return lines(waterfall(found, own, one), width) if found is not None and own is not None else []

    def action_explain(self) -> None:
        """The figure down to its sources."""
        if (read := self.read()) is None:
            return
        try:
            text = self._explained(read)
        except ScenarioError as error:
            self.say(str(error))
            return
        self.app.push_screen(Reader("Explain", text))

    def action_why(self) -> None:
        """From the unchanged job to the one under the cursor, in the steps of the four Ms."""
        if (read := self.read()) is None:
            return
        if reasons := self._reasons(read, min(108, self.app.size.width - 10)):
            self.app.push_screen(Reader("Why", "\n".join(reasons)))
        else:
            self.say(f"no steps: {read.metric} is unknown for this job or the unchanged one, or does not split")

    def in_full(self, width: int, height: int, key: str) -> list[Pieces]:
        """Why what is under the cursor differs from the unchanged job, and its figure down to its sources, in lines
        that fit; `key` opens what has no room."""
        from carbontui.tui.views.hanging import to_fit

        if (read := self.read()) is None:
            return []
        made: list[Pieces] = []
        if reasons := self._reasons(read, width):
            made = [((f"Why {reasons[0]}", "strong"),), *(((line, ""),) for line in reasons[1:]), ()]
        try:
            text = self._explained(read)
        except ScenarioError as error:
            text = str(error)
        lines = to_fit(text, width, height - len(made), f"[{key}] shows the rest")
        return [*made, *(((line, "" if n else "strong"),) for n, line in enumerate(lines))]

    def action_when(self) -> None:
        """The best start."""
        from carbontui.tui.screens.when import read_when

        if (read := self.read()) is not None:
            read_when(self, read.one)
