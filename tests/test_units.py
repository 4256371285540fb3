"""Figures with units: exact, closed, and each refusal with what would have been right."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbontui_registry import unit_kinds, units
from carbontui_registry.units import ENGINE_UNIT, KINDS, UnitError, from_pint, parse

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "yr": 31557600}
WORDS = {
    "s": "s sec secs second seconds",
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours",
    "d": "d day days",
    "yr": "yr yrs year years",
}
PREFIX = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18}
GRAMS = {"g": Fraction(1), "kg": Fraction(1000), "t": Fraction(10**6), "lb": Fraction("453.59237")}
BYTES = {"MB": 10**6, "GB": 10**9, "TB": 10**12, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


def exact_factors() -> Iterator[tuple[str, str, Fraction]]:
    """What each spelling is worth in the engine's unit, worked out here and without pint."""
    for unit, words in WORDS.items():
        yield from ((word, "duration", Fraction(SECONDS[unit], 3600)) for word in words.split())
    for prefix in ("", "k", "M"):
        yield f"{prefix}W", "power", Fraction(PREFIX[prefix])
        for time in ("h", "d", "yr"):
            yield f"{prefix}W*{time}", "energy", Fraction(PREFIX[prefix] * SECONDS[time], 3600 * 1000)
    for prefix in ("", "k", "M", "G", "T"):
        yield f"{prefix}Wh", "energy", Fraction(PREFIX[prefix], 1000)
        for mass, grams in GRAMS.items():
            yield f"{mass}CO2e/{prefix}Wh", "factor", grams * 1000 / PREFIX[prefix]
    for mass, grams in GRAMS.items():
        yield f"{mass}CO2e", "co2e", grams / 1000
    for prefix, power in PREFIX.items():
        yield f"{prefix}FLOP", "compute", Fraction(power)
        yield f"{prefix}FLOP/s", "throughput", Fraction(power)
        yield f"{prefix}OP/s", "op_rate", Fraction(power)
        for time in ("s", "h", "d", "yr"):
            yield f"{prefix}FLOP/s*{time}", "compute", Fraction(power * SECONDS[time])
    for unit, size in BYTES.items():
        yield unit, "memory", Fraction(size, 2**30)
    yield "L", "water", Fraction(1)
    yield "m3", "water", Fraction(1000)
    yield "L/kWh", "water_per_energy", Fraction(1)
    yield "USD", "cost", Fraction(1)
    yield "USD/h", "price", Fraction(1)
    yield "%", "share", Fraction(1, 100)


FACTORS = list(exact_factors())


