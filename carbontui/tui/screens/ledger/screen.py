"""Ledger: the runs of logs as one account, by group or each, taken into Compare to be planned elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget

from carbontui.quantities import ADDED_UP, LABELS, METRICS
from carbontui.text.record import Shown
from carbontui.tui import bindings
from carbontui.tui.screens.ledger.base import MARGINS
from carbontui.tui.screens.ledger.describing import ClusterActions
from carbontui.tui.screens.ledger.taking import TakeActions
from carbontui.tui.styles import stylesheet
from carbontui.tui.widgets.chrome import Status
from carbontui.tui.widgets.keys import Keys
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import FilterLine, Table
from carbontui_registry.errors import CarbontuiError
from carbontui_registry.text import clean, count_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from textual.geometry import Size

    from carbontui.engine.ledger.report import Report
    from carbontui_registry.catalogue import Catalogue


# Lines of title, tabs, filter and keys; and of the window the share that details have at least, in %.
_AROUND, _LEAST = 4, 35
# The line above the details; and the fewest lines of runs that say something: two titles and two runs.
_BORDER, _FEWEST = 1, 4
# Columns that a text to read leaves free around itself.
_FRAME = 12


class LedgerScreen(ClusterActions, TakeActions):
    """A table of groups or of runs, and below it budgets, meters and notes."""

    BINDINGS: ClassVar[list[BindingType]] = bindings.of("ledger")
    DEFAULT_CSS = stylesheet("ledger")
    # Whether the next press writes the measurements.
    _asked = False

    def body(self) -> Iterable[Widget]:
        """Filter, table, details."""
        yield FilterLine(placeholder="/ filters by words", compact=True)
        yield Table()
        yield Pane()

    def on_mount(self) -> None:
        """The table has the focus."""
        self.table.focus()
        self.draw()

    def on_resize(self, event: events.Resize) -> None:
        """A wider window has more room for columns, a taller one for details."""
        self.show(event.size)

    @property
    def filtered(self) -> Widget:
        """The table."""
        return self.table

    def filter_changed(self) -> None:
        """Other rows, and what they come to."""
        self.count()

    def draw(self) -> None:
        """The account as it is now."""
        logs = len(self.logs.paths)
        self.draw_frame(*([count_of(logs, "log")] if logs else []))
        if self.report is not None and self.catalogue is not self.carbon.catalogue:
            self.count()
        elif self.restore():
            return
        if self.report is None and not self.busy:
            self.say(f"no logs yet ([{self.pressed('ledger.open')}] open logs from Slurm, CodeCarbon and others)")
        self.show()

    def show(self, size: Size | None = None) -> None:
        """What was found, in its order."""
        size = size or self.size
        whole, report = self.report, self.shown
        self.lists_runs = self.each
        from carbontui.tui.views import ledger_rows

        self.set_class(report is None, "empty")
        if whole is None or report is None:
            self.table.show([], [])
            self.query_one(Pane).styles.max_height = None
            self.query_one(Pane).show([] if self.busy else ledger_rows.without_logs(self.pressed("ledger.open")))
            return
        from carbontui.text.ledger import title

        width = size.width - MARGINS
        if self.each:
            self.order = self._runs(report)
            listed = ledger_rows.RunRows(report.ledger, self.metric, self.order, width, self.sorted_by)
            self.table.show(listed.columns, listed)
        else:
            self.order = self._groups()
            more = self.said_of_total()
            listed_groups = ledger_rows.group_rows(report, self.order, width, self.sorted_by, more)
            # The total, and what is said of it.
            self.table.show(*listed_groups, foot=1 + len(more))
        groups, of = len(self.order), len(whole.account.groups)
        some = f"{report.account.total.runs:,} of {count_of(report.account.everything, 'run')}"
        count = f"{groups:,} of {count_of(of, 'group')}, {some}" if groups < of else count_of(groups, "group")
        count = some if self.each else count
        by = {"value": LABELS[METRICS[self.metric]], "hours": "time" if self.each else "chip-hours"}
        order = f"{count}, sorted by {by.get(self.sorted_by, self.sorted_by)}" if self._is_sorted(report) else count
        said = (self.placeless(), title(report.account, each=self.each), order)
        self.say(" · ".join(filter(None, said)))
        self._show_details(size)
        self.query_one(Keys).refresh()

    def details(self, width: int) -> list[Shown]:
        """What is said of the whole; above it of the run under the cursor, where runs are listed."""
        from carbontui.tui.views import ledger_rows
        from carbontui.tui.views.ledger_filter import filter_line

        whole, report = self.report, self.shown
        if whole is None or report is None:
            return []
        once, meters = self.pressed("ledger.overlap"), self.pressed("ledger.measurements")
        lines = ledger_rows.details(report, width, once, meters)
        if report.rows is not None:
            line = filter_line(whole, report, self.query_text)
            if not self.each and not report.account.total.runs:
                line = f"no {self.by} has that name; [{self.pressed('ledger.runs')}] filters the runs themselves"
            lines.insert(0, Shown(line))
        lines += self.said
        if not self.lists_runs or not len(self.order):
            return lines
        row = int(self.order[min(self.table.cursor, len(self.order) - 1)])
        of_run = ledger_rows.run_details(report.ledger, row, self.metric)
        return [*of_run, Shown(""), Shown("of all runs:", "head"), *lines]

    def _show_details(self, size: Size) -> None:
        """The details, in what the table leaves, at least a third of the window; what they leave, the runs of the row
        under the cursor have."""
        from carbontui.tui.views.hanging import hanging
        from carbontui.tui.views.ledger_rows import largest_runs

        width = size.width - MARGINS
        # What is said above the keys may take several lines.
        left = size.height - _AROUND - self.query_one(Status).lines - 1 - len(self.table.rows)
        self.query_one(Pane).styles.max_height = max(_LEAST * size.height // 100, left)
        lines = self.details(width)
        room = left - _BORDER - sum(len(hanging(line.text, width)) for line in lines) - 1
        some = self.some() if not self.lists_runs and room >= _FEWEST else None
        if some is not None and len(some.rows) and self.ledger is not None:
            of_row = largest_runs(self.ledger, some.rows, self.metric, width, room, some.name)
            # What the filter lets through is said first.
            at = int(self.shown is not self.report)
            lines[at:at] = [*of_row, Shown("")]
        self.query_one(Pane).show(lines)

    def say(self, text: str, *, error: bool = False, whole: bool = False) -> None:
        """One line above the keys; more of them are taken from the details."""
        before = self.query_one(Status).lines
        super().say(text, error=error, whole=whole)
        if self.report is not None and self.query_one(Status).lines != before:
            self._show_details(self.size)

    def _is_sorted(self, report: Report) -> bool:
        """Whether any row has what rows are sorted by."""
        import numpy as np

        if self.sorted_by == "name":
            return True
        if self.each:
            ledger = report.ledger
            columns = {"start": ledger.start, "hours": ledger.time}
            values = columns.get(self.sorted_by, ledger.values(METRICS[self.metric]))[self.order]
            return not np.isnan(values).all()
        groups = report.account.groups
        if self.sorted_by == "hours":
            return any(part.chip_hours is not None for part in groups)
        return any(METRICS[self.metric] in part.sums for part in groups)

    def _groups(self) -> list[int]:
        assert self.account is not None
        groups = self.account.groups
        order = list(range(len(groups)))
        key = METRICS[self.metric]
        if self.sorted_by == "name":
            order.sort(key=lambda n: groups[n].group)
        elif self.sorted_by == "hours":
            order.sort(key=lambda n: -(groups[n].chip_hours or 0.0))
        else:
            order.sort(key=lambda n: -groups[n].sums[key].value if key in groups[n].sums else 0.0)
        return order

    def _runs(self, report: Report) -> NDArray[np.intp]:
        import numpy as np

        ledger = report.ledger
        keys = {"value": -ledger.values(METRICS[self.metric]), "start": ledger.start, "hours": -ledger.time}
        if self.sorted_by == "name":
            order = np.array(sorted(range(len(ledger.runs)), key=ledger.runs.names.__getitem__), dtype=np.intp)
        else:
            # Unknown ones last.
            order = np.argsort(keys[self.sorted_by], kind="stable")
        if report.rows is not None:
            shown = np.zeros(len(order), dtype=bool)
            shown[report.rows] = True
            order = order[shown[order]]
        return order

    @on(Table.Moved)
    def _moved(self) -> None:
        self._asked = False
        self._show_details(self.size)

    @on(Table.Sorted)
    def _sorted(self, event: Table.Sorted) -> None:
        """A title that was clicked sorts by its column; every other by the metric."""
        title = self.table.columns[event.column].title.rstrip("▲▼")
        known = {"began": "start", "time": "hours", "chip-hours": "hours"}
        self.sorted_by = "name" if event.column == 0 else known.get(title, "value")
        self.show()

    # Actions

    def action_step(self, by: int) -> None:
        """The cursor of the table, from the filter."""
        self.table.action_step(by)

    def action_by(self, step: int) -> None:
        """Group by the next column that says something."""
        from carbontui.engine.ledger.account import BY, TIMES

        if self.ledger is None:
            return
        told = [by for by in BY if any(self.ledger.column(by).words)]
        at = told.index(self.by) if self.by in told else 0
        self.by, self.each = told[(at + step) % len(told)], False
        self.sorted_by = "name" if self.by in TIMES else "value"
        self.table.cursor = 0
        self.count()

    def action_runs(self) -> None:
        """Every run, or the groups."""
        from carbontui.engine.ledger.account import TIMES

        self.each = not self.each
        self.sorted_by = "name" if not self.each and self.by in TIMES else "value"
        self.table.cursor = 0
        if self.query_text.strip():
            # Words are looked for in the names of groups, or in all that a run has.
            self.count()
        else:
            self.show()

    def action_notes(self) -> None:
        """All that the details say, in full."""
        from carbontui.tui.screens.reader import Reader

        if self.report is None:
            self.say(f"no logs yet ([{self.pressed('ledger.open')}] open logs)")
            return
        lines = self.details(self.size.width - _FRAME)
        self.app.push_screen(Reader("Notes on the ledger", "\n".join(line.text for line in lines)))

    def action_metric(self) -> None:
        """The next metric."""
        self.metric = ADDED_UP[(ADDED_UP.index(self.metric) + 1) % len(ADDED_UP)]
        self.count()

    def action_sort(self) -> None:
        """The next order."""
        from carbontui.tui.views.ledger_rows import SORTS

        sorts = [one for one in SORTS if self.each or one != "start"]
        at = sorts.index(self.sorted_by) if self.sorted_by in sorts else -1
        self.sorted_by = sorts[(at + 1) % len(sorts)]
        self.show()

    def action_measurements(self) -> None:
        """Write the means of metered runs as a pack and prefer them, once it was asked for twice."""
        from carbontui.tui.own_measurements import save

        taken = [one for one in (self.report.measured if self.report else ()) if one.enough]
        if not taken:
            self.say("no hardware has enough metered runs for a mean")
            return
        what = ", ".join(f"{one.hardware} {one.power:.4g} W" for one in taken)
        if not self._asked:
            self._asked = True
            key = self.pressed("ledger.measurements")
            self.say(
                f"saves {what} as your own measurements, to count for runs without a meter ([{key}] again to confirm)",
                whole=True,
            )
            return
        self._asked = False
        try:
            path = save(taken, self.logs.paths)
        except (CarbontuiError, OSError, ValueError) as error:
            self.say(clean(str(error)))
            return
        opener = self.carbon.opener

        def make() -> Catalogue:
            try:
                return opener(progress=lambda _name: None)
            except Exception as error:
                raise CarbontuiError(f"wrote {path}, but it cannot be used: {error}") from error

        def done(catalogue: Catalogue) -> None:
            self.carbon.use(catalogue)
            self.count(f"wrote {path}: {what} now counts for runs without a meter")

        self.say("loading ...")
        self.work("preferring", make, done)
