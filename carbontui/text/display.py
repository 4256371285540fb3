"""Figures as people read them: rounded to what can be known, with a unit, thousands with commas.

What a person types back is in the form that the parser reads: `edited`.
"""

from __future__ import annotations

from functools import lru_cache
from math import floor, isfinite, log10

from carbontui.quantities import coverage_of, is_strict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

UNKNOWN = "–"
ASSUMED = "~"

# Kind -> (unit, engine units in it), smallest first.
SCALES: dict[str, tuple[tuple[str, float], ...]] = {
    "energy": (("Wh", 1e-3), ("kWh", 1.0), ("MWh", 1e3), ("GWh", 1e6), ("TWh", 1e9)),
    "co2e": (("g", 1e-3), ("kg", 1.0), ("t", 1e3), ("kt", 1e6), ("Mt", 1e9)),
    "duration": (("s", 1 / 3600), ("min", 1 / 60), ("h", 1.0), ("d", 24.0), ("yr", 8766.0)),
    "power": (("W", 1.0), ("kW", 1e3), ("MW", 1e6)),
    "throughput": (("FLOP/s", 1.0), ("GFLOP/s", 1e9), ("TFLOP/s", 1e12), ("PFLOP/s", 1e15)),
    "op_rate": (("OP/s", 1.0), ("GOP/s", 1e9), ("TOP/s", 1e12), ("POP/s", 1e15)),
    "compute": (("FLOP", 1.0),),
    "factor": (("gCO2e/kWh", 1.0),),
    "memory": (("GiB", 1.0),),
    "water": (("L", 1.0), ("m3", 1e3)),
    "cost": (("USD", 1.0), ("M USD", 1e6)),
    "price": (("USD/h", 1.0),),
    "water_per_energy": (("L/kWh", 1.0),),
    "share": (("%", 0.01),),
}
# A unit is left for the next larger one from this many on.
_ENOUGH = {
    "s": 120,
    "min": 120,
    "h": 48,
    "W": 10_000,
    "kW": 10_000,
    "USD": 1_000_000,
    "MWh": 10_000,
    "GWh": 10_000,
    "t": 1e6,
    "TFLOP/s": 1e5,
}
KEY_KINDS = (
    ("_kgco2e", "co2e"),
    ("_gco2e_per_kwh", "factor"),
    ("_flop_per_s", "throughput"),
    ("_op_per_s", "op_rate"),
    ("_l_per_kwh", "water_per_energy"),
    ("_usd_per_h", "price"),
    ("_usd", "cost"),
    ("_flop", "compute"),
    ("_kwh", "energy"),
    ("_gib", "memory"),
    ("_w", "power"),
    ("_l", "water"),
    ("_h", "duration"),
)


def factors_of(accounting: str) -> str:
    """Which carbon factors an accounting takes, in words."""
    coverage = coverage_of(accounting)
    if coverage is None:
        return "carbon factors as published"
    return f"published {coverage} carbon factors only" if is_strict(accounting) else f"{coverage} carbon factors"


def kind_of(key: str) -> str:
    """The kind of a key of inputs or results, by its end; `number` where it has no unit."""
    return next((kind for end, kind in KEY_KINDS if key.endswith(end)), "number")


def significant(value: float, digits: int = 3) -> str:
    """The value with this many significant digits, thousands with commas; in powers of ten only where nobody counts."""
    if not value or not isfinite(value):
        return "0" if not value else str(value)
    if not 1e-9 <= abs(value) < 1e15:
        return f"{value:.{digits}g}".replace("e+", "e")
    decimals = digits - 1 - floor(log10(abs(value)))
    rounded = round(value, decimals)
    # 9.996 becomes 10.00 by rounding: one digit less stands behind the point.
    if rounded and floor(log10(abs(rounded))) > floor(log10(abs(value))):
        decimals -= 1
    return f"{round(value):,}" if decimals <= 0 else f"{rounded:,.{min(decimals, 12)}f}"


def less_than_all(percent: float) -> str:
    """Percents that are saved: nearly all is never 100."""
    if not 99.5 <= percent < 100:
        return f"{percent:.0f}"
    return f"{percent:.1f}" if percent < 99.95 else ">99.9"


def plain(value: float, digits: int = 6) -> str:
    """The value as short as it can be written with this many digits, thousands with commas."""
    if value and (abs(value) >= 1e12 or abs(value) < 1e-6):
        return f"{value:.{digits}g}".replace("e+", "e")
    text = f"{value:,.{digits}g}" if abs(value) < 10**digits else f"{value:,.0f}"
    return text


