"""Changing the scenarios of Compare: how many there are, their names, their order, what they are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbontui.engine.scenario import Scenario
from carbontui.quantities import RESULTS, of_one_coverage
from carbontui.tui import recent, workspace
from carbontui.tui.screens.compare.own import OwnActions
from carbontui_registry.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_NAME = 100


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

    def action_find(self) -> None:
        """The cursor on a scenario that is found by its name or its parts."""
        from carbontui.tui.views.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        found = self.carbon.comparison.scenarios
        offered = []
        for n, one in enumerate(found):
            parts = [record.record.name for record in (one.model, one.hardware, one.region) if record is not None]
            name = f"{n + 1} {one.name}"
            offered.append(Choice(str(n), name, one.scenario.group, " ".join([one.name, str(n + 1), *parts]).lower()))

        def chosen(number: str | None) -> None:
            if number is not None:
                self.go_to(int(number))

        self.app.push_screen(Picker("scenario", "Find a scenario", offered, str(self.at)), chosen)

    async def action_plan(self) -> None:
        """The scenario as the job on Plan."""
        scenario = self.scenario
        if scenario is not None:
            app = self.carbon
            before = app.workspace.job
            app.set_workspace(workspace.plan(app.workspace, "the planned job", scenario))
            await app.action_go("plan")
            said = []
            if before not in (Scenario(), scenario):
                said.append(f"replaced the previous job ([{app.key('undo')}] undo)")
            used = of_one_coverage(self.question.accounting)
            if used != self.question.accounting:
                now = self.question.accounting.replace("-", " ")
                said.append(f"factors: {used} on Plan, {now} in Compare ([{app.key('plan.accounting')}] next)")
            if said:
                app.say("; ".join(said), whole=True)

    def action_duplicate(self) -> None:
        """The same scenario once more, to be changed."""
        if self.scenario is not None:
            at, name = self.at + 1, self.carbon.comparison.scenarios[self.at].name
            self.act("duplicate", workspace.add(self.question, at, self.scenario), at)
            self.say(f"Duplicated {name} as {at + 1} {self.undo}", whole=True)

    def action_remove(self) -> None:
        """Without the scenario under the cursor."""
        if self.scenario is not None:
            name, was_base = self.carbon.comparison.scenarios[self.at].name, self.at == self.question.baseline
            self.act(f"remove {name}", workspace.remove(self.question, self.at))
            now = f"; {self._baseline()} is the baseline now" if was_base and self.question.scenarios else ""
            self.say(f"Removed {name}{now} {self.undo}", whole=True)

    def action_rename(self) -> None:
        """Another name; an empty one lets the scenario name itself."""
        if self.scenario is None:
            return
        at, name = self.at, self.carbon.comparison.scenarios[self.at].name

        def typed(text: str) -> None:
            self.act(f"rename {name}", workspace.rename(self.question, at, text))

        self._ask_name(f"Name of {name}", name, "empty: use the automatic name", typed)

    def _ask_name(self, title: str, before: str, empty: str, then: Callable[[str], None]) -> None:
        """Ask for a name, and go on with another one."""
        from carbontui.tui.widgets.editor import Editor

        def read(text: str) -> tuple[bool, str]:
            if len(text) > LONGEST_NAME:
                return False, f"at most {LONGEST_NAME} characters"
            return True, "" if text.strip() else empty

        def typed(text: str | None) -> None:
            if text is not None and text != before:
                then(clean(text.strip()))

        self.app.push_screen(Editor(title, before, read, self.sheet.cell_region()), typed)

    def action_group(self) -> None:
        """What the scenario belongs to; an empty name takes it out of its group."""
        scenario, at = self.scenario, self.at
        if scenario is None:
            return
        name = self.carbon.comparison.scenarios[at].name

        def typed(text: str) -> None:
            self.act(f"group of {name}", workspace.group(self.question, at, text))

        self._ask_name(f"Group of {name}", scenario.group, "empty: no group", typed)

    def action_total(self) -> None:
        """The totals or not."""
        if self.scenario is not None:
            self.act("totals", self.question.replace(total=not self.question.total))

    def action_title(self) -> None:
        """What the comparison is called, on the screen and in every file."""

        def typed(text: str) -> None:
            self.act("title", self.question.replace(title=text))
            self.say(f"{f'The title is {text}' if text else 'The title is removed'} {self.undo}", whole=True)

        self._ask_name("Title of the comparison", self.question.title, "empty: no title", typed)

    def action_shift(self, by: int) -> None:
        """The scenario to the left or right."""
        to = self.at + by
        if self.scenario is not None and 0 <= to < len(self.question.scenarios):
            self.act("move", workspace.move(self.question, self.at, to), to)

    def action_baseline(self) -> None:
        """What the ratios are to."""
        if self.scenario is not None:
            same = self.at == self.question.baseline
            self.act("baseline", workspace.set_baseline(self.question, self.at))
            is_now = "is already the baseline" if same else f"is the baseline {self.undo}"
            self.say(f"{self._baseline()} {is_now}", whole=True)

    def _baseline(self) -> str:
        """Number and name of the baseline."""
        comparison = self.carbon.comparison
        return f"{comparison.baseline + 1} {comparison.scenarios[comparison.baseline].name}"

    def action_sort(self) -> None:
        """By the row under the cursor if it is a result: smallest first, or largest where it is sorted so already. The
        cursor goes to the first."""
        comparison = self.carbon.comparison
        row = self.sheet.row_key
        by = row if row in RESULTS else comparison.metric_key
        if self.scenario is None:
            return
        question, order = workspace.sort_by(comparison, by), "smallest"
        if question.scenarios == comparison.question.scenarios:
            question, order = workspace.sort_by(comparison, by, descending=True), "largest"
        self.act(f"sort by {RESULTS[by].label}", question, 0)
        first = f"1 {self.carbon.comparison.scenarios[0].name}"
        self.say(f"sorted by {RESULTS[by].label}, {order} first: {first} {self.undo}", whole=True)

    def action_metric(self) -> None:
        """The next metric."""
        self.act("metric", workspace.next_metric(self.question))

    def action_accounting(self) -> None:
        """The next accounting."""
        self.act("accounting", workspace.next_accounting(self.question))
        self.say(f"accounting: {self.question.accounting.replace('-', ' ')}")
