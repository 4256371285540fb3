"""Quantities as people type them: read where they can mean one thing only, else refused with both readings."""

from __future__ import annotations

import re
from itertools import pairwise

from carbontui.engine.scenario import ScenarioError
from carbontui.quantities import QUANTITIES, wrong_quantity
from carbontui_registry import units
from carbontui_registry.figures import Figure
from carbontui_registry.unit_words import co2e_of_mass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER = r"[0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE][+-]?[0-9]{1,2})?"
# `7B` parameters, `1.7M` chip-hours.
_SHORT = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)\s*(k|K|M|B|T|bn|thousand|million|billion|trillion)\Z")
_SIZES = {"k": 1e3, "K": 1e3, "thousand": 1e3, "M": 1e6, "million": 1e6, "B": 1e9, "bn": 1e9, "billion": 1e9}
_SIZES |= {"T": 1e12, "trillion": 1e12}
# Thousands apart; a single comma or point may also be one of decimals.
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}|(?:[ \u00a0\u202f][0-9]{3})+|(?:['\u2019][0-9]{3})+)\Z")
_EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}\Z")
_BARE = re.compile(rf"{_NUMBER}\Z")
_OTHER = re.compile(rf"(?>{_NUMBER})\s*[A-Za-z%×]")
# `8 x h100` where 8 is asked for.
_COUNTED = re.compile(r"([1-9][0-9]{0,6})\s*[xX×*]\s*([A-Za-z]\S*.*)\Z")
_MASS = re.compile(rf"({_NUMBER})\s*([A-Za-z]+)\Z")
# As Slurm and a clock write a time: 72:00:00, 3-04:00:00, 3-04:00.
_CLOCK = re.compile(r"(?:([0-9]{1,6})-)?([0-9]{1,8}):([0-9]{2})(?::([0-9]{2}))?\Z")
# `3 days 4 hours`, `1h30min`.
_SEVERAL = re.compile(rf"{_NUMBER}\s*[A-Za-z]+(?:(?:\s*,\s*|\s+and\s+|\s*){_NUMBER}\s*[A-Za-z]+)+\Z")
_PART = re.compile(rf"({_NUMBER})\s*([A-Za-z]+)")


def is_bare(text: str) -> bool:
    """Whether a number was typed, and no unit."""
    return bool(_BARE.match(text.strip()))


def quantity(key: str, text: str) -> Figure:
    """What was typed for a quantity, entered, in the engine's unit. Raises `ScenarioError`."""
    kind = QUANTITIES[key].kind
    typed = text.strip()
    if kind == "number":
        typed = _plain(key, text)
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
            value = amount(typed, kind)
        except units.UnitError as error:
            if key == "chip_hours" and error.of_other_kind:
                raise ScenarioError(error.what, where=key, given=error.given, expected=_such_as(key)) from None
            raise ScenarioError(str(error), where=key) from None
    if wrong := wrong_quantity(key, value):
        raise ScenarioError(wrong, where=key, given=text)
    return Figure(value, "entered")


def amount(text: str, kind: str) -> float:
    """What was typed for a kind of unit, in the engine's unit; a time may have several units or be a clock's.

    Raises `UnitError`.
    """
    typed = text.strip()
    if kind == "duration":
        if clock := _CLOCK.match(typed):
            return _clock_hours(typed, clock)
        if _SEVERAL.match(typed):
            return _sum_of_times(typed)
    return units.parse(typed, kind)


def limit(text: str, kind: str, unit: str = "") -> float:
    """What was typed as a limit or a budget, in the engine's unit: a bare mass is CO2e, a bare number is of `unit`.

    Raises `UnitError`.
    """
    typed = text.strip()
    if kind == "co2e" and (mass := _MASS.match(typed)) and (co2e := co2e_of_mass(mass[2])):
        typed = f"{mass[1]} {co2e}"
    elif unit and typed[-1:].isdigit() and not _CLOCK.match(typed):
        typed = f"{typed} {unit}"
    return amount(typed, kind)


def limit_of_any(text: str, kinds: Sequence[str], what: str, example: str, unit: str = "") -> tuple[str, float]:
    """The kind and the engine value of what was typed as a limit of one of several kinds; a bare number is of `unit`.

    Raises `UnitError`, with what is wrong with it in the kind that it comes nearest to; `what` is what it should be.
    """
    right = f"write it like {example}"
    if not unit and _BARE.match(text.strip()):
        raise units.UnitError("has no unit", given=text.strip(), expected=right)
    refused = list[units.UnitError]()
    for kind in kinds:
        try:
            return kind, limit(text, kind, unit)
        except units.UnitError as error:
            refused.append(error)
    # A limit of one of the kinds that is written wrong says more than that it is none.
    if text.strip()[:1].isdigit() and (near := [one for one in refused if not one.of_other_kind]):
        raise near[0]
    raise units.UnitError(f"is not {what}", given=text.strip(), expected=right)


def _such_as(key: str) -> str:
    """How a number without a unit is written, where it may be short in full too."""
    example = QUANTITIES[key].example
    short = _SHORT.match(example)
    in_full = re.sub(r"e\+0*", "e", f" or {float(short[1]) * _SIZES[short[2]]:g}") if short else ""
    return f"write a number, such as {example}{in_full}"


def _plain(key: str, text: str) -> str:
    """A number of things without the gaps between its thousands. Raises `ScenarioError`."""
    typed = text.strip()
    right = _such_as(key)
    if not typed:
        raise ScenarioError("nothing is given", where=key, expected=right)
    if _EITHER.match(typed):
        raise _two_readings(key, text, re.sub("[.,]", "", typed), typed.replace(",", "."))
    if _GROUPED.match(typed):
        return re.sub("[^0-9]", "", typed)
    if key == "chips" and (counted := _COUNTED.match(typed)):
        number, hardware = counted.groups()
        elsewhere = f"write {number}, and choose {hardware} in the field Hardware (in a SPEC: @{number}x{hardware})"
        raise ScenarioError("names hardware too", where=key, given=text, expected=elsewhere)
    if _OTHER.match(typed) and not _SHORT.match(typed):
        raise ScenarioError("has a unit", where=key, given=text, expected=right)
    if typed[:1].isalpha() and not re.match(r"nan|inf", typed, re.IGNORECASE):
        raise ScenarioError("does not start with a number", where=key, given=text, expected=right)
    return typed


def _clock_hours(typed: str, clock: re.Match[str]) -> float:
    days, first, second, third = clock.groups()
    if days is None and third is None:
        readings = f"{int(first)} h {int(second)} min", f"{int(first)} min {int(second)} s"
        said = f"can be read as {readings[0]} or as {readings[1]}"
        raise units.UnitError(said, given=typed, expected="write the one you mean", readings=readings)
    hours, minutes, seconds = int(first), int(second), int(third or 0)
    if minutes > 59 or seconds > 59 or (days is not None and hours > 23):
        right = "write hours:minutes:seconds like '72:00:00', with days like '3-04:00:00'"
        raise units.UnitError("is not a time", given=typed, expected=right)
    return int(days or 0) * 24 + hours + (minutes * 60 + seconds) / 3600


def _sum_of_times(typed: str) -> float:
    parts = [(units.parse(part[0], "duration"), part[2]) for part in _PART.finditer(typed)]
    sizes = [units.parse(f"1 {unit}", "duration") for _, unit in parts]
    if any(after >= before for before, after in pairwise(sizes)):
        right = "write each unit once, the longest first, like '3 d 4 h'"
        raise units.UnitError("is not one duration", given=typed, expected=right)
    return sum(value for value, _ in parts)


def _two_readings(key: str, text: str, one: str, other: str) -> ScenarioError:
    said = f"can be read as {one} or as {other}"
    return ScenarioError(said, where=key, given=text, expected="write the one you mean")
