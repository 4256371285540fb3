"""The app: holds the workspace and the catalogue; screens draw them and ask for changes."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import ModalScreen, Screen

from carbontui.engine.comparison import Comparison, Question, settled
from carbontui.engine.comparison import side_by_side as beside
from carbontui.engine.scenario import Filled, Note, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.tui import autosave, bindings, recent, sessions
from carbontui.tui.plain import ONLY_TEXT
from carbontui.tui.screens.compare.screen import CompareScreen
from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.styles import DEFAULT_THEME, THEMES
from carbontui.tui.views.drift_rows import drift_notice
from carbontui.tui.workspace import Workspace, change, first_start, opened, redo, undo
from carbontui_registry import folders
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import BadConfig, UnknownName
from carbontui_registry.text import clean, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui.engine.drift import Drift, Sources
    from carbontui.tui.views.choices import Choice


LONGEST_PASTE = 20_000


class CarbonApp(App[int]):
    """Compare at home; the other screens are made when they are first opened."""

    TITLE = "carbontui"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = bindings.of("app")

    def __init__(
        self,
        catalogue: Catalogue,
        workspace: Workspace,
        *,
        slot: str | None = None,
        opener: Callable[..., Catalogue] = open_catalogue,
    ) -> None:
        """`slot` names the file whose work is kept; `opener` opens the catalogue again, as it was at the start."""
        super().__init__()
        self.opener = opener
        # What the line above the keys says at first.
        self.greeting = ""
        self.catalogue = catalogue
        self.workspace = workspace
        self.slot = slot
        self.trouble = ""
        self._kept = workspace
        # By identity, as a scenario never changes; each entry keeps its scenario alive, so that no id comes twice.
        self._filled: dict[tuple[int, str], Filled] = {}
        self._drifts: dict[tuple[int, str], list[Drift]] = {}
        self._sources: Sources | None = None
        self._choices: dict[tuple[str, str | None], list[Choice]] = {}
        self._comparison: tuple[Question, Comparison] | None = None
        for theme in THEMES:
            self.register_theme(theme)
        wanted = catalogue.settings.get("theme", DEFAULT_THEME)
        self.theme = wanted if wanted in self.available_themes else DEFAULT_THEME
        keymap = {k.removeprefix("keymap."): v for k, v in catalogue.settings.items() if k.startswith("keymap.")}
        self._keys = bindings.with_keymap(keymap)
        if keymap:
            self.set_keymap(keymap)
        if catalogue.config.wrong:
            self.greeting = catalogue.config.wrong[0]
        elif wanted not in self.available_themes:
            self.greeting = f"theme: {clean(wanted)} is not known{did_you_mean(wanted, self.available_themes)}"
        elif unknown := [name for name in keymap if name not in bindings.IDS]:
            self.greeting = f"keymap: {unknown[0]} is not known{did_you_mean(unknown[0], bindings.IDS)}"

    def get_default_screen(self) -> Screen[None]:
        """Compare."""
        return CompareScreen()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The gate that no control character passes, after those of Textual."""
        return [*super().get_line_filters(), ONLY_TEXT]

    # The comparison

    @property
    def comparison(self) -> Comparison:
        """The workspace's question, answered; computed once a question."""
        question = self.workspace.question
        if self._comparison is None or self._comparison[0] is not question:
            filled = [self._fill(scenario, question.accounting) for scenario in question.scenarios]
            self._comparison = (question, beside(question, filled))
        return self._comparison[1]

    def _fill(self, scenario: Scenario, accounting: str) -> Filled:
        key = (id(scenario), accounting)
        if key not in self._filled:
            try:
                self._filled[key] = fill(scenario, self.catalogue, accounting)
            except (ScenarioError, UnknownName) as error:
                # What cannot be filled in stays in the comparison and says why.
                name = scenario.name or scenario.model or "scenario"
                wrong = (Note("energy", "error", (str(error),)),)
                self._filled[key] = Filled(scenario, name, None, None, None, None, {}, {}, {}, {}, {}, wrong)
        return self._filled[key]

    def drifts(self) -> list[Drift]:
        """What the registry now has otherwise than the comparison carries; each scenario is held against it once."""
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
                    # It stands in the comparison with what is wrong with it.
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
            gc.freeze()
        return self._choices[key]

    def on_mount(self) -> None:
        """Back from being suspended, the terminal shows nothing of what was drawn before."""
        self.app_resume_signal.subscribe(self, lambda _app: self.refresh(layout=True))

    def on_ready(self) -> None:
        """What start-up made stays; the collector need not look at it again at every key."""
        gc.freeze()
        if self.greeting:
            self.say(self.greeting)

    async def on_event(self, event: events.Event) -> None:
        """What is pasted is taken up to a length; a log by accident would be read sign by sign."""
        if isinstance(event, events.Paste) and len(event.text) > LONGEST_PASTE:
            self.say(f"what was pasted has {len(event.text):,} characters; at most {LONGEST_PASTE:,} are taken")
            return
        await super().on_event(event)

    def act(self, what: str, question: Question) -> None:
        """Make `question` the workspace's; `what` names the change for undo."""
        self.set_workspace(change(self.workspace, what, question))

    def set_workspace(self, workspace: Workspace) -> None:
        """Another workspace: kept at once, then drawn."""
        if workspace is self.workspace:
            return
        self.workspace = workspace
        self.redraw()
        # What a key does is seen before it is written down, which takes the disk some milliseconds.
        self.call_after_refresh(self._keep)

    def _keep(self) -> None:
        if self._kept is self.workspace:
            return
        self._kept = self.workspace
        if (trouble := autosave.save(self.workspace, self.slot)) is not None:
            self.notify(f"The work cannot be kept: {trouble}", severity="warning", markup=False)

    def redraw(self) -> None:
        """Let the screen at the top draw what there is now."""
        screen = self.screen
        if isinstance(screen, CarbonScreen):
            screen.draw()

    # Actions of the whole app

    def _handle_exception(self, error: Exception) -> None:
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
        workspace, what = undo(self.workspace)
        self.set_workspace(workspace)
        self.say(f"undone: {what}" if what else "nothing to undo")

    def action_redo(self) -> None:
        """The change that was undone last."""
        workspace, what = redo(self.workspace)
        self.set_workspace(workspace)
        self.say(f"redone: {what}" if what else "nothing to redo")

    def say(self, text: str) -> None:
        """One line at the foot of the screen, until the next key."""
        if isinstance(self.screen, CarbonScreen):
            self.screen.say(text)

    def action_leave(self) -> None:
        """Quit; the work is kept."""
        self._keep()
        self.exit(0)

    async def action_go(self, name: str) -> None:
        """Open a screen by its name; it is made when it is first opened and kept from then on."""
        if isinstance(self.screen, ModalScreen) or name == self.tab:
            return
        if name == "compare":
            await self.pop_screen()
        else:
            if not self.is_screen_installed(name):
                self.install_screen(self._made(name), name)
            await (self.push_screen(name) if self.tab == "compare" else self.switch_screen(name))
        self.redraw()

    @property
    def tab(self) -> str:
        """The name of the screen that is open; Compare is always below the others."""
        above = [screen.name for screen in self.screen_stack[1:] if isinstance(screen, CarbonScreen)]
        return above[0] or "" if above else "compare"

    @property
    def home(self) -> CompareScreen:
        """Compare, wherever one is."""
        screen: CompareScreen = self.screen_stack[0]  # type: ignore[assignment]
        return screen

    def _made(self, name: str) -> Screen[None]:
        if name == "registry":
            from carbontui.tui.screens.registry import RegistryScreen

            return RegistryScreen(name=name)
        if name == "sweep":
            from carbontui.tui.screens.sweep.screen import SweepScreen

            return SweepScreen(name=name)
        from carbontui.tui.screens.plugins import PluginsScreen

        return PluginsScreen(name=name)

    def key(self, name: str) -> str:
        """The first key of a binding, by its id; "" where a keymap left it none."""
        return next(iter(self._keys[name]), "")

    def action_keys(self) -> None:
        """The keys that work here."""
        from carbontui.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(bindings.help_groups(bindings.active(self.screen))))

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
                    self.say(str(error))

            yield SystemCommand(f"Theme: {theme.name}", "another look, remembered", look)


