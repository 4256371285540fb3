"""Changing cells of Compare: a picker for a part, a typed line for a quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from carbontui.quantities import QUANTITIES
from carbontui.text import display
from carbontui.tui import recent, workspace
from carbontui.tui.screens.compare.own import read_quantity
from carbontui.tui.screens.compare.scenarios import ScenarioActions
from carbontui.tui.widgets.sheet import Sheet
from carbontui.typed import quantity
from carbontui_registry.errors import UnknownName

if TYPE_CHECKING:
    from carbontui.engine.comparison import Question
    from carbontui.engine.scenario import Filled, Scenario

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
        elif row is not None and row.edits == "group":
            self.action_group()
        elif row is not None and row.edits in PARTS:
            self._pick(row.edits)
        elif row is not None and row.edits in QUANTITIES:
            self._type(row.edits)
        elif row is not None:
            self.say(f"{row.label} follows from the inputs above; change one of those")

    def _pick(self, part: str) -> None:
        from carbontui.tui.views import own
        from carbontui.tui.views.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        app, at = self.carbon, self.at
        filled = app.comparison.scenarios[at]
        title = f"{part.capitalize()} of {filled.name}"
        if part == "period":
            if filled.region is None:
                self.say("choose a region first")
                return
            periods = sorted({factor.period for factor in filled.region.record.factors}, reverse=True)
            offered = [Choice(period, period, filled.region.record.name, period) for period in periods]
            current = filled.texts.get("period")
            picker = Picker(part, title, offered, current)
        else:
            found = getattr(filled, part)
            current = found.id if found is not None else None
            picker = self.picker(part, title, current, filled)

        def chosen(name: str | None) -> None:
            if name is None:
                return
            scenario = self.question.scenarios[at]
            chips = own.counted(picker.query_text)[0] if part == "hardware" else None
            if chips is not None:
                scenario = scenario.give("chips", quantity("chips", str(chips)))
            if name.startswith(own.NEW):
                self.describe(scenario, part, name.removeprefix(own.NEW), lambda new: self._put(part, at, filled, new))
            elif name != current or chips is not None:
                self._put(part, at, filled, self._chosen(scenario, filled, part, name))

        self.app.push_screen(picker, chosen)

    def _chosen(self, scenario: Scenario, filled: Filled, part: str, name: str) -> Scenario:
        """The scenario with another record in a part, or without a model."""
        from carbontui.tui.views import own

        if part in own.ASKED and getattr(filled, part) is None and getattr(scenario, part) is not None:
            # What described the old one goes with it.
            scenario = own.undescribed(scenario, part)
        if name == own.OWN:
            return scenario.choose("model", None)
        recent.remember(part, name)
        return scenario.choose(part, name)

    def _put(self, part: str, at: int, filled: Filled, scenario: Scenario) -> None:
        """Another scenario in the column, with what else was shown of it."""
        # A registered model brings its run's hardware and region, unless some were chosen.
        if part != "model" or scenario.model is None or not self._registered(scenario.model):
            scenario = self.as_shown(filled, scenario, part)
        question = workspace.put(self.question, at, scenario)
        if part == "hardware" and scenario.hardware is not None:
            question = self._with_known_run(question, at, scenario.hardware)
        self.act(f"{part} of {filled.name}", question)

    def _registered(self, model: str) -> bool:
        try:
            self.carbon.catalogue.model(model)
        except UnknownName:
            return False
        return True

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
        # What a meter said is not what follows without one.
        value = known.value if known else None if what in ("energy", "it_energy") else filled.value(what)

        def read(text: str) -> tuple[bool, str]:
            return read_quantity(what, text, "empty: use the looked-up value")

        def typed(text: str | None) -> None:
            if text is None or text == before:
                return
            figure = quantity(what, text) if text.strip() else None
            scenario = self.as_shown(filled, self.question.scenarios[at].give(what, figure))
            self.act(f"{what} of {filled.name}", workspace.put(self.question, at, scenario))

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
        elif row.edits == "group":
            self.act(f"group of {name}", workspace.group(self.question, self.at, ""))
        elif row.edits != "model":
            self.act(f"{row.edits} of {name}", workspace.choose(self.question, self.at, row.edits, None))
