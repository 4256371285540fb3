"""What a model costs beyond its training run, each a line of its own and never part of the training's results.

Serving is queries x energy per query x PUE x factor of where it is served; embodied is the share of the chips'
manufacture that falls to the run; development and idle capacity are shares of the training's own footprint. Nothing of
it is assumed to be: a line stands only where what it needs was entered or is registered.
"""

from __future__ import annotations

from math import prod

from carbontui.engine import disclosure
from carbontui.engine import footprint as arithmetic
from carbontui.engine.assumptions import ranged
from carbontui.engine.footprint import Formula
from carbontui.engine.scenario import Filled, Result
from carbontui.engine.uncertainty import combined, factors_spread, log_variance
from carbontui.quantities import QUANTITIES
from carbontui_registry.figures import Figure, Source
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.engine.uncertainty import Factors

LUCCIONI = Source(
    "Luccioni et al. 2022, Estimating the Carbon Footprint of BLOOM",
    "https://arxiv.org/abs/2211.02001",
    2022,
    None,
    "luccioni-2022",
)
# Section 4.1 there: a life of 6 years, of which a fleet is in use 85 %.
HARDWARE_LIFE = Figure(6 * 8766.0, "assumed", None, LUCCIONI)
FLEET_USE = Figure(0.85, "assumed", None, LUCCIONI)
# Section 4.2 there: idle and reserved nodes emitted 59 % of what the computation did; shown as an example only.
BLOOM_IDLE = 0.59


# The lines of the lifetime, in their order.
LINES = ("serving", "embodied", "development", "idle")


class Line(Value):
    """One part of the lifetime, gross and net in kgCO2e; `elsewhere` says whether it is served in another place, and
    `missing` are the inputs that it would need."""

    key: str
    gross: Result | None
    net: Result | None
    missing: tuple[str, ...] = ()
    elsewhere: bool = False
    life: float | None = None
    use: float | None = None


def lifetime(one: Filled) -> list[Line]:
    """The lines of a scenario: serving, embodied, development, idle. What is not known says what it would need."""
    return [_serving(one), embodied(one), *(_share(one, key) for key in ("development", "idle"))]


def _serving(one: Filled) -> Line:
    missing = tuple(key for key in ("queries", "energy_per_query") if key not in one.inputs)
    elsewhere = "serving_pue" in one.inputs
    if missing:
        return Line("serving", None, None, missing, elsewhere)
    gross, net = (_served(one, kind, ("queries", "energy_per_query")) for kind in ("gross", "net"))
    return Line("serving", gross, net, () if gross else ("gross",), elsewhere)


def of_one_query(one: Filled) -> Result | None:
    """Gross kgCO2e of one query: its energy x PUE x factor of where it is served."""
    return _served(one, "gross", ("energy_per_query",)) if "energy_per_query" in one.inputs else None


def _served(one: Filled, kind: str, energy: tuple[str, ...]) -> Result | None:
    """The product of an energy before PUE with the PUE and the factor of where it is served."""
    elsewhere = "serving_pue" in one.inputs
    pue, served = "serving_pue" if elsewhere else "pue", f"serving_{kind}"
    # A factor of one place and the PUE of another make no place.
    factor = served if elsewhere or served in one.inputs else kind
    uses = dict.fromkeys((*energy, pue, factor), 1.0)
    if not all(key in one.inputs for key in uses):
        return None
    it_energy = prod(one.inputs[key].value for key in energy)
    value = arithmetic.co2e(it_energy, one.inputs[pue].value, one.inputs[factor].value)
    return _product(one, value, uses, Formula((*energy, (pue, factor))))


def embodied(one: Filled) -> Line:
    """The share of making the chips that falls to all the times that the job is run."""
    making, life, use = (of_making(one, key) for key in ("embodied", "hardware_life", "fleet_use"))
    known = {key: found.value for key, found in one.inputs.items()}
    known |= {key: value for key in ("chips", "throughput") if (value := one.value(key)) is not None}
    if "compute" not in known and (compute := disclosure.of_all(one, "compute")) is not None:
        known["compute"] = compute / disclosure.count(one)
    chip_time = arithmetic.chip_time(known)
    if chip_time is None and (all_hours := disclosure.of_all(one, "chip_hours")) is not None:
        chip_time = all_hours / disclosure.count(one), 1.0, {"chip_hours": 1}, Formula(("chip_hours",))
    if chip_time is None or making is None or life is None or use is None:
        return Line("embodied", None, None, ("chip_hours",) if chip_time is None else ("embodied",))
    hours, chips, uses, formula = chip_time
    value = hours * chips * making.value / (life.value * use.value) * disclosure.count(one)
    in_inputs = {key: float(power) for key, power in uses.items() if key in one.inputs}
    factors: list[tuple[float, Factors]] = [(power, one.inputs[key].factors) for key, power in in_inputs.items()]
    hardware = one.hardware.id if one.hardware else None
    for name, figure, power in (("embodied", making, 1.0), ("hardware_life", life, -1.0), ("fleet_use", use, -1.0)):
        if figure.spread:
            factors.append((power, {(name, hardware): (1.0, log_variance(figure.spread))}))
    assumed = any(one.inputs[key].basis == "assumed" for key in in_inputs)
    assumed = assumed or "assumed" in (making.basis, life.basis, use.basis)
    errors = combined(*factors)
    formula = Formula(("chip_hours", "embodied"), ("hardware_life", "fleet_use"))
    result = Result(value, "assumed" if assumed else "derived", factors_spread(errors), errors, in_inputs, formula)
    return Line("embodied", result, result, life=life.value, use=use.value)


