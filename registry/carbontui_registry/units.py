"""Text with a unit to a number in the engine's unit: exact, closed, and quick after the first of a spelling.

A *kind* is what a figure can be (a power, a duration, ...), a *spelling* is a unit as text, a *factor* takes
a spelling to the engine's unit of a kind. A figure is split into number and spelling here; only a spelling
made of names from a closed list ever reaches pint, and each only once. Factors are kept, can be handed out
(`resolved`) and put back (`remember`), so that a later start needs no pint at all.
"""

from __future__ import annotations

import os
import re
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    import pint

__all__ = [
    "ENGINE_UNIT",
    "KINDS",
    "Kind",
    "UnitError",
    "from_pint",
    "parse",
    "remember",
    "resolve_all",
    "resolved",
    "suffix",
]


class UnitError(ValueError):
    """A figure that cannot be read, in one sentence: what was given, what is wrong, what would be right."""


class Kind:
    """What a figure can be: its engine unit, the end of its key names, and how people speak of it."""

    __slots__ = ("example", "name", "noun", "suffix", "unit", "units")

    def __init__(self, name: str, noun: str, unit: str, suffix: str, example: str, units: str = "") -> None:
        self.name = name
        self.noun = noun
        self.unit = unit  # of the engine; "" for a share (kept as a fraction), a PUE and a plain number
        self.suffix = suffix
        self.example = example
        self.units = tuple(units.split())  # the single names that a person may write

    def __repr__(self) -> str:
        return f"Kind({self.name!r})"


_TIMES = "s sec secs second seconds min mins minute minutes h hr hrs hour hours d day days yr yrs year years"
_FLOPS = "FLOP kFLOP MFLOP GFLOP TFLOP PFLOP EFLOP"

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("power", "a power", "W", "_w", "300 W", "W kW MW"),
        Kind("duration", "a duration", "h", "_h", "14.8 d", _TIMES),
        Kind("energy", "an energy", "kWh", "_kwh", "1287 MWh", "Wh kWh MWh GWh TWh"),
        Kind("co2e", "an amount of CO2e", "kgCO2e", "_kgco2e", "552 tCO2e", "gCO2e kgCO2e tCO2e lbCO2e"),
        Kind("factor", "a carbon factor", "gCO2e/kWh", "_gco2e_per_kwh", "429 gCO2e/kWh"),
        Kind("compute", "an amount of compute", "FLOP", "_flop", "3.14e23 FLOP", _FLOPS),
        Kind("throughput", "a throughput", "FLOP/s", "_flop_per_s", "312 TFLOP/s"),
        Kind("water", "an amount of water", "L", "_l", "1200 L", "L m3"),
        Kind("water_per_energy", "water per energy", "L/kWh", "_l_per_kwh", "1.8 L/kWh"),
        Kind("cost", "a cost", "USD", "_usd", "1200 USD", "USD"),
        Kind("price", "a price", "USD/h", "_usd_per_h", "2.5 USD/h"),
        Kind("memory", "an amount of memory", "GiB", "_gib", "80 GiB", "MB MiB GB GiB TB TiB"),
        Kind("share", "a share", "", "", "5 %", "%"),
        Kind("pue", "a PUE", "", "", "1.1"),
        Kind("number", "a plain number", "", "", "7e9"),
    )
}
ENGINE_UNIT: dict[str, str] = {kind.name: kind.unit for kind in KINDS.values()}

_PLAIN = ("pue", "number")
_LONGEST = 64
_GAP = "[ \u00a0\u202f]"  # no-break spaces come with what is pasted from datasheets
_KIND_OF = {name: kind.name for kind in KINDS.values() for name in kind.units}
_BY_LOWER = {name.lower(): name for name in _KIND_OF}

# (spelling, kind) -> factor: as text, for the cache, and once in use as a ratio of integers.
_factors: dict[tuple[str, str], str] = {}
_ratios: dict[tuple[str, str], tuple[int, int]] = {}


def suffix(kind: str) -> str:
    """The end of key names for a kind, `_w` or `_gco2e_per_kwh`; empty where the engine has no unit."""
    return KINDS[kind].suffix