def run_alone(code: str) -> str:
    """What a Python of its own prints that has the registry's folder on its path."""
    folder = str(Path(units.__file__).parent.parent)
    start = f"import sys; sys.path.insert(0, {folder!r})\n"
    done = subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("14.8 d", "duration", 355.2),
        ("45.8 MWh", "energy", 45800.0),
        ("0.431 kgCO2e/kWh", "factor", 431.0),
        ("36 s", "duration", 0.01),
        ("24 days", "duration", 576.0),
        ("1 yr", "duration", 8766.0),
        ("300 W", "power", 300.0),
        ("300W", "power", 300.0),
        ("  300 W\n", "power", 300.0),
        ("300\u00a0W", "power", 300.0),
        ("0.3 kW", "power", 300.0),
        ("0 W", "power", 0.0),
        ("3e2 W", "power", 300.0),
        ("3E+2 W", "power", 300.0),
        ("3000e-1 W", "power", 300.0),
        ("1_287 MWh", "energy", 1287000.0),
        ("1_2.8_7 kWh", "energy", 12.87),
        ("0 gCO2e/kWh", "factor", 0.0),
        ("429 kgCO2e/MWh", "factor", 429.0),
        ("1.05 tCO2e", "co2e", 1050.0),
        ("1 lbCO2e", "co2e", 0.45359237),
        ("1 lbCO2e/MWh", "factor", 0.45359237),
        ("8.4e22 FLOP", "compute", 8.4e22),
        ("312 TFLOP/s", "throughput", 312e12),
        ("3640 PFLOP/s*d", "compute", 3.14496e23),
        ("3EFLOP", "compute", 3e18),
        ("6 TFLOP/min", "throughput", 1e11),
        ("2 kW*h", "energy", 2.0),
        ("2 kWh/h", "power", 2000.0),
        ("2 W*h*h/h", "energy", 0.002),
        ("96 GiB", "memory", 96.0),
        ("80 GB", "memory", 74.505805969238281),
        ("5 %", "share", 0.05),
        ("5%", "share", 0.05),
        ("150 %", "share", 1.5),
        ("1", "pue", 1.0),
        ("1.07", "pue", 1.07),
        ("7e9", "number", 7e9),
        ("175_000_000_000", "number", 175e9),
        ("999999999999999999.999999999999999999e99 W", "power", 1e117),
    ],
)
def test_reads(text: str, kind: str, value: float) -> None:
    assert parse(text, kind) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 lb CO2e/MWh", 0.45359237),
        ("1 lb CO2-eq / MWh", 0.45359237),
        ("1 kg CO2e / kWh", 1000.0),
        ("1 gCO2-eq/kWh", 1.0),
        ("1 gCO2eq/kWh", 1.0),
        ("1 gCO2-e/kWh", 1.0),
        ("1 gCO₂e/kWh", 1.0),
        ("1 gCO2e per kWh", 1.0),
        ("1 kg\u00a0CO₂-eq per MWh", 1.0),
        ("1gCO2e /kWh", 1.0),
    ],
)
def test_one_way_to_write_what_people_write_in_several(text: str, value: float) -> None:
    assert parse(text, "factor") == value
    assert parse(text, "factor") == value
    assert (text[1:].strip(), "factor") not in units.resolved()


