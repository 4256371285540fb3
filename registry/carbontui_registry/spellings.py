"""Figures as other people's tables write them, as packs and records do."""

from __future__ import annotations

import re

from carbontui_registry import units
from carbontui_registry.unit_errors import unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"\s*([0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE][+-]?[0-9]+)?)\s*(.*?)\s*\Z", re.DOTALL)
# Names that can mean one thing only, in the singular and small letters; a space stands for a hyphen too.
WORDS: dict[str, str] = {
    **{"watt": "W", "kilowatt": "kW", "megawatt": "MW"},
    **{"watt hour": "Wh", "kilowatt hour": "kWh", "megawatt hour": "MWh", "gigawatt hour": "GWh"},
    **{"watthour": "Wh", "kilowatthour": "kWh", "megawatthour": "MWh", "gigawatthour": "GWh"},
    **{"megabyte": "MB", "gigabyte": "GB", "terabyte": "TB"},
    **{"mebibyte": "MiB", "gibibyte": "GiB", "tebibyte": "TiB"},
    **{"us dollar": "USD", "liter": "L", "litre": "L", "percent": "%", "per cent": "%"},
}
# What is weighed, however its name is written; CO2 alone is something else.
_CO2E = re.compile(r"co2[\s-]?(?:e|eq|eqv|equivalent|equiv)s?(?![a-z])", re.IGNORECASE)
_MASSES = {"g": "g", "gram": "g", "kg": "kg", "kilogram": "kg", "t": "t", "tonne": "t", "lb": "lb", "pound": "lb"}


def quantity(text: str, kind: str, also: Mapping[str, str] | None = None) -> str:
    """A figure in the spelling of packs and records: `quantity("350 Watt", "power")` is `"350 W"`.

    `kind` says what it is: power, duration, energy, co2e, factor, compute, throughput, op_rate, water,
    water_per_energy, cost, price, memory, share, pue or number. `also` has further names of units, such as
    `{"Watt TDP": "W"}`; they are taken as they stand. The digits stay those of the source. What can mean two things
    (`350 mW`, `1,5 W`, `312 TFLOPS`, `25 gCO2/kWh`) is refused here as everywhere. Raises `UnitError`, a `ValueError`,
    and `KeyError` for a kind that does not exist.
    """
    goal = units.KINDS[kind]
    found = _NUMBER.match(text)
    if found is None:
        raise unreadable(text, goal)
    number, unit = found.groups()
    unit = (also or {}).get(unit, unit)
    written = f"{number} {_known(unit)}".strip()
    try:
        units.parse(written, kind)
    except units.UnitError:
        # What is said is about what stands in the source.
        units.parse(text, kind)
        raise
    return written


def _known(unit: str) -> str:
    """The unit in our spelling, part by part; what is not known stays as it is."""
    unit = re.sub(r"\s*/\s*|\s+per\s+(?!cent)", "/", _CO2E.sub("CO2e", unit))
    return "/".join(_part(part) for part in unit.split("/"))


def _part(part: str) -> str:
    if found := re.fullmatch(r"([A-Za-z]+)[\s-]*(?:of\s+)?CO2e", part):
        mass = _MASSES.get(found[1]) or _MASSES.get(_singular(found[1]))
        return f"{mass}CO2e" if mass else part
    return WORDS.get(_singular(part), part)


def _singular(word: str) -> str:
    """In small letters, without the ending of the plural, a space for what joins its parts."""
    return re.sub(r"[\s-]+", " ", word.lower()).removesuffix("s")
