"""A hint never changes a quantity: what is offered as a correction is what was written, or it is not offered."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carbontui_registry.units import KINDS, UnitError, parse

# What letters mean by the rules of SI, whatever our list of units has: a small m is milli, a small b a bit.
PREFIXES = {
    **{"": 1, "n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000), "p": Fraction(1, 10**12)},
    **{"k": 1000, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18},
}
# Base units with their kind and what one of them is in the engine's unit.
BASES = {
    **{"W": ("power", 1), "Wh": ("energy", Fraction(1, 1000)), "FLOP": ("compute", 1), "FLOP/s": ("throughput", 1)},
    **{"OP/s": ("op_rate", 1), "B": ("memory", Fraction(1, 2**30)), "b": ("memory", Fraction(1, 2**33))},
}
SPELT = {
    (kind, prefix + base): factor * one
    for (base, (kind, one)), (prefix, factor) in itertools.product(BASES.items(), PREFIXES.items())
}
UNITS = sorted(SPELT)


def could_mean(kind: str, written: str) -> set[Fraction]:
    """What a unit can mean: what its letters say, else whatever other capitals would make of it.

    Letters that are small by rule may be meant large, as people write them: so a small one has both meanings. A capital
    has one.
    """
    found = set()
    for (of, unit), factor in SPELT.items():
        if of != kind or unit.lower() != written.lower():
            continue
        # M, P and B are meant where they stand.
        if all(a == b or a not in "MPB" for a, b in zip(written, unit, strict=True)):
            found.add(Fraction(factor))
    return found


def in_case(unit: str, flips: list[bool]) -> str:
    return "".join(sign.swapcase() if flip else sign for sign, flip in zip(unit, flips, strict=False))


@given(
    st.sampled_from(UNITS),
    st.lists(st.booleans(), min_size=7, max_size=7),
    st.integers(1, 10**6),
    st.sampled_from(sorted(KINDS)),
)
@example(("power", "mW"), [False] * 7, 350, "power")
@example(("energy", "mWh"), [False] * 7, 5, "energy")
@example(("memory", "Gb"), [False] * 7, 80, "memory")
@example(("power", "W"), [True] * 7, 1, "duration")
@example(("compute", "PFLOP"), [True] * 7, 3, "compute")
@example(("memory", "MB"), [True, False, *[False] * 5], 80, "memory")
def test_a_hint_is_the_quantity_that_was_written(
    of: tuple[str, str], flips: list[bool], number: int, asked: str
) -> None:
    kind, unit = of
    written = in_case(unit, flips)
    value, error = read(f"{number} {written}", asked)
    if error is None:
        # What is read at all is what its letters say.
        assert asked == kind
        assert value == pytest.approx(float(number * SPELT[kind, written]))
        return
    offered = re.findall(r"write '([^']*)'", error.expected)
    if error.readings:
        assert len(error.readings) > 1
        assert not offered or "(a rate)" in error.expected
        return
    for one in offered:
        assert asked == kind
        assert could_mean(kind, written) == {_base(one, kind) / number}, (written, one)


def read(text: str, kind: str) -> tuple[float, UnitError | None]:
    try:
        return parse(text, kind), None
    except UnitError as error:
        return 0.0, error


def _base(text: str, kind: str) -> Fraction:
    """A figure in the engine's unit, for units with prefixes of ten exactly, and memory by 2^30."""
    number, unit = text.split(" ", 1)
    assert parse(text, kind) == pytest.approx(float(Fraction(number) * SPELT[kind, unit]))
    return Fraction(number) * SPELT[kind, unit]


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [("350 Watts", "power", "350 W"), ("5 kilowatt-hours", "energy", "5 kWh"), ("80 Gigabytes", "memory", "80 GB")],
)
def test_a_unit_in_words_is_offered_as_a_unit(text: str, kind: str, written: str) -> None:
    with pytest.raises(UnitError, match=f"has its unit in words; write '{written}'"):
        parse(text, kind)
