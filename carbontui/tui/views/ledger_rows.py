"""A ledger as rows: its groups, or every run, made only where it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.entry import FACILITY
from carbontui.engine.ledger.report import Report
from carbontui.quantities import LABELS, METRICS, QUANTITIES, RESULTS
from carbontui.text import display
from carbontui.text.ledger import (
    budget_lines,
    group_columns,
    largest_columns,
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
from carbontui.text.ledger_measured import estimates_said, measured_columns, meters_said
from carbontui.text.record import Shown
from carbontui.text.table import fit, render
from carbontui.tui.views.columns import Column, TableRow
from carbontui_registry.text import clean, count_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from numpy.typing import NDArray


def without_logs(opens: str) -> list[Shown]:
    """Which logs can be opened by the key `opens`, and how to write one."""
    from carbontui.importers import IMPORTERS

    slurm = IMPORTERS["slurm"]
    return [
        Shown(f"[{opens}] opens logs, one or several such as logs/*.csv. It reads"),
        *(Shown(f"  {one.what}") for one in IMPORTERS.values()),
        Shown(""),
        Shown("On a Slurm cluster, for example, this writes a log of the jobs since a day:"),
        *(Shown(f"  {line}", "code") for line in slurm.command.splitlines()),
    ]


# What one sorts by; a group has no start.
SORTS = ("value", "name", "start", "hours")
_BAR = 40
_TEXTS = (("account", 10, 110), ("user", 10, 120), ("state", 10, 140), ("hardware", 20, 100), ("region", 14, 80))


def group_rows(
    report: Report, order: Sequence[int], width: int, sorted_by: str = "", more: Sequence[str] = ()
) -> tuple[list[Column], list[TableRow]]:
    """A row a group in this order with a bar, the total below, and under it what is said of it; the columns that fit,
    that which sorts among them, with an arrow."""
    account = report.account
    found = group_columns(account)
    for column, by in zip(found, account.by, strict=False):
        called = report.ledger.names(by)
        column.rename({clean(word): clean(name) for word, name in called.items()})
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
    return columns, [*(TableRow(tuple(row)) for row in cells), *(TableRow((line,), "alert") for line in more)]


def largest_runs(ledger: Ledger, rows: NDArray[np.intp], metric: str, width: int, most: int, name: str) -> list[Shown]:
    """Some runs under their titles, largest by the metric first where it is known, in at most `most` lines."""
    of, values = len(rows), ledger.values(METRICS[metric])[rows]
    order = "" if np.isnan(values).all() else ", largest first"
    rows = rows[np.argsort(-values, kind="stable")[: most - 2]]
    columns = [one for one in largest_columns(ledger, rows.tolist(), metric) if any(one.cells)]
    columns[0].title = "run"
    for column in columns:
        called = ledger.names(column.title)
        column.rename({clean(word): clean(called_so) for word, called_so in called.items()})
    title, *lines = render(columns, width)
    count = f"{len(rows):,} of {count_of(of, 'run')}" if len(rows) < of else count_of(of, "run")
    return [Shown(f"{name}: {count}{order}", "head"), Shown(title, "title"), *map(Shown, lines)]


def arrow(sorted_by: str) -> str:
    """Whether the smallest or the largest comes first."""
    return "▲" if sorted_by in ("name", "start") else "▼"


def _title(sorted_by: str, metric: str) -> str:
    """The title of the column that sorts groups."""
    return "chip-hours" if sorted_by == "hours" else LABELS[METRICS[metric]]


# What an energy or CO2e is the product of besides.
_OF_RESULT = (("pue", "energy_kwh"), ("gross", "gross_kgco2e"), ("net", "net_kgco2e"))


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
        self.assumed = ledger.assumed(self.key)
        # Below one another stand the figures, also where only some rest on an assumption.
        self.plain = " " * len(f" {display.ASSUMED}") if self.assumed[order].any() else ""
        self.texts = [(by, size) for by, size, least in _TEXTS if width >= least]
        self.called = {by: ledger.names(by) for by, _ in self.texts}
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
            word = column.words[int(column.codes[row])]
            return self.called[by].get(word, word) if by in self.called else word

        def figure() -> str:
            if value != value:
                return display.UNKNOWN + self.plain
            sign = f" {display.ASSUMED}" if self.assumed[row] else self.plain
            return display.shown(value, self.kind, self.unit) + sign

        return TableRow(
            (
                ledger.runs.names[row],
                when,
                *(text(by) for by, _ in self.texts),
                "" if hours != hours else display.shown(hours, "duration"),
                text("known_by"),
                figure(),
            ),
            "off" if value != value else "",
        )


def run_details(ledger: Ledger, row: int, metric: str) -> list[Shown]:
    """One run: what it ran on, where and when, how its energy is known, and its results with their ranges."""
    runs, entry = ledger.runs, ledger.entry(row)
    setting, rates = entry.setting, ledger.rates[int(ledger.kinds[row])]
    metered = bool(ledger.has_meter[row]) and rates.metered is not None
    filled = rates.metered if metered and rates.metered is not None else rates.planned

    def called(by: str, word: str) -> str:
        return clean(ledger.names(by).get(word, word))

    units = "" if entry.units is None else f"{entry.units:,.4g} x "
    what = called("hardware", setting.hardware) or ("unknown hardware" if setting.chips is not None else "CPU cores")
    where = called("region", setting.region)
    when = "" if entry.start is None else str(np.datetime64(int(entry.start), "s"))[:16].replace("T", " ")
    time = "" if entry.hours is None else f"for {display.shown(entry.hours, 'duration')}"
    told = [
        f"{units}{what}",
        f"in {where}" if where else "in an unknown place",
        f"from {when}" if when else "",
        time,
    ]
    whose = [clean(text) for text in (*entry.labels[:2], entry.labels.group, entry.labels.state, setting.tool) if text]
    lines = [Shown(clean(runs.names[row] or "unnamed"), "title"), Shown(" ".join(filter(None, told)))]
    if whose:
        lines.append(Shown(" · ".join(whose), "dim"))
    boundary = setting.boundary if setting.energy_of == FACILITY else filled.texts.get("boundary", "")
    means = f"its own meter{f' ({boundary})' if boundary else ''}" if metered else f"an estimate ({boundary})"
    for key in dict.fromkeys(("energy_kwh", METRICS[metric])):
        kind, found = RESULTS[key].kind, ledger.sum(np.array([row], dtype=np.intp), key)
        if found is None:
            lines.append(Shown(f"{LABELS[key]} is unknown{'' if where else ': the place is unknown'}", "warning"))
            continue
        text = f"{LABELS[key]} {display.marked(found, kind)}"
        if found.interval is not None:
            text += f", 90 % range {display.interval(*found.interval, kind)}"
        if key == "energy_kwh":
            text += f"; by {means}"
        used = [one for one, of in _OF_RESULT if of == key]
        stated = key == "gross_kgco2e" and not np.isnan(ledger.stated[row])
        text += "; as the log states it" if stated else ""
        text += "".join(
            f"; {LABELS[one]} {display.marked(filled.inputs[one], QUANTITIES[one].kind)}"
            for one in used
            if one in filled.inputs and not stated
        )
        lines.append(Shown(text))
    return lines


def details(report: Report, width: int, once: str = "", meters: str = "") -> list[Shown]:
    """Budgets, meters beside estimates, and what a reader must know; `once` is the key that counts overlaps once,
    `meters` the one that uses what meters showed."""
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
        columns = measured_columns(metered)
        columns[0].rename(ledger.names("hardware"))
        lines += [Shown(text, "title" if n == 0 else "") for n, text in enumerate(render(columns, width))]
        said = meters_said(metered, ledger.names("hardware"), f"[{meters}] uses the") if meters else []
        lines += [Shown(text, "warning") for text in said]
        lines += [Shown(text, "dim") for text in estimates_said(metered)]
    if (warning := overlap_warning(account)) is not None and not account.as_one:
        lines.append(Shown(warning + (f" ([{once}] counts them once)" if once else ""), "warning"))
    return lines + [Shown(text, "dim") for text in notes(account)]
