"""A comparison as a table of text."""

from __future__ import annotations

from carbontui.text.table import comparison_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.engine.comparison import Comparison
    from carbontui_registry.catalogue import Catalogue


def write(
    comparison: Comparison,
    _catalogue: Catalogue,
    *,
    width: int | None = None,
    colour: bool = False,
    lifetime: bool = False,
    rates: bool = False,
    **_: Any,
) -> str:
    """The comparison as a table in `width` columns, if there is one; below it what is outside training, and rates."""
    parts = [comparison_table(comparison, width=width, colour=colour)]
    if lifetime or rates:
        from carbontui.text.lifetime import lifetime_table, rates_table

        parts += [lifetime_table(comparison.scenarios, width)] if lifetime else []
        parts += [rates_table(comparison.scenarios, width)] if rates else []
    return "\n".join(parts)
