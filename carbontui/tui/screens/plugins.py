"""Plugins: what is installed, what each brought, what was rejected and why; one key switches off or on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from carbontui.text.record import meaning
from carbontui.tui import bindings
from carbontui.tui.screens.loading import Change, LoadsPlugins
from carbontui.tui.screens.parts import WithTable
from carbontui.tui.styles import stylesheet
from carbontui.tui.views import plugin_rows
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Table
from carbontui_registry import folders
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import BadConfig
from carbontui_registry.plugin import Plugin
from carbontui_registry.text import count_of


class PluginsScreen(WithTable, LoadsPlugins):
    """A row a plugin, the details of the one under the cursor below."""

    TAB: ClassVar[str] = "plugins"
    BINDINGS: ClassVar[list[BindingType]] = bindings.of("plugins")
    DEFAULT_CSS = stylesheet("plugins")

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        self.plugins: list[Plugin] = []
        # The column that sorts, and whether the largest comes first; None leaves the order of the registry.
        self.sorting: tuple[int, bool] | None = None
        self._contested: dict[str, list[tuple[str, str]]] = {}
        self._catalogue: Catalogue | None = None

    def body(self) -> Iterable[Widget]:
        """Table and details."""
        yield Table()
        yield Pane()

    def draw(self, width: int | None = None) -> None:
        """Everything from the catalogue; the cursor stays on its plugin."""
        self.draw_frame()
        catalogue, table, current = self.carbon.catalogue, self.query_one(Table), self.plugin
        if catalogue is not self._catalogue:
            self._catalogue = catalogue
            self._contested.clear()
            self.plugins = catalogue.plugins()
        width = width or self.size.width
        columns, rows = plugin_rows.columns(width), plugin_rows.rows(self.plugins, catalogue, width)
        if self.sorting is not None and self.sorting[0] < len(columns):
            order = plugin_rows.sorted_by(rows, *self.sorting)
            self.plugins, rows = [self.plugins[n] for n in order], [rows[n] for n in order]
            at, down = self.sorting
            columns[at] = columns[at].replace(title=f"{columns[at].title}{'▼' if down else '▲'}")
        table.show(columns, rows)
        if current is not None:
            table.go_to(next((n for n, p in enumerate(self.plugins) if p.origin == current.origin), table.cursor))
        self.tell()

    def tell(self) -> None:
        """The plugin under the cursor, and what can be done with it."""
        plugin = self.plugin
        if plugin is not None:
            self.query_one(Pane).show(plugin_rows.lines(plugin, self.carbon.catalogue, self.contested(plugin)))
        if self.change is None:
            off = sum(p.off for p in self.plugins)
            key, other = self.pressed("plugins.switch"), "on" if plugin is not None and plugin.off else "off"
            switches = f" · [{key}] switches this one {other}" if plugin is not None else ""
            where = f" · configuration: {folders.config_path()}"
            self.say(f"{count_of(len(self.plugins), 'plugin')}, {off} off{switches}{where}")

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

    @on(Table.Sorted)
    def _sorted(self, event: Table.Sorted) -> None:
        self.action_sort(event.column)

    def action_sort(self, column: int | None = None) -> None:
        """By a column, the other way round where it sorts already; without one by the next."""
        now = self.sorting
        if column is None:
            column = (now[0] + 1 if now is not None else 1) % len(plugin_rows.columns(self.size.width))
        self.sorting = (column, now is not None and now[0] == column and not now[1])
        self.draw()

    def action_reverse(self) -> None:
        """The other way round."""
        if self.sorting is not None:
            self.action_sort(self.sorting[0])

    @on(Table.Moved)
    def _moved(self) -> None:
        self.tell()

    async def action_stop(self) -> None:
        """Stop what is loading; else go back."""
        if self.worker is None:
            await self.carbon.action_go("compare")
            return
        self.worker.cancel()
        self._take_back("stopped; nothing was changed")

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
                self.say(f"{name} was skipped by --no-plugin; it returns at the next start")
                return
            folders.set_off(name, off, distribution=plugin.distribution, siblings=siblings)
        except BadConfig as error:
            self.say(str(error), error=True)
            return
        done = f"{name} is off: it is no longer loaded" if off else f"{name} is on"
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
        from carbontui.tui.views.choices import Choice
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
            self.say(f"no other plugin uses a name of {plugin.origin}")
            return
        try:
            before = dict(folders.read_config().prefer).get(name)
            wanted = None if before == plugin.distribution else plugin.distribution
            folders.set_prefer(name, wanted)
        except BadConfig as error:
            self.say(str(error), error=True)
            return
        done = f"{name} now uses the record of {wanted}" if wanted else f"no plugin is preferred for {name} any more"
        self.load(Change(done, lambda: folders.set_prefer(name, before)))

    def action_reload(self) -> None:
        """Reload everything, whatever the cache holds."""
        if not self._busy():
            self.load(Change("all plugins reloaded"), forget=True)
