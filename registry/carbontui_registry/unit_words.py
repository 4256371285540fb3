"""The names of units in words, and other ways to write CO2e: what they are in the spelling that is read here."""

from __future__ import annotations

import re

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


def co2e_of_mass(unit: str) -> str:
    """The unit of CO2e of a bare mass: `kgCO2e` for `kg`; "" for what is no mass."""
    mass = _MASSES.get(unit) or _MASSES.get(_singular(unit) if len(unit) > 1 else unit)
    return f"{mass}CO2e" if mass else ""


def in_units(unit: str) -> str:
    """The unit in our spelling, part by part; what is not known stays as it is."""
    unit = re.sub(r"\s*/\s*|\s+per\s+(?!cent)", "/", _CO2E.sub("CO2e", unit))
    return "/".join(_part(part) for part in unit.split("/"))


def _part(part: str) -> str:
    if found := re.fullmatch(r"([A-Za-z]+)[\s-]*(?:of\s+)?CO2e", part):
        return co2e_of_mass(found[1]) or part
    return WORDS.get(_singular(part), part)


def _singular(word: str) -> str:
    """In small letters, without the ending of the plural, a space for what joins its parts."""
    return re.sub(r"[\s-]+", " ", word.lower()).removesuffix("s")