RATE_OR_AMOUNT = "write 'TFLOP/s' (a rate) or 'TFLOP' (an amount)"
THOUSANDS = "thousands as 1287 or 1_287"
A_POWER = "a power is written like '300 W'"
A_FACTOR = "a carbon factor is written like '429 gCO2e/kWh'"
CO2E = "an amount of CO2e is written like '552 tCO2e'"


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        # CO2e is neither CO2 nor carbon nor any mass
        ("431 g/kWh", "factor", "only if the source says CO2e, write '431 gCO2e/kWh'"),
        ("0.4 kg/kWh", "factor", "only if the source says CO2e, write '0.4 kgCO2e/kWh'"),
        ("0.4 kg/kwh", "factor", "only if the source says CO2e, write '0.4 kgCO2e/kWh'"),
        ("5 kg", "co2e", "does not say which gas is meant; only if the source says CO2e, write '5 kgCO2e'"),
        (
            "431 gC/kWh",
            "factor",
            "is a mass of carbon, not of CO2e; only if the source says CO2e, write '431 g",
        ),
        (
            "431 gCO2/kWh",
            "factor",
            "is CO2 alone, which differs from CO2e; only if the source says CO2e, write",
        ),
        ("431 g CO₂ / kWh", "factor", "is CO2 alone, which differs from CO2e; only if the source says CO2e"),
        ("5 ton", "co2e", CO2E),
        ("5 kt", "co2e", CO2E),
        ("5 lbs CO2e", "co2e", "'5 lbs CO2e' has its unit in words; write '5 lbCO2e'"),
        # another kind
        ("300 Wh", "power", "'300 Wh' is an energy; a power is written like '300 W'"),
        ("300 W", "energy", "'300 W' is a power; an energy is written like '1287 MWh'"),
        ("312 TFLOP", "throughput", "is an amount of compute; a throughput is written like '312 TFLOP/s'"),
        ("312 TFLOP/s", "compute", "is a throughput; an amount of compute is written like '3.14e23 FLOP'"),
        ("431 gCO2e/kWh", "co2e", f"is a carbon factor; {CO2E}"),
        ("431 gCO2e", "factor", f"is an amount of CO2e; {A_FACTOR}"),
        ("5 kW*h", "power", f"is an energy; {A_POWER}"),
        ("5 kW/h", "power", f"is not a power; {A_POWER}"),
        ("5 W/W", "power", f"is not a power; {A_POWER}"),
        ("5 %", "power", f"is a share; {A_POWER}"),
        ("5 %*W", "power", f"is not a power; {A_POWER}"),
        ("5 W/W", "share", "is not a share; a share is written like '5 %'"),
        ("5 GB", "share", "is an amount of memory; a share is written like '5 %'"),
        # FLOPS says neither
        ("312 TFLOPS", "throughput", RATE_OR_AMOUNT),
        ("312 TFLOPs", "throughput", RATE_OR_AMOUNT),
        ("312 TFLOPS", "compute", RATE_OR_AMOUNT),
        ("312 tflops", "compute", RATE_OR_AMOUNT),
        ("312 TFLOPs/s", "throughput", RATE_OR_AMOUNT),
        ("312 kflops", "throughput", "write 'kFLOP/s' (a rate) or 'kFLOP' (an amount)"),
        # capital letters
        ("3 kwh", "energy", "write '3 kWh'"),
        ("3 KWH", "energy", "write '3 kWh'"),
        # a small letter that means something too
        ("3 mWh", "energy", "'3 mWh' can be read as 3 MWh or as 0.003 Wh; write the one you mean"),
        ("350 mW", "power", "'350 mW' can be read as 350 MW or as 0.35 W; write the one you mean"),
        ("80 Gb", "memory", "'80 Gb' can be read as 80 GB or as 10 GB (80 Gbit); write the one you mean"),
        ("5 gCO2e/mWh", "factor", "can be read as 5 gCO2e/MWh or as 0.005 gCO2e/Wh"),
        ("5 OP", "op_rate", "is not a rate of integer operations"),
        ("3 kw", "power", "write '3 kW'"),
        ("312 tflop/S", "throughput", "write '312 TFLOP/s'"),
        ("5 Days", "duration", "write '5 days'"),
        ("5 gco2e/kwh", "factor", "write '5 gCO2e/kWh'"),
        # the number
        ("1,5 W", "power", "has a comma; write the decimal point '.'"),
        ("1,287 W", "power", THOUSANDS),
        ("1.000,5 W", "power", "has a comma; write the decimal point '.'"),
        ("1 287 W", "power", f"has a gap in its number; write {THOUSANDS}"),
        ("1\u202f287 W", "power", THOUSANDS),
        ("1'287 W", "power", THOUSANDS),
        ("nan", "power", "is not a finite number; leave out what is unknown"),
        ("NaN W", "power", "is not a finite number"),
        ("inf W", "power", "is not a finite number"),
        ("-Infinity W", "power", "is not a finite number"),
        ("-5 W", "power", "is negative; a power cannot be below zero"),
        ("\u22125 W", "power", "is negative"),
        ("-0 W", "power", "is negative"),
        ("1e999 W", "power", "at most two digits"),
        ("1e-100 W", "power", "at most two digits"),
        ("1" * 19 + " W", "power", "has more than 18 digits before or after the point"),
        ("0." + "1" * 19 + " W", "power", "has more than 18 digits before or after the point"),
        (".5 W", "power", "write 1287, 1_287, 12.87, 0.5 or"),
        ("+5 W", "power", "write 1287, 1_287, 12.87, 0.5 or"),
        ("5. W", "power", "write 1287, 1_287, 12.87, 0.5 or"),
        ("1.2.3 W", "power", "write 1287, 1_287, 12.87, 0.5 or"),
        ("1__2 W", "power", "write 1287, 1_287, 12.87, 0.5 or"),
        ("12_ W", "power", "write 1287, 1_287, 12.87, 0.5 or"),
        ("_12 W", "power", "does not start with a number"),
        ("\uff13\uff10\uff10 W", "power", "has digits other than 0 to 9"),
        ("3\u0660 W", "power", "has digits other than 0 to 9"),
        ("W", "power", "does not start with a number"),
        ("", "power", f"nothing is given; {A_POWER}"),
        (" ", "pue", "nothing is given; a PUE is written like '1.1'"),
        # a unit where one is missing, or too many
        ("350", "power", "has no unit; say which, like '350 W'"),
        ("431", "factor", "has no unit; say which, like '431 gCO2e/kWh'"),
        ("0.05", "share", "has no unit; say which, like '5 %'"),
        ("1.1 W", "pue", "has a unit; a PUE is written without one, like '1.1'"),
        ("110 %", "pue", "has a unit; a PUE is written without one"),
        ("7 B", "number", "has a unit; a plain number is written without one, like '7e9'"),
        ("0.99", "pue", "is below 1; PUE is"),
        ("0", "pue", "is below 1"),
        # not from the list, or not of the form
        ("2 W*h*h/h*h/h", "energy", "has more than four units"),
        ("2 kW h", "energy", "lacks / or * between two"),
        ("10**10**10 W", "power", A_POWER),
        ("300(5) W", "power", A_POWER),
        ("5 $", "power", A_POWER),
        ("300 [mass]", "power", A_POWER),
        ("300 W # c", "power", A_POWER),
        ("300 W)", "power", A_POWER),
        ("300 W\nW", "power", A_POWER),
        ("300 W/", "power", A_POWER),
        ("300 W**1", "power", A_POWER),
        ("0x10 W", "power", A_POWER),
        ("5 C", "power", A_POWER),
        ("5 k", "power", A_POWER),
        ("5 hp", "power", A_POWER),
        ("5 J", "energy", "an energy is written like '1287 MWh'"),
        ("5 weeks", "duration", "a duration is written like '14.8 d'"),
        ("5 byte", "memory", "an amount of memory is written like '80 GiB'"),
        ("5 percent", "share", "has its unit in words; write '5 %'"),
        ("9" * 100_000, "power", "has 100000 characters, at most 64 can be read"),
        ("W" * 100_000, "power", "has 100000 characters, at most 64 can be read"),
    ],
)
def test_refuses_with_what_would_be_right(text: str, kind: str, hint: str) -> None:
    with pytest.raises(UnitError, match=re.escape(hint)) as caught:
        parse(text, kind)
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert len(sentence) < 200
    if text.strip():
        assert repr(text[:30])[1:-1] in sentence


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_every_kind_can_be_read(kind: str) -> None:
    assert parse(KINDS[kind].example, kind) > 0
    if ENGINE_UNIT[kind]:
        assert parse(f"12.5 {ENGINE_UNIT[kind]}", kind) == 12.5


