"""Texts with a unit: what is read, exactly, and that any text is a figure or an error."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registry_alone import run_alone

from carbontui_registry import unit_kinds, units
from carbontui_registry.units import ENGINE_UNIT, KINDS, UnitError, parse

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "week": 604800, "yr": 31557600}
WORDS = {
    "s": "s sec secs second seconds",
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours",
    "d": "d day days",
    "week": "week weeks wk wks",
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
