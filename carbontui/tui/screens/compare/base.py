"""What every part of Compare knows: the comparison, and the cell under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from carbontui.tui import workspace
from carbontui.tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from textual.geometry import Region

    from carbontui.engine.comparison import Question
    from carbontui.engine.scenario import Filled, Scenario
    from carbontui.tui.screens.editing import EditsScenario

    AnyEditing = EditsScenario
else:
    AnyEditing = object


class ComparePart(AnyEditing):
    """Where the cursor is, and how the comparison is changed: a mix-in and no screen, of which each takes a third of a
    millisecond of every start."""

    TAB: ClassVar[str] = "compare"

    @property
    def sheet(self) -> Sheet:
        """The comparison as a sheet, with scenarios as columns or as rows."""
        return self.query_one("TransposedSheet" if self.has_class("transposed") else "Sheet", Sheet)

    @property
    def undo(self) -> str:
        """What a message ends with where undo takes back what was done."""
        return f"([{self.pressed('undo')}] undo)"

    def moved(self) -> None:
        """The cursor has moved to another cell."""
        raise NotImplementedError

    @property
    def question(self) -> Question:
        """What is compared."""
        return self.carbon.workspace.question

    def go_to(self, column: int, key: str | None = None) -> None:
        """The cursor on a scenario, and on the row of that key."""
        self.sheet.go_to(column, key)
        self.moved()

    def back_to(self, column: int | None) -> None:
        """The cursor on the scenario that it was on before a change; None leaves it."""
        if column is not None and column < len(self.question.scenarios):
            self.go_to(column)

    @property
    def at(self) -> int:
        """The number of the scenario under the cursor."""
        return self.sheet.column

    @property
    def scenario(self) -> Scenario | None:
        """The scenario under the cursor, as asked for."""
        scenarios = self.question.scenarios
        return scenarios[self.at] if self.at < len(scenarios) else None

    @property
    def filled(self) -> Filled:
        """The scenario under the cursor, filled in."""
        return self.carbon.comparison.scenarios[self.at]

    def replace_scenario(self, what: str, scenario: Scenario) -> None:
        """Another scenario in the column under the cursor."""
        scenario, said = self.of_its_meter(scenario)
        self.act(what, workspace.put(self.question, self.at, scenario))
        if said:
            self.say(said, whole=True)

    def cell_region(self) -> Region:
        """Where the cell under the cursor is on the screen."""
        return self.sheet.cell_region()

    def say(self, text: str, *, error: bool = False, whole: bool = False) -> None:
        """A line above the keys of the screen that is looked at."""
        if self.carbon.tab == "compare":
            super().say(text, error=error, whole=whole)
        else:
            self.carbon.say(text, error=error, whole=whole)

    def say_here(self, text: str) -> None:
        """A line above the keys of Compare, also while another screen is looked at."""
        super().say(text)

    def act(self, what: str, question: Question, go_to: int | None = None) -> None:
        """Change the comparison, with the cursor on a scenario afterwards."""
        if question.scenarios != self.question.scenarios:
            self.carbon.planning = False
        self.carbon.act(what, question)
        if go_to is not None:
            self.go_to(go_to)
