"""A comparison as JSON."""

from __future__ import annotations

from carbontui.formats.document import dump
from carbontui.formats.structured import to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.engine.comparison import Comparison
    from carbontui_registry.catalogue import Catalogue


def write(
    comparison: Comparison, catalogue: Catalogue, *, lifetime: bool = False, rates: bool = False, **_: Any
) -> str:
    """The comparison with every figure in full."""
    return to_json(dump(comparison, catalogue, lifetime=lifetime, rates=rates))