def unit_for(values: Iterable[float | None], kind: str) -> tuple[str, float]:
    """One unit in which all the values can be read: that of the largest, unless the smallest would vanish in it."""
    sizes = [abs(v) for v in values if v]
    scale = SCALES.get(kind, (("", 1.0),))
    if not sizes:
        return next((one for one in scale if one[1] == 1.0), scale[0])
    chosen = _step(max(sizes), scale)
    while chosen > 0 and min(sizes) / scale[chosen][1] < 0.1 and max(sizes) / scale[chosen - 1][1] < 1e5:
        chosen -= 1
    return scale[chosen]


# Below this part of a unit a figure is read in one of its own.
_LEAST_OF_UNIT = 0.1


def suited(value: float, kind: str, common: tuple[str, float]) -> tuple[str, float]:
    """The unit for one of several values, for which `common` is that of all, so that the eye compares numbers: its own
    where it would vanish in that, and always of durations, which so are the same wherever they are shown."""
    lost = kind == "duration" or (value and abs(value) / common[1] < _LEAST_OF_UNIT)
    return unit_for([value], kind) if lost else common


def _step(value: float, scale: tuple[tuple[str, float], ...]) -> int:
    for n, (unit, size) in enumerate(scale[:-1]):
        if value / size < _ENOUGH.get(unit, 1000):
            return n
    return len(scale) - 1


# A smaller share is as good as none, whatever its digits.
_LEAST_SHARE = 1e-4


# A key redraws hundreds of figures of which few have changed.
@lru_cache(maxsize=16_384)
def shown(value: float | None, kind: str, unit: tuple[str, float] | None = None, digits: int = 3) -> str:
    """A figure with its unit: `1,287 MWh`, `14.8 d`, `429 gCO2e/kWh`, `1.10`; an en dash where it is unknown."""
    if value is None:
        return UNKNOWN
    if kind == "pue":
        return f"{value:.2f}"
    if kind == "share":
        return "< 0.01 %" if 0 < value < _LEAST_SHARE else f"{significant(100 * value, 2)} %"
    if kind == "number":
        # What is counted in full; a factor that somebody estimated is not known to six digits.
        return plain(value) if float(value).is_integer() else plain(value, 4)
    if kind == "compute":
        return f"{value:.3g} FLOP".replace("e+", "e")
    name, size = unit or unit_for([value], kind)
    if kind in ("power", "factor", "throughput", "op_rate", "memory", "price", "water_per_energy"):
        return f"{plain(value / size, 4)} {name}"
    return f"{significant(value / size, digits)} {name}"


def marked(figure: Any, kind: str, unit: tuple[str, float] | None = None) -> str:
    """A figure, an input or a result as a cell: rounded, with its unit and the mark of an assumption."""
    return shown(figure.value, kind, unit) + mark_of(figure)


def mark_of(figure: Any) -> str:
    """What stands behind each figure that is said by itself and is assumed. In maps, whose figures are of one column or
    colour, the line of the cursor has it."""
    return f" {ASSUMED}" if figure.basis == "assumed" else ""


def count(value: float) -> str:
    """Parameters or tokens as people say them: `175B`, `1.5T`, `340M`."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def edited(value: float, kind: str) -> str:
    """A figure in the form that the parser reads, short: `10000`, `1287 MWh`, `355.2 h`."""
    if kind in ("number", "pue"):
        return f"{value:.10g}".replace("e+", "e")
    if kind == "share":
        return f"{100 * value:.6g} %"
    name, size = unit_for([value], kind)
    if kind == "co2e":
        name = f"{name}CO2e"
    return f"{value / size:.6g} {name}".replace("e+", "e")


def interval(low: float, high: float, kind: str, unit: tuple[str, float] | None = None) -> str:
    """A 90 % range in two digits, which is what such a range is known to: `6.1 to 19 t`; in more where the ends would
    look the same."""
    name, size = unit or unit_for([high], kind)
    return f"{between(low / size, high / size)} {name}"


def between(low: float, high: float) -> str:
    """Two ends in two digits, in more where they would look the same, and once where they still do."""
    for digits in (2, 3, 4):
        ends = significant(low, digits), significant(high, digits)
        if ends[0] != ends[1]:
            return f"{ends[0]} to {ends[1]}"
    return significant(high, 2)


# Below this a ratio is written as a power of ten.
_LEAST_RATIO = 1e-4


def times(value: float | None) -> str:
    """A ratio: `0.13x`, `56.5x`, `1.00x`, and as a power of ten where zeros would fill a cell: `3.72e-6x`."""
    if value is None:
        return UNKNOWN
    if 0 < value < _LEAST_RATIO:
        digits, power = f"{value:.2e}".split("e")
        return f"{digits}e{int(power)}x"
    return f"{significant(value)}x"


def clipped(text: str, width: int) -> str:
    """The text in at most `width` characters, with an ellipsis where it was cut."""
    return text if len(text) <= width else text[: max(0, width - 1)] + "…" if width else ""
