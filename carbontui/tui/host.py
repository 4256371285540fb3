"""What screens may ask of the app. The app makes the screens; this is all that they know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.dom import DOMNode

    from carbontui.engine.comparison import Comparison, Question
    from carbontui.engine.drift import Drift
    from carbontui.engine.scenario import Filled, Scenario
    from carbontui.tui.views.choices import Choice
    from carbontui.tui.workspace import Logs, Workspace
    from carbontui_registry.catalogue import Catalogue, Registered


class Home(Protocol):
    """What the other screens know of Compare: where its cursor is."""

    @property
    def at(self) -> int:
        """The number of the scenario under the cursor."""

    def go_to(self, column: int, key: str | None = None) -> None:
        """The cursor on a scenario, and on the row of that key."""

    def say(self, text: str, *, error: bool = False, whole: bool = False) -> None:
        """A line above the keys."""

    def action_save(self) -> None:
        """The comparison to its file."""


class Host(Protocol):
    """The app."""

    catalogue: Catalogue
    workspace: Workspace
    # The file whose work is saved while the app runs; None for the work on no file.
    slot: str | None
    # Opens the catalogue again, as it was opened at the start.
    opener: Callable[..., Catalogue]
    # What the line above the keys says at first.
    greeting: str
    # Whether Plan's job was worked on after those of Compare.
    planning: bool
    # Logs that were named at the start and not opened yet.
    named_logs: Logs

    @property
    def comparison(self) -> Comparison:
        """The workspace's question, answered."""

    def filled(self, scenario: Scenario, accounting: str) -> Filled:
        """A scenario filled in, once; one that cannot be filled in says why in its notes."""

    @property
    def tab(self) -> str:
        """The name of the screen that is open."""

    @property
    def in_hand(self) -> Scenario | None:
        """The job that was worked on last: that of Plan, or the scenario under Compare's cursor."""

    @property
    def job_from(self) -> str:
        """The name of the screen that the current job is from: plan or compare."""

    @property
    def home(self) -> Home:
        """Compare, whichever screen is open."""

    def act(self, what: str, question: Question) -> None:
        """Make `question` the workspace's; `what` names the change for undo."""

    def set_workspace(self, workspace: Workspace) -> None:
        """Another workspace: saved, and drawn."""

    def use(self, catalogue: Catalogue) -> None:
        """Another catalogue: every scenario is filled in again from it."""

    def drifts(self) -> Sequence[Drift]:
        """Figures that changed in the registry since the comparison was saved."""

    def choices(self, kind: str, model: Registered | None = None) -> list[Choice]:
        """What a picker offers."""

    def say(self, text: str, *, error: bool = False, whole: bool = False) -> None:
        """A line above the keys of the screen at the top; an error stands out."""

    def key(self, name: str) -> str:
        """The first key of a binding, by its id; "" where a keymap left it none."""

    async def action_go(self, name: str) -> None:
        """Open a screen by its name."""


def host_of(node: DOMNode) -> Host:
    """The app that a screen or widget is in."""
    return cast("Host", node.app)
