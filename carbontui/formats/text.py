"""A comparison as a table of text."""

from __future__ import annotations

from carbontui.text.table import comparison_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.engine.comparison import Comparison
    from carbontui_registry.catalogue import Catalogue


def write(
    comparison: Comparison, _catalogue: Catalogue, *, width: int | None = None, colour: bool = False, **_: Any
) -> str:
    """The comparison as a table in `width` columns, if there is a width."""
    return comparison_table(comparison, width=width, colour=colour)
