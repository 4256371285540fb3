"""What all screens share: the app by its own type, the frame around what they draw, the line above the keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from carbontui.quantities import AS_PUBLISHED
from carbontui.tui import workspace
from carbontui.tui.host import Host, host_of
from carbontui.tui.styles import stylesheet
from carbontui.tui.widgets.chrome import Alert, Status, Tabs, TitleBar
from carbontui.tui.widgets.keys import Keys
from carbontui.tui.widgets.line import Line

if TYPE_CHECKING:
    from carbontui.engine.comparison import Question
    from carbontui.engine.scenario import Scenario


# Below this, columns and rows of figures are no table any more.
SMALLEST = (60, 16)


class TooSmall(Widget):
    """What is needed, where nothing useful fits."""

    def render_line(self, y: int) -> Strip:
        """One line."""
        line = Line(self.size.width, self.rich_style)
        have = self.app.size
        return line.add(f"needs {SMALLEST[0]}x{SMALLEST[1]}, has {have.width}x{have.height}" if y == 0 else "").strip()


class CarbonScreen(Screen[None]):
    """A screen with a tab of its own; it draws what the app holds and keeps only where its cursor is."""

    TAB: ClassVar[str]
    _had_focus: Widget | None = None
    DEFAULT_CSS = stylesheet("frame")

    def compose(self) -> ComposeResult:
        """Title, tabs, what the screen is for, status, keys."""
        yield TitleBar()
        yield Tabs(self.TAB)
        yield from self.body()
        yield Status()
        yield Keys()

    def body(self) -> Iterable[Widget]:
        """What stands between the tabs and the status."""
        raise NotImplementedError

    @on(events.Resize)
    def _fit(self, event: events.Resize) -> None:
        small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        if small and not self.query(TooSmall):
            self.mount(TooSmall())
        if small and not self.has_class("small"):
            # What is hidden loses the focus, and gets it back with its room.
            self._had_focus = self.focused
        elif not small and self._had_focus is not None:
            self.call_after_refresh(self._had_focus.focus)
            self._had_focus = None
        self.set_class(small, "small")

    @property
    def carbon(self) -> Host:
        """The app, as screens know it."""
        return host_of(self)

    def draw(self) -> None:
        """Everything from the workspace and the catalogue, as they are now."""
        raise NotImplementedError

    def draw_frame(self, *right: str) -> None:
        """Title and tabs; `right` stands before the counts of what is registered."""
        app = self.carbon
        counts = app.catalogue.counts()
        registered = f"{counts['hardware']} hardware · {counts['region']} regions · {counts['model']} models"
        self.query_one(TitleBar).show(app.workspace.title, (*right, registered), changed=app.workspace.changed)
        refused = sum(bool(plugin.problems) for plugin in app.catalogue.plugins(warnings=False))
        alerts = [Alert(f"{refused} refused")] if refused else []
        self.query_one(Tabs).show((*alerts, *self.alerts()))

    def alerts(self) -> Sequence[Alert]:
        """What else should stand behind the tabs."""
        return ()

    def say(self, text: str, *, error: bool = False) -> None:
        """A line above the keys; an error stands out."""
        self.query_one(Status).say(text, error=error)

    def on_key(self, event: events.Key) -> None:
        """A letter that no key here has, of a keyboard that types others."""
        letter = event.character
        if letter and letter.isalpha() and not letter.isascii():
            palette = self.pressed("palette")
            self.say(f"{letter!r} is not a key here, keys are Latin letters; ctrl+p finds any action ([{palette}] too)")

    def pressed(self, name: str) -> str:
        """The first key of a binding, by its id."""
        return self.carbon.key(name)

    async def into_compare(
        self, what: str, new: Sequence[Scenario], accounting: str = "", more: str = "", *, alone: bool = False
    ) -> None:
        """New scenarios behind the one under Compare's cursor, and Compare to look at them; `what` is for undo.

        `accounting` is what their figures were shown by. Compare takes it over where nothing in it is as published,
        so that one job has one figure on both screens. `alone` lets the paper's six of the first start make way.
        """
        app = self.carbon
        question = app.workspace.question
        if alone and question == workspace.first_start().question:
            question = question.replace(scenarios=(), baseline=0, title="")
            more += "; it replaced the paper's six runs"
        there = [n for n, one in enumerate(question.scenarios) if one in new]
        new = [one for one in new if one not in question.scenarios]
        if there and new:
            more += f"; {len(there):,} already there"
        if there and not new:
            await app.action_go("compare")
            app.home.go_to(there[0])
            app.home.say(f"in Compare already ([{app.key('compare.duplicate')}] makes another)")
            return
        at = min(app.home.at + 1, len(question.scenarios))
        question = workspace.add(question, at, *new)
        if accounting and accounting != question.accounting:
            if question.accounting == AS_PUBLISHED and not self._published(question):
                question = question.replace(accounting=accounting)
                more += f"; all by {accounting} factors now"
            else:
                other = question.accounting.replace("-", " ")
                more += f"; factors {other} there, {accounting} here ([{app.key('compare.accounting')}] changes)"
        app.act(what, question)
        await app.action_go("compare")
        app.home.go_to(at)
        count = "1 scenario" if len(new) == 1 else f"{len(new)} scenarios"
        app.home.say(f"Added {count} ([{app.key('undo')}] undo){more}")

    def _published(self, question: Question) -> bool:
        """Whether any scenario has published results, which only its own factors lead to."""
        return any(self.carbon.filled(one, question.accounting).published for one in question.scenarios)
