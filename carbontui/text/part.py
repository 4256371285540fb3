"""A part of a scenario: the figures that come from it there, then all that is known of its record."""

from __future__ import annotations

from carbontui.engine.scenario import Filled
from carbontui.quantities import LABELS, QUANTITIES
from carbontui.text import display
from carbontui.text.record import show_text
from carbontui.text.status import input_line
from carbontui_registry.catalogue import Catalogue

# Of each part, the inputs that are looked up in it.
_FIGURES = {
    "model": ("compute", "params", "tokens", "throughput"),
    "hardware": ("power", "throughput", "price"),
    "region": ("gross", "net", "pue", "wue"),
}


def part_text(one: Filled, part: str, catalogue: Catalogue) -> str:
    """What a scenario takes from its model, hardware or region, which it has, and the record."""
    used = [
        f"{LABELS[key]}: {display.shown(found.value, QUANTITIES[key].kind)} · {input_line(found)}"
        for key in _FIGURES[part]
        if (found := one.inputs.get(key)) is not None
    ]
    record = show_text(getattr(one, part), catalogue)
    return "\n".join([f"In {one.name}:", *(f"  {line}" for line in used), "", record]) if used else record
