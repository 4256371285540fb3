"""The formats in which a comparison can leave, by name."""

from __future__ import annotations

from carbontui.comparison import Comparison
from carbontui_registry.catalogue import Catalogue

# Name -> end of the file's name, and what it is good for.
FORMATS = {
    "table": ("txt", "text as in a terminal"),
    "json": ("json", "every figure in full, for programs"),
    "toml": ("toml", "every figure in full, for people; opens again"),
}


def write_format(name: str, comparison: Comparison, catalogue: Catalogue, *, width: int | None, colour: bool) -> str:
    """The comparison in the format; `width` and `colour` are for the table only."""
    if name == "table":
        from carbontui.exchange.table import comparison_table

        return comparison_table(comparison, width=width, colour=colour)
    from carbontui.exchange.document import dump
    from carbontui.exchange.structured import to_json, to_toml

    document = dump(comparison, catalogue)
    return to_json(document) if name == "json" else to_toml(document)
