"""Quantities as people type them: read where they can mean one thing only, else refused with both readings."""

from __future__ import annotations

import re

from carbontui.engine.scenario import ScenarioError
from carbontui.quantities import QUANTITIES, wrong_quantity
from carbontui_registry import units
from carbontui_registry.figures import Figure

# `7B` parameters, `1.7M` chip-hours.
_SHORT = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)\s*(k|K|M|B|T|bn|thousand|million|billion|trillion)\Z")
_SIZES = {"k": 1e3, "K": 1e3, "thousand": 1e3, "M": 1e6, "million": 1e6, "B": 1e9, "bn": 1e9, "billion": 1e9}
_SIZES |= {"T": 1e12, "trillion": 1e12}
# Thousands to one reader, decimals to another.
_EITHER = re.compile(r"[0-9]{1,3}[.,][0-9]{3}\Z")
_BARE = re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?\Z")


def quantity(key: str, text: str) -> Figure:
    """What was typed for a quantity, entered, in the engine's unit. Raises `ScenarioError`."""
    kind = QUANTITIES[key].kind
    typed = text.strip()
    if kind == "number" and _EITHER.match(typed):
        raise _two_readings(key, text, typed[:-4] + typed[-3:], f"{typed[:-4]}.{typed[-3:]}")
    if (kind == "number" or key == "chip_hours") and (short := _SHORT.match(typed)):
        value = float(short[1].replace("_", "")) * _SIZES[short[2]]
    elif key == "chip_hours" and _BARE.match(typed):
        value = float(typed.replace("_", ""))
    elif kind == "share" and _BARE.match(typed):
        value = float(typed.replace("_", ""))
        if value >= 1:
            raise _two_readings(key, text, f"{typed} %", f"{typed}00 %" if "." not in typed else f"{value * 100:g} %")
    else:
        try:
            value = units.parse(typed, kind)
        except units.UnitError as error:
            raise ScenarioError(str(error), where=key) from None
    if wrong := wrong_quantity(key, value):
        raise ScenarioError(wrong, where=key, given=text)
    return Figure(value, "entered")


def _two_readings(key: str, text: str, one: str, other: str) -> ScenarioError:
    said = f"can be read as {one} or as {other}"
    return ScenarioError(said, where=key, given=text, expected="write the one you mean")
