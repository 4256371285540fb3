"""A part of a scenario: the figures that come from it there, then all that is known of its record."""

from __future__ import annotations

from carbontui.engine.explanation import input_steps
from carbontui.engine.scenario import Filled
from carbontui.quantities import LABELS, QUANTITIES
from carbontui.text import display
from carbontui.text.explain import steps_text
from carbontui.text.record import show_text
from carbontui.text.status import input_line
from carbontui_registry.catalogue import Catalogue

# Of each part, the inputs that are looked up in it.
_FIGURES = {
    "model": ("compute", "params", "tokens", "throughput"),
    "hardware": ("power", "throughput", "price"),
    "region": ("gross", "net", "pue", "wue"),
}


def _of_period(one: Filled, key: str) -> str:
    """Which period a region's PUE is of, and what its record has for those without one, where that is another."""
    found, period = one.inputs[key], one.texts.get("period")
    if key != "pue" or one.region is None or found.way.kind != "region":
        return ""
    own = one.region.record.pue
    if not any(factor.period == period and factor.pue is not None for factor in one.region.record.factors):
        return ""
    other = f" (periods without one: {display.shown(own.value, 'pue')})" if own and own.value != found.value else ""
    return f" in {period}{other}"


def part_text(one: Filled, part: str, catalogue: Catalogue) -> str:
    """What a scenario takes from its model, hardware or region, which it has, and the record."""
    used = []
    for key in _FIGURES[part]:
        if (found := one.inputs.get(key)) is not None:
            value = f"{display.shown(found.value, QUANTITIES[key].kind)}{_of_period(one, key)}"
            used.append(f"{LABELS[key]}: {value} · {input_line(found)}")
            used += (f"  {line}" for line in steps_text(input_steps(key, found)))
    record = show_text(getattr(one, part), catalogue)
    return "\n".join([f"In {one.name}:", *(f"  {line}" for line in used), "", record]) if used else record
