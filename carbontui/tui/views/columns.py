"""Tables as data: columns, and rows with a mark that says how they are meant."""

from __future__ import annotations

from carbontui_registry.values import Value


class TableRow(Value):
    """A line of a table: its cells, and how it is meant: "", "off" or "alert"."""

    cells: tuple[str, ...]
    mark: str = ""


class Column(Value):
    """Title and width of a column; of width 0 takes what the others leave."""

    title: str
    width: int
    right: bool = False
