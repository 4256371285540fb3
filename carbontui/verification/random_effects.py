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

from carbontui.engine.calibration import Estimate, rounded
from carbontui.engine.uncertainty import Z90, spread_of
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Interval(Value):
    """A predicted ratio: its median and the ends of its 90 % range."""

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
    """The random-effects model of one class: the logarithms of its groups, and the variances, which it may share with
    other classes; `within_df` and `between_df` are their degrees of freedom."""

    mean: float
    mean_variance: float
    between: float
    within: float
    within_df: int
    between_df: int
    groups: dict[str, tuple[float, int]]

    def ends(self, group: str | None = None, apart: float = 0.0) -> tuple[float, float]:
        """The median of one more run of a group, or of a group that is not among these, and half its 90 % range,
        both of the logarithm. `apart` is the variance by which the run's group differs from the group named."""
        mean, runs = self.groups.get(group or "", (self.mean, 0))
        own = self.between / (self.between + self.within / runs) if runs else 0.0
        median = own * mean + (1 - own) * self.mean
        from_within = self.within * (1 + own / runs) if runs else self.within
        from_between = apart + ((1 - own) ** 2 * self.mean_variance if runs else self.between + self.mean_variance)
        variance = from_within + from_between
        df = variance**2 / (from_within**2 / self.within_df + from_between**2 / self.between_df)
        return median, student90(df) * sqrt(variance)

    def predict(self, group: str | None = None, apart: float = 0.0) -> Interval:
        """One more run of a group, or of a group that is not among these."""
        median, half = self.ends(group, apart)
        return Interval(exp(median), exp(median - half), exp(median + half))


def fit(groups: Mapping[str, Sequence[float]]) -> Fit:
    """The model of logarithms by group. Raises `ValueError` unless there are two groups, and one with two members."""
    return fit_classes({"": groups})[""]


def fit_classes(
    classes: Mapping[str, Mapping[str, Sequence[float]]], slopes: int = 0, apart: Fit | None = None
) -> dict[str, Fit]:
    """The model of several classes of groups, each with a mean of its own, whose runs and whose groups vary alike.

    A class with a single group takes from the others how far groups lie apart, or all take it from `apart`. `slopes` is
    how many were fitted to the logarithms before. Raises `ValueError` unless a class has two groups, and enough groups
    have two members.
    """
    squares = df = 0.0
    for groups in classes.values():
        for logs in groups.values():
            centre = sum(logs) / len(logs)
            squares += sum((x - centre) ** 2 for x in logs)
            df += len(logs) - 1
    within_df = int(df) - slopes
    between_df = apart.between_df if apart else sum(len(groups) - 1 for groups in classes.values() if groups)
    if between_df < 1 or within_df < 1:
        raise ValueError("a fit needs two groups, and one of them with two members")
    # Runs that agree to the last bit would be given infinite weight.
    within = max(squares / within_df, 1e-12)
    means = {
        name: {group: (sum(logs) / len(logs), len(logs)) for group, logs in groups.items()}
        for name, groups in classes.items()
        if groups
    }

    def pooled(name: str, between: float) -> tuple[float, float, float]:
        """Mean over the groups of a class, its variance, and the weighted sum of squares around it."""
        weighted = [(mean, 1 / (between + within / size)) for mean, size in means[name].values()]
        total = sum(weight for _, weight in weighted)
        centre = sum(weight * mean for mean, weight in weighted) / total
        return centre, 1 / total, sum(weight * (mean - centre) ** 2 for mean, weight in weighted)

    # The sum of squares falls with `between`, and is expected to be the degrees of freedom.
    # Where it is less without any `between`, that is none.
    low, high = 0.0, sum((a - b) ** 2 for of in means.values() for a, _ in of.values() for b, _ in of.values())
    for _ in range(100 if apart is None else 0):
        middle = (low + high) / 2
        more = sum(pooled(name, middle)[2] for name in means) > between_df
        low, high = (middle, high) if more else (low, middle)
    between = low if apart is None else apart.between
    return {
        name: Fit(*pooled(name, between)[:2], between, within, within_df, between_df, means[name]) for name in means
    }


def slope_of(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the line of least squares. Raises `ValueError` where all points stand above one another."""
    x_mean, y_mean = (sum(values) / len(points) for values in zip(*points, strict=True)) if points else (0.0, 0.0)
    across = sum((x - x_mean) ** 2 for x, _ in points)
    if not across:
        raise ValueError("a slope needs two sizes")
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / across


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
    """The figure with this median whose 90 % range (as `footprint.interval90` has it) is the predicted one.

    Its upper end is at most `limit`. Two digits are more than such figures are known to.
    """
    half = log(predicted.high / predicted.median)
    if limit is not None:
        half = min(half, log(limit / predicted.median))
    return rounded(Estimate(predicted.median, spread_of((half / Z90) ** 2)))


def from_run_to_run(found: Fit) -> Estimate:
    """What a run says of another one like it, as a share: 1, with the spread of runs within a group."""
    return rounded(Estimate(1.0, spread_of(found.within)))
