"""The app: holds the workspace and the catalogue; screens draw them and ask for changes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.command import Provider
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import ModalScreen, Screen

from carbontui.engine.comparison import Comparison, Question, answered
from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.tui import autosave, bindings, collector
from carbontui.tui.configured import unknown_settings
from carbontui.tui.plain import ONLY_TEXT
from carbontui.tui.screens.by_name import made
from carbontui.tui.screens.compare.screen import CompareScreen
from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.styles import DEFAULT_THEME, OF_16_COLOURS, THEMES, VARIABLES
from carbontui.tui.type_ahead import TypeAhead
from carbontui.tui.widgets.chrome import TABS
from carbontui.tui.workspace import NO_LOGS, Logs, Workspace, change, cursor_of, out_of_view, redo, seen_from, undo
from carbontui_registry import folders
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import BadConfig, UnknownName
from carbontui_registry.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui.engine.drift import Drift, Sources
    from carbontui.tui.views.choices import Choice


def _elsewhere() -> type[Provider]:
    # Not before the palette is opened.
    from carbontui.tui.palette import Elsewhere

    return Elsewhere


def _records() -> type[Provider]:
    from carbontui.tui.palette import Records

    return Records


class CarbonApp(App[int]):
    """Compare at home; the other screens are made when they are first opened."""

    TITLE = "carbontui"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = bindings.of("app")
    COMMANDS = App.COMMANDS | {_elsewhere, _records}

    def __init__(
        self,
        catalogue: Catalogue,
        workspace: Workspace,
        *,
        slot: str | None = None,
        opener: Callable[..., Catalogue] = open_catalogue,
        logs: Logs = NO_LOGS,
    ) -> None:
        """`slot` names the file whose work is kept; `opener` opens the catalogue again, as it was at the start; `logs`
        are opened on the ledger, beside those that were open, and kept once they were read."""
        super().__init__()
        self.opener = opener
        # What the line above the keys says at first.
        self.greeting = ""
        self.catalogue = catalogue
        self.workspace = workspace.replace(tab="ledger") if logs.paths else workspace
        self.named_logs = logs
        self.slot = slot
        self.trouble = ""
        # Whether Plan's job was worked on after those of Compare.
        self.planning = False
        self._kept = workspace
        # Why the work was not kept when that was last tried.
        self.unkept: str | None = None
        # By identity, as a scenario never changes; each entry keeps its scenario alive, so that no id comes twice.
        self._filled: dict[tuple[int, str], Filled] = {}
        self._drifts: dict[tuple[int, str], list[Drift]] = {}
        self._sources: Sources | None = None
        self._choices: dict[tuple[str, str | None], list[Choice]] = {}
        self._comparison: Comparison | None = None
        for theme in THEMES:
            self.register_theme(theme)
        wanted = catalogue.settings.get("theme", DEFAULT_THEME)
        self.theme = wanted if wanted in self.available_themes else DEFAULT_THEME
        if self.console.color_system == "standard":
            self.theme = OF_16_COLOURS
        keymap = {k.removeprefix("keymap."): v for k, v in catalogue.settings.items() if k.startswith("keymap.")}
        self._keys = bindings.with_keymap(keymap)
        self.type_ahead = TypeAhead(self, self._keys["quit"])
        if keymap:
            self.set_keymap(keymap)
        if catalogue.config.wrong:
            self.greeting = catalogue.config.wrong[0]
        elif unknown := next(unknown_settings(catalogue.settings), None):
            self.greeting = unknown

    def get_default_screen(self) -> Screen[None]:
        """Compare."""
        return CompareScreen(self.size.height, several=len(self.workspace.question.scenarios) > 1)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of ours for themes that lack them."""
        return VARIABLES

    def refresh_css(self, animate: bool = True) -> None:
        """Make all styles again for another theme; before the first screen there are none to make again."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The gate that no control character passes, after those of Textual."""
        return [*super().get_line_filters(), ONLY_TEXT]

    # The comparison

    @property
    def comparison(self) -> Comparison:
        """The workspace's question, answered; computed once a question."""
        question = self.workspace.question
        if self._comparison is None or self._comparison.question is not question:
            accounting = question.accounting
            self._comparison = answered(self._comparison, question, lambda one: self.filled(one, accounting))
        return self._comparison

    def filled(self, scenario: Scenario, accounting: str) -> Filled:
        """A scenario filled in, once; one that cannot be filled in says why in its notes."""
        key = (id(scenario), accounting)
        if key not in self._filled:
            try:
                self._filled[key] = fill(scenario, self.catalogue, accounting)
            except (ScenarioError, UnknownName) as error:
                from carbontui.tui.unfilled import unfilled

                self._filled[key] = unfilled(scenario, error, self.catalogue, accounting)
        return self._filled[key]

    def drifts(self) -> list[Drift]:
        """Figures that changed in the registry since the comparison was saved; each scenario is checked once."""
        question, found = self.workspace.question, []
        for number, (scenario, one) in enumerate(zip(question.scenarios, self.comparison.scenarios, strict=True)):
            if not scenario.carried and not scenario.sealed:
                continue
            key = (id(scenario), question.accounting)
            if key not in self._drifts:
                from carbontui.engine.drift import Sources, drift

                # Read from the whole catalogue, and the same for every scenario.
                self._sources = self._sources or Sources(self.catalogue)
                try:
                    self._drifts[key] = drift(question.replace(scenarios=(scenario,)), self.catalogue, self._sources)
                except (ScenarioError, UnknownName):
                    # It stays in the comparison, with a note on what is wrong with it.
                    self._drifts[key] = []
            found += [other.replace(number=number, scenario=one.name) for other in self._drifts[key]]
        return found

    def use(self, catalogue: Catalogue) -> None:
        """Another catalogue: every scenario is filled in again from it."""
        self.catalogue = catalogue
        self._filled.clear()
        self._drifts.clear()
        self._sources = None
        self._choices.clear()
        self._comparison = None
        self.redraw()

    def choices(self, kind: str, model: Registered | None = None) -> list[Choice]:
        """What a picker offers, made once for a kind and a model."""
        from carbontui.tui.views.choices import choices

        key = (kind, model.id if model is not None and kind == "hardware" else None)
        if key not in self._choices:
            self._choices[key] = choices(kind, self.catalogue, model=model)
            # Ten thousand entries that stay: the collector need not look at them again at every key.
            collector.settle()
        return self._choices[key]

    def on_mount(self) -> None:
        """Back from being suspended, the terminal shows nothing of what was drawn before."""
        self.app_resume_signal.subscribe(self, lambda _app: self.refresh(layout=True))

    async def on_ready(self) -> None:
        """What was looked at last."""
        if self.workspace.tab in {name for name, _ in TABS}:
            self._draw_own_scrollbars()
            await self.action_go(self.workspace.tab)
        self.call_after_refresh(self._painted)
        if self.greeting:
            self.say(self.greeting)

    def _painted(self) -> None:
        """What start-up made stays: the collector need not look at it at every key."""
        self._draw_own_scrollbars()
        collector.settle()

    @staticmethod
    def _draw_own_scrollbars() -> None:
        # Textual's own is made of blanks in two colours that hardly differ. Compare, as it is painted first, has none.
        from textual.scrollbar import ScrollBar

        from carbontui.tui.widgets.scrollbar import Rail

        ScrollBar.renderer = Rail

    async def on_event(self, event: events.Event) -> None:
        """What is typed waits for its turn, and only the first button of a mouse does anything."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.type_ahead.take(event)
            return
        if isinstance(event, events.MouseDown | events.MouseUp) and event.button > 1:
            # Textual makes a click of any button.
            return
        await super().on_event(event)

    async def pass_on(self, event: events.Key | events.Paste) -> None:
        """Hand over what was typed to what has the focus now."""
        await super().on_event(event)

    async def on_answered(self) -> None:
        """What was typed has had its effect: the next may follow."""
        await self.type_ahead.go_on()

    def act(self, what: str, question: Question) -> None:
        """Make `question` the workspace's; `what` names the change for undo."""
        self.set_workspace(change(self.workspace, what, question))

    def set_workspace(self, workspace: Workspace) -> None:
        """Another workspace: kept at once, then drawn."""
        if workspace is self.workspace:
            return
        self.workspace = seen_from(self.workspace, workspace, self.home.at)
        self.redraw()
        # What a key does is seen before it is written down, which takes the disk some milliseconds.
        self.call_after_refresh(self._keep)

    def _keep(self) -> None:
        if self._kept is self.workspace:
            return
        self._kept = self.workspace
        self.unkept = autosave.save(self.workspace, self.slot)
        if self.unkept is not None:
            self.notify(f"Your work cannot be saved: {self.unkept}", severity="warning", markup=False)

    def redraw(self) -> None:
        """Let the screen at the top draw what there is now."""
        screen = self.screen
        if isinstance(screen, CarbonScreen):
            screen.draw()

    # Actions of the whole app

    def _handle_exception(self, error: Exception) -> None:
        if self.return_code is not None:
            # A key or a new size of the window on its way while the app quits finds its widgets gone; the work is kept.
            return
        # What went wrong in a word; the traceback is for those who ask for it.
        self.trouble = (
            self.trouble or f": {type(error).__name__}: {clean(str(error))[:200]}; CARBONTUI_DEBUG=1 shows where"
        )
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        if not os.environ.get("CARBONTUI_DEBUG"):
            self._exit_renderables.clear()
        super()._print_error_renderables()

    def action_undo(self) -> None:
        """The comparison before the last change."""
        self._step("undo", undo(self.workspace))

    def action_redo(self) -> None:
        """The change that was undone last."""
        self._step("redo", redo(self.workspace))

    def _step(self, how: str, to: tuple[Workspace, str | None]) -> None:
        before, (after, what) = self.workspace, to
        self.set_workspace(after)
        self.home.back_to(cursor_of(before, after))
        self.say(f"{how}ne{out_of_view(before, after, what, self.tab)}: {what}" if what else f"nothing to {how}")

    def say(self, text: str, *, error: bool = False, whole: bool = False) -> None:
        """One line at the foot of the screen, until the next key."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, CarbonScreen):
                screen.say(text, error=error, whole=whole)
                return

    def action_leave(self) -> None:
        """Quit; the work is kept."""
        self._keep()
        self.exit(0)

    async def action_go(self, name: str) -> None:
        """Open a screen by its name; it is made when it is first opened and kept from then on."""
        before = self.screen
        if isinstance(before, ModalScreen) or name == self.tab:
            return
        if name == "compare":
            await self.pop_screen()
        else:
            if not self.is_screen_installed(name):
                self.install_screen(made(name), name)
            await (self.push_screen(name) if self.tab == "compare" else self.switch_screen(name))
        self.workspace = self.workspace.replace(tab=name)
        # Plan shows one job, and whoever opens it means that; among those of Compare one is chosen by moving to it.
        self.planning |= name == "plan"
        if isinstance(before, CarbonScreen) and isinstance(self.screen, CarbonScreen):
            self.screen.arrive_from(before)

    async def action_back(self) -> None:
        """The screen that the current job is from."""
        await self.action_go(self.job_from)

    def action_home(self, name: str) -> None:
        """What Compare does with the whole comparison, from any screen."""
        getattr(self.home, f"action_{name}")()

    @property
    def tab(self) -> str:
        """The name of the screen that is open; Compare is always below the others."""
        above = [screen.name for screen in self.screen_stack[1:] if isinstance(screen, CarbonScreen)]
        return above[0] or "" if above else "compare"

    @property
    def job_from(self) -> str:
        """The name of the screen that the current job is from: plan, where one is described there, or compare."""
        return "plan" if self.planning and self.workspace.job != Scenario() else "compare"

    @property
    def in_hand(self) -> Scenario | None:
        """The job that was worked on last: that of Plan, or the scenario under Compare's cursor."""
        if self.job_from == "plan":
            return self.workspace.job
        scenarios, at = self.workspace.question.scenarios, self.home.at
        return scenarios[at] if at < len(scenarios) else None

    @property
    def home(self) -> CompareScreen:
        """Compare, whichever screen is open."""
        screen: CompareScreen = self.screen_stack[0]  # type: ignore[assignment]
        return screen

    def key(self, name: str) -> str:
        """The first key of a binding, by its id; "" where a keymap left it none."""
        return next(iter(self._keys[name]), "")

    def action_keys(self) -> None:
        """The keys that work here."""
        from carbontui.tui.screens.help import HelpScreen
        from carbontui.tui.views.signs import signs

        async def run(chosen: bindings.Shown | None) -> None:
            if chosen is not None:
                await self.run_action(chosen.key.action, chosen.node)

        self.push_screen(HelpScreen(bindings.help_groups(bindings.active(self.screen)), signs(self.tab)), run)

    def action_signs(self) -> None:
        """What the signs and colours mean."""
        from carbontui.tui.screens.reader import Reader
        from carbontui.tui.views.signs import signs

        self.push_screen(Reader("Signs", "\n".join(f"{sign:<14} {meaning}" for sign, meaning in signs(self.tab))))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that has a key here, for the palette."""
        for one in bindings.active(screen):
            if one.key.group in bindings.MOVING:
                continue

            async def run(action: str = one.key.action, on: DOMNode = one.node) -> None:
                await self.run_action(action, on)

            yield SystemCommand(one.key.text, f"key {one.keys[0]}", run)
        for theme in THEMES:

            def look(name: str = theme.name) -> None:
                self.theme = name
                try:
                    folders.set_app("theme", name)
                except BadConfig as error:
                    self.say(str(error), error=True)

            yield SystemCommand(f"Theme: {theme.name}", "change the theme", look)
