"""Units and pint: a start that has the factors needs none, and quantities of somebody else's registry."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pint
import pytest
from registry_alone import run_alone

from carbontui_registry import units
from carbontui_registry.units import UnitError, from_pint, parse

# A start that has the factors needs no pint.


def test_importing_loads_neither_pint_nor_anything_else_that_is_slow() -> None:
    code = """
        import carbontui_registry, re
        before = set(sys.modules)
        import carbontui_registry.units
        print(sorted(set(sys.modules) - before))
        print("pint" in sys.modules)
    """
    assert run_alone(re.sub("^ +", "", code, flags=re.M)).split("\n")[:2] == [
        f"{['carbontui_registry.' + name for name in ('errors', 'unit_errors', 'unit_kinds', 'unit_memory', 'units')]}",
        "False",
    ]


def test_remembered_spellings_need_no_pint() -> None:
    table = units.resolve_all()
    code = f"""
        before = set(sys.modules)
        from carbontui_registry import unit_kinds, units
        units.remember({table!r})
        print([units.parse(*figure) for figure in (
            ("14.8 d", "duration"), ("36 s", "duration"), ("0.9 lb CO2e/MWh", "factor"), ("5 %", "share"),
            ("80 GB", "memory"), ("2.5 TFLOP/s", "throughput"), ("1.1", "pue"), ("7e3", "number"))])
        for wrong in ("300 Wh", "5 ton", "1,5 W", "5 TFLOPS", "5", "5 kw"):
            try:
                units.parse(wrong, "power")
            except units.UnitError:
                continue
            raise SystemExit(wrong)
        assert units.resolved() == {table!r}
        print(sorted({{"pint", "decimal", "fractions", "typing"}} & (set(sys.modules) - before)))
        print("pint" in sys.modules)
    """
    values, loaded, pint_too, _ = run_alone(re.sub("^ {8}", "", code, flags=re.M)).split("\n")
    assert values == "[355.2, 0.01, 0.408233133, 0.05, 74.50580596923828, 2500000000000.0, 1.1, 7000.0]"
    assert (loaded, pint_too) == ("[]", "False")


def test_a_damaged_factor_is_asked_for_again() -> None:
    code = """
        from carbontui_registry import unit_kinds, units
        damaged = ["", "nan", "-1", "0", "1/0", "1e5", "__import__", None]
        spellings = ["s", "sec", "secs", "min", "h", "d", "yr", "day"]
        units.remember({(spelling, "duration"): factor for spelling, factor in zip(spellings, damaged)})
        print([units.parse("3600 " + spelling, "duration") for spelling in spellings])
        print([units.resolved()[spelling, "duration"] for spelling in spellings])
    """
    values, factors, _ = run_alone(re.sub("^ +", "", code, flags=re.M)).split("\n")
    assert values == "[1.0, 1.0, 1.0, 60.0, 3600.0, 86400.0, 31557600.0, 86400.0]"
    assert factors == "['1/3600', '1/3600', '1/3600', '1/60', '1', '24', '8766', '24']"


def test_a_table_cannot_make_a_spelling_right_that_is_not() -> None:
    table = {("TFLOPS", "throughput"): "1", ("Wh", "power"): "1", ("g/kWh", "factor"): "1"}
    code = f"""
        from carbontui_registry import unit_kinds, units
        units.remember({table!r})
        for spelling, kind in {table!r}:
            try:
                print(units.parse("5 " + spelling, kind))
            except units.UnitError:
                pass
    """
    assert run_alone(re.sub("^ {8}", "", code, flags=re.M)) == ""


def test_pint_is_asked_once_for_a_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask_pint = units._ask_pint

    def ask(shown: str, spelling: str, goal: units.Kind) -> str:
        asked.append(spelling)
        return ask_pint(shown, spelling, goal)

    monkeypatch.setattr(units, "_ask_pint", ask)
    for text in ("1 MW*min", "2 MW*min", "3 MW * min", "4MW *min", "3 MW * min"):
        parse(text, "energy")
    assert asked == ["MW*min"]


# Quantities of somebody else's pint registry.


@pytest.fixture(scope="module")
def theirs() -> Any:
    registry: Any = pint.UnitRegistry()
    registry.define("gCO2e = [co2e]")
    registry.define("FLOP = [flop]")
    return registry


@pytest.mark.parametrize(
    ("number", "unit", "kind", "value"),
    [
        (14.8, "day", "duration", 355.2),
        (Decimal("14.8"), "day", "duration", 355.2),
        (Fraction(148, 10), "d", "duration", 355.2),
        (1, "year", "duration", 8766.0),
        (45.8, "MWh", "energy", 45800.0),
        (2, "kW * h", "energy", 2.0),
        (300, "W", "power", 300.0),
        (0.3, "kilowatt", "power", 300.0),
        (80, "GB", "memory", 74.505805969238281),
        (96, "GiB", "memory", 96.0),
        (5, "percent", "share", 0.05),
        (0.431, "kgCO2e / kWh", "factor", 431.0),
        (312, "TFLOP / s", "throughput", 312e12),
        (1, "PFLOP / s * day", "compute", 8.64e19),
        (1.07, "", "pue", 1.07),
        (7 * 10**9, "", "number", 7e9),
        (Decimal(0), "W", "power", 0.0),
    ],
)
def test_reads_quantities(theirs: Any, number: Any, unit: str, kind: str, value: float) -> None:
    assert from_pint(theirs.Quantity(number, unit), kind) == value


def test_their_format_of_units_does_not_matter() -> None:
    registry: Any = pint.UnitRegistry()
    registry.formatter.default_format = "~P"
    assert from_pint(registry.Quantity(2, "kW * h"), "energy") == 2.0


@pytest.mark.parametrize(
    ("number", "unit", "kind", "hint"),
    [
        (3, "W", "energy", "'3 watt' is a power; an energy is written like '1287 MWh'"),
        (3, "J", "energy", "has an unknown unit"),
        (3, "mW", "power", "has an unknown unit"),
        (3, "W ** 2", "power", "has an unknown unit"),
        (3, "1 / s", "power", "has an unknown unit"),
        (3, "kg", "co2e", "has an unknown unit"),
        (3, "W*h*kg*m*s*A*K*mol*cd*rad*byte*percent*mile", "power", "has an unknown unit"),
        (3, "turn", "pue", "has a unit; a PUE is written without one"),
        (3, "", "power", "'3' has no unit; write one, like '3 W'"),
        (0.05, "", "share", "has no unit; write one, like '5 %'"),
        (0.9, "", "pue", "is below 1"),
        (-1, "W", "power", "is negative"),
        (float("nan"), "W", "power", "is not a finite number"),
        (float("inf"), "W", "power", "is not a finite number"),
        (Decimal("NaN"), "W", "power", "is not a finite number"),
        (Decimal("-Infinity"), "W", "power", "is not a finite number"),
        (Decimal("1e999999999"), "W", "power", "has too large an exponent"),
        (Decimal("1e-999999999"), "W", "power", "has too large an exponent"),
        (10**400, "W", "power", "is too large a number"),
        pytest.param(10**5000, "W", "power", "is too large a number", id="5001 digits"),
        (1 + 2j, "W", "power", "is not one plain number"),
    ],
)
def test_refuses_quantities(theirs: Any, number: Any, unit: str, kind: str, hint: str) -> None:
    with pytest.raises(UnitError, match=re.escape(hint)):
        from_pint(theirs.Quantity(number, unit), kind)


@pytest.mark.parametrize("magnitude", [True, "300", None, [300], "__import__('os')"])
def test_what_only_looks_like_a_quantity(magnitude: Any) -> None:
    class Odd:
        units = "watt"

    odd: Any = Odd()
    odd.magnitude = magnitude
    with pytest.raises(UnitError, match="is not one plain number"):
        from_pint(odd, "power")
    odd.magnitude = 300
    assert from_pint(odd, "power") == 300.0
