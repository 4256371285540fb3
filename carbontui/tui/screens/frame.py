"""What all screens share: the app by its own type, the frame around what they draw, the line above the keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from carbontui.quantities import AS_PUBLISHED
from carbontui.tui import workspace
from carbontui.tui.already import already
from carbontui.tui.host import Host, host_of
from carbontui.tui.styles import stylesheet
from carbontui.tui.too_small import fit
from carbontui.tui.widgets.chrome import Alert, Status, Tabs, TitleBar
from carbontui.tui.widgets.keys import Keys
from carbontui_registry.text import count_of

if TYPE_CHECKING:
    from carbontui.engine.comparison import Question
    from carbontui.engine.scenario import Scenario


class CarbonScreen(Screen[None]):
    """A screen with a tab of its own; it draws what the app holds and keeps only where its cursor is."""

    TAB: ClassVar[str]
    # Each screen gives the focus to what shall have it; the first that could take it is often a line to type into.
    AUTO_FOCUS: ClassVar[str | None] = ""
    _was_here = False
    # What the screen that a key leads to from here is to say of that key.
    parting = ""
    DEFAULT_CSS = stylesheet("frame")

    def compose(self) -> ComposeResult:
        """Title, tabs, what the screen is for, status, keys."""
        yield TitleBar()
        yield Tabs(self.TAB)
        yield from self.body()
        yield Status()
        yield Keys()

    def body(self) -> Iterable[Widget]:
        """What is between the tabs and the status."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        """Once the app quits nothing can be mounted, so a new size of the window is no longer followed."""
        if self.is_attached or not isinstance(event, events.Resize):
            await super().on_event(event)

    @on(events.ScreenResume)
    def _arrive(self, event: events.ScreenResume) -> None:
        # The first time, all styles have just been made.
        event.refresh_styles = event.refresh_styles and self._was_here
        self._was_here = True

    @on(events.Resize)
    def _fit(self, event: events.Resize) -> None:
        fit(self, event.size, self.home_focus)
        for screen in self.app.screen_stack:
            # Those above have no frame that does so.
            if screen.is_modal:
                fit(screen, event.size)

    @property
    def home_focus(self) -> Widget | None:
        """What has the focus while nobody types."""
        return None

    @property
    def carbon(self) -> Host:
        """The app, as screens know it."""
        return host_of(self)

    def draw(self) -> None:
        """Everything from the workspace and the catalogue, as they are now."""
        raise NotImplementedError

    def draw_frame(self, *right: str) -> None:
        """Title and tabs; `right` is shown before the counts of what is registered."""
        app = self.carbon
        counts = app.catalogue.counts()
        regions, models = count_of(counts["region"], "region"), count_of(counts["model"], "model")
        registered = f"{counts['hardware']} hardware · {regions} · {models}"
        self.query_one(TitleBar).show(app.workspace.heading, right, registered, changed=app.workspace.changed)
        refused = sum(bool(plugin.problems) for plugin in app.catalogue.plugins(warnings=False))
        alerts = [Alert(f"{refused} rejected")] if refused else []
        self.query_one(Tabs).show((*alerts, *self.alerts()))

    @property
    def brings(self) -> str | None:
        """The metric of the job that is looked at here, for a screen that goes on with it."""
        return None

    def come_from(self, other: CarbonScreen) -> None:
        """Go on with what was looked at on another screen."""

    def arrive_from(self, other: CarbonScreen) -> None:
        """Be drawn after another screen was looked at, with what that has to say of the key that led away from it."""
        self.come_from(other)
        self.draw()
        if other.parting:
            self.say(other.parting)
            other.parting = ""

    def alerts(self) -> Sequence[Alert]:
        """What else should stand behind the tabs."""
        return ()

    def say(self, text: str, *, error: bool = False, whole: bool = False) -> None:
        """A line above the keys; an error stands out, and neither it nor what is to be read as a `whole` is cut."""
        self.query_one(Status).say(text, error=error, whole=whole)

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
        self, what: str, new: Sequence[Scenario], accounting: str = "", more: str = "", *, alone: bool = False,
        update: Mapping[str, Scenario] | None = None, first_is_baseline: bool = False, metric: str = "",
    ) -> str:  # fmt: skip
        """New scenarios behind the one under Compare's cursor, and Compare to look at them; `what` is for undo. Those
        that are there already stay as they are. Gives what was said of it.

        `accounting` is what their figures were shown by. Compare takes it over where nothing in it is as published,
        so that one job has one figure on both screens. `alone` lets the paper's six of the first start make way.
        `metric` is what they were looked at by, which Compare goes on with; without one its own stays.
        `update` has what was taken before by its name: where that is there still, the new one takes its place. With
        `first_is_baseline` the others are compared with the first, all by `accounting`, unless Compare has a person's
        own scenarios, whose baseline stays.
        """
        app = self.carbon
        question = app.workspace.question
        if alone and question == workspace.first_start().question:
            question = question.replace(scenarios=(), baseline=0, title="")
            more += "; replaced the paper's six runs"
        here = [already(question, one, app.filled) for one in new]
        own = [one for one in question.scenarios if one not in (*new, *here, *(update or {}).values())]
        if own and question != workspace.first_start().question:
            first_is_baseline = False
        at, added, updated = min(app.home.at + 1, len(question.scenarios)), 0, 0
        for one, known in zip(new, here, strict=True):
            old = (update or {}).get(one.name)
            if known is not None or one in question.scenarios:
                continue
            if old is not None and old in question.scenarios:
                question, updated = workspace.put(question, question.scenarios.index(old), one), updated + 1
            else:
                question, at, added = workspace.add(question, at, one), at + 1, added + 1
        there = len(new) - added - updated
        places = [question.scenarios.index(known or one) for one, known in zip(new, here, strict=True)]
        if first_is_baseline:
            question = question.replace(baseline=places[0], accounting=accounting)
        elif accounting and accounting != question.accounting and (added or updated):
            if question.accounting == AS_PUBLISHED and not self._published(question):
                question = question.replace(accounting=accounting)
                more += f"; {accounting} factors" if not own else f"; all now use {accounting} factors"
            else:
                published = question.accounting == AS_PUBLISHED
                used = "factors as published" if published else f"{question.accounting} factors"
                more += f"; {used}, not {accounting} ([{app.key('compare.accounting')}] change)"
        if metric:
            question = question.replace(metric=metric)
        if question != app.workspace.question:
            app.act(what, question)
        await app.action_go("compare")
        # The cursor drags the last of the new columns into sight before it goes to the first.
        app.home.go_to(places[-1])
        app.home.go_to(places[-1] if first_is_baseline else at - added if added else places[0])
        told = [
            f"{how} {count_of(count, 'scenario')}" for how, count in (("added", added), ("updated", updated)) if count
        ]
        if told:
            text = f"{' and '.join(told)} ([{app.key('undo')}] undo)"
            text = f"{text[:1].upper()}{text[1:]}{f'; {there:,} already there' if there else ''}{more}"
        else:
            text = f"already in Compare ([{app.key('compare.duplicate')}] duplicate){more}"
        app.home.say(text, whole=True)
        return text

    def _published(self, question: Question) -> bool:
        """Whether any scenario has published results, which only its own factors lead to."""
        return any(self.carbon.filled(one, question.accounting).published for one in question.scenarios)
