"""A comparison as Markdown: a table with aligned columns, what one should know, and the sources."""

from __future__ import annotations

import re

from carbontui.comparison import Comparison
from carbontui.exchange.citation import tool
from carbontui.exchange.document import sources_of
from carbontui.exchange.table import Column, comparison_columns, comparison_notes
from carbontui.records import source_line
from carbontui_registry.records import Source
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNS = re.compile(r"([\\`*_{}\[\]#|~])")


def escape(text: str) -> str:
    """The text as Markdown shows it unchanged: no emphasis, link, table or HTML comes from it."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SIGNS.sub(r"\\\1", text)


def to_markdown(comparison: Comparison) -> str:
    """The comparison as Markdown."""
    title = clean(comparison.question.title).strip()
    parts = [f"# {escape(title)}\n"] if title else []
    if note := clean(comparison.question.note).strip():
        parts.append(paragraph(note) + "\n")
    if not comparison.scenarios:
        return "\n".join([*parts, "no scenarios\n"])
    columns = [column for column in comparison_columns(comparison) if any(column.cells)]
    parts.append("\n".join(table(columns)) + "\n")
    marked = any(text.strip().endswith("~") for column in columns for text in column.cells)
    notes = comparison_notes(comparison, marked=marked)
    notes += [f"{one.name}: {one.scenario.note}" for one in comparison.scenarios if one.scenario.note]
    if notes:
        parts.append("\n".join(f"- {escape(text)}" for text in notes) + "\n")
    lines = [f"- {source_text(source)}" for source in sources_of(comparison).by_source]
    parts.append("\n".join(["Sources:", "", *lines]) + "\n")
    parts.append(f"Made with {source_text(tool())}; cite it as such.\n")
    return "\n".join(parts)


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


def source_text(source: Source) -> str:
    """The source with its link as one that can be followed."""
    url = clean(source.url or "")
    text = escape(source_line(source.replace(url=None)))
    if not re.fullmatch(r"https?://[^\s<>|\\]+", url):
        return text + (f", {escape(url)}" if url else "")
    return f"{text}, <{url}>"
