"""How spreads go through products, and which errors two results share.

A spread is the relative standard deviation of a figure taken as lognormal, whose value is the median.
"""

from __future__ import annotations

from math import exp, log, sqrt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# 90 % of a normal distribution lie within 1.645 standard deviations.
Z90 = 1.645

# An error is known by its identity: two results that hold the same one err alike. The exponent with which it stands
# in the result, and the variance of its logarithm.
Factors = dict[object, tuple[float, float]]


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
    """The 90 % range of a lognormal figure with the median `value`."""
    width = exp(Z90 * sqrt(log_variance(spread)))
    return value / width, value * width


def own_error(identity: object, spread: float | None) -> Factors:
    """The factors of a figure whose only error is its own; none without a spread."""
    return {name_of(identity): (1.0, log_variance(spread))} if spread else {}


def name_of(identity: object) -> str:
    """An identity as a text, by which a file can keep it."""
    parts = identity if isinstance(identity, tuple) else (identity,)
    return "/".join("" if part is None else str(part) for part in parts)


def combined(*terms: tuple[float, Mapping[object, tuple[float, float]]]) -> Factors:
    """Factors of a product of powers: each term is an exponent with the factors it applies to.

    One that cancels is gone.
    """
    total: Factors = {}
    for exponent, factors in terms:
        for identity, (power, variance) in factors.items():
            before = total.get(identity, (0.0, variance))[0]
            total[identity] = (before + exponent * power, variance)
    return {identity: factor for identity, factor in total.items() if factor[0]}


def factors_variance(factors: Mapping[object, tuple[float, float]]) -> float:
    """Variance of the logarithm of the product of the factors."""
    return sum(power * power * variance for power, variance in factors.values())


def factors_spread(factors: Mapping[object, tuple[float, float]]) -> float | None:
    """Spread of the product of the factors, or None where none has one."""
    if not factors:
        return None
    return spread_of(factors_variance(factors))
