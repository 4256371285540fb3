"""What several screens can do: scroll their details, filter what they list as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.widget import Widget
from textual.widgets import Input

from carbontui.tui.screens.frame import CarbonScreen
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import FilterLine, Table

if TYPE_CHECKING:
    AnyScreen = Widget
else:
    # A mix-in and no widget: Textual takes the style sheet of the first base that is one.
    AnyScreen = object


class WithDetails(AnyScreen):
    """A screen with a pane of details."""

    def action_scroll_details(self, by: int) -> None:
        """Scroll the details by a number of lines."""
        self.query_one(Pane).scroll_relative(y=by, animate=False)


class WithTable(WithDetails):
    """A screen with a table above its details."""

    @property
    def home_focus(self) -> Widget:
        """The table."""
        return self.query_one(Table)

    def on_mount(self) -> None:
        """The table has the focus."""
        self.query_one(Table).focus()
        self.draw()

    def on_resize(self, event: events.Resize) -> None:
        """A wider window has more room for columns."""
        self.draw(event.size.width)

    def draw(self, width: int | None = None) -> None:
        """Every row, in the columns that fit."""
        raise NotImplementedError


class WithFilter(CarbonScreen):
    """A screen with a line that filters what is below it."""

    query_text: str = ""

    @property
    def filtered(self) -> Widget:
        """What is filtered; it has the focus when nobody types."""
        raise NotImplementedError

    @property
    def home_focus(self) -> Widget:
        """What is filtered."""
        return self.filtered

    def filter_changed(self) -> None:
        """Show what the filter lets through."""
        raise NotImplementedError

    def action_filter(self) -> None:
        """Type words; what stood there is replaced."""
        line = self.query_one(FilterLine)
        line.add_class("used")
        line.focus()
        line.action_select_all()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if event.value != self.query_text:
            self.query_text = event.value
            self.filter_changed()

    def clear_filter(self) -> None:
        """Everything again."""
        line = self.query_one(FilterLine)
        line.value = ""
        line.remove_class("used")

    def action_leave_filter(self) -> None:
        """Back to the list, which stays so."""
        line = self.query_one(FilterLine)
        line.set_class(bool(line.value), "used")
        self.filtered.focus()