def run(file: str | None, open_first: Callable[[], Catalogue], open_again: Callable[..., Catalogue]) -> int:
    """Start the app on a file, or on what was last worked on.

    `open_first` opens the catalogue and says what was refused, `open_again` reopens it while the app runs. Raises
    `FileError` where the file cannot be read.
    """
    workspace: Workspace | None
    catalogue = open_first()
    greeting = ""
    if file:
        from carbontui.formats.files import read

        path = os.path.abspath(file)
        workspace = opened(settled(read(file)[0], catalogue), path, autosave.stamp(path))
        recent.remember("file", path)
        said = sessions.begin(path, catalogue)
        left = autosave.load(path)
        if left is not None and left.changed and left.path == path:
            # With the stamp of then: what someone else wrote since is not replaced unasked.
            workspace = change(workspace.replace(stamp=left.stamp), "the changes of last time", left.question)
            greeting = "restored your unsaved changes ([u] undo)"
    else:
        path = None
        said = sessions.begin(None, catalogue)
        workspace = autosave.load(None) or first_start()
    app = CarbonApp(catalogue, workspace, slot=path, opener=open_again)
    app.greeting = said or greeting or drift_notice(app.drifts()) or app.greeting

    def end(number: int, _frame: object) -> None:
        import asyncio

        # Through the loop, which would otherwise sleep on until the next key.
        try:
            asyncio.get_running_loop().call_soon_threadsafe(app.exit, 128 + number)
        except RuntimeError:
            raise SystemExit(128 + number) from None

    # Textual gives the terminal back on these only if it is asked to leave.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    sessions.leave_with_the_server()
    status = app.run()
    # However it ended: what the last key did is kept as well.
    app._keep()
    if app.return_code and status is None:
        print(f"carbontui: the app ended early{app.trouble}", file=sys.stderr)
        print(f"carbontui: the work is kept in {autosave.path_of(app.slot)}", file=sys.stderr)
        return app.return_code
    return status or 0
