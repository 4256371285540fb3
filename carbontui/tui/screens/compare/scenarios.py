"""Changing the scenarios of Compare: how many there are, their names, their order, what they are compared by."""

from __future__ import annotations

from carbontui.engine.scenario import Scenario
from carbontui.quantities import RESULTS
from carbontui.tui import recent, workspace
from carbontui.tui.screens.compare.own import OwnActions
from carbontui_registry.text import clean


class ScenarioActions(OwnActions):
    """What changes whole scenarios, and the question that they answer."""

    def action_add(self) -> None:
        """Another scenario behind the one under the cursor."""
        from carbontui.tui.views import own

        after = min(self.at + 1, len(self.question.scenarios))

        def added(scenario: Scenario, row: str | None = None) -> None:
            self.act("add", workspace.add(self.question, after, scenario), after)
            if row is not None:
                self.go_to(after, row)

        def chosen(name: str | None) -> None:
            if name is None:
                return
            if name == own.OWN:
                added(Scenario(), "hardware")
            elif name.startswith(own.NEW):
                self.describe(Scenario(), "model", name.removeprefix(own.NEW), lambda new: added(new, "hardware"))
            else:
                recent.remember("model", name)
                added(Scenario(model=name))

        self.app.push_screen(self.picker("model", "Model of the new scenario"), chosen)

    def action_duplicate(self) -> None:
        """The same scenario once more, to be changed."""
        if self.scenario is not None:
            self.act("duplicate", workspace.add(self.question, self.at + 1, self.scenario), self.at + 1)

    def action_remove(self) -> None:
        """Without the scenario under the cursor."""
        if self.scenario is not None:
            name = self.carbon.comparison.scenarios[self.at].name
            self.act(f"remove {name}", workspace.remove(self.question, self.at))
            self.say(f"Removed {name} {self.undo}")

    def action_rename(self) -> None:
        """Another name; an empty one lets the scenario name itself."""
        if self.scenario is None:
            return
        from carbontui.tui.widgets.editor import Editor

        at, name = self.at, self.carbon.comparison.scenarios[self.at].name

        def read(text: str) -> tuple[bool, str]:
            if len(text) > 100:
                return False, "at most 100 characters"
            return True, "" if text.strip() else "empty: it names itself by what it is"

        def typed(text: str | None) -> None:
            if text is not None and text != name:
                self.act(f"rename {name}", workspace.rename(self.question, at, clean(text.strip())))

        self.app.push_screen(Editor(f"Name of {name}", name, read, self.sheet.cell_region()), typed)

    def action_shift(self, by: int) -> None:
        """The scenario to the left or right."""
        to = self.at + by
        if self.scenario is not None and 0 <= to < len(self.question.scenarios):
            self.act("move", workspace.move(self.question, self.at, to), to)

    def action_baseline(self) -> None:
        """What the ratios are to."""
        if self.scenario is not None:
            self.act("baseline", workspace.set_baseline(self.question, self.at))

    def action_sort(self) -> None:
        """Smallest first, by the row under the cursor if it is a result."""
        comparison = self.carbon.comparison
        row = self.sheet.row_key
        by = row if row in RESULTS else comparison.metric_key
        if comparison.scenarios:
            self.act(f"sort by {by}", workspace.sort_by(comparison, by))

    def action_metric(self) -> None:
        """The next metric."""
        self.act("metric", workspace.next_metric(self.question))

    def action_accounting(self) -> None:
        """The next accounting."""
        self.act("accounting", workspace.next_accounting(self.question))
        self.say(f"accounting: {self.question.accounting.replace('-', ' ')}")
