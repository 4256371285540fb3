"""A comparison as Markdown: a table with aligned columns, what one should know, and the sources."""

from __future__ import annotations

import re

from carbontui.engine.comparison import Comparison
from carbontui.engine.sources import sources_of
from carbontui.formats.citation import tool
from carbontui.text.markdown import escape, paragraph, table
from carbontui.text.records import source_line
from carbontui.text.table import comparison_columns, comparison_notes
from carbontui_registry.figures import Source
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui_registry.catalogue import Catalogue


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
    parts.append(f"Made with {source_text(tool())}; please cite it.\n")
    return "\n".join(parts)


def source_text(source: Source) -> str:
    """The source with its link as one that can be followed."""
    url = clean(source.url or "")
    text = escape(source_line(source.replace(url=None)))
    if not re.fullmatch(r"https?://[^\s<>|\\]+", url):
        return text + (f", {escape(url)}" if url else "")
    return f"{text}, <{url}>"


def write(comparison: Comparison, _catalogue: Catalogue, **_: Any) -> str:
    """The comparison in this format."""
    return to_markdown(comparison)
