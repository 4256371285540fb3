"""What limits a sweep, and what a budget affords: typed, and read as it is typed."""

from __future__ import annotations

from collections.abc import Callable

from carbontui.engine.scenario import ScenarioError
from carbontui.engine.sweep import Limits
from carbontui.tui.screens.budget import ask_budget
from carbontui.tui.screens.sweep.base import NOTHING_YET, SweepPart
from carbontui.tui.widgets.sweep_lines import Head
from carbontui.tui.widgets.table import FilterLine
from carbontui.typed import quantity
from carbontui_registry import units

# Limit -> (title, kind of unit, unit of a bare number, engine units in it).
LIMITS = {
    "max_days": ("At most this long", "duration", "d", 24.0),
    "max_gross": ("At most this much gross CO2e", "co2e", "tCO2e", 1000.0),
    "max_net": ("At most this much net CO2e", "co2e", "tCO2e", 1000.0),
    "max_energy": ("At most this much energy", "energy", "MWh", 1000.0),
}


class LimitActions(SweepPart):
    """What asks for an amount."""

    def action_limit(self, name: str) -> None:
        """Type a limit; an empty one removes it."""
        title, kind, unit, size = LIMITS[name]
        now = getattr(self.limits, name)

        def read(text: str) -> float | None:
            typed = text.strip()
            return units.parse(f"{typed} {unit}" if typed[-1:].isdigit() else typed, kind) / size if typed else None

        def taken(text: str) -> None:
            self.limits = self.limits.replace(**{name: read(text)})
            self.draw()

        self._ask(title, "" if now is None else f"{now:g} {unit}", read, lambda v: f"= {v:g} {unit}", taken)

    def action_chips(self) -> None:
        """Another number of chips for every cell; an empty one means that of the model's run."""

        def read(text: str) -> float | None:
            return quantity("chips", text).value if text.strip() else None

        def taken(text: str) -> None:
            self.chips = read(text)
            self.draw_other()

        now = "" if self.chips is None else f"{self.chips:.0f}"
        self._ask("Chips of every cell", now, read, lambda v: f"= {v:,.0f}", taken)

    def action_clear(self) -> None:
        """Everything again."""
        chips, self.chips = self.chips, None
        self.limits, self.marked = Limits(), False
        self.query_one(FilterLine).value = ""
        self.query_text = ""
        self.action_leave_filter()
        if chips is not None:
            self.draw_other()
        else:
            self.draw()

    def action_budget(self) -> None:
        """What a budget affords of the scenario under Compare's cursor, and where."""
        app = self.carbon
        if self.base is None:
            self.say(NOTHING_YET)
            return
        ask_budget(self, app.comparison.scenarios[app.home.at], self.accounting, self.query_one(Head).region)

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
            return True, "empty: none" if value is None else said(value)

        def typed(text: str | None) -> None:
            if text is not None and text != before:
                taken(text)

        self.app.push_screen(Editor(title, before, reader, self.query_one(Head).region), typed)
