"""Advice as rows and lines."""

from __future__ import annotations

from carbontui.engine.advice import START, Advice, Change
from carbontui.quantities import METRICS
from carbontui.text import best_start, display
from carbontui.text.advice import NOTHING, columns_of, notes_of, of_places, unknown_text, what
from carbontui.text.notes import notes_of as notes_of_scenario
from carbontui.text.record import Shown
from carbontui.text.table import fit
from carbontui.tui.views.columns import Column, TableRow
from carbontui.tui.views.waterfall import lines as lines_of
from carbontui.tui.views.waterfall import of_change
from carbontui_registry.catalogue import Catalogue


def table(advice: Advice, width: int) -> tuple[list[Column], list[TableRow]]:
    """The columns that fit, and a row a change; those that may not save are dimmed."""
    changes = [*advice.changes, *advice.doubtful]
    if not changes:
        return [Column("change", 0)], []
    shown = fit(columns_of(advice), width)
    columns = [Column(one.title, one.width if n else 0, right=one.right) for n, one in enumerate(shown)]
    return columns, [
        TableRow(tuple(one.cells[row] for one in shown), "" if change.sure else "off")
        for row, change in enumerate(changes)
    ]


def details(advice: Advice, change: Change | None, catalogue: Catalogue, width: int = 70) -> list[Shown]:
    """Why a change saves, step by step, what must be known about it, and why there are no others."""
    if not advice.known:
        return [Shown(unknown_text(advice, app=True), "warning")]
    lines: list[Shown] = []
    if change is not None:
        lines.append(Shown(what(change), "title"))
        lines += [Shown(text) for text in _steps(advice, change, catalogue, width)]
        if change.kind != START:
            lines += [Shown(note, "warning") for note in notes_of_scenario(change.filled)]
        lines.append(Shown(""))
    elif advice.impossible is None:
        lines.append(Shown(NOTHING, "title"))
    return lines + [Shown(note, "dim") for note in (*notes_of(advice), *of_places(advice))]


def _steps(advice: Advice, change: Change, catalogue: Catalogue, width: int) -> list[str]:
    if change.day is not None:
        return best_start.lines(advice.own, change.day)
    found = of_change(advice, change, catalogue)
    if found is None:
        before, after = advice.own.result(METRICS[advice.metric]), change.filled.result(METRICS[advice.metric])
        kind = display.kind_of(METRICS[advice.metric])
        return [f"{display.shown(before, kind)} → {display.shown(after, kind)}"]
    return lines_of(found, width)
