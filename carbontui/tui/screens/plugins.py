"""Plugins: what is installed, what each brought, what was set aside and why; one key switches off or on."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from carbontui.about import meaning
from carbontui.tui import plugin_view
from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.widgets.chrome import Keys, Status, Tabs, TitleBar, keys_of
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Table
from carbontui_registry import folders
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.folders import BadConfig
from carbontui_registry.loaded import Plugin
from carbontui_registry.values import Value

key = keys_of("plugins")


class Stopped(Exception):
    """Loading was stopped by a person."""


class Change(Value):
    """What is being loaded anew: what to say once it is done, and how to take back what was written before."""

    done: str
    take_back: Callable[[], None] | None = None


class PluginsScreen(CarbonScreen):
    """A row a plugin, the details of the one under the cursor below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("space,enter", "switch", "switch", "Switch the plugin off or on; off: it is not imported"),
        key("p", "prefer", "prefer", "Prefer its record for a name that others claim too"),
        key("r", "reload", "reload", "Load every plugin anew"),
        key("J,shift+down", "scroll_details(3)", "down", "Scroll the details down"),
        key("K,shift+up", "scroll_details(-3)", "up", "Scroll the details up"),
        key("escape", "stop", "back", "Stop what is loading, or back to Compare"),
    ]
    DEFAULT_CSS = """
    PluginsScreen {
        overflow: hidden;
        Table { height: auto; max-height: 50%; margin: 1 0 0 0; }
        Pane { border-top: solid $panel; }
    }
    """

    class Loading(Message):
        """The turn of a plugin has come in the loading process."""

        def __init__(self, worker: Worker[Catalogue], name: str) -> None:
            super().__init__()
            self.worker, self.plugin_name = worker, name

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        self.plugins: list[Plugin] = []
        self.change: Change | None = None
        self.worker: Worker[Catalogue] | None = None
        self._contested: dict[str, list[tuple[str, str]]] = {}
        self._catalogue: Catalogue | None = None

    def compose(self) -> ComposeResult:
        """Frame, table and details."""
        yield TitleBar()
        yield Tabs("plugins")
        yield Table()
        yield Pane()
        yield Status()
        yield Keys(
            ("space", "off or on", "switch"),
            ("p", "prefer", "prefer"),
            ("r", "reload", "reload"),
            ("J K", "scroll", "scroll_details(3)"),
            ("esc", "back", "stop"),
            ("?", "keys", "app.keys"),
        )

    def on_mount(self) -> None:
        """The table has the focus."""
        self.query_one(Table).focus()
        self.draw()

    def on_resize(self, event: events.Resize) -> None:
        """A wider window has more columns."""
        self.draw(event.size.width)

    def draw(self, width: int | None = None) -> None:
        """Everything from the catalogue; the cursor stays on its plugin."""
        self.draw_frame()
        catalogue, table, current = self.carbon.catalogue, self.query_one(Table), self.plugin
        if catalogue is not self._catalogue:
            self._catalogue = catalogue
            self._contested.clear()
            self.plugins = catalogue.plugins()
        width = width or self.size.width
        table.show(plugin_view.columns(width), plugin_view.rows(self.plugins, catalogue, width))
        if current is not None:
            table.go_to(next((n for n, p in enumerate(self.plugins) if p.origin == current.origin), table.cursor))
        self.tell()

    def tell(self) -> None:
        """The plugin under the cursor, and what can be done with it."""
        plugin = self.plugin
        if plugin is not None:
            self.query_one(Pane).show(plugin_view.lines(plugin, self.carbon.catalogue, self.contested(plugin)))
        if self.change is None:
            off = sum(p.off for p in self.plugins)
            self.say(f"{len(self.plugins)} plugins, {off} off · configuration: {folders.config_path()}")

    @property
    def plugin(self) -> Plugin | None:
        """The plugin under the cursor."""
        cursor = self.query_one(Table).cursor
        return self.plugins[cursor] if cursor < len(self.plugins) else None

    def contested(self, plugin: Plugin) -> list[tuple[str, str]]:
        """The names of a plugin that others claim too."""
        if plugin.origin not in self._contested:
            self._contested[plugin.origin] = [] if plugin.off else self.carbon.catalogue.contested(plugin.origin)
        return self._contested[plugin.origin]

    @on(Table.Moved)
    def _moved(self) -> None:
        self.tell()

    # Loading anew, in a thread

    def load(self, change: Change, *, forget: bool = False) -> None:
        """Open the catalogue anew beside the running app; nothing is shown of it before all of it is there."""
        if forget:
            folders.forget_records()
        self.change = change
        self.say("loading ...")
        self.worker = self.run_worker(self._opened, thread=True, exclusive=True, group="loading", exit_on_error=False)

    def _opened(self) -> Catalogue:
        worker = get_current_worker()

        def progress(name: str) -> None:
            if worker.is_cancelled:
                raise Stopped
            self.post_message(self.Loading(worker, name))

        try:
            return self.carbon.opener(progress=progress)
        except Stopped:
            pass
        # Raised anew: the first one holds on to the frames below it, and with them to the loading process.
        raise Stopped

    def on_plugins_screen_loading(self, message: Loading) -> None:
        """Say which plugin is in hand."""
        if message.worker is self.worker:
            self.say(f"loading {message.plugin_name} ... esc stops")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Take the new catalogue, or say why there is none."""
        if event.worker is not self.worker or self.change is None:
            return
        if event.state is WorkerState.SUCCESS and event.worker.result is not None:
            said, self.change, self.worker = self.change.done, None, None
            self.carbon.use(event.worker.result)
            self.carbon.say(said)
        elif event.state is WorkerState.ERROR:
            self._take_back(f"{event.worker.error}; everything is as it was")

    def _take_back(self, said: str) -> None:
        change, self.change, self.worker = self.change, None, None
        try:
            if change is not None and change.take_back is not None:
                change.take_back()
        except BadConfig as error:
            said = str(error)
        self.carbon.say(said)

    async def action_stop(self) -> None:
        """Stop what is loading; else go back."""
        if self.worker is None:
            await self.carbon.action_go("compare")
            return
        self.worker.cancel()
        self._take_back("stopped; everything is as it was")

    # Actions

    def action_switch(self) -> None:
        """Off, or on again."""
        plugin = self.plugin
        if plugin is None or self._busy():
            return
        name, off = plugin.origin, not plugin.off
        siblings = [p.origin for p in self.plugins if p.distribution == plugin.distribution and p.origin != name]
        try:
            before = folders.read_config().off
            if not off and not {name, plugin.distribution} & set(before):
                self.say(f"{name} was left aside on the command line; it comes back with the next start")
                return
            folders.set_off(name, off, distribution=plugin.distribution, siblings=siblings)
        except BadConfig as error:
            self.say(str(error))
            return
        done = f"{name} is off: it is not imported any more" if off else f"{name} is on"
        self.load(Change(done, lambda: folders.set_off(name, not off)))

    def action_prefer(self) -> None:
        """This plugin's record for a contested name; one that is preferred already no longer is."""
        plugin = self.plugin
        if plugin is None or self._busy():
            return
        names = self.contested(plugin)
        if len(names) < 2:
            self._prefer(plugin, ":".join(names[0]) if names else None)
            return
        from carbontui.tui.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        offered = [
            Choice(f"{kind}:{name}", f"{kind} {name}", meaning(self.carbon.catalogue, kind, name), name)
            for kind, name in names
        ]
        title = f"Prefer the record of {plugin.distribution} for"

        def chosen(name: str | None) -> None:
            if name is not None:
                self._prefer(plugin, name)

        self.app.push_screen(Picker("name", title, offered), chosen)

    def _prefer(self, plugin: Plugin, name: str | None) -> None:
        if name is None:
            self.say(f"nobody else claims a name of {plugin.origin}")
            return
        try:
            before = dict(folders.read_config().prefer).get(name)
            wanted = None if before == plugin.distribution else plugin.distribution
            folders.set_prefer(name, wanted)
        except BadConfig as error:
            self.say(str(error))
            return
        done = f"{name} means the record of {wanted}" if wanted else f"{name} is not preferred from anyone any more"
        self.load(Change(done, lambda: folders.set_prefer(name, before)))

    def action_reload(self) -> None:
        """Everything anew, whatever the cache holds."""
        if not self._busy():
            self.load(Change("every plugin was loaded anew"), forget=True)

    def _busy(self) -> bool:
        if self.worker is not None:
            self.say("still loading; esc stops")
        return self.worker is not None

    def action_scroll_details(self, by: int) -> None:
        """The details by so many lines."""
        self.query_one(Pane).scroll_relative(y=by, animate=False)
