"""Inputs, results and their formulas in words."""

from __future__ import annotations

from carbontui.engine.coverage import LEAST_DIRECT, LIFECYCLE, OTHER_COVERAGE
from carbontui.engine.footprint import Formula
from carbontui.engine.scenario import Filled
from carbontui.quantities import FILE_KEYS, LABELS, kind_of
from carbontui.text import display
from carbontui.text.inputs import how

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui.engine.coverage import Conversion


def label_of(key: str) -> str:
    """What people call an input or a result, by its key or its key in files."""
    return LABELS.get(key) or LABELS[FILE_KEYS[key]]


def shown(key: str, value: float) -> str:
    """An input or a result with its unit; chip-hours are no time of anybody's clock and stay hours."""
    if key in ("chip_hours", "chip_hours_h"):
        return f"{display.plain(float(f'{value:.4g}'))} h"
    return display.shown(value, kind_of(key))


def formula_text(made: Formula, words: dict[str, str]) -> str:
    """A formula with a word, a label or a number, for each key."""
    over = [
        f"({' x '.join(words[key] for key in part)})" if isinstance(part, tuple) else words[part] for part in made.over
    ]
    text = " x ".join(over)
    if not made.under:
        return text
    under = " x ".join(words[key] for key in made.under)
    return f"{text} / {f'({under})' if len(made.under) > 1 else under}"


def conversion_formula(made: Conversion) -> tuple[str, str, str]:
    """What a converted factor is called, the sum that gives it, and the same with numbers."""
    label, of = f"{made.wanted} factor", f"{OTHER_COVERAGE[made.wanted]} factor"
    factor = display.plain(round(made.factor, 2))
    if made.fuel is None or made.rest is None:
        least = display.shown(LEAST_DIRECT, "share")
        return label, f"{of} x {least}, the least that upstream emissions leave", f"{factor} gCO2e/kWh x {least}"
    sign = "+" if made.wanted == LIFECYCLE else "-"
    words = (of, "upstream of fuels", f"upstream of other generation, by the mix of {made.nation}")
    numbers = (factor, *(display.plain(round(part, 2)) for part in (made.fuel, made.rest)))
    return label, f" {sign} ".join(words), f"({f' {sign} '.join(numbers)}) gCO2e/kWh"


AS_ENTERED = {
    Formula(("energy",)): "energy as entered, PUE included",
    Formula(("it_energy",)): "IT energy as entered",
}
WORDS = {"gross": "gross factor", "net": "net factor"}


def result_formula(one: Filled, key: str) -> str:
    """The formula of a result in words."""
    made = one.results[key].formula
    if made == Formula(("duration",)):
        return how(one.inputs["duration"].way)
    if made in AS_ENTERED:
        return AS_ENTERED[made]
    return formula_text(made, {name: WORDS.get(name) or label_of(name) for name in (*made.keys(),)})
