"""Groups of ratios as a lognormal model with random effects, and what it predicts of one more.

The model is a lognormal one with random effects. The logarithm of run j on hardware (or generation) i is
`mean + a_i + e_ij`, with `a_i` of variance `between` and `e_ij` of variance `within`. The formulas are those of

- Searle, Casella, McCulloch 1992, *Variance Components*, chapters 3 and 7: `within`, and the best linear unbiased
  prediction of `a_i`, which shrinks a group's own mean towards the mean of all;
- Paule, Mandel 1982 (doi:10.6028/jres.087.022): `between`, and with it the mean of groups of unequal size;
- Satterthwaite 1946 (doi:10.2307/3002019): degrees of freedom of a sum of estimated variances.
"""

from __future__ import annotations

from math import atan, cos, exp, lgamma, log, pi, pow, sqrt, tan

from carbontui.engine.calibration import Estimate
from carbontui.engine.uncertainty import Z90, spread_of
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Interval(Value):
    """A predicted ratio: its median and the ends of its 90 % interval."""

    median: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """Upper over lower end."""
        return self.high / self.low

    def covers(self, ratio: float) -> bool:
        """Whether the ratio lies in it."""
        return self.low <= ratio <= self.high


class Fit(Value):
    """The random-effects model of some groups of logarithms; `within_df` belongs to `within`."""

    mean: float
    mean_variance: float
    between: float
    within: float
    within_df: int
    groups: dict[str, tuple[float, int]]

    def predict(self, group: str | None = None) -> Interval:
        """One more run of a group, or of a group that is not among these."""
        mean, runs = self.groups.get(group or "", (self.mean, 0))
        own = self.between / (self.between + self.within / runs) if runs else 0.0
        median = own * mean + (1 - own) * self.mean
        from_within = self.within * (1 + own / runs) if runs else self.within
        from_between = (1 - own) ** 2 * self.mean_variance if runs else self.between + self.mean_variance
        variance = from_within + from_between
        df = variance**2 / (from_within**2 / self.within_df + from_between**2 / (len(self.groups) - 1))
        half = student90(df) * sqrt(variance)
        return Interval(exp(median), exp(median - half), exp(median + half))


def fit(groups: Mapping[str, Sequence[float]]) -> Fit:
    """The model of logarithms by group. Raises `ValueError` unless there are two groups, and one with two members."""
    sizes = {name: len(logs) for name, logs in groups.items()}
    means = {name: sum(logs) / len(logs) for name, logs in groups.items()}
    within_df = sum(sizes.values()) - len(sizes)
    if len(groups) < 2 or within_df < 1:
        raise ValueError("a fit needs two groups, and one of them with two members")
    squares = sum((x - means[name]) ** 2 for name, logs in groups.items() for x in logs)
    # Runs that agree to the last bit would be given infinite weight.
    within = max(squares / within_df, 1e-12)

    def pooled(between: float) -> tuple[float, float, float]:
        """Mean over groups, its variance, and the weighted sum of squares around it."""
        weights = {name: 1 / (between + within / size) for name, size in sizes.items()}
        total = sum(weights.values())
        mean = sum(weights[name] * means[name] for name in weights) / total
        return mean, 1 / total, sum(weights[name] * (means[name] - mean) ** 2 for name in weights)

    # The sum of squares falls with `between`, and is expected to be the number of groups less one.
    # Where it is less without any `between`, that is none.
    low, high = 0.0, sum((a - b) ** 2 for a in means.values() for b in means.values())
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if pooled(middle)[2] > len(groups) - 1 else (low, middle)
    mean, variance, _ = pooled(low)
    return Fit(mean, variance, low, within, within_df, {name: (means[name], sizes[name]) for name in sizes})


def student90(df: float) -> float:
    """What Student's t with `df` (1 or more, not only whole) degrees of freedom exceeds, in size, in one case of ten.

    With t = sqrt(df) tan(a) its density is proportional to cos(a)^(df - 1), which Simpson's rule integrates.
    """
    scale = 2 * exp(lgamma((df + 1) / 2) - lgamma(df / 2)) / sqrt(pi)

    def within(angle: float, steps: int = 128) -> float:
        height = [pow(cos(angle * n / steps), df - 1) for n in range(steps + 1)]
        inner = 4 * sum(height[1:-1:2]) + 2 * sum(height[2:-1:2])
        return scale * angle / steps / 3 * (height[0] + inner + height[-1])

    # With one degree of freedom t is 6.3, with more it is less.
    low, high = 0.0, atan(7 / sqrt(df))
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle) < 0.9 else (low, middle)
    return sqrt(df) * tan(low)


def lognormal(predicted: Interval, limit: float | None = None) -> Estimate:
    """The figure with this median whose 90 % interval (as `footprint.interval90` has it) is the predicted one.

    Its upper end is at most `limit`. Two digits are more than such figures are known to.
    """
    half = log(predicted.high / predicted.median)
    if limit is not None:
        half = min(half, log(limit / predicted.median))
    spread = spread_of((half / Z90) ** 2)
    return Estimate(float(f"{predicted.median:.2g}"), float(f"{spread:.2g}"))


def from_run_to_run(found: Fit) -> Estimate:
    """What a run says of another one like it, as a share: 1, with the spread of runs within a group."""
    return Estimate(1.0, float(f"{spread_of(found.within):.2g}"))
