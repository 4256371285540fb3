"""The arithmetic of Patterson et al. 2021, section 2 (arXiv:2104.10350), and how spreads go through it.

Each function takes floats, or arrays of one shape, and keeps one order of operations for both, so that one scenario and
an array of them agree to the last bit.
"""

from __future__ import annotations

from math import exp, log, sqrt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    return it_energy * (pue * factor / GRAMS_PER_KILOGRAM)


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
