"""A budget of a year or a project held against a ledger: used, left, and what it comes to at this pace."""

from __future__ import annotations

import numpy as np

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.totals import Sum
from carbontui.quantities import METRICS
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from numpy.typing import NDArray


class Limit(Value):
    """An amount of a metric, in engine units, from one time to another (s since 1970 by the logs' clocks), for the runs
    whose columns say what `where` asks."""

    name: str
    metric: str
    most: float
    begin: float
    end: float
    where: tuple[tuple[str, str], ...] = ()


class Spent(Value):
    """What the runs of a budget used. `unknown` of them have no figure, `undated` runs no time, so that they are in no
    budget; `asked` runs fit its `where` at any time. `elapsed` is the part of the budget's time until the last run
    ended, `at_pace` what it comes to at its end.
    """

    limit: Limit
    runs: int
    unknown: int
    undated: int
    used: Sum | None
    elapsed: float
    at_pace: float | None
    asked: int

    @property
    def lacking(self) -> bool:
        """Whether it has runs and nothing is known of any of them, so that what was used is unknown and not 0."""
        return self.used is None and self.runs > 0

    @property
    def share(self) -> float:
        """Used over the limit, of the runs that are known."""
        return self.used.value / self.limit.most if self.used is not None else 0.0

    @property
    def left(self) -> float:
        """The limit without what was used; below 0 where it is exceeded."""
        return self.limit.most - (self.used.value if self.used is not None else 0.0)


def rows_of(ledger: Ledger, limit: Limit) -> NDArray[np.intp]:
    """The runs that a budget is for, of its time, by their numbers."""
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(_asked(ledger, limit) & (ledger.start >= limit.begin) & (ledger.start < limit.end))


def _asked(ledger: Ledger, limit: Limit) -> NDArray[np.bool_]:
    asked = np.ones(len(ledger.runs), dtype=bool)
    for by, text in limit.where:
        column = ledger.column(by)
        asked &= np.array([word == text for word in column.words], dtype=bool)[column.codes]
    return asked


def spent(ledger: Ledger, limit: Limit) -> Spent:
    """What the runs of a ledger used of a budget."""
    runs, key, start = ledger.runs, METRICS[limit.metric], ledger.start
    asked, rows = _asked(ledger, limit), rows_of(ledger, limit)
    values = ledger.values(key)[rows]
    used = ledger.sum(rows, key)
    ends = start[rows] + np.nan_to_num(runs.numbers("hours")[rows]) * 3600
    elapsed = min(1.0, (float(ends.max()) - limit.begin) / (limit.end - limit.begin)) if len(rows) else 0.0
    return Spent(
        limit,
        len(rows),
        int(np.isnan(values).sum()),
        int((asked & np.isnan(start)).sum()),
        used,
        elapsed,
        used.value / elapsed if used is not None and elapsed else None,
        int(asked.sum()),
    )
