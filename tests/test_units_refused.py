"""Texts with a unit that are refused, each with what would have been right."""

from __future__ import annotations

import re

import pytest

from carbontui_registry.units import UnitError, parse

RATE_OR_AMOUNT = "write 'TFLOP/s' (a rate) or 'TFLOP' (an amount)"
THOUSANDS = "thousands as 1287 or 1_287"
A_POWER = "a power is written like '300 W'"
POWERS = "a power is written in W, kW or MW, like '300 W'"
A_FACTOR = "a carbon factor is written like '429 gCO2e/kWh'"
CO2E = "an amount of CO2e is written in gCO2e, kgCO2e, tCO2e or lbCO2e, like '552 tCO2e'"


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
        ("431 gCO2e/kWh", "co2e", "is a carbon factor; an amount of CO2e is written like '552 tCO2e'"),
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
        ("1 287 W", "power", f"has a space in its number; write {THOUSANDS}"),
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
        ("350", "power", "has no unit; write one, like '350 W'"),
        ("431", "factor", "has no unit; write one, like '431 gCO2e/kWh'"),
        ("0.05", "share", "has no unit; write one, like '5 %'"),
        ("1.1 W", "pue", "has a unit; a PUE is written without one, like '1.1'"),
        ("110 %", "pue", "has a unit; a PUE is written without one"),
        ("7 B", "number", "has a unit; a plain number is written without one, like '7e9'"),
        ("0.99", "pue", "is below 1; PUE is"),
        ("0", "pue", "is below 1"),
        # not from the list, or not of the form
        ("2 W*h*h/h*h/h", "energy", "has more than four units"),
        ("2 kW h", "energy", "has no / or * between two"),
        ("10**10**10 W", "power", POWERS),
        ("300(5) W", "power", POWERS),
        ("5 $", "power", POWERS),
        ("300 [mass]", "power", POWERS),
        ("300 W # c", "power", POWERS),
        ("300 W)", "power", POWERS),
        ("300 W\nW", "power", POWERS),
        ("300 W/", "power", POWERS),
        ("300 W**1", "power", POWERS),
        ("0x10 W", "power", POWERS),
        ("5 C", "power", POWERS),
        ("5 k", "power", POWERS),
        ("5 hp", "power", POWERS),
        ("5 J", "energy", "an energy is written in Wh, kWh, MWh, GWh or TWh, like '1287 MWh'"),
        ("5 months", "duration", "a duration is written in s, min, h, d, week or yr, like '14.8 d'"),
        ("5 byte", "memory", "an amount of memory is written in MB, MiB, GB, GiB, TB or TiB, like '80 GiB'"),
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
