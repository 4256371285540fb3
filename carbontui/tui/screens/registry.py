"""Registry: everything registered, filtered as one types, with all that is known of the record under the cursor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.widget import Widget

from carbontui.engine.scenario import Scenario
from carbontui.formats.pack import pack_text
from carbontui.text.record import Shown, around, contested_names, show_lines
from carbontui.tui import bindings
from carbontui.tui.screens.parts import WithDetails, WithFilter
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.choices import Choice, Finder, choices, scenario_with
from carbontui.tui.widgets.heads import Heads
from carbontui.tui.widgets.kinds import Kinds
from carbontui.tui.widgets.line import in_full
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.picker import ChoiceList
from carbontui.tui.widgets.table import FilterLine, RecordList
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName
from carbontui_registry.plugin import KINDS, PLURAL

ROOM_FOR_DETAILS = 100
_ROOM_FOR_LONG_LINES = 160


def with_day(lines: list[Shown], region: Registered, catalogue: Catalogue) -> list[Shown]:
    """The details of a region with its mean day before its figures, where one is known."""
    from carbontui.tui.views.day import day_lines

    if not (day := day_lines(region, catalogue)):
        return lines
    first = next((n for n, line in enumerate(lines) if not line.text.strip()), len(lines))
    return [*lines[:first], Shown(""), *day, *lines[first:]]


class RegistryScreen(WithDetails, WithFilter):
    """A list a kind, a line that filters it, the details beside it or, where the window is narrow, below it."""

    TAB: ClassVar[str] = "registry"
    BINDINGS: ClassVar[list[BindingType]] = bindings.of("registry")
    DEFAULT_CSS = stylesheet("registry")

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        self.kind = "hardware"
        self.marked: dict[tuple[str, str], None] = {}
        self.as_toml = False
        # None shows the details wherever there is room for them beside the list.
        self.details: bool | None = None
        self._choices: dict[str, list[Choice]] = {}
        self._catalogue: Catalogue | None = None
        self._finder: Finder | None = None

    def body(self) -> Iterable[Widget]:
        """Kinds, filter, list and details."""
        yield Kinds()
        yield FilterLine(
            placeholder="words, or conditions such as power>500 W year>=2023 country:germany", compact=True
        )
        with Container(id="body"):
            with Vertical(id="records"):
                records = RecordList(self.kind)
                yield Heads(records.titles)
                yield records
            yield Pane()

    def on_mount(self) -> None:
        """The list has the focus; the filter gets it when it is asked for."""
        self.records.focus()
        self.draw()
        # Widths are known once the first frame is laid out.
        self.call_after_refresh(self._list_again)

    def on_resize(self, event: events.Resize) -> None:
        """Where there is room the details stand beside the list."""
        self.set_class(event.size.width >= ROOM_FOR_DETAILS, "wide")
        self.set_class(event.size.width >= _ROOM_FOR_LONG_LINES, "widest")
        self._place_details()

    @property
    def filtered(self) -> Widget:
        """The list."""
        return self.records

    def filter_changed(self) -> None:
        """Other records."""
        self._list()

    # Drawing

    @property
    def records(self) -> RecordList:
        """The list."""
        return self.query_one(RecordList)

    def draw(self) -> None:
        """Everything from the catalogue; the cursor stays on its record."""
        self.draw_frame()
        if self._catalogue is not self.carbon.catalogue:
            self._catalogue = self.carbon.catalogue
            self._choices.clear()
            self._finder = None
        current = self.records.current
        self._list(current.id if current else None)

    def _list(self, current: str | None = None) -> None:
        """The records of the kind that the filter lets through."""
        catalogue, records = self.carbon.catalogue, self.records
        if self.kind not in self._choices:
            self._choices[self.kind] = choices(self.kind, catalogue)
        offered = self._choices[self.kind]
        plural = PLURAL[self.kind]
        records.kind = self.kind
        records.empty = (
            f"none of {len(offered):,} {plural} matches {self.query_text!r}: "
            f"{self.pressed('registry.filter')} changes the filter"
            if offered
            else f"no {plural} are registered: {self.pressed('plugins')} shows the plugins and what was rejected"
        )
        if self._finder is None or self._finder.kind != self.kind:
            self._finder = Finder(self.kind, catalogue)
        found = self._finder.find(offered, self.query_text)
        if self._finder.trouble:
            records.empty = self._finder.trouble
        records.keep(records.in_order(found), current)
        self.query_one(Heads).refresh()
        self._draw_marks()
        self._place_details()
        self.tell()

    def _draw_marks(self) -> None:
        self.records.mark(frozenset(name for kind, name in self.marked if kind == self.kind))
        self.query_one(Kinds).show(self.kind, self.carbon.catalogue.counts(), len(self.marked))

    def tell(self) -> None:
        """What the list shows, and all that is known of the record under the cursor."""
        shown, offered = len(self.records.choices), len(self._choices.get(self.kind, ()))
        text = [f"{shown:,} of {offered:,} {PLURAL[self.kind]}", self._finder.said if self._finder is not None else ""]
        key = self.pressed("registry.compare")
        if self.marked:
            unmark = self.pressed("registry.unmark")
            text += [f"{len(self.marked)} marked: {key} adds them to the comparison", f"{unmark} unmarks"]
        elif shown:
            on_it = "on this hardware"
            places = {"hardware": on_it, "measurement": on_it, "region": "in this region", "offer": "on this machine"}
            place = places.get(self.kind)
            text.append(f"{key} adds {f'{self._under_cursor()} {place}' if place else f'this {self.kind}'}")
            text += ["~ assumed"] * bool(place)
        self.say(in_full(text, self.app.size.width - 2, " · "))
        if self.query_one(Pane).display:
            self.query_one(Pane).show(self._lines())

    def _under_cursor(self) -> str:
        comparison, at = self.carbon.comparison, self.carbon.home.at
        return comparison.scenarios[at].name if at < len(comparison.scenarios) else "a new scenario"

    def _lines(self) -> list[Shown]:
        found = self.record
        if found is None:
            # The list says why it is empty.
            return []
        if self.as_toml:
            toml, copy = self.pressed("registry.toml"), self.pressed("registry.copy")
            return [Shown(f"{toml} shows the figures, {copy} sends this to the clipboard", "dim"), Shown("")] + [
                Shown(line) for line in pack_text(found).splitlines()
            ]
        catalogue = self.carbon.catalogue
        lines = show_lines(found, contested_names(catalogue, found), *around(found, catalogue))
        return with_day(lines, found, catalogue) if self.kind == "region" else lines

    @property
    def record(self) -> Registered | None:
        """The record under the cursor."""
        choice = self.records.current
        if choice is None or choice.brief is None:
            return None
        # By its plugin too: what a configuration prefers may have this record's own name.
        claims = self.carbon.catalogue.claimants(self.kind, choice.id)
        return next((r for r in claims if r.id == choice.id and r.origin == choice.brief.origin), None)

    def _place_details(self) -> None:
        shown = self.has_class("wide") if self.details is None else self.details
        if self.query_one(Pane).display != shown:
            self.query_one(Pane).display = shown
            self.tell()
            # The list has another width from now on.
            self.call_after_refresh(self._list_again)

    def _list_again(self) -> None:
        self.query_one(Heads).refresh()
        self.records.keep_in_sight()

    @on(RecordList.Moved)
    def _moved(self) -> None:
        self.tell()

    @on(ChoiceList.Picked)
    def _picked(self) -> None:
        self.records.focus()
        self.tell()

    # Actions

    def action_step(self, by: int) -> None:
        """The cursor of the list, from the filter."""
        self.records.move(by)

    @on(Kinds.Picked)
    def _kind_picked(self, event: Kinds.Picked) -> None:
        self.action_kind(event.kind)

    def action_kind(self, kind: str) -> None:
        """Another kind; the filter stays."""
        if kind != self.kind:
            self.kind = kind
            self.records.sorting = None
            self._list()

    def show_record(self, kind: str, name: str) -> None:
        """The cursor on a record, with nothing filtered."""
        self.query_one(FilterLine).value = ""
        self.query_text = ""
        self.kind = kind
        self.records.sorting = None
        self._list(name)
        self.records.focus()

    def action_turn(self, by: int) -> None:
        """The next kind, or the one before."""
        self.action_kind(KINDS[(KINDS.index(self.kind) + by) % len(KINDS)])

    @on(Heads.Sorted)
    def _sorted(self, event: Heads.Sorted) -> None:
        self.action_sort(event.column)

    def action_sort(self, column: int | None = None) -> None:
        """By a column, or by the next; the cursor stays on its record."""
        current = self.records.current
        self.records.sort(column)
        self._list(current.id if current else None)

    def action_reverse(self) -> None:
        """The other way round."""
        current = self.records.current
        self.records.reverse()
        self._list(current.id if current else None)

    def action_mark(self) -> None:
        """A mark before the record under the cursor."""
        if (choice := self.records.current) is not None:
            name = (self.kind, choice.id)
            if name in self.marked:
                del self.marked[name]
            else:
                self.marked[name] = None
            self._draw_marks()
            self.tell()

    def action_unmark(self) -> None:
        """No marks."""
        self.marked.clear()
        self._draw_marks()
        self.tell()

    async def action_back(self) -> None:
        """Close the details where they were asked for, then clear the filter, then go back to Compare."""
        line = self.query_one(FilterLine)
        if self.query_one(Pane).display and not self.has_class("wide"):
            self.details = None
            self._place_details()
            self.tell()
        elif line.value:
            line.value = ""
            line.remove_class("used")
        else:
            await self.carbon.action_go("compare")

    def action_details(self) -> None:
        """The details, or more of the list."""
        self.details = not self.query_one(Pane).display
        self._place_details()

    def action_toml(self) -> None:
        """The record as a pack has it."""
        self.as_toml = not (self.as_toml and self.query_one(Pane).display)
        self.details = True
        self._place_details()
        self.tell()

    def action_copy(self) -> None:
        """The terminal takes it or not; it does not answer."""
        if (found := self.record) is not None:
            self.app.copy_to_clipboard(pack_text(found))
            self.say(f"{found.id} as TOML: sent to the terminal's clipboard")

    def action_when(self) -> None:
        """The best start in the region under the cursor of the job under Compare's."""
        from carbontui.engine.scenario import ScenarioError
        from carbontui.engine.solver import fill
        from carbontui.tui.screens.when import read_when

        current = self.records.current
        if current is None or self.kind != "region":
            self.say("only regions have a mean day: choose one")
            return
        accounting = self.carbon.workspace.question.accounting
        try:
            read_when(self, fill(self._scenario("region", current.id), self.carbon.catalogue, accounting))
        except (ScenarioError, UnknownName) as error:
            self.say(str(error), error=True)

    async def action_compare(self) -> None:
        """New scenarios behind the one under Compare's cursor."""
        current = self.records.current
        wanted = list(self.marked) or ([(self.kind, current.id)] if current is not None else [])
        if not wanted:
            self.say(self.records.empty)
            return
        new = [self._scenario(kind, name) for kind, name in wanted]
        self.marked.clear()
        await self.into_compare("add from the registry", new)

    def _scenario(self, kind: str, name: str) -> Scenario:
        app, at = self.carbon, self.carbon.home.at
        scenarios = app.comparison.scenarios
        return scenario_with(app.catalogue, kind, name, scenarios[at] if at < len(scenarios) else None)
