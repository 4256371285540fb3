"""A cell of a sweep in words: its results, and what they follow from."""

from __future__ import annotations

from carbontui.engine.scenario import Filled
from carbontui.quantities import METRICS
from carbontui.text import display
from carbontui.text.inputs import how_of
from carbontui.text.status import spread_text
from carbontui_registry.text import count_of


def figures(one: Filled, objective: str) -> list[str]:
    """The objective with its range and mark, then the other results, each by itself."""
    parts = []
    key = METRICS[objective]
    for name in (key, *(k for k in ("gross_kgco2e", "duration_h", "energy_kwh") if k != key)):
        if (result := one.results.get(name)) is None:
            continue
        kind = display.kind_of(name)
        text = display.shown(result.value, kind)
        if name in ("gross_kgco2e", "net_kgco2e"):
            text += f" {name.partition('_')[0]}"
        if name == "net_kgco2e" and one.texts.get("net_basis") == "annual":
            text += " (annual claim)"
        if name == key and result.interval:
            text += f", {display.interval(*result.interval, kind)}"
        parts.append(text + display.mark_of(result))
    if (chips := one.value("chips")) is not None:
        parts.append(count_of(chips, "chip"))
    return parts


def inputs(one: Filled) -> list[str]:
    """Factor, PUE, power and throughput, each by itself with its mark and how an assumed one was found."""
    parts = []
    for name, kind, label in (
        ("gross", "factor", "factor"),
        ("pue", "pue", "PUE"),
        ("power", "power", "power"),
        ("throughput", "throughput", "throughput"),
    ):
        if (found := one.inputs.get(name)) is not None:
            how = f" ({how_of(found)}{spread_text(found.spread)})" if found.basis == "assumed" else ""
            period = f" in {one.texts['period']}" if name == "gross" and "period" in one.texts else ""
            parts.append(f"{label} {display.marked(found, kind)}{period}{how}")
    return parts
