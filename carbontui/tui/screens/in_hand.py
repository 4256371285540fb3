"""What Sweep and Map share: the current job in many places, within its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carbontui.engine.sweep import Limits
from carbontui.text.notes import notes_of
from carbontui.text.sweep import limits_text
from carbontui.tui import workspace
from carbontui.tui.screens.limits import ask_limits
from carbontui.tui.screens.reader import Reader
from carbontui.tui.screens.reading import ReadActions
from carbontui.tui.views.typed_limits import read_limits
from carbontui.tui.widgets.sweep_lines import Head

if TYPE_CHECKING:
    from carbontui.engine.scenario import Scenario


class Combination(NamedTuple):
    """Hardware and a region by their ids that a job was looked at on, by which factors, on how many chips if not its
    own number, and whether grids were among the regions."""

    job: Scenario | None
    hardware: str
    region: str
    accounting: str
    chips: float | None
    grids: bool


class InHand(ReadActions):
    """The job that was worked on last, on Plan or in Compare, and what is meant to hold of it."""

    @property
    def combination(self) -> Combination | None:
        """What the job is looked at on here, if that is more than one place."""
        return None

    @property
    def base(self) -> Scenario | None:
        """The current job."""
        return self.carbon.in_hand

    @property
    def limits_typed(self) -> str:
        """What is meant to hold of the job wherever it is planned, as it was typed on any screen."""
        return self.carbon.workspace.limits

    @property
    def limits(self) -> Limits:
        """The same, read. Raises `ScenarioError`."""
        return read_limits(self.limits_typed, self.carbon.catalogue)[0]

    @property
    def kept(self) -> tuple[str, ...]:
        """What of the job is to stay as it is, of hardware and region. Raises `ScenarioError`."""
        _, keep = read_limits(self.limits_typed, self.carbon.catalogue)
        return tuple(part for part in keep if part in ("hardware", "region"))

    def limits_said(self) -> list[str]:
        """Each limit in words. Raises `ScenarioError`."""
        return [*limits_text(self.limits), *(f"same {part}" for part in self.kept)]

    def action_limits(self) -> None:
        """Type the limits of the job in one line; an empty one removes them."""
        ask_limits(self, self.limits_typed, self.query_one(Head).region, self.limit)

    def limit(self, text: str) -> None:
        """Other limits of the job."""
        self.carbon.set_workspace(workspace.limit(self.carbon.workspace, text))

    def turned(self, by: int) -> bool:
        """Whether another scenario of the comparison becomes the current job: the next one, or after Plan's job the one
        under Compare's cursor."""
        app = self.carbon
        count = len(app.workspace.question.scenarios)
        if count:
            app.home.go_to((app.home.at + (0 if app.job_from == "plan" else by)) % count)
            app.planning = False
        return count > 0

    def notes(self) -> list[str]:
        """What one should know about what is under the cursor."""
        read = self.read()
        return notes_of(read.one) if read is not None else []

    def action_notes(self) -> None:
        """The same, to be read."""
        self.app.push_screen(Reader("Notes", "\n\n".join(self.notes()) or "No notes."))
