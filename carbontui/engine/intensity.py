"""The software carbon intensity of ISO/IEC 21031:2024, `(E x I + M) per R`, of a training and of a query.

A training is the provider's part in the SCI for AI (Green Software Foundation, 2025), a query the consumer's: two
scores, which are never added.
"""

from __future__ import annotations

from carbontui.engine import disclosure
from carbontui.engine.lifetime import embodied
from carbontui.engine.scenario import Filled, Result
from carbontui.engine.uncertainty import combined, factors_spread, interval90
from carbontui_registry.values import Value

# What a training is divided by -> how many of it the score is of.
UNITS = {"run": 1.0, "flop": 1e18, "token": 1e6, "parameter": 1e9}


class Score(Value):
    """A sum of emissions in kgCO2e."""

    value: float
    basis: str
    spread: float | None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 90 % range, where a spread is known."""
        return None if self.spread is None or not self.value else interval90(self.value, self.spread)


class Intensity(Value):
    """Of a training: operational emissions `E x I`, embodied ones `M` and their sum in kgCO2e gross, None where not
    known; and `amounts`, how much of each unit the training is."""

    operational: Result | None
    embodied: Result | None
    total: Score | None
    amounts: dict[str, float]


def intensity(one: Filled) -> Intensity:
    """The score of a training; market-based measures are no part of it."""
    operational, making = one.results.get("gross_kgco2e"), embodied(one).gross
    parameters = disclosure.parameters(one)
    counts = {
        "run": disclosure.count(one),
        "flop": disclosure.of_all(one, "compute"),
        "token": disclosure.of_all(one, "tokens"),
        "parameter": parameters and parameters * disclosure.count(one),
    }
    amounts = {unit: number / UNITS[unit] for unit, number in counts.items() if number}
    total = _sum(operational, making) if operational is not None and making is not None else None
    return Intensity(operational, making, total, amounts)


def _sum(a: Result, b: Result) -> Score:
    """The sum, with its errors to the first order: one that both share counts whole, others as independent."""
    value = a.value + b.value
    factors = combined((a.value / value, a.factors), (b.value / value, b.factors)) if value else {}
    basis = "assumed" if "assumed" in (a.basis, b.basis) else "derived"
    return Score(value, basis, factors_spread(factors))