def _share(one: Filled, key: str) -> Line:
    if key not in one.inputs:
        return Line(key, None, None, (key,))
    found: dict[str, Result | None] = {}
    for kind in ("gross", "net"):
        result = one.results.get(f"{kind}_kgco2e")
        found[kind] = None
        if result is not None:
            uses = {**result.exponents, key: 1.0}
            formula = Formula((key, f"{kind}_kgco2e"))
            found[kind] = _product(one, result.value * one.inputs[key].value, uses, formula)
    return Line(key, found["gross"], found["net"], () if found["gross"] else ("gross_kgco2e",))


def _product(one: Filled, value: float, uses: dict[str, float], formula: Formula) -> Result:
    factors = combined(*((power, one.inputs[key].factors) for key, power in uses.items()))
    basis = "assumed" if any(one.inputs[key].basis == "assumed" for key in uses) else "derived"
    return Result(value, basis, factors_spread(factors), factors, uses, formula)


def of_making(one: Filled, key: str) -> Figure | None:
    """What is entered of `embodied`, `hardware_life` or `fleet_use`, else registered of the hardware, else assumed."""
    if (given := one.inputs.get(key)) is not None:
        return given.figure
    if key == "embodied":
        figure: Figure | None = one.hardware.record.embodied if one.hardware is not None else None
        return None if figure is None else ranged(key, figure)
    return ranged(key, {"hardware_life": HARDWARE_LIFE, "fleet_use": FLEET_USE}[key])


# A figure by which scenarios of different size can be set side by side: key in files -> label.
RATES = {
    "gross_tco2e_per_1e21_flop": "gross/1e21 FLOP",
    "gross_tco2e_per_1e9_tokens": "gross/1e9 tokens",
    "flop_per_joule": "FLOP per joule",
}


def rates(one: Filled) -> dict[str, float | None]:
    """Like with like: tCO2e gross for each 1e21 FLOP and 1e9 tokens, and FLOP for each joule, PUE included."""
    gross, energy = one.result("gross_kgco2e"), one.result("energy_kwh")
    compute, tokens = (disclosure.of_all(one, key) for key in ("compute", "tokens"))

    def over(value: float | None, units: float | None) -> float | None:
        return value / units if value is not None and units else None

    tonnes = over(gross, 1000.0)
    return {
        "gross_tco2e_per_1e21_flop": over(tonnes, over(compute, 1e21)),
        "gross_tco2e_per_1e9_tokens": over(tonnes, over(tokens, 1e9)),
        "flop_per_joule": over(compute, energy * 3.6e6 if energy else None),
    }


# What each is a ratio of: a result, and a quantity that is an input or follows.
_RATIO_OF = {
    "gross_tco2e_per_1e21_flop": ("gross_kgco2e", "compute"),
    "gross_tco2e_per_1e9_tokens": ("gross_kgco2e", "tokens"),
    "flop_per_joule": ("energy_kwh", "compute"),
}


def assumed_rate(one: Filled, key: str) -> bool:
    """Whether one of `RATES` rests on an assumption."""
    result, quantity = _RATIO_OF[key]
    found = one.results.get(result), one.inputs.get(quantity), one.results.get(QUANTITIES[quantity].file_key)
    return any(figure is not None and figure.basis == "assumed" for figure in found)


def as_data(one: Filled) -> dict[str, Any]:
    """The lines as JSON's own types; what is unknown is absent."""
    data: dict[str, Any] = {}
    for line in lifetime(one):
        for kind, result in (("gross", line.gross), ("net", line.net)):
            if result is not None:
                data[f"{line.key}_{kind}_kgco2e"] = result.value
                if result.interval is not None:
                    data.setdefault("interval90", {})[f"{line.key}_{kind}_kgco2e"] = list(result.interval)
    return data


def rates_data(one: Filled) -> dict[str, float]:
    """The rates as JSON's own types; what is unknown is absent."""
    return {key: value for key, value in rates(one).items() if value is not None}
