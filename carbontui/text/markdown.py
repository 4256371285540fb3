"""Text and tables of Markdown."""

from __future__ import annotations

import re

from carbontui.text.table import Column
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNS = re.compile(r"([\\`*_{}\[\]#|~])")


def escape(text: str) -> str:
    """The text as Markdown shows it unchanged: no emphasis, link, table or HTML comes from it."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SIGNS.sub(r"\\\1", text)


def table(columns: Sequence[Column]) -> list[str]:
    """The lines of a table, each column as wide as its longest cell."""
    cells = [[escape(text).strip() for text in (column.title, *column.cells)] for column in columns]
    widths = [max(3, *map(len, texts)) for texts in cells]

    def line(row: int) -> str:
        padded = [
            texts[row].rjust(width) if column.right else texts[row].ljust(width)
            for texts, width, column in zip(cells, widths, columns, strict=True)
        ]
        return f"| {' | '.join(padded)} |"

    rule = [
        "-" * (width - 1) + ":" if column.right else "-" * width for width, column in zip(widths, columns, strict=True)
    ]
    return [line(0), f"| {' | '.join(rule)} |", *(line(n) for n in range(1, len(cells[0]) if cells else 0))]


def paragraph(text: str) -> str:
    """The text as a paragraph: what a line may begin with to be a list or a rule is escaped too."""
    return re.sub(r"^(\d*)([-+.)=])", r"\1\\\2", escape(text).strip())
