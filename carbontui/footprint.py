"""The arithmetic of Patterson et al. 2021, section 2 (arXiv:2104.10350), and how spreads go through it.

One scenario and an array of them go through the same functions in the same order of operations, and so agree to the
last bit.
"""

from __future__ import annotations

from math import exp, log, sqrt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, TypeVar

    import numpy as np
    from numpy.typing import NDArray

    Number = TypeVar("Number", float, NDArray[np.float64])
    # Powers of the inputs that a result is the product of.
    Exponents = dict[str, int]

SECONDS_PER_HOUR = 3600
WATTS_PER_KILOWATT = 1000
GRAMS_PER_KILOGRAM = 1000

# 90 % of a normal distribution lie within 1.645 standard deviations.
Z90 = 1.645


def duration(compute: float, chips: float, throughput: float) -> float:
    """Hours that `chips` at `throughput` (FLOP/s each) need for `compute` (FLOP)."""
    return compute / (chips * throughput) / SECONDS_PER_HOUR


def it_energy(duration: float, chips: float, power: float) -> float:
    """Energy before PUE in kWh, of `chips` drawing `power` (W each) for `duration` (h)."""
    return duration * chips * power / WATTS_PER_KILOWATT


def energy(it_energy: float, pue: float) -> float:
    """Energy of the facility in kWh."""
    return it_energy * pue


def co2e(it_energy: float, pue: float, factor: float) -> float:
    """Emissions in kgCO2e: the machine part (kWh) times the place part (PUE x gCO2e/kWh)."""
    return it_energy * place(pue, factor)


def place(pue: Number, factor: Number) -> Number:
    """The place part: kgCO2e for each kWh before PUE, at gCO2e/kWh."""
    return pue * factor / GRAMS_PER_KILOGRAM


def time_part(known: Mapping[str, Any]) -> tuple[Any, Exponents, str] | None:
    """Hours that a run takes, what they are the product of, and the formula; None where that is not known.

    `known` holds inputs in engine units by their names: a duration, or chip-hours, or compute and throughput.
    """
    if "duration" in known:
        return known["duration"], {"duration": 1}, "duration"
    if "chips" not in known:
        return None
    if "chip_hours" in known:
        return known["chip_hours"] / known["chips"], {"chip_hours": 1, "chips": -1}, "chip-hours / chips"
    if "compute" in known and "throughput" in known:
        hours = duration(known["compute"], known["chips"], known["throughput"])
        return hours, {"compute": 1, "chips": -1, "throughput": -1}, "compute / (chips x throughput)"
    return None


def chip_time(known: Mapping[str, Any]) -> tuple[Any, Any, Exponents, str] | None:
    """Hours and chips whose product are the chip-hours, what these are the product of, and the formula, or None."""
    if "chip_hours" in known:
        return known["chip_hours"], 1.0, {"chip_hours": 1}, "chip-hours"
    time = time_part(known)
    if time is not None and "chips" in known:
        uses = {**time[1], "chips": time[1].get("chips", 0) + 1}
        return time[0], known["chips"], uses, "duration x chips"
    if "chips" not in known and "compute" in known and "throughput" in known:
        # Without chips there is no duration, but the chip-hours are the same for any number of them.
        hours = duration(known["compute"], 1.0, known["throughput"])
        return hours, 1.0, {"compute": 1, "throughput": -1}, "compute / throughput"
    return None


def footprint(known: Mapping[str, Any]) -> dict[str, tuple[Any, Exponents, str]]:
    """All results that follow from inputs in engine units, by the keys of `RESULTS`: each with what it is the product
    of, and its formula. A result with an unknown factor is absent.

    An `energy` among the inputs holds PUE already and beats what the machine would draw.
    """
    made: dict[str, tuple[Any, Exponents, str]] = {}
    if (time := time_part(known)) is not None:
        made["duration_h"] = time
    if "energy" in known:
        if "pue" in known:
            made["it_energy_kwh"] = known["energy"] / known["pue"], {"energy": 1, "pue": -1}, "energy / PUE"
        made["energy_kwh"] = known["energy"], {"energy": 1}, "energy as entered, PUE included"
    elif "power" in known and "pue" in known and (machine := chip_time(known)) is not None:
        hours, chips, uses, formula = machine
        value = it_energy(hours, chips, known["power"])
        uses = {**uses, "power": 1}
        made["it_energy_kwh"] = value, uses, f"{formula} x power"
        made["energy_kwh"] = energy(value, known["pue"]), {**uses, "pue": 1}, "IT energy x PUE"
    if "energy_kwh" in made:
        whole, uses, _ = made["energy_kwh"]
        for key in ("gross", "net"):
            if key in known:
                if "it_energy_kwh" in made:
                    value = co2e(made["it_energy_kwh"][0], known["pue"], known[key])
                else:
                    value = whole * known[key] / GRAMS_PER_KILOGRAM
                made[f"{key}_kgco2e"] = value, {**uses, key: 1}, f"IT energy x (PUE x {key} factor)"
    return made


def log_variance(spread: float) -> float:
    """Variance of the logarithm of a lognormal figure with this relative standard deviation."""
    return log(1 + spread * spread)


def spread_of(log_variance: float) -> float:
    """Relative standard deviation of a lognormal figure whose logarithm has this variance."""
    return sqrt(exp(log_variance) - 1)


def product_spread(spreads: Iterable[float]) -> float:
    """Spread of a product or quotient of independent factors: sqrt(prod(1 + s^2) - 1), exactly."""
    return spread_of(sum(log_variance(s) for s in spreads))


def interval90(value: float, spread: float) -> tuple[float, float]:
    """The 90 % interval of a lognormal figure with the median `value`."""
    width = exp(Z90 * sqrt(log_variance(spread)))
    return value / width, value * width


# A factor is known by its identity; two results that hold the same one hold the same error.
Factors = dict[object, tuple[float, float]]


def combined(*terms: tuple[float, Mapping[object, tuple[float, float]]]) -> Factors:
    """Factors of a product of powers: each term is an exponent with the factors it applies to.

    A factor is `identity: (exponent, log variance)`; one that cancels is gone.
    """
    total: Factors = {}
    for exponent, factors in terms:
        for identity, (power, variance) in factors.items():
            before = total.get(identity, (0.0, variance))[0]
            total[identity] = (before + exponent * power, variance)
    return {identity: factor for identity, factor in total.items() if factor[0]}


def factors_spread(factors: Mapping[object, tuple[float, float]]) -> float | None:
    """Spread of the product of the factors, or None where none has one."""
    if not factors:
        return None
    return spread_of(sum(power * power * variance for power, variance in factors.values()))
