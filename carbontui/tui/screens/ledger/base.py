"""What every part of the ledger knows: the account that is shown, and the runs of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.worker import Worker, WorkerState

from carbontui.text.ledger_names import SLURM
from carbontui.tui.screens.parts import WithDetails, WithFilter
from carbontui.tui.widgets.table import Table
from carbontui_registry.errors import CarbontuiError
from carbontui_registry.text import clean, count_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray
    from textual.geometry import Size

    from carbontui.engine.ledger.account import Account, Ledger
    from carbontui.engine.ledger.limit import Limit
    from carbontui.engine.ledger.report import Report
    from carbontui.tui.widgets.picker import Picker
    from carbontui.tui.workspace import Logs
    from carbontui_registry.catalogue import Catalogue


# Columns beside those of rows.
MARGINS = 4


class LedgerPart(WithDetails, WithFilter):
    """The account, how it is looked at, and what works at it beside what is drawn."""

    TAB: ClassVar[str] = "ledger"

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        # Of all runs, and of those that the filter lets through.
        self.report: Report | None = None
        self.shown: Report | None = None
        self.limits: tuple[Limit, ...] = ()
        self.by, self.metric, self.sorted_by = "month", "gross", "name"
        self.each = False
        # What the rows in the table are: every run or groups, each by its number.
        self.lists_runs = False
        self.order: list[int] | NDArray[np.intp] = []
        # The catalogue by which the runs were priced, and what the filter looks for words in, made when it is used.
        self.catalogue: Catalogue | None = None
        self.words: list[str] | None = None
        # Threads by what they do, each with what is done with what it made.
        self._workers: dict[str, tuple[Worker[Any], Callable[[Any], Any]]] = {}

    @property
    def ledger(self) -> Ledger | None:
        """The runs, None where no log is open."""
        return self.report.ledger if self.report is not None else None

    @property
    def account(self) -> Account | None:
        """What those that are shown add up to."""
        return self.shown.account if self.shown is not None else None

    @property
    def logs(self) -> Logs:
        """The logs that are open."""
        return self.carbon.workspace.logs

    @property
    def table(self) -> Table:
        """The table."""
        return self.query_one(Table)

    @property
    def room(self) -> int:
        """The columns that rows have."""
        return self.size.width - MARGINS

    @property
    def foremost(self) -> dict[str, str]:
        """The key that describes the cluster, as long as runs are unknown because nobody has."""
        from carbontui.text.ledger_covered import missing

        if self.placeless():
            return {"ledger.cluster": "where jobs ran"}
        return {"ledger.cluster": "what is missing"} if self.account is not None and missing(self.account) else {}

    def placeless(self) -> str:
        """What makes runs known that have no region, where a cluster file can say where they ran; else ""."""
        account = self.account
        if account is None or account.metric == "energy" or SLURM not in account.lacks.placeless_tools:
            return ""
        some = account.lacks.placeless
        runs = f"{count_of(some, 'run')} {'has' if some == 1 else 'have'} no region"
        return f"{runs}: [{self.pressed('ledger.cluster')}] says where the jobs ran"

    def said_of_total(self) -> list[str]:
        """Of which runs the total is, where that is not all, and what makes the others known."""
        from carbontui.text.ledger_covered import incomplete, missing

        account = self.account
        if account is None or not account.total.unknown:
            return []
        if placeless := self.placeless():
            return [placeless]
        lacks = missing(account)
        adds = f"[{self.pressed('ledger.cluster')}] adds what is missing: {', '.join(lacks)}"
        return [incomplete(account), *([adds] if lacks else [])]

    def show(self, size: Size | None = None) -> None:
        """What was found, in its order."""
        raise NotImplementedError

    def action_runs(self) -> None:
        """Every run, or the groups."""
        raise NotImplementedError

    def count(self, note: str = "") -> None:
        """Another account of the same runs, worked out beside what is drawn; `note` is said once it is there."""
        raise NotImplementedError

    def where(self, title: str, current: str = "") -> Picker:
        """A picker of regions with the carbon factors that runs have there by the ledger's accounting; the cursor is on
        the `current` one."""
        from carbontui.engine.scenario import Scenario
        from carbontui.engine.solver import fill
        from carbontui.tui import recent
        from carbontui.tui.views.choices import recent_first
        from carbontui.tui.views.own import registered
        from carbontui.tui.views.there import listed
        from carbontui.tui.widgets.picker import Picker

        app = self.carbon
        offered = recent_first(app.choices("region"), recent.latest("region"))
        accounting = self.report.ledger.accounting if self.report is not None else "lifecycle"
        columns = listed("region", fill(Scenario(), app.catalogue, accounting), app.catalogue, accounting)
        return Picker(
            "region",
            title,
            offered,
            current or None,
            search=lambda query: registered("region", offered, query, app.catalogue),
            listed=columns,
        )

    def work(self, what: str, make: Callable[[], Any], done: Callable[[Any], Any], name: str = "") -> None:
        """Make something in a thread, the latest of its kind alone; `done` is called with it."""
        worker = self.run_worker(make, thread=True, exclusive=True, group=what, exit_on_error=False, name=name)
        self._workers[what] = (worker, done)

    def works(self, what: str) -> Worker[Any] | None:
        """The thread that does this, None where none does."""
        return self._workers[what][0] if what in self._workers else None

    @property
    def busy(self) -> bool:
        """Whether anything is made."""
        return bool(self._workers)

    async def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Take what was made, or say why it cannot be."""
        found = next((what for what, (worker, _) in self._workers.items() if worker is event.worker), None)
        if found is None or event.state not in (WorkerState.ERROR, WorkerState.SUCCESS):
            return
        _, done = self._workers.pop(found)
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            if not isinstance(error, CarbontuiError):
                assert error is not None
                raise error
            self.say(clean(str(error)), error=True)
        elif (awaited := done(event.worker.result)) is not None:
            await awaited
