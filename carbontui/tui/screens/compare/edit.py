"""Changing cells of Compare: a picker for a part, a typed line for a quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from carbontui.engine.scenario import ScenarioError
from carbontui.quantities import QUANTITIES
from carbontui.text import display
from carbontui.tui import recent, workspace
from carbontui.tui.screens.compare.scenarios import ScenarioActions
from carbontui.tui.widgets.sheet import Sheet
from carbontui.typed import quantity

if TYPE_CHECKING:
    from carbontui.engine.comparison import Question

PARTS = ("model", "hardware", "region", "period")


class CellActions(ScenarioActions):
    """What changes the cell under the cursor."""

    @on(Sheet.Chosen)
    def action_change(self) -> None:
        """A picker for a part, a typed line for a quantity."""
        sheet = self.sheet
        row = sheet.current
        if self.scenario is None:
            self.action_add()
        elif row is not None and row.edits in PARTS:
            self._pick(row.edits)
        elif row is not None and row.edits in QUANTITIES:
            self._type(row.edits)
        elif row is not None:
            self.say(f"{row.label} follows from the inputs above; change one of those")

    def _pick(self, part: str) -> None:
        from carbontui.tui.views.choices import Choice, recent_first
        from carbontui.tui.widgets.picker import Picker

        app, at = self.carbon, self.at
        filled = app.comparison.scenarios[at]
        if part == "period":
            if filled.region is None:
                self.say("choose a region first")
                return
            periods = sorted({factor.period for factor in filled.region.record.factors}, reverse=True)
            offered = [Choice(period, period, filled.region.record.name, period) for period in periods]
            current = filled.texts.get("period")
        else:
            offered = recent_first(app.choices(part, filled.model), recent.latest(part))
            found = getattr(filled, part)
            current = found.id if found is not None else None

        def chosen(name: str | None) -> None:
            if name is not None and name != current:
                recent.remember(part, name)
                question = workspace.choose(self.question, at, part, name)
                if part == "hardware":
                    question = self._with_known_run(question, at, name)
                self.act(f"{part} of {filled.name}", question)

        self.app.push_screen(Picker(part, f"{part.capitalize()} of {filled.name}", offered, current), chosen)

    def _with_known_run(self, question: Question, at: int, hardware: str) -> Question:
        """A third party's run on the hardware that was chosen comes to bear because it was chosen."""
        from carbontui.tui.views.choices import run_on

        run = run_on(self.carbon.catalogue, self.carbon.comparison.scenarios[at].model, hardware)
        return workspace.put(question, at, question.scenarios[at].replace(run=run)) if run else question

    def _type(self, what: str) -> None:
        from carbontui.tui.widgets.editor import Editor

        at, kind = self.at, QUANTITIES[what].kind
        filled = self.carbon.comparison.scenarios[at]
        known = filled.inputs.get(what)
        value = known.value if known else filled.result("duration_h") if what == "duration" else None

        def read(text: str) -> tuple[bool, str]:
            if not text.strip():
                return True, "empty: it fills itself in again"
            try:
                figure = quantity(what, text)
            except ScenarioError as error:
                return False, str(error).removeprefix(f"{what}: ")
            unit = {"number": "", "pue": "", "share": ""}.get(kind)
            shown = display.edited(figure.value, kind) if unit is None else display.plain(figure.value)
            return True, f"= {shown}"

        def typed(text: str | None) -> None:
            if text is None or text == before:
                return
            figure = quantity(what, text) if text.strip() else None
            self.act(f"{what} of {filled.name}", workspace.give(self.question, at, what, figure))

        title = f"{self.sheet.rows[self.sheet.row].label} of {filled.name}"
        before = "" if value is None else display.edited(value, kind)
        self.app.push_screen(Editor(title, before, read, self.sheet.cell_region()), typed)

    def action_derive(self) -> None:
        """Drop what was entered in the cell."""
        row = self.sheet.current
        if self.scenario is None or row is None or not row.edits:
            return
        name = self.carbon.comparison.scenarios[self.at].name
        if row.edits in QUANTITIES:
            self.act(f"{row.edits} of {name}", workspace.give(self.question, self.at, row.edits, None))
        elif row.edits != "model":
            self.act(f"{row.edits} of {name}", workspace.choose(self.question, self.at, row.edits, None))
