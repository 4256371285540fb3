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

from carbontui_registry.unit_errors import (
    LONGEST,
    UnitError,
    below_one,
    check_spelling,
    negative,
    no_unit_known,
    not_finite,
    other_kind,
    shortened,
    unreadable,
    written,
)
from carbontui_registry.unit_kinds import ENGINE_UNIT, KINDS, PLAIN, Kind, suffix, usual
from carbontui_registry.unit_memory import recalled

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


_GAP = "[ \u00a0\u202f]"  # no-break spaces come with what is pasted from datasheets

# (spelling, kind) -> factor: as text, for the cache, and once in use as a ratio of integers.
_factors: dict[tuple[str, str], str] = {}
_ratios: dict[tuple[str, str], tuple[int, int]] = {}


def parse(text: str, kind: str) -> float:
    """The value of `text` in the engine's unit of `kind` (`KINDS[kind].unit`; a share as a fraction).

    The decimal number is taken exactly and rounded once, to the nearest float.
    Raises UnitError for all that is not a finite figure of this kind, zero or more (a PUE: at least 1),
    KeyError for a kind that does not exist.
    """
    match = _figure()(text.strip()) if len(text) <= LONGEST else None
    if match is None:
        raise unreadable(text, KINDS[kind])
    whole, fraction, exponent, spelling = match.groups()
    ratio = _ratios.get((spelling, kind))
    if ratio is None:
        number = match[0][: match.start(4)].strip()
        ratio = _ratio(shortened(text), number, spelling, KINDS[kind])
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
        raise below_one(shortened(text))
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
    shown = shortened(number if named == "dimensionless" else f"{number} {named}")
    try:
        above, below = _exact(quantity.magnitude)
    except TypeError:
        raise UnitError("is not one plain number", given=shown, expected=written(goal)) from None
    except ValueError:
        raise not_finite(shown) from None
    except OverflowError:
        raise UnitError("has too large an exponent", given=shown, expected="at most two digits can be read") from None
    if above < 0:
        raise negative(shown, goal)
    spelling = ""
    if named != "dimensionless":
        spelling = "".join(_long_names().get(part, part) for part in re.split(" ([/*]) ", named))
        if len(spelling) > LONGEST:
            raise no_unit_known(shown, goal)
    ratio = _ratio(shown, number, spelling, goal)
    try:
        value = above * ratio[0] / (below * ratio[1])
    except OverflowError:
        raise UnitError("is too large a number", given=shown, expected="leave out what is unknown") from None
    if kind == "pue" and value < 1:
        raise below_one(shown)
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
    remember(recalled())
    return dict(_factors)


def remember(table: Mapping[tuple[str, str], str]) -> None:
    """Put back what `resolved` gave.

    Nothing is read before it is used; for a damaged factor pint is asked again.
    """
    _factors.update(table)


def resolve_all() -> dict[tuple[str, str], str]:
    """Resolve every single name and the usual compounds, and return all factors that this process has used; what was
    remembered and is of no use here is not among them."""
    for spelling, kind in usual():
        _ratio(shortened(spelling), "", spelling, KINDS[kind])
    return {key: factor for key, factor in _factors.items() if key in _ratios}


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
    if goal.name in PLAIN:
        if spelling:
            right = f"{goal.noun} is written without one, like '{goal.example}'"
            raise UnitError("has a unit", given=shown, expected=right)
        return 1, 1
    if not spelling:
        right = f"{number} {goal.unit}" if goal.unit else goal.example
        raise UnitError("has no unit", given=shown, expected=f"write one, like '{right}'")
    as_given = spelling, goal.name
    spelling = _canonical(spelling)
    key = spelling, goal.name
    if key not in _ratios:
        check_spelling(shown, number, spelling, goal)
        if key not in _factors:
            remember(recalled())
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
    """The factor from a spelling that has passed `check_spelling`. Raises UnitError if it is of another kind."""
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
                    raise other_kind(shown, other, goal) from None
            raise UnitError(f"is not {goal.noun}", given=shown, expected=written(goal)) from None
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
    names = {"watt": "W", "watt_hour": "Wh", "percent": "%", "liter": "L"}
    for long, short in {"kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E"}.items():
        for base, unit in {
            "watt": "W",
            "watt_hour": "Wh",
            "FLOP": "FLOP",
            "OP": "OP",
            "gCO2e": "gCO2e",
            "byte": "B",
        }.items():
            names[long + base] = short + unit
    names |= {"mebibyte": "MiB", "gibibyte": "GiB", "tebibyte": "TiB"}
    return names