def test_ends_of_key_names() -> None:
    ends = ["_w", "_h", "_kwh", "_kgco2e", "_gco2e_per_kwh", "_flop", "_flop_per_s", "_op_per_s"]
    ends += ["_l", "_l_per_kwh", "_usd", "_usd_per_h", "_gib"]
    assert [units.suffix(kind) for kind in KINDS] == [*ends, "", "", ""]
    assert set(ENGINE_UNIT) == set(KINDS)


def test_a_kind_that_does_not_exist_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        parse("300 W", "force")


def test_the_list_and_the_definition_file_hold_the_same_names() -> None:
    defined: set[str] = set()
    for line in Path(units.__file__).with_name("units.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, *others = (part.strip() for part in line.split("="))
            defined |= {name, *others}
    allowed = set(unit_kinds.KIND_OF)
    assert defined - {"_", "byte", "percent"} == allowed
    assert len({name.lower() for name in allowed}) == len(allowed)


@pytest.mark.parametrize(("spelling", "kind", "factor"), FACTORS)
def test_factors_are_exact(spelling: str, kind: str, factor: Fraction) -> None:
    assert Fraction(units.resolve_all()[spelling, kind]) == factor


def test_all_that_is_resolved_beforehand_is_covered_here() -> None:
    fresh = run_alone("from carbontui_registry import units; print(len(units.resolve_all()))")
    assert int(fresh) == len(FACTORS)


def test_a_number_half_way_between_two_floats_is_rounded_once_and_to_even() -> None:
    # (2**53 + 1) / 256 hours, in seconds: a factor of 0.000277... would come out just below the middle.
    text = "126663739519795214.0625 s"
    assert Fraction(text[:-2]) / 3600 == Fraction(2**53 + 1, 256)
    assert parse(text, "duration") == 2**53 / 256


digits = st.text("0123456789", min_size=1, max_size=18)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, Fraction]:
    """A number as text, perhaps with underscores, and what it is."""

    def spaced(part: str) -> str:
        gaps = draw(st.lists(st.booleans(), min_size=len(part), max_size=len(part)))
        return part[0] + "".join("_" * gap + digit for gap, digit in zip(gaps[1:], part[1:], strict=True))

    text = spaced(draw(digits))
    if draw(st.booleans()):
        text += "." + spaced(draw(digits))
    if draw(st.booleans()):
        text += f"e{draw(st.integers(-99, 99))}"
    return text, Fraction(text)