def parse(text: str, kind: str) -> float:
    """The value of `text` in the engine's unit of `kind` (`KINDS[kind].unit`; a share as a fraction).

    The decimal number is taken exactly and rounded once, to the nearest float.
    Raises UnitError for all that is not a finite figure of this kind, zero or more (a PUE: at least 1),
    KeyError for a kind that does not exist.
    """
    match = _figure()(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        raise UnitError(_what_is_wrong(text, KINDS[kind]))
    whole, fraction, exponent, spelling = match.groups()
    ratio = _ratios.get((spelling, kind))
    if ratio is None:
        number = match[0][: match.start(4)].strip()
        ratio = _ratio(_quoted(text), number, spelling, KINDS[kind])
    digits = int(whole)
    shift = 0
    if fraction is not None:
        digits = int(whole + fraction)
        shift = fraction.count("_") - len(fraction)
    if exponent is not None:
        shift += int(exponent)
    # Integers all the way: Python rounds the quotient of two integers correctly, however long they are.
    if shift < 0:
        value: float = digits * ratio[0] / (ratio[1] * 10**-shift)
    else:
        value = digits * ratio[0] * 10**shift / ratio[1]
    if kind == "pue" and value < 1:
        raise UnitError(_below_one(_quoted(text)))
    return value


def from_pint(quantity: Any, kind: str) -> float:
    """The value of a pint quantity, of whatever registry, in the engine's unit of `kind`.

    A float counts as the decimal number that Python shows for it. Units are read by their names, and what
    these mean is for our list to say, not for the registry that they come from.
    Raises UnitError where `parse` would and for units outside our list, KeyError for an unknown kind.
    """
    goal = KINDS[kind]
    units = quantity.units
    try:
        named = format(units, "D")  # pint's long names, whatever format its owner prefers
    except (TypeError, ValueError):
        named = str(units)
    try:
        number = f"{quantity.magnitude!s:.40}"
    except ValueError:  # Python writes no integer of more than 4,300 digits
        number = "…"
    shown = _quoted(number if named == "dimensionless" else f"{number} {named}")
    try:
        above, below = _exact(quantity.magnitude)
    except TypeError:
        raise UnitError(f"{shown} is not one plain number; {_written(goal)}") from None
    except ValueError:
        raise UnitError(f"{shown} is not a finite number; leave out what is unknown") from None
    except OverflowError:
        raise UnitError(f"{shown} has too large an exponent, at most two digits can be read") from None
    if above < 0:
        raise UnitError(f"{shown} is negative; {goal.noun} is never below zero")
    spelling = ""
    if named != "dimensionless":
        spelling = "".join(_long_names().get(part, part) for part in re.split(" ([/*]) ", named))
        if len(spelling) > _LONGEST:
            raise UnitError(f"{shown} has no unit that is known here; {_written(goal)}")
    ratio = _ratio(shown, number, spelling, goal)
    try:
        value = above * ratio[0] / (below * ratio[1])
    except OverflowError:
        raise UnitError(f"{shown} is too large a number") from None
    if kind == "pue" and value < 1:
        raise UnitError(_below_one(shown))
    return value


def _exact(magnitude: Any) -> tuple[int, int]:
    """A number as a ratio; TypeError if it is none, ValueError if not finite, OverflowError if too long."""
    from decimal import Decimal
    from fractions import Fraction
    from numbers import Rational, Real

    if isinstance(magnitude, bool):
        raise TypeError
    if isinstance(magnitude, Rational):
        return int(magnitude.numerator), int(magnitude.denominator)
    if isinstance(magnitude, Decimal):
        # As a ratio, a decimal of exponent 999999999 would fill the memory.
        if not magnitude.is_finite():
            raise ValueError
        if magnitude and abs(magnitude.adjusted()) > 99:
            raise OverflowError
        return Fraction(magnitude or 0).as_integer_ratio()
    if isinstance(magnitude, Real):
        return Fraction(repr(float(magnitude))).as_integer_ratio()
    raise TypeError


def resolved() -> dict[tuple[str, str], str]:
    """All factors known so far, by (spelling, kind): a decimal number, or `1/` and one (`1/3600`)."""
    return dict(_factors)


def remember(table: Mapping[tuple[str, str], str]) -> None:
    """Put back what `resolved` gave.

    Nothing is read before it is used (every start calls this); for a damaged factor pint is asked again.
    """
    _factors.update(table)


def resolve_all() -> dict[tuple[str, str], str]:
    """Ask pint for every single name and for the usual compounds, and return what `resolved` does."""
    for spelling, kind in _usual():
        _ratio(_quoted(spelling), "", spelling, KINDS[kind])
    return resolved()


def _usual() -> list[tuple[str, str]]:
    usual = list(_KIND_OF.items())
    for energy in KINDS["energy"].units:
        usual += [(f"{co2e}/{energy}", "factor") for co2e in KINDS["co2e"].units]
    for flop in KINDS["compute"].units:
        usual.append((f"{flop}/s", "throughput"))
        usual += [(f"{flop}/s*{time}", "compute") for time in ("s", "h", "d", "yr")]
    usual += [(f"{power}*{time}", "energy") for power in KINDS["power"].units for time in ("h", "d", "yr")]
    return usual


@cache
def _figure() -> Callable[[str], re.Match[str] | None]:
    # Compiled when first needed: most starts read no figure at all.
    digits = "[0-9](?:_?[0-9]){0,17}"
    # Atomic, so that 1e999 is neither 1e99 and a unit 9 nor 1 and a unit e999.
    number = rf"(?>({digits})(?:\.({digits}))?(?:[eE]([+-]?[0-9]{{1,2}}))?)"
    return re.compile(rf"{number}{_GAP}*((?:[A-Za-z%](?:[A-Za-z0-9₂%/*-]|{_GAP})*)?)").fullmatch


def _canonical(spelling: str) -> str:
    """One way to write what people write in several: CO2-eq and CO₂e, `per`, spaces around / and *."""
    spelling = re.sub(f"{_GAP}+", " ", spelling.replace("₂", "2"))
    spelling = re.sub(r"CO2-?eq?(?![A-Za-z0-9-])", "CO2e", spelling)
    spelling = re.sub(r" ?([/*]) ?", r"\1", spelling.replace(" per ", "/"))
    return re.sub(r"\b(k?g|t|lb) CO2", r"\1CO2", spelling)


def _ratio(shown: str, number: str, spelling: str, goal: Kind) -> tuple[int, int]:
    if goal.name in _PLAIN:
        if spelling:
            raise UnitError(f"{shown} has a unit; {goal.noun} is written without one, like '{goal.example}'")
        return 1, 1
    if not spelling:
        right = f"{number} {goal.unit}" if goal.unit else goal.example
        raise UnitError(f"{shown} has no unit; say which, like '{right}'")
    as_given = spelling, goal.name
    spelling = _canonical(spelling)
    key = spelling, goal.name
    if key not in _ratios:
        _check(shown, number, spelling, goal)
        try:
            ratio = _ratio_from(_factors[key])
        except (KeyError, TypeError, ValueError):
            _factors[key] = _ask_pint(shown, spelling, goal)
            ratio = _ratio_from(_factors[key])
        _ratios[key] = ratio
    _ratios[as_given] = _ratios[key]
    return _ratios[key]


def _ratio_from(factor: str) -> tuple[int, int]:
    match = re.fullmatch(r"(1/)?([0-9]{1,99})(?:\.([0-9]{1,99}))?", factor)
    above = int(match[2] + (match[3] or "")) if match else 0
    if not match or not above:
        raise ValueError(f"no factor of a unit: {factor!r:.80}")
    below = 10 ** len(match[3] or "")
    return (below, above) if match[1] else (above, below)


def _ask_pint(shown: str, spelling: str, goal: Kind) -> str:
    """The factor from a spelling that has passed `_check`. Raises UnitError if it is of another kind."""
    import decimal

    import pint

    registry = _registry()
    # pint divides on its way (an hour's inverse is 1/3600): with 20 digits to spare the last rounding
    # restores what is a finite decimal. What is not is mostly the inverse of one, and kept as that.
    with decimal.localcontext(decimal.Context(prec=60)):
        one = registry.Quantity(decimal.Decimal(1), spelling)
        engine = registry.Quantity(decimal.Decimal(1), goal.unit)
        try:
            there, back = one.to(engine.units).magnitude, engine.to(one.units).magnitude
        except pint.DimensionalityError:
            for other in KINDS.values():
                if other.unit and one.is_compatible_with(other.unit):
                    raise UnitError(_other_kind(shown, other, goal)) from None
            raise UnitError(f"{shown} is not {goal.noun}; {_written(goal)}") from None
    with decimal.localcontext(decimal.Context(prec=40)) as context:
        there, back = (+there).normalize(context), (+back).normalize(context)
    if len(there.as_tuple().digits) == 40 and len(back.as_tuple().digits) < 40:
        return f"1/{back:f}"
    return f"{there:f}"


@cache
def _registry() -> pint.UnitRegistry[Any]:
    from decimal import Decimal

    import pint

    number: Any = Decimal  # pint declares float here, and takes this
    path = os.path.join(os.path.dirname(__file__), "units.txt")
    return pint.UnitRegistry(path, non_int_type=number, on_redefinition="raise")


@cache
def _long_names() -> dict[str, str]:
    """pint's own names for our units, as its default registry and its prefixes spell them."""
    names = {"watt": "W", "watt_hour": "Wh", "percent": "%"}
    for long, short in {"kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E"}.items():
        for base, unit in {
            "watt": "W",
            "watt_hour": "Wh",
            "FLOP": "FLOP",
            "gCO2e": "gCO2e",
            "byte": "B",
        }.items():
            names[long + base] = short + unit
    names |= {"mebibyte": "MiB", "gibibyte": "GiB", "tebibyte": "TiB"}
    return names


# What is wrong, in one sentence.


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _written(goal: Kind) -> str:
    return f"{goal.noun} is written like '{goal.example}'"


def _other_kind(shown: str, other: Kind, goal: Kind) -> str:
    return f"{shown} is {other.noun}; {_written(goal)}"


def _below_one(shown: str) -> str:
    return f"{shown} is below 1; a PUE is all energy over that of the computers, so at least 1, like '1.1'"


def _what_is_wrong(text: str, goal: Kind) -> str:
    """Why `text` is no number with a unit at all."""
    shown = _quoted(text)
    if len(text) > _LONGEST:
        return f"{shown} has {len(text)} characters, at most {_LONGEST} can be read; {_written(goal)}"
    text = text.strip()
    if not text:
        return f"nothing is given; {_written(goal)}"
    if any(sign.isdecimal() and not sign.isascii() for sign in text):
        return f"{shown} has digits other than 0 to 9; {_written(goal)}"
    if re.match(r"[+-]?(nan|inf(inity)?)\b", text, re.IGNORECASE):
        return f"{shown} is not a finite number; leave out what is unknown"
    if re.match(r"[-\u2212] ?[0-9.]", text):
        return f"{shown} is negative; {goal.noun} is never below zero"
    if re.match(r"[+.][0-9]", text):
        return f"{shown} has no number that can be read; write 1287, 1_287, 12.87, 0.5 or 1.287e3"
    number = re.match(r"[0-9][0-9_]*(?:\.[0-9_]+)?", text)
    if number is None:
        return f"{shown} does not start with a number; {_written(goal)}"
    rest = text[number.end() :]
    if rest.startswith(","):
        return f"{shown} has a comma; write the decimal point '.', and thousands as 1287 or 1_287"
    if re.match(r"[\s'\u2019]+[0-9]", rest):
        return f"{shown} has a gap in its number; write thousands as 1287 or 1_287"
    if re.match(r"[eE][+-]?[0-9]{3}", rest):
        return f"{shown} has too large an exponent, at most two digits can be read"
    if any(len(part.replace("_", "")) > 18 for part in number[0].split(".")):
        return f"{shown} has more than 18 digits before or after the point; write long numbers like 8.4e22"
    if re.match(r"[._]", rest) or "__" in number[0] or re.search(r"_(\.|$)|\._", number[0]):
        return f"{shown} has no number that can be read; write 1287, 1_287, 12.87, 0.5 or 1.287e3"
    return f"{shown} has no unit that is known here; {_written(goal)}"


def _check(shown: str, number: str, spelling: str, goal: Kind) -> None:
    """Raise UnitError unless `spelling` is one to four names of the list, and if one, of this kind."""
    parts = re.split("([/*])", spelling)
    names = parts[::2]
    if all(name in _KIND_OF for name in names):
        if len(names) == 1:
            kind = KINDS[_KIND_OF[spelling]]
            if kind is not goal:
                raise UnitError(_other_kind(shown, kind, goal))
        elif "%" in names or goal.name == "share":
            raise UnitError(f"{shown} is not {goal.noun}; {_written(goal)}")
        elif len(names) > 4:
            raise UnitError(f"{shown} has more than four units; {_written(goal)}")
        return
    for at, name in enumerate(names):
        flops = re.fullmatch("([kmgtpe]?)flops", name, re.IGNORECASE)
        if flops:
            flop = flops[1].upper().replace("K", "k") + "FLOP"
            right = f"write '{flop}/s' (a rate) or '{flop}' (an amount)"
            raise UnitError(f"{shown}: {name} can mean two things; {right}")
        mass = re.fullmatch("(k?g|t|lb)(co2|c)?", name, re.IGNORECASE)
        if mass and goal.name in ("co2e", "factor"):
            parts[2 * at] = mass[1].lower() + "CO2e"
            right = f"only if the source says CO2e, write '{number} {_in_case(parts)}'"
            if mass[2] is None:
                raise UnitError(f"{shown} does not say what is weighed; {right}")
            if mass[2] in "cC":
                raise UnitError(f"{shown} is a mass of carbon, not of CO2e; {right}")
            raise UnitError(f"{shown} is CO2 alone, which differs from CO2e; {right}")
    right = _in_case(parts)
    if all(name in _KIND_OF for name in re.split("[/*]", right)):
        raise UnitError(f"{shown} has capital letters wrong; write '{number} {right}'")
    if " " in spelling:
        raise UnitError(f"{shown} has an unknown unit, or lacks / or * between two; {_written(goal)}")
    raise UnitError(f"{shown} has no unit that is known here; {_written(goal)}")


def _in_case(parts: list[str]) -> str:
    return "".join(_BY_LOWER.get(part.lower(), part) for part in parts)
