"""Drift: what the registry now has otherwise than the file, field by field; what is picked is taken over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from carbontui import display
from carbontui.about import Shown
from carbontui.comparison import METRICS
from carbontui.drift import PARTS, Drift
from carbontui.drift_text import change_text, side_text
from carbontui.explain import LABELS
from carbontui.records import source_line
from carbontui.tui.widgets.chrome import Keys, Status, keys_of
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Column, Table, TableRow
from carbontui_registry.records import Figure

key = keys_of("drift")
MARK = "●"


class DriftScreen(ModalScreen[tuple[int, ...] | None]):
    """Ends with the numbers of what was picked, counted from 0, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "pick", "pick", "Pick the field, or leave it"),
        key("a", "all", "all", "Pick all fields, or none"),
        key("enter,u", "take_over", "take over", "Take the picked fields over from the registry; u in Compare undoes"),
        key("J,shift+down", "scroll_details(3)", "down", "Scroll the details down"),
        key("K,shift+up", "scroll_details(-3)", "up", "Scroll the details up"),
        key("escape,q", "leave", "leave", "Leave everything as the file has it"),
    ]
    DEFAULT_CSS = """
    DriftScreen {
        align: center middle;
        background: $background 60%;
        #drift { width: 96%; height: 94%; background: $surface; border: round $primary; }
        Table { height: auto; max-height: 60%; background: $surface; }
        Pane { border-top: solid $panel; }
    }
    """

    def __init__(self, drifts: Sequence[Drift], metric: str) -> None:
        super().__init__()
        self.drifts = drifts
        self.metric_key = METRICS[metric]
        self.picked: frozenset[int] = frozenset()

    def compose(self) -> ComposeResult:
        """Table, details, what was said, keys."""
        with Vertical(id="drift") as box:
            box.border_title = "Drift: what the registry now has otherwise"
            yield Table()
            yield Pane()
            yield Status()
            yield Keys(
                ("space", "pick", "pick"),
                ("a", "all", "all"),
                ("enter", "take over", "take_over"),
                ("J K", "scroll", "scroll_details(3)"),
                ("esc", "leave", "leave"),
            )

    def on_mount(self) -> None:
        """The table has the focus."""
        self.query_one(Table).focus()
        self.draw()

    def on_resize(self, event: events.Resize) -> None:
        """A wider window has more room for what stood there."""
        self.draw(event.size.width)

    def draw(self, width: int | None = None) -> None:
        """A row a field; the cursor stays where it is."""
        wide = (width or self.size.width) >= 100
        columns = [
            Column("", 1),
            Column("scenario", 0),
            Column("field", 16 if wide else 12),
            Column("was", 20 if wide else 16, right=True),
            Column("is", 20 if wide else 16, right=True),
            Column(LABELS[self.metric_key], 10, right=True),
        ]
        self.query_one(Table).show(columns, [self._row(n, one) for n, one in enumerate(self.drifts)])
        self.tell()

    def _row(self, number: int, one: Drift) -> TableRow:
        effects = {name: change_text(was, now) for name, was, now in one.effects}
        mark = MARK if number in self.picked else ""
        label = LABELS.get(one.key, one.key.replace("_", " "))
        sides = (side_text(one, one.was) if one.key not in PARTS else str(one.was), side_text(one, one.now))
        cells = (mark, one.scenario, label, *sides, effects.get(self.metric_key, "same"))
        return TableRow(cells, "off" if one.key in PARTS else "alert" if mark else "")

    def tell(self) -> None:
        """The field under the cursor in full, and how many are picked."""
        one = self.drifts[self.query_one(Table).cursor]
        self.query_one(Pane).show(details(one))
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
            self._say("it is not registered any more, so there is nothing to take over; the file keeps its figures")
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
            self._say("nothing is picked: space picks a field, a all of them, esc leaves everything as it is")

    def action_leave(self) -> None:
        """End with nothing."""
        self.dismiss(None)

    def action_scroll_details(self, by: int) -> None:
        """The details by so many lines."""
        self.query_one(Pane).scroll_relative(y=by, animate=False)


def details(one: Drift) -> list[Shown]:
    """A field in full: both sides with their sources, and what this field alone would change."""
    made = [Shown(f"{LABELS.get(one.key, one.key.replace('_', ' '))} of {one.scenario}", "title")]
    if one.key in PARTS:
        made.append(Shown(f"the {one.key} {one.was} is not registered any more", "warning"))
        made.append(Shown("Every figure that the file carries for it stays. A plugin or pack may have brought it."))
        return made
    for title, side in (("the file has", one.was), ("the registry has", one.now)):
        text = side_text(one, side)
        if isinstance(side, Figure):
            basis = "" if text.endswith(side.basis) or f" {side.basis} " in text else f", {side.basis}"
            made.append(Shown(f"{title} {text}{basis}", "head"))
            made.append(Shown(f"    {source_line(side.source)}", "dim"))
        else:
            made.append(Shown(f"{title} {text if side is not None else 'none'}", "head"))
    if not one.effects:
        made.append(Shown("no result changes with it"))
    for name, was, now in one.effects:
        kind = display.kind_of(name)
        ends = f"{display.shown(was, kind, digits=4)} would be {display.shown(now, kind, digits=4)}"
        made.append(Shown(f"{LABELS[name]}: {ends} ({change_text(was, now)})"))
    return made
