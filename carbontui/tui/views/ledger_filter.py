"""What the filter of the ledger lets through: which runs, and what they come to."""

from __future__ import annotations

import numpy as np

from carbontui.engine.ledger.account import BY, Ledger
from carbontui.engine.ledger.report import Report
from carbontui.quantities import LABELS, METRICS, RESULTS
from carbontui.text import display
from carbontui_registry.text import clean, count_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def texts_of(ledger: Ledger) -> list[str]:
    """What the words of the filter are looked for in, of each run."""
    parts = []
    for by in BY:
        column = ledger.column(by)
        words = _with_names(column.words, ledger.names(by))
        parts.append([words[code] for code in column.codes.tolist()])
    return [" ".join(texts).lower() for texts in zip(ledger.runs.names, *parts, strict=True)]


def _with_names(words: Sequence[str], names: dict[str, str]) -> list[str]:
    """The words, ids among them with the names that are shown for them."""
    return [f"{word} {names[word]}" if word in names else word for word in words]


def runs_with(texts: Sequence[str], words: Sequence[str]) -> NDArray[np.intp]:
    """The numbers of the runs that have every word."""
    return np.array([n for n, text in enumerate(texts) if all(word in text for word in words)], dtype=np.intp)


def runs_of_groups(report: Report, words: Sequence[str]) -> NDArray[np.intp]:
    """The numbers of the runs of those groups whose names have every word."""
    names = [report.ledger.names(by) for by in report.account.by]

    def text(group: Sequence[str]) -> str:
        parts = (_with_names([word], called) for word, called in zip(group, names, strict=True))
        return " ".join(word for (word,) in parts).lower()

    found = [
        rows for group, rows in report.ledger.groups(report.account.by) if all(word in text(group) for word in words)
    ]
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.intp)


def of_runs(report: Report, rows: NDArray[np.intp]) -> Report:
    """The report with the account of some runs alone; budgets and meters stay those of all."""
    account = report.account
    some = report.ledger.account(account.by, account.metric, len(account.largest), rows)
    return report.replace(account=some, rows=rows)


def filter_line(whole: Report, shown: Report, query: str) -> str:
    """What the runs that are shown come to, and how much of all that is."""
    account, key = shown.account, METRICS[whole.account.metric]
    line = f"filter {clean(query.strip())!r}: total of {account.total.runs:,} of {count_of(account.everything, 'run')}"
    some, every = account.total.sums.get(key), whole.account.total.sums.get(key)
    if some is not None and every is not None:
        kind = RESULTS[key].kind
        unit = display.unit_for([every.value], kind)
        part = f" ({display.shown(some.value / every.value, 'share')})" if every.value else ""
        line += f", {display.shown(some.value, kind, unit)} of {display.shown(every.value, kind, unit)}"
        line += f" {LABELS[key]}{part}"
    return line + ("; budgets and meters are of all runs" if whole.budgets or whole.measured else "")
