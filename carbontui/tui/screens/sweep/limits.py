"""What limits a sweep, and what a budget affords: typed, and read as it is typed."""

from __future__ import annotations

from collections.abc import Callable

from carbontui.engine.scenario import ScenarioError
from carbontui.engine.solver import fill
from carbontui.tui.screens.budget import ask_budget
from carbontui.tui.screens.sweep.base import NOTHING_YET, SweepPart
from carbontui.tui.widgets.sweep_lines import Head
from carbontui.tui.widgets.table import FilterLine
from carbontui.typed import quantity
from carbontui_registry import units


class LimitActions(SweepPart):
    """What asks for an amount."""

    def action_chips(self) -> None:
        """Another number of chips for every cell; an empty one means that of the model's run."""

        def read(text: str) -> float | None:
            return quantity("chips", text).value if text.strip() else None

        def taken(text: str) -> None:
            self.chips = read(text)
            self.draw_other()

        now = "" if self.chips is None else f"{self.chips:.0f}"
        self._ask("Number of chips for all combinations", now, read, lambda v: f"= {v:,.0f}", taken)

    def action_clear(self) -> None:
        """Everything again."""
        chips, self.chips = self.chips, None
        self.marked = False
        self.limit("")
        self.query_one(FilterLine).value = ""
        self.query_text = ""
        self.action_leave_filter()
        if chips is not None:
            self.draw_other()
        else:
            self.draw()

    def action_budget(self) -> None:
        """What a budget affords of the scenario under Compare's cursor, and where."""
        if self.base is None:
            self.say(NOTHING_YET)
            return
        one = fill(self.base, self.carbon.catalogue, self.accounting)
        ask_budget(self, one, self.accounting, self.query_one(Head).region)

    def _ask(
        self,
        title: str,
        before: str,
        read: Callable[[str], float | None],
        said: Callable[[float], str],
        taken: Callable[[str], None],
    ) -> None:
        """Let somebody type a value: what it `read`s as is `said` below it, and `taken` gets the text in the end."""
        from carbontui.tui.widgets.editor import Editor

        def reader(text: str) -> tuple[bool, str]:
            try:
                value = read(text)
            except (units.UnitError, ScenarioError) as error:
                return False, str(error)
            return True, "empty: the job's own number of chips" if value is None else said(value)

        def typed(text: str | None) -> None:
            if text is not None and text != before:
                taken(text)

        self.app.push_screen(Editor(title, before, reader, self.query_one(Head).region), typed)
