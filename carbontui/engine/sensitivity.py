"""What matters most: which input's spread drives that of a result, so that one knows what to measure next.

A result is a product of powers of lognormal factors, so the variance of its logarithm is the sum of theirs: the shares
are exact and add up to 1 (`uncertainty.factors_spread`).
"""

from __future__ import annotations

from math import exp, sqrt

from carbontui.engine.scenario import Filled
from carbontui.engine.uncertainty import Z90, factors_spread, factors_variance, interval90, name_of
from carbontui_registry.values import Value


class Matter(Value):
    """One independent error in a result: the input that brings it and the term of that input, "" where it is its own;
    its part of the result's variance (in logarithms), and the ends of the result's 90 % range if this were the only
    error."""

    input: str
    term: str
    share: float
    low: float
    high: float


def matters(one: Filled, key: str) -> tuple[list[Matter], list[str]]:
    """The errors in a result, largest first, and the inputs for which no spread is known.

    `key` is that of a result; an unknown result has neither.
    """
    result = one.results.get(key)
    if result is None:
        return [], []
    # Nothing times anything is nothing: no error moves it.
    total = factors_variance(result.factors) if result.value else 0.0
    found: list[Matter] = []
    unknown = []
    seen: set[object] = set()
    for name in result.exponents:
        given = one.inputs[name]
        terms: dict[object, str] = {name_of(term.identity): term.key for term in given.terms}
        if not given.factors and result.exponents[name]:
            unknown.append(name)
        for identity in given.factors:
            if identity not in result.factors or identity in seen or not total:
                continue
            seen.add(identity)
            power, variance = result.factors[identity]
            width = exp(Z90 * abs(power) * sqrt(variance))
            share = power * power * variance / total
            found.append(Matter(name, terms.get(identity, ""), share, result.value / width, result.value * width))
    return sorted(found, key=lambda matter: -matter.share), unknown


class Narrowing(Value):
    """The input whose range is to be narrowed first: the part of the result's variance that goes with it, and the ends
    of the result's 90 % range once it is measured, None where nothing else is uncertain."""

    input: str
    share: float
    interval: tuple[float, float] | None


def narrow_first(one: Filled, key: str) -> Narrowing | None:
    """Which input to measure first, and what that does to the range of a result; None where it has no range.

    What an input shares with another one, such as the TDP with itself, goes with whichever is measured.
    """
    result = one.results.get(key)
    if result is None or not result.spread or result.interval is None:
        return None

    def part(name: str) -> float:
        held = one.inputs[name].factors
        return factors_variance({identity: factor for identity, factor in result.factors.items() if identity in held})

    first = max(result.exponents, key=part)
    left = {
        identity: factor for identity, factor in result.factors.items() if identity not in one.inputs[first].factors
    }
    spread = factors_spread(left)
    ends = interval90(result.value, spread) if spread and result.value else None
    return Narrowing(first, part(first) / factors_variance(result.factors), ends)
