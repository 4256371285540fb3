"""Rows of the sheet that a low window leaves out, because they say nothing of any scenario."""

from __future__ import annotations

from collections.abc import Sequence

from carbontui.text import display
from carbontui.tui.views.sheet_rows import RULE, Cell, Row
from carbontui_registry.text import count_of

# The least wanted first.
_SPARED = (
    *("trainable", "count", "params", "tokens", "chip_hours", "it_energy"),
    *("throughput", "compute", "period"),
)


def spared(rows: Sequence[Row], room: int, key: str) -> list[Row]:
    """The rows without those that are empty in every scenario, as many as it takes to fit; the rule above the results
    says how many are gone, and which `key` shows them."""
    excess = len(rows) - room
    empty = {row.key for row in rows if row.key in _SPARED and row.cells and all(_says_nothing(c) for c in row.cells)}
    gone = set([one for one in _SPARED if one in empty][: max(0, excess)])
    if not gone:
        return list(rows)
    kept = [row for row in rows if row.key not in gone]
    at = kept.index(RULE)
    hidden = f"{count_of(len(gone), 'empty row')} hidden: [{key}]"
    return [*kept[:at], RULE._replace(label=hidden), *kept[at + 1 :]]


def _says_nothing(cell: Cell) -> bool:
    return cell.text in ("", display.UNKNOWN)