@settings(deadline=None)
@given(numbers(), st.sampled_from(FACTORS))
def test_every_number_is_exact(number: tuple[str, Fraction], unit: tuple[str, str, Fraction]) -> None:
    text, exact = number
    spelling, kind, factor = unit
    figure = f"{text} {spelling}"
    if len(figure) > 64:
        figure = f"{text.replace('_', '')} {spelling}"
    assert parse(figure, kind) == float(exact * factor)


@settings(deadline=None)
@given(st.floats(min_value=1e-4, max_value=1e15), st.sampled_from(["W", "kWh", "h"]))
def test_a_float_written_in_full_comes_back(value: float, unit: str) -> None:
    kind = {"W": "power", "kWh": "energy", "h": "duration"}[unit]
    if len(repr(value).partition(".")[2]) <= 18:
        assert parse(f"{value!r} {unit}", kind) == value


signs = list("0159.,_-+eE*/%()[]{}$#^= \t\n'\"\\₂µ²\u00a0\uff13\ud800\0")
words = ["nan", "inf", "1e9", "**", "per", "CO2", "CO2-eq", "lb", "byte", "percent", "__import__"]
names = ["W", "kWh", "TFLOPS", "gCO2e", "GiB"]
pieces = st.sampled_from([*signs, *words, *names])
texts = st.text() | st.lists(pieces, max_size=12).map("".join) | st.text("0123456789.e_ Wkhd/*%", max_size=20)


@settings(deadline=None, max_examples=500)
@given(texts, st.sampled_from(sorted(KINDS)))
def test_any_text_is_a_figure_or_a_unit_error(text: str, kind: str) -> None:
    try:
        value = parse(text, kind)
    except UnitError as error:
        told, value = str(error), 0.0
    else:
        told = "figure"
    assert told.isprintable()
    assert 0 <= value < float("inf")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(sorted({n for k in KINDS.values() for n in k.units})), min_size=1, max_size=6),
    st.data(),
)
def test_any_product_of_names_is_a_figure_or_a_unit_error(names: list[str], data: st.DataObject) -> None:
    joins = [data.draw(st.sampled_from("/*")) for _ in names[1:]]
    spelling = names[0] + "".join(join + name for join, name in zip(joins, names[1:], strict=True))
    for kind in KINDS:
        try:
            assert parse(f"2 {spelling}", kind) > 0
        except UnitError:
            continue
        assert len(names) <= 4


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
        f"{['carbontui_registry.' + name for name in ('errors', 'unit_errors', 'unit_kinds', 'units')]}",
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
        (3, "J", "energy", "has no unit that is known here"),
        (3, "mW", "power", "has no unit that is known here"),
        (3, "W ** 2", "power", "has no unit that is known here"),
        (3, "1 / s", "power", "has no unit that is known here"),
        (3, "kg", "co2e", "has no unit that is known here"),
        (3, "W*h*kg*m*s*A*K*mol*cd*rad*byte*percent*mile", "power", "has no unit that is known here"),
        (3, "turn", "pue", "has a unit; a PUE is written without one"),
        (3, "", "power", "'3' has no unit; say which, like '3 W'"),
        (0.05, "", "share", "has no unit; say which, like '5 %'"),
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
