"""Drift: what changed in the registry since a file was saved, field by field; what is picked is updated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from carbontui.engine.drift import PARTS, Drift
from carbontui.quantities import METRICS
from carbontui.tui import bindings
from carbontui.tui.host import host_of
from carbontui.tui.screens.parts import WithTable
from carbontui.tui.styles import stylesheet
from carbontui.tui.views import drift_rows
from carbontui.tui.widgets.chrome import Status
from carbontui.tui.widgets.keys import Keys
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Table


class DriftScreen(WithTable, ModalScreen[tuple[int, ...] | None]):
    """Ends with the numbers of what was picked, counted from 0, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("drift")
    DEFAULT_CSS = stylesheet("drift")

    def __init__(self, drifts: Sequence[Drift], metric: str) -> None:
        super().__init__()
        self.drifts = drifts
        self.metric_key = METRICS[metric]
        self.picked: frozenset[int] = frozenset()

    def compose(self) -> ComposeResult:
        """Table, details, what was said, keys."""
        with Vertical(id="drift") as box:
            box.border_title = "Drift: what changed in the registry"
            yield Table()
            yield Pane()
            yield Status()
            yield Keys()

    def draw(self, width: int | None = None) -> None:
        """A row a field; the cursor stays where it is."""
        rows = [drift_rows.row(one, self.metric_key, picked=n in self.picked) for n, one in enumerate(self.drifts)]
        self.query_one(Table).show(drift_rows.columns(self.metric_key, width or self.size.width), rows)
        self.tell()

    def tell(self) -> None:
        """The field under the cursor in full, and how many are picked."""
        one = self.drifts[self.query_one(Table).cursor]
        self.query_one(Pane).show(drift_rows.details(one))
        self._say(f"{len(self.picked)} of {sum(d.key not in PARTS for d in self.drifts)} picked")

    def _say(self, text: str) -> None:
        self.query_one(Status).say(text)

    @on(Table.Moved)
    def _moved(self) -> None:
        self.tell()

    def action_pick(self) -> None:
        """The field under the cursor, or not."""
        cursor = self.query_one(Table).cursor
        if self.drifts[cursor].key in PARTS:
            self._say("it is no longer registered, so there is nothing to update; the file keeps its figures")
            return
        self.picked ^= {cursor}
        self.draw()

    def action_all(self) -> None:
        """Every field that the registry has something for, or none where all are picked."""
        every = frozenset(n for n, one in enumerate(self.drifts) if one.key not in PARTS)
        self.picked = frozenset() if self.picked == every else every
        self.draw()

    def action_take_over(self) -> None:
        """End with what was picked."""
        if self.picked:
            self.dismiss(tuple(sorted(self.picked)))
        else:
            pick, every, leave = (host_of(self).key(f"drift.{name}") for name in ("pick", "all", "leave"))
            self._say(f"nothing is picked ([{pick}] pick, [{every}] pick all, [{leave}] close without changes)")

    def action_leave(self) -> None:
        """End with nothing."""
        self.dismiss(None)
