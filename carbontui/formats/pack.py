"""A record as a pack of its own."""

from __future__ import annotations

from carbontui.formats.structured import to_toml
from carbontui_registry.catalogue import Registered
from carbontui_registry.serialise import dump
from carbontui_registry.vocabulary import INTEGERS, PRECISIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Units that a pack's figures are written in, by field: those of the engine, so that no digit is lost.
_PACK_UNITS = {
    **dict.fromkeys(("tdp", "mean", "idle", "power", "node_power"), "W"),
    **dict.fromkeys((*PRECISIONS, "throughput"), "FLOP/s"),
    **dict.fromkeys(INTEGERS, "OP/s"),
    **dict.fromkeys(("embodied", "gross_co2e", "net_co2e"), "kgCO2e"),
    **dict.fromkeys(("gross", "net", "gross_factor", "net_factor"), "gCO2e/kWh"),
    **dict.fromkeys(("energy", "energy_per_query"), "kWh"),
    **dict.fromkeys(("duration", "chip_hours"), "h"),
    "memory": "GiB",
    "compute": "FLOP",
    "water": "L/kWh",
    "price": "USD/h",
}


def pack_text(found: Registered) -> str:
    """The record as a pack of its own, in TOML: what `load_pack` reads back as the same record."""
    data = dump(found.record)
    source = data.pop("source")
    fields = {field: _in_pack(value, field) for field, value in data.items()}
    return to_toml({"pack": 1, "source": source, found.kind: [fields]})


def _in_pack(value: Any, field: str) -> Any:
    if isinstance(value, list):
        return [_in_pack(item, "") for item in value]
    if not isinstance(value, dict) or field in ("source", "hourly"):
        return value
    if "value" not in value:
        return {key: _in_pack(inner, key) for key, inner in value.items()}
    number, unit = value["value"], _PACK_UNITS.get(field)
    if unit is None:
        plain: Any = int(number) if number == int(number) and field not in ("pue", "cfe") else number
    else:
        plain = f"{int(number) if number == int(number) and number < 1e15 else number} {unit}"
    if set(value) == {"value", "basis"} and value["basis"] == "published":
        return plain
    return {**value, "value": plain}
