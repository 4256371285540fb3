"""The equations that hold in every scenario, and what follows from the quantities that are known.

They form a tree around the chip-hours, each with one product on its right side; filling in the one unknown of an
equation until nothing changes finds all that follows, in whatever order the known came.
"""

from __future__ import annotations

from carbontui.engine.footprint import SECONDS_PER_HOUR, WATTS_PER_KILOWATT, Formula
from carbontui_registry.values import NamedTuple


class Equation(NamedTuple):
    """`left` = `scale` x `first` x `second`, by the keys of quantities in the engine's units."""

    left: str
    first: str
    second: str
    scale: float = 1.0


EQUATIONS = (
    Equation("compute", "flop_per_token", "tokens"),
    Equation("compute", "chip_hours", "throughput", float(SECONDS_PER_HOUR)),
    Equation("chip_hours", "chips", "duration"),
    Equation("throughput", "peak", "utilisation"),
    Equation("it_energy", "chip_hours", "power", 1 / WATTS_PER_KILOWATT),
    Equation("energy", "it_energy", "pue"),
)


class Known(NamedTuple):
    """A value with the inputs that it is the product of, each with its power; `by` is the equation that gave it."""

    value: float
    exponents: dict[str, float]
    by: Equation | None = None

    def formula(self, key: str) -> Formula:
        """The equation solved for `key`."""
        assert self.by is not None
        if key == self.by.left:
            return Formula((self.by.first, self.by.second))
        other = self.by.second if key == self.by.first else self.by.first
        return Formula((self.by.left,), (other,))


# Quantity -> the equations that it stands in.
_IN = {
    key: tuple(equation for equation in EQUATIONS if key in equation[:3])
    for key in {key for equation in EQUATIONS for key in equation[:3]}
}


def propagate(known: dict[str, Known], key: str) -> None:
    """Add everything that follows from a quantity that has just become known."""
    waiting = [key]
    while waiting:
        for equation in _IN.get(waiting.pop(), ()):
            left, first, second = known.get(equation[0]), known.get(equation[1]), known.get(equation[2])
            if left is None:
                if first is not None and second is not None:
                    known[equation[0]] = _product(equation, first, second)
                    waiting.append(equation[0])
            elif first is None:
                if second is not None:
                    known[equation[1]] = _quotient(equation, left, second)
                    waiting.append(equation[1])
            elif second is None:
                known[equation[2]] = _quotient(equation, left, first)
                waiting.append(equation[2])


def _product(equation: Equation, first: Known, second: Known) -> Known:
    value = first.value * second.value
    return Known(value if equation.scale == 1.0 else value * equation.scale, _powers(first, second, 1.0), equation)


def _quotient(equation: Equation, left: Known, other: Known) -> Known:
    # A factor of 0, as of an energy of 0, leaves the other unknown; infinity is refused where it would be shown.
    value = left.value / other.value if other.value else float("inf")
    return Known(value if equation.scale == 1.0 else value / equation.scale, _powers(left, other, -1.0), equation)


def _powers(one: Known, other: Known, sign: float) -> dict[str, float]:
    powers = dict(one.exponents)
    for key, power in other.exponents.items():
        powers[key] = powers.get(key, 0.0) + sign * power
    return powers
