"""A ledger as rows: its groups, or every run, made only where it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.report import Report
from carbontui.quantities import LABELS, METRICS, RESULTS
from carbontui.text import display
from carbontui.text.ledger import (
    budget_lines,
    estimates_said,
    group_columns,
    measured_columns,
    notes,
    overlap_warning,
)
from carbontui.text.ledger_chart import (
    LEAST,
    LEGEND,
    bars_title,
    budget_bar,
    group_bars,
    lines_of_months,
)
from carbontui.text.record import Shown
from carbontui.text.table import fit, render
from carbontui.tui.views.columns import Column, TableRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from numpy.typing import NDArray

# What one sorts by; a group has no start.
SORTS = ("value", "name", "start", "hours")
_BAR = 40
_TEXTS = (("account", 10, 100), ("user", 10, 110), ("state", 10, 130), ("hardware", 14, 90), ("region", 14, 80))


def group_rows(
    report: Report, order: Sequence[int], width: int, sorted_by: str = "", more: str = ""
) -> tuple[list[Column], list[TableRow]]:
    """A row a group in this order with a bar, the total below, and under it what is said of it; the columns that fit,
    that which sorts among them, with an arrow."""
    account = report.account
    found = group_columns(account)
    # The order is that of all parts of a group's name.
    title = found[0].title if sorted_by == "name" else _title(sorted_by, account.metric)
    for column in found if sorted_by else ():
        if column.title == title:
            column.title = title + arrow(sorted_by)
            column.width = max(column.width, len(column.title))
            column.keep = 9
    rows = [*order, len(account.groups)]
    for column in found:
        column.cells = [column.cells[row] for row in rows]
    # As the table draws them: the cursor's two cells in front, and one behind each.
    shown = fit(found, width - 1, gap=1)
    left = min(_BAR, width - sum(column.width + 1 for column in shown) - 3)
    columns = [Column(one.title, one.width, right=one.right) for one in shown]
    cells = [[one.cells[n] for one in shown] for n in range(len(rows))]
    limits = [one.limit for one in report.budgets]
    if left >= LEAST and (bars := group_bars(account, order, left, limits)):
        columns.append(Column(bars_title(account, limits, left), left))
        cells = [[*row, bar] for row, bar in zip(cells, [*bars, ""], strict=True)]
    return columns, [*(TableRow(tuple(row)) for row in cells), *([TableRow((more,), "alert")] if more else [])]


def arrow(sorted_by: str) -> str:
    """Whether the smallest or the largest comes first."""
    return "▲" if sorted_by in ("name", "start") else "▼"


def _title(sorted_by: str, metric: str) -> str:
    """The title of the column that sorts groups."""
    return "chip-hours" if sorted_by == "hours" else LABELS[METRICS[metric]]


class RunRows(Sequence[TableRow]):
    """Every run that is shown, in its order; a row is made when it is drawn."""

    def __init__(
        self, ledger: Ledger, metric: str, order: NDArray[np.intp], width: int, sorted_by: str = "value"
    ) -> None:
        self.ledger, self.order = ledger, order
        self.key = METRICS[metric]
        self.values = ledger.values(self.key)
        self.kind = RESULTS[self.key].kind
        known = self.values[order]
        self.unit = display.unit_for(
            [float(np.nanmax(known))] if len(known) and not np.isnan(known).all() else [], self.kind
        )
        self.texts = [(by, size) for by, size, least in _TEXTS if width >= least]
        self.columns = [
            Column("run", 0),
            Column("began", 16),
            *(Column(by, size) for by, size in self.texts),
            Column("time", 8, right=True),
            Column("known by", 9),
            Column(LABELS[self.key], 14, right=True),
        ]
        by = {"name": "run", "start": "began", "hours": "time", "value": LABELS[self.key]}[sorted_by]
        self.columns = [one.replace(title=by + arrow(sorted_by)) if one.title == by else one for one in self.columns]

    def __len__(self) -> int:
        return len(self.order)

    @overload
    def __getitem__(self, at: int) -> TableRow: ...
    @overload
    def __getitem__(self, at: slice) -> list[TableRow]: ...
    def __getitem__(self, at: int | slice) -> TableRow | list[TableRow]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        row, ledger = int(self.order[at]), self.ledger
        start, hours, value = (float(column[row]) for column in (ledger.start, ledger.time, self.values))
        when = "" if start != start else str(np.datetime64(int(start), "s"))[:16].replace("T", " ")

        def text(by: str) -> str:
            column = ledger.column(by)
            return column.words[int(column.codes[row])]

        return TableRow(
            (
                ledger.runs.names[row],
                when,
                *(text(by) for by, _ in self.texts),
                "" if hours != hours else display.shown(hours, "duration"),
                text("known_by"),
                display.UNKNOWN if value != value else display.shown(value, self.kind, self.unit),
            ),
            "off" if value != value else "",
        )


def details(report: Report, width: int) -> list[Shown]:
    """Budgets, meters beside estimates, and what a reader must know."""
    account, ledger, metered, budgets = report.account, report.ledger, report.measured, report.budgets
    lines = [Shown(line) for line in lines_of_months(ledger, account.metric, budgets, report.rows)]
    wide = max(10, min(60, width - 8))
    for one in budgets:
        mark = "warning" if one.left < 0 else ""
        first, *rest = budget_lines(one)
        bar = [] if one.lacking else [Shown(budget_bar(one, wide), mark or "title")]
        lines += [Shown(first, "warning" if one.lacking else mark), *bar, *(Shown(text) for text in rest)]
    if budgets:
        lines.append(Shown(LEGEND, "dim"))
    if metered:
        lines += [
            Shown(text, "title" if n == 0 else "") for n, text in enumerate(render(measured_columns(metered), width))
        ]
        lines += [Shown(text, "dim") for text in estimates_said(metered)]
    if (warning := overlap_warning(account)) is not None and not account.as_one:
        lines.append(Shown(warning.partition("; say which")[0], "warning"))
    return lines + [Shown(text, "dim") for text in notes(account)]
