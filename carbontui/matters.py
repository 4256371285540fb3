"""What matters most: which input's spread drives that of a result, so that one knows what to measure next.

A result is a product of powers of lognormal factors, so the variance of its logarithm is the sum of theirs: the shares
are exact and add up to 1 (`footprint.factors_spread`).
"""

from __future__ import annotations

from math import exp, sqrt

from carbontui.footprint import Z90
from carbontui.scenario import Filled
from carbontui_registry.values import Value


class Matter(Value):
    """One independent error in a result: the input that brings it, its part of the result's variance (in logarithms),
    and the ends of the result's 90 % interval if this were the only error."""

    input: str
    label: str
    share: float
    low: float
    high: float


def matters(one: Filled, key: str) -> tuple[list[Matter], list[str]]:
    """The errors in a result, largest first, and the inputs for which no spread is known.

    `key` is one of `RESULTS`; an unknown result has neither. A figure that an input was computed from stands by its own
    name: of an estimated power, the ratio to the TDP.
    """
    result = one.results.get(key)
    if result is None:
        return [], []
    total = sum(power * power * variance for power, variance in result.factors.values())
    found: list[Matter] = []
    unknown = []
    seen: set[object] = set()
    for name in result.exponents:
        given = one.inputs[name]
        identities = [identity for identity in given.factors if identity in result.factors]
        if not given.factors and result.exponents[name]:
            unknown.append(name)
        for identity in identities:
            if identity in seen or not total:
                continue
            seen.add(identity)
            power, variance = result.factors[identity]
            share = power * power * variance / total
            width = exp(Z90 * abs(power) * sqrt(variance))
            term = next((t[0] for t in given.terms if identity_of(t[0], identity)), "")
            found.append(Matter(name, term, share, result.value / width, result.value * width))
    return sorted(found, key=lambda one: -one.share), unknown


def identity_of(label: str, identity: object) -> bool:
    """Whether the identity of an error is that of the term with this label."""
    return isinstance(identity, tuple) and bool(identity) and str(identity[0]).lower() in label.lower()
