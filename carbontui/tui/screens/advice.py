"""Advice: the changes to a scenario that save most; one of them is taken."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from carbontui.engine.advice import START, Advice, Change
from carbontui.text.advice import summary
from carbontui.tui import bindings
from carbontui.tui.screens.parts import WithTable
from carbontui.tui.styles import stylesheet
from carbontui.tui.views import advice_rows
from carbontui.tui.widgets.chrome import Status
from carbontui.tui.widgets.keys import Keys
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Table
from carbontui_registry.catalogue import Catalogue


class AdviceScreen(WithTable, ModalScreen[Change | None]):
    """Ends with the change that was taken, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("advice")
    DEFAULT_CSS = stylesheet("advice")

    def __init__(self, advice: Advice, catalogue: Catalogue, limits: str, *, take: str = "add") -> None:
        """`take` is what becomes of the change that is taken: added to Compare, or applied."""
        super().__init__()
        self.foremost = {"advice.take": take}
        self.advice = advice
        self.limits = limits
        self.catalogue = catalogue
        self.changes = (*advice.changes, *advice.doubtful)

    def compose(self) -> ComposeResult:
        """Table, details, what was said, keys."""
        with Vertical(id="advice") as box:
            within = f", limits: {self.limits}" if self.limits else ""
            box.border_title = Content(f"Advice: the changes that save most{within}")
            yield Table()
            yield Pane()
            yield Status()
            yield Keys()

    def draw(self, width: int | None = None) -> None:
        """A row a change; the cursor stays where it is."""
        columns, rows = advice_rows.table(self.advice, (width or self.size.width) - 8)
        self.query_one(Table).show(columns, rows)
        self.tell()

    def tell(self) -> None:
        """The change under the cursor: what it changes, and why."""
        pane, table = self.query_one(Pane), self.query_one(Table)
        change = self.changes[table.cursor] if self.changes else None
        pane.show(advice_rows.details(self.advice, change, self.catalogue, max(56, self.size.width - 12)))
        self.query_one(Status).say(summary(self.advice) if self.advice.known else "")

    @on(Table.Moved)
    def _moved(self) -> None:
        self.tell()

    def action_take(self) -> None:
        """End with the change under the cursor; a start is no part of a scenario."""
        if not self.changes:
            return
        change = self.changes[self.query_one(Table).cursor]
        if change.kind == START:
            self.query_one(Status).say("a start time does not change the scenario's figures")
            return
        self.dismiss(change)

    def action_leave(self) -> None:
        """End with nothing."""
        self.dismiss(None)
