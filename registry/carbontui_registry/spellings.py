"""Figures as other people's tables write them, as packs and records do."""

from __future__ import annotations

import re

from carbontui_registry import units
from carbontui_registry.unit_errors import unreadable
from carbontui_registry.unit_words import in_units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"\s*([0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE][+-]?[0-9]+)?)\s*(.*?)\s*\Z", re.DOTALL)


def quantity(text: str, kind: str, also: Mapping[str, str] | None = None) -> str:
    """A figure in the spelling of packs and records: `quantity("350 Watt", "power")` is `"350 W"`.

    `kind` says what it is: power, duration, energy, co2e, factor, compute, throughput, op_rate, water,
    water_per_energy, cost, price, memory, share, pue or number. `also` has further names of units, such as
    `{"Watt TDP": "W"}`; these are used as given. The digits stay as in the source. Ambiguous input
    (`350 mW`, `1,5 W`, `312 TFLOPS`, `25 gCO2/kWh`) is refused here as everywhere. Raises `UnitError`, a `ValueError`,
    and `KeyError` for a kind that does not exist.
    """
    goal = units.KINDS[kind]
    found = _NUMBER.match(text)
    if found is None:
        raise unreadable(text, goal)
    number, unit = found.groups()
    unit = (also or {}).get(unit, unit)
    written = f"{number} {in_units(unit)}".strip()
    try:
        units.parse(written, kind)
    except units.UnitError:
        # What is said is about what stands in the source.
        units.parse(text, kind)
        raise
    return written
