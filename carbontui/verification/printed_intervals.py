"""Printed figures as the intervals of values that round to them, and the verdicts that follow from that."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from carbontui.text import display
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SAME, FOLLOWS, IN_PART, FOLLOWS_NOT = "same digits", "follows", "follows in part", "does not follow"
# The verdict where an input is not registered; never on record, so that it always differs.
NOT_KNOWN = "unknown"


class Interval(Value):
    """All that a figure, never negative, can be; `mid` is what it is taken for. NaN where it is unknown."""

    low: Decimal
    mid: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def __mul__(self, other: Interval | int) -> Interval:
        by = other if isinstance(other, Interval) else exactly(other)
        return Interval(self.low * by.low, self.mid * by.mid, self.high * by.high)

    def __truediv__(self, other: Interval | int) -> Interval:
        by = other if isinstance(other, Interval) else exactly(other)
        return Interval(self.low / by.high, self.mid / by.mid, self.high / by.low)

    @property
    def unknown(self) -> bool:
        """Whether an input of it is not registered."""
        return not self.mid.is_finite()

    def meets(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        return self.low <= other.high and other.low <= self.high

    def taken_for(self, value: float) -> Interval:
        """The same relative width around another value."""
        scale = Decimal(repr(value)) / self.mid
        return Interval(self.low * scale, self.mid * scale, self.high * scale)


def around(value: Decimal, half: Decimal) -> Interval:
    """`value` give or take `half`."""
    return Interval(max(value - half, Decimal(0)), value, value + half)


def exactly(value: int) -> Interval:
    """An exact number, such as chips."""
    return around(Decimal(value), Decimal(0))


UNKNOWN = Interval(Decimal("nan"), Decimal("nan"), Decimal("nan"))


def half_width(text: str) -> Decimal:
    """Half a unit of the last digit of a printed text."""
    return Decimal(5).scaleb(int(Decimal(text).as_tuple().exponent) - 1)


def printed(text: str) -> Interval:
    """The values that round to a printed text: `1.10` is 1.095 to 1.105, `2.91e21` 2.905e21 to 2.915e21.

    The text's `~45X`, `~55X`, `~115X` and `~130X` (section 3) count in fives: `~45` is 42.5 to 47.5.
    """
    digits = text.lstrip("~")
    return around(Decimal(digits), half_width(digits) * (5 if text.startswith("~") else 1))


def rounded(value: Decimal, text: str) -> str:
    """The value with the digits of a printed text."""
    made = value.quantize(Decimal(text.lstrip("~")), ROUND_HALF_UP)
    if not made.is_finite():
        return display.UNKNOWN
    return str(made).replace("E+", "e") if "e" in text else f"{made:f}"


def verdict(given: Interval, text: str) -> str:
    """How what was computed stands to a printed text."""
    if given.unknown:
        return NOT_KNOWN
    if rounded(given.mid, text) == text.lstrip("~"):
        return SAME
    return FOLLOWS if given.meets(printed(text)) else FOLLOWS_NOT


def verdict_of_range(ratios: Iterable[Interval], low: str, high: str, *, from_low: bool = True) -> str:
    """How ratios stand to a range in the text.

    It follows where the least ratio is at the low end (unless `from_low` is False) and the largest at the high end or
    above, in part where some ratio is in the range.
    """
    found = sorted(ratios, key=lambda ratio: ratio.mid)
    if not found or any(ratio.unknown for ratio in found):
        return NOT_KNOWN
    first, last = printed(low), printed(high)
    if found[-1].high >= last.low and (not from_low or found[0].meets(first)):
        return FOLLOWS
    inside = any(ratio.high >= first.low and ratio.low <= last.high for ratio in found)
    return IN_PART if inside else FOLLOWS_NOT
