"""Ledger: the runs of logs as one account, by group or each, taken into Compare to be planned elsewhere."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget
from textual.worker import Worker, WorkerState, get_current_worker

from carbontui.errors import FileError
from carbontui.quantities import ADDED_UP, METRICS
from carbontui.tui import bindings
from carbontui.tui.screens.parts import WithDetails, WithFilter
from carbontui.tui.styles import stylesheet
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import FilterLine, Table
from carbontui_registry.errors import CarbontuiError
from carbontui_registry.text import clean
from carbontui_registry.values import NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from carbontui.engine.ledger.account import Account, Ledger
    from carbontui.engine.ledger.limit import Limit, Spent
    from carbontui.engine.ledger.measured import Measured

# A file of this name beside a log of Slurm says what its partitions are.
CLUSTER = "cluster.toml"
_LOGS = (".csv", ".log", ".txt", ".json")
# Of a group with more kinds of hardware and place than can stand side by side.
MOST_TAKEN = 12
_SEARCHED = ("month", "user", "account", "partition", "group", "state", "hardware", "region", "tool", "known_by")


class Read(NamedTuple):
    """What a thread made of logs: their runs, the account, meters beside estimates, what was said, and the files."""

    ledger: Ledger
    account: Account
    metered: tuple[Measured, ...]
    said: list[str]
    paths: list[str]


class LedgerScreen(WithDetails, WithFilter):
    """A table of groups or of runs, and below it budgets, meters and what one must know."""

    TAB: ClassVar[str] = "ledger"
    BINDINGS: ClassVar[list[BindingType]] = bindings.of("ledger")
    DEFAULT_CSS = stylesheet("ledger")

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        self.ledger: Ledger | None = None
        self.account: Account | None = None
        self.metered: tuple[Measured, ...] = ()
        self.limits: tuple[Limit, ...] = ()
        self.by, self.metric, self.sorted_by = "month", "gross", "name"
        self.each = False
        # What the rows are of: numbers of groups, or of runs.
        self.order: list[int] | NDArray[np.intp] = []
        self._words: list[str] | None = None
        self._reading: Worker[Read] | None = None
        self._asked = False
        self._said: list[str] = []
        self._paths: list[str] = []

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
        """A wider window has more room for columns."""
        self._show(event.size.width)

    @property
    def table(self) -> Table:
        """The table."""
        return self.query_one(Table)

    @property
    def filtered(self) -> Widget:
        """The table."""
        return self.table

    def filter_changed(self) -> None:
        """Other rows."""
        self._show()

    def draw(self) -> None:
        """The account as it is now."""
        self.draw_frame()
        if self.ledger is None and self._reading is None:
            self.say(f"no logs yet: [{self.pressed('ledger.open')}] opens them, from Slurm, CodeCarbon and others")
        self._show()

    # Reading

    def action_open(self) -> None:
        """Logs of this folder, or what is typed."""
        from carbontui.tui.views.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        here = sorted(name for name in os.listdir() if name.endswith(_LOGS) and os.path.isfile(name))
        offered = [Choice(name, name, "here", name.lower()) for name in here]
        self.app.push_screen(Picker("file", "Open logs, or several as logs/*.csv", offered, free=True), self._open)

    def _open(self, path: str | None) -> None:
        if path is None:
            return
        full = os.path.abspath(os.path.expanduser(path))
        paths = [full] if os.path.exists(full) else sorted(glob.glob(full)) or [full]
        self._read(paths, as_one=False)

    def _read(self, paths: list[str], *, as_one: bool) -> None:
        name = clean(os.path.basename(paths[0])) + (f" and {len(paths) - 1} more" if len(paths) > 1 else "")
        self.say(f"reading {name} ...")
        self._reading = self.run_worker(
            lambda: self._ledger_of(paths, as_one), thread=True, exclusive=True, group="ledger", exit_on_error=False,
            name=name,
        )  # fmt: skip

    def _ledger_of(self, paths: list[str], as_one: bool) -> Read:
        """In a thread: read the logs, and look up what their runs cost."""
        from carbontui.engine.ledger.account import Ledger
        from carbontui.engine.ledger.runs import Runs
        from carbontui.importers import kind_to_read, read_entries
        from carbontui.importers.cluster import read_cluster
        from carbontui.importers.reading import Reading

        worker, stops = get_current_worker(), self.pressed("ledger.back")
        catalogue = self.carbon.catalogue

        def progress(_path: str, done: int, total: int) -> None:
            if worker.is_cancelled:
                raise FileError("stopped; everything is as it was")
            self.app.call_from_thread(
                self.say, f"reading {worker.name}: {100 * done // max(1, total)} % ... {stops} stops"
            )

        runs, said = Runs(), []
        for path in paths:
            beside = os.path.join(os.path.dirname(path), CLUSTER)
            kind = kind_to_read(path)
            cluster = read_cluster(beside, catalogue) if kind == "slurm" and os.path.isfile(beside) else None
            reading = Reading(catalogue, progress=progress, cluster=cluster)
            runs.add(read_entries(kind, path, reading))
            said += [f"{os.path.basename(path)}: the cluster is that of {CLUSTER}"] if cluster is not None else []
            said += reading.warnings
        ledger = Ledger(runs, catalogue, as_one=as_one)
        return self._read_of(ledger, said, paths)

    def _read_of(self, ledger: Ledger, said: list[str], paths: list[str]) -> Read:
        from carbontui.engine.ledger.measured import measured

        account = ledger.account((self.by,), self.metric)
        return Read(ledger, account, measured(ledger, self.carbon.catalogue), said, paths)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show what was read, or say why it cannot be."""
        if event.worker is not self._reading:
            return
        if event.state is WorkerState.ERROR:
            self._reading = None
            error = event.worker.error
            if not isinstance(error, CarbontuiError):
                assert error is not None
                raise error
            self.say(clean(str(error)))
        elif event.state is WorkerState.SUCCESS and event.worker.result is not None:
            self._reading = None
            if event.worker.result.ledger is not self.ledger:
                self._words = None
                self.table.cursor = 0
            self.ledger, self.account, self.metered, self._said, self._paths = event.worker.result
            self._show()

    def action_stop(self) -> None:
        """Stop what is read, or back to Compare."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
            self.say("stopped; everything is as it was")
            return
        self.app.call_later(self.carbon.action_go, "compare")

    # Drawing

    def _again(self) -> None:
        """Another account of the same runs, worked out beside what is drawn."""
        ledger = self.ledger
        if ledger is None:
            return

        said, paths = self._said, self._paths
        self._reading = self.run_worker(
            lambda: self._read_of(ledger, said, paths), thread=True, exclusive=True, group="ledger", exit_on_error=False
        )

    def _show(self, width: int | None = None) -> None:
        """The rows that the filter lets through, in their order."""
        from carbontui.tui.views import ledger_rows

        if self.ledger is None or self.account is None:
            return
        width = (width or self.size.width) - 4
        if self.each:
            self.order = self._runs()
            rows = ledger_rows.RunRows(self.ledger, self.metric, self.order, width)
            self.table.show(rows.columns, rows)
        else:
            self.order = self._groups()
            self.table.show(*ledger_rows.group_rows(self.account, self.order, width))
        from carbontui.text.ledger import title
        from carbontui.text.record import Shown
        from carbontui.tui.views.ledger_rows import details

        budgets = self._budgets()
        shown = details(self.account, self.ledger, self.metered, budgets, width)
        self.query_one(Pane).show([*(Shown(text, "warning") for text in self._said), *shown])
        count = f"{len(self.order):,} of {len(self.ledger.runs):,} runs" if self.each else f"{len(self.order):,} groups"
        self.say(f"{title(self.account)} · {count}, sorted by {self.sorted_by}")

    def _budgets(self) -> list[Spent]:
        from carbontui.engine.ledger.limit import spent

        assert self.ledger is not None
        return [spent(self.ledger, limit) for limit in self.limits]

    def _groups(self) -> list[int]:
        assert self.account is not None
        groups, words = self.account.groups, self.query_text.lower().split()
        order = [n for n, part in enumerate(groups) if all(word in " ".join(part.group).lower() for word in words)]
        key = METRICS[self.metric]
        if self.sorted_by == "name":
            order.sort(key=lambda n: groups[n].group)
        elif self.sorted_by == "hours":
            order.sort(key=lambda n: -groups[n].chip_hours)
        else:
            order.sort(key=lambda n: -groups[n].sums[key].value if key in groups[n].sums else 0.0)
        return order

    def _runs(self) -> NDArray[np.intp]:
        import numpy as np

        ledger = self.ledger
        assert ledger is not None
        keys = {"value": -ledger.values(METRICS[self.metric]), "start": ledger.start, "hours": -ledger.time}
        if self.sorted_by == "name":
            order = np.array(sorted(range(len(ledger.runs)), key=ledger.runs.names.__getitem__), dtype=np.intp)
        else:
            # Unknown ones last.
            order = np.argsort(keys[self.sorted_by], kind="stable")
        if words := self.query_text.lower().split():
            texts = self._texts()
            order = np.array([n for n in order.tolist() if all(word in texts[n] for word in words)], dtype=np.intp)
        return order

    def _texts(self) -> list[str]:
        """What the words of the filter are looked for in, of each run."""
        if self._words is None:
            assert self.ledger is not None
            columns = [self.ledger.column(by) for by in _SEARCHED]
            parts = [[column.words[code] for code in column.codes.tolist()] for column in columns]
            self._words = [" ".join(texts).lower() for texts in zip(self.ledger.runs.names, *parts, strict=True)]
        return self._words

    @on(Table.Moved)
    def _moved(self) -> None:
        self._asked = False

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
        self._again()

    def action_runs(self) -> None:
        """Every run, or the groups."""
        self.each = not self.each
        self.sorted_by = "value"
        self.table.cursor = 0
        self._show()

    def action_metric(self) -> None:
        """The next metric."""
        self.metric = ADDED_UP[(ADDED_UP.index(self.metric) + 1) % len(ADDED_UP)]
        self._again()

    def action_sort(self) -> None:
        """The next order."""
        from carbontui.tui.views.ledger_rows import SORTS

        sorts = [one for one in SORTS if self.each or one != "start"]
        at = sorts.index(self.sorted_by) if self.sorted_by in sorts else -1
        self.sorted_by = sorts[(at + 1) % len(sorts)]
        self._show()

    def action_overlap(self) -> None:
        """Runs that overlap are one, or each its own."""
        if self.ledger is not None:
            self._read(self._paths, as_one=not self.ledger.as_one)

    def action_budget(self) -> None:
        """A file of budgets of this folder, or what is typed."""
        from carbontui.tui.views.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        here = sorted(name for name in os.listdir() if name.endswith(".toml") and os.path.isfile(name))
        offered = [Choice(name, name, "here", name.lower()) for name in here]
        self.app.push_screen(Picker("file", "Budgets of a file", offered, free=True), self._budget)

    def _budget(self, path: str | None) -> None:
        from carbontui.formats.budget import read_budget

        if path is not None:
            try:
                self.limits = read_budget(os.path.abspath(os.path.expanduser(path)))
            except FileError as error:
                self.say(clean(str(error)))
                return
            self._show()

    def action_measurements(self) -> None:
        """Write the means of metered runs as a pack and prefer them, once it was asked for twice."""
        from carbontui.formats.measurements import enough
        from carbontui.tui.own_measurements import save

        taken = [one for one in self.metered if enough(one)]
        if not taken:
            self.say("no hardware has enough runs with a meter of their own, so that no mean can be taken")
            return
        what = ", ".join(f"{one.hardware} {one.power:.4g} W" for one in taken)
        if not self._asked:
            self._asked = True
            key = self.pressed("ledger.measurements")
            self.say(f"takes {what} as measurements of your own, preferred to estimates ([{key}] again does it)")
            return
        self._asked = False
        try:
            path = save(taken, self._paths)
        except (CarbontuiError, OSError, ValueError) as error:
            self.say(clean(str(error)))
            return
        self.say(f"wrote {path}, and preferred it; reload the plugins to use it")

    async def action_take(self) -> None:
        """A run, or the mean of a group, beside the scenario under Compare's cursor."""
        if self.ledger is None or self.account is None or not len(self.table.rows):
            return
        from carbontui.importers.entries import means_of

        at = self.table.cursor
        if self.each:
            rows, name = [int(self.order[at])], self.ledger.runs.names[int(self.order[at])]
        else:
            group = self.account.groups[self.order[at]].group if at < len(self.order) else None
            rows = self.ledger.rows(self.account.by, group)
            name = " ".join(group) if group else "all runs"
        made = means_of((self.ledger.entry(row) for row in rows), clean(name or "unnamed"))
        large = sorted(made, key=lambda one: -sum(figure.value for _, figure in one.given))[:MOST_TAKEN]
        left = f"; of {len(made):,} kinds the {MOST_TAKEN} with most runs" if len(made) > MOST_TAKEN else ""
        await self.into_compare("take from the ledger", large, more=left)
