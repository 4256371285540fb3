"""Choosing one of many: a query line above a list that filters as one types, instant also with 10,000 entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from carbontui.tui import bindings
from carbontui.tui.host import host_of
from carbontui.tui.styles import stylesheet
from carbontui.tui.views.choices import Cell, Choice, ChoiceColumn, listed_columns, matching, sorted_by
from carbontui.tui.views.own import NEW, OWN_MODEL
from carbontui.tui.views.paths import folder_of
from carbontui.tui.widgets.heads import Heads
from carbontui.tui.widgets.line import Line, Looks, fitted
from carbontui_registry.text import clean

_SHORTEST_NAME = 20
_STUB = 6
_NAME = "name"


class ChoiceList(Looks, ScrollView):
    """The choices that match, one line each, drawn only where they are seen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choices--cursor", "choices--dim", "choices--known", "choices--assumed"}
    DEFAULT_CSS = stylesheet("choice-list")

    class Picked(Message):
        """A line was clicked."""

    def __init__(
        self, kind: str, beside: Sequence[ChoiceColumn] = (), listed: Sequence[ChoiceColumn] | None = None
    ) -> None:
        """`listed` are the columns in place of what the registry lists, `beside` more that no narrow window drops."""
        super().__init__()
        self.can_focus = False
        self.kind, self.beside = kind, beside
        self._listed = listed
        self.choices: list[Choice] = []
        self.cursor = 0
        # The title of the column that sorts, and whether the largest comes first; None leaves the order.
        self.sorting: tuple[str, bool] | None = None
        self.marked: frozenset[str] = frozenset()
        # Of the lines that were seen or sorted; ids of two kinds, or of two catalogues, may be the same.
        self._cells: dict[tuple[str, Choice], Cell] = {}

    def show(self, choices: list[Choice]) -> None:
        """Other choices; the cursor goes to the best one."""
        self.choices, self.cursor = choices, 0
        self.virtual_size = Size(self.size.width, len(choices))
        self.scroll_to(y=0, animate=False)
        self.redraw()

    def mark(self, marked: frozenset[str]) -> None:
        """Draw marks before these ids."""
        self.marked = marked
        self.redraw()

    @property
    def current(self) -> Choice | None:
        """The choice under the cursor."""
        return self.choices[self.cursor] if self.cursor < len(self.choices) else None

    def move(self, by: int) -> None:
        """Move the cursor by a number of lines."""
        before, self.cursor = self.cursor, max(0, min(self.cursor + by, len(self.choices) - 1))
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)
        self.redraw_lines(before - top, self.cursor - top)

    @property
    def room(self) -> int:
        """Columns that the scrollbar leaves."""
        return self.scrollable_content_region.width

    @property
    def columns(self) -> list[ChoiceColumn]:
        """The columns beside the name that there is room for, each as wide as its title with an arrow."""
        found = listed_columns(self.kind) if self._listed is None else self._listed
        listed, beside = (
            [one._replace(width=max(one.width, len(one.title) + 1)) for one in some] for some in (found, self.beside)
        )
        # What a narrow window has no room for are the last of the figures, never the end of one.
        while len(listed) > 1 and sum(column.width + 1 for column in (*listed, *beside)) > self.room - _SHORTEST_NAME:
            listed.pop()
        return [*listed, *beside]

    @property
    def name_width(self) -> int:
        """Columns of the name: what the figures and the group leave."""
        figures = sum(column.width + 1 for column in self.columns)
        return max(_SHORTEST_NAME - 2, min(26 if self.beside else 34, self.room - figures - 2))

    def titles(self) -> list[tuple[int, int, str]]:
        """Of each column, the name's first, where it begins and ends, and its title with an arrow where it sorts."""
        made, x = [], 2
        widths = [(_NAME, self.name_width), *((column.title, column.width) for column in self.columns)]
        for n, (title, width) in enumerate(widths):
            arrow = "" if self.sorting is None or self.sorting[0] != title else "▼" if self.sorting[1] else "▲"
            end = x + width + bool(n)
            made.append((x, end, f"{title}{arrow}" if n or self.sorting else ""))
            x = end
        return made

    def sort(self, column: int | None = None) -> None:
        """Sort by a column, 0 the name, the other way round where it does already; without one by the next, after the
        last as the list was."""
        titles, now = [_NAME, *(one.title for one in self.columns)], self.sorting
        if column is not None:
            self.sorting = (titles[column], now is not None and now[0] == titles[column] and not now[1])
        else:
            at = titles.index(now[0]) if now is not None and now[0] in titles else -1
            self.sorting = (titles[at + 1], False) if at + 1 < len(titles) else None

    def reverse(self) -> None:
        """The other way round, where a column sorts."""
        if self.sorting is not None:
            self.sorting = (self.sorting[0], not self.sorting[1])

    def in_order(self, found: list[Choice]) -> list[Choice]:
        """The choices as the list sorts them; what is no record stays first, and something new last."""
        if self.sorting is None:
            return found
        new = [choice for choice in found if choice.id.startswith(NEW) and choice != OWN_MODEL]
        own = [choice for choice in found if choice.id.startswith("*") and choice not in new]
        rest = [choice for choice in found if not choice.id.startswith("*")]
        by = next((column for column in self.columns if column.title == self.sorting[0]), None)
        cell = None if by is None else lambda choice: self._cell(choice, by)
        return [*own, *sorted_by(rest, cell, descending=self.sorting[1]), *new]

    def _cell(self, choice: Choice, column: ChoiceColumn) -> Cell:
        key = column.title, choice
        if key not in self._cells:
            self._cells[key] = column.cell(choice)
        return self._cells[key]

    def render_line(self, y: int) -> Strip:
        """One choice."""
        number = self.scroll_offset.y + y
        line = Line(self.room, self.look)
        if number >= len(self.choices):
            return line.strip()
        choice = self.choices[number]
        at_cursor = number == self.cursor
        if choice.id.startswith("*"):
            # What is no record has a sentence in place of figures.
            style = self.look_of("choices--cursor") if at_cursor else self.look_of("choices--known")
            text = fitted(choice.name, self.room - 2)
            return line.add("› " if at_cursor else "  ", style).add(text, style).to(self.room, style).strip()
        cursor = self.look_of("choices--cursor") if at_cursor else Style()
        dim = self.look_of("choices--dim")
        known = self.look_of("choices--known")
        line.add("›" if at_cursor else " ", cursor).add("●" if choice.id in self.marked else " ", known + cursor)
        line.cell(choice.name, self.name_width, cursor)
        for column in self.columns:
            text = self._cell(choice, column).text
            style = self.look_of("choices--assumed") if text.endswith("~") else Style()
            line.add(" ", cursor).add(text[: column.width].rjust(column.width), style + cursor)
        group = known if choice.group.startswith("known") or choice.group == "recent" else dim
        line.add("  ", cursor)
        # One or two letters of a name say nothing.
        if line.width - line.used >= min(len(choice.group), _STUB):
            line.add(fitted(choice.group, line.width - line.used), group + cursor).add("  ", cursor)
        behind = self._behind(choice, line.width - line.used)
        if line.width - line.used >= min(len(behind), _STUB):
            line.add(fitted(behind, line.width - line.used), dim + cursor)
        return line.to(self.room, cursor).strip()

    def _behind(self, choice: Choice, room: int) -> str:
        """What stands last: the folder of a file, nothing of a scenario, which its name has the number of, else the
        id."""
        if self.kind == "file":
            return folder_of(choice.id, room)
        return "" if self.kind == "scenario" else choice.id

    def on_click(self, event: events.Click) -> None:
        """A click takes the choice."""
        number = self.scroll_offset.y + event.get_content_offset_capture(self).y
        if number < len(self.choices):
            self.cursor = number
            self.redraw()
            self.post_message(self.Picked())


class Picker(ModalScreen[str | None]):
    """Ends with the id that was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("picker")
    DEFAULT_CSS = stylesheet("picker")

    def __init__(
        self,
        kind: str,
        title: str,
        choices: list[Choice],
        current: str | None = None,
        *,
        search: Callable[[str], list[Choice]] | None = None,
        trouble: Callable[[], str] = str,
        beside: Sequence[ChoiceColumn] = (),
        listed: Sequence[ChoiceColumn] | None = None,
        several: bool = False,
    ) -> None:
        """`search` gives the choices for what was typed, where the list offers more than what matches, and `trouble`
        what is wrong with that where it gives none; `beside` are more columns, of which only the cells in sight are
        made, and `listed` those in place of what the registry lists; with `several`, records can be marked: Enter then
        takes what is in `marked`."""
        super().__init__()
        self.beside, self.listed, self.several = beside, listed, several
        self.marked: dict[str, str] = {}
        self.trouble = trouble
        self.search = search or (lambda query: matching(self.all, query))
        # What was typed last.
        self.query_text = ""
        self._counted = ""
        self._started = False
        self.kind, self.all, self.current = kind, choices, current
        self.picker_title = title

    def compose(self) -> ComposeResult:
        """Query, titles, list, count."""
        with Vertical(id="picker") as box:
            box.border_title = Content(self.picker_title)
            yield Input(placeholder=self.hint(), compact=True)
            choices = ChoiceList(self.kind, self.beside, self.listed)
            yield Heads(choices.titles)
            yield choices
            yield Static(id="count", markup=False)

    def hint(self) -> str:
        """What stands where nothing is typed."""
        key = host_of(self).key
        several = f" · {key('picker.mark')} mark" if self.several else ""
        return f"type to filter · enter select{several} · {key('picker.sort')} sort · esc cancel"

    def on_mount(self) -> None:
        """Everything, with the cursor on what is chosen now."""
        self.query_one(Input).focus()
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        """Fill the list; a key may come before it is drawn for the first time."""
        if self._started:
            return
        self._started = True
        # What was typed before this counts.
        self._filter(self.query_one(Input).value)
        choices = self.query_one(ChoiceList)
        ids = [choice.id for choice in choices.choices]
        if self.current in ids:
            choices.move(ids.index(self.current))
            # How far the list can be scrolled is known once it is laid out.
            choices.call_after_refresh(choices.move, 0)
            self._tell()

    def on_resize(self) -> None:
        """The titles follow the width."""
        self.call_after_refresh(self.query_one(Heads).refresh)

    def _filter(self, query: str) -> None:
        self.query_text = query
        found = self.search(query)
        known = sum(not choice.id.startswith("*") for choice in found)
        choices = self.query_one(ChoiceList)
        choices.show(choices.in_order(found))
        of = sum(not choice.id.startswith("*") for choice in self.all)
        # Of answers to a question nobody asks how many there are.
        counted = f"{known:,} of {of:,}" if of or not self.all else ""
        self._counted = f"{counted}{'  ~ assumed' if self.kind == 'hardware' else ''}"
        if len(found) > choices.size.height and found[-1].id.startswith(NEW):
            # What comes last is out of sight.
            self._counted += f"  [{host_of(self).key('picker.last')}] add it as a new {self.kind}"
        self._tell()

    def _tell(self) -> None:
        """How many there are; of a region, its mean day."""
        choice = self.query_one(ChoiceList).current
        day = ""
        if self.kind == "region" and choice is not None and choice.brief is not None:
            from carbontui.tui.views.day import brief, day_of

            catalogue = host_of(self).catalogue
            found = next((one for one in catalogue.claimants("region", choice.id) if one.id == choice.id), None)
            known = day_of(found, catalogue)
            day = f"  day {' '.join(brief(known))}" if known is not None else "  no mean day is known for its grid"
        trouble = self.trouble() if choice is None else ""
        if trouble:
            day = f"  {trouble}"
        elif choice is None and self.query_text.strip():
            day = f"  nothing has {clean(self.query_text.strip())!r} in its name or details"
        marks = f"  {len(self.marked)} marked: Enter adds a scenario for each" if self.marked else ""
        said = self.query_one("#count", Static)
        said.set_class(bool(trouble), "refused")
        said.update(f"{self._counted}{day if trouble else marks or day}")

    @on(Heads.Sorted)
    def _sorted(self, event: Heads.Sorted) -> None:
        self.action_sort(event.column)

    def action_sort(self, column: int | None = None) -> None:
        """By a column, or by the next."""
        self.query_one(ChoiceList).sort(column)
        self.query_one(Heads).refresh()
        self._filter(self.query_text)

    @on(Input.Changed)
    def _query_changed(self, event: Input.Changed) -> None:
        self._filter(event.value)

    @on(Input.Submitted)
    @on(ChoiceList.Picked)
    def _take(self) -> None:
        self._start()
        choice = self.query_one(ChoiceList).current
        self.take(choice, self.query_one(Input).value.strip())

    def take(self, choice: Choice | None, _typed: str) -> None:
        """What Enter or a click on a line does: end with the choice."""
        if choice is not None:
            self.dismiss(choice.id)

    def action_dismiss_none(self) -> None:
        """Cancel."""
        self.dismiss(None)

    def action_step(self, by: int) -> None:
        """The cursor by lines."""
        self._start()
        self.query_one(ChoiceList).move(by)
        self._tell()

    def action_mark(self) -> None:
        """Mark the record under the cursor, or unmark it, and go on to the next."""
        self._start()
        choices = self.query_one(ChoiceList)
        choice = choices.current
        if not self.several or choice is None or choice.id.startswith("*"):
            return
        if self.marked.pop(choice.id, None) is None:
            self.marked[choice.id] = choice.name
        choices.mark(frozenset(self.marked))
        self.action_step(1)

    def action_page(self, by: int) -> None:
        """The cursor by pages."""
        self._start()
        choices = self.query_one(ChoiceList)
        choices.move(by * max(1, choices.size.height - 1))
        self._tell()

    def on_click(self, event: events.Click) -> None:
        """A click outside the picker leaves it."""
        if event.widget is self:
            self.dismiss(None)
