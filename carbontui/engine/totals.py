"""Sums over the scenarios of a comparison, of each group and of all, with intervals that know which errors the parts
share.

A result is lognormal, and two results correlate by the errors that both hold: what they share adds up, what they do
not share averages out.
"""

from __future__ import annotations

from math import erf, exp, pi, sqrt

from carbontui.engine.scenario import Filled
from carbontui.engine.uncertainty import Z90, Factors, factors_variance
from carbontui.quantities import METRICS, SUMMED
from carbontui_registry.values import NamedTuple, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    # The errors of a term, in their order.
    _Errors = tuple[tuple[object, tuple[float, float]], ...]

# Enough for the ends of a 90 % range to half a percent, and where many sums are drawn to a percent; of more terms
# fewer are made at once.
_DRAWS, _DRAWS_MANY, _FEW, _AT_ONCE = 1 << 15, 10_000, 64, 1 << 22


class Sum(Value):
    """A sum of results: their plain sum, its basis, and the 90 % range and median of the sum, where a spread is
    known.

    `value` is what a reader gets who adds up the parts. Where these vary independently, the median of their sum is
    above it, as their ranges reach further up than down.
    """

    value: float
    basis: str
    interval: tuple[float, float] | None = None
    median: float | None = None


class Total(Value):
    """The sums of one group, or of all scenarios where `group` is None, by the keys of results.

    `results` holds what is known of every scenario; `known` the sums over those that are known, where not all are;
    `unknown` how many scenarios lack the metric of the comparison; `mixed` the texts, such as the coverage of carbon
    factors, by which the parts are not of one kind.
    """

    group: str | None
    scenarios: tuple[str, ...]
    unknown: int
    results: dict[str, Sum]
    known: dict[str, Sum]
    mixed: tuple[str, ...]


def totals(scenarios: Sequence[Filled], metric: str = "gross") -> tuple[Total, ...]:
    """Of each group in the order in which they first appear, then of all; none of no scenarios."""
    groups = dict.fromkeys(one.scenario.group for one in scenarios if one.scenario.group)
    parts = {group: [one for one in scenarios if one.scenario.group == group] for group in groups}
    made = [total(part, metric, group) for group, part in parts.items()]
    return (*made, total(scenarios, metric)) if scenarios else ()


def total(scenarios: Sequence[Filled], metric: str = "gross", group: str | None = None) -> Total:
    """The sums over some scenarios; `metric` is the one of which the unknown ones are counted."""
    having = {key: [one for one in scenarios if key in one.results] for key in SUMMED}
    sums = {key: summed(some, key) for key, some in having.items() if some}
    complete = {key for key, some in having.items() if len(some) == len(scenarios)}
    # Net alone rests on how purchases are matched.
    kinds = (*(("coverage",) if "gross_kgco2e" in sums else ()), *(("net_basis",) if "net_kgco2e" in complete else ()))
    return Total(
        group,
        tuple(one.name for one in scenarios),
        sum(METRICS[metric] not in one.results for one in scenarios),
        {key: one for key, one in sums.items() if key in complete},
        {key: one for key, one in sums.items() if key not in complete},
        tuple(key for key in kinds if len({one.texts[key] for one in scenarios if key in one.texts}) > 1),
    )


def summed(scenarios: Sequence[Filled], key: str) -> Sum:
    """The sum of a result that all the scenarios have."""
    results = [one.results[key] for one in scenarios]
    value = sum(result.value for result in results)
    basis = "assumed" if any(result.basis == "assumed" for result in results) else "derived"
    return sums_of([Terms(value, basis, [(result.factors, result.value) for result in results])])[0]


class Terms(NamedTuple):
    """A plain sum, its basis, and the results that it is of: each with its errors, and its part of the sum."""

    value: float
    basis: str
    results: Sequence[tuple[Factors, float]]


def sums_of(sums: Sequence[Terms]) -> list[Sum]:
    """Several sums, whose errors are drawn once for all of them."""
    # Results with the very same errors are one term: there are few kinds of runs among many.
    numbers: dict[_Errors, int] = {}
    # Groups of runs share their results: by identity, which holds while the sums do.
    seen: dict[int, int] = {}
    weights: list[dict[int, float]] = []
    for one in sums:
        terms: dict[int, float] = {}
        for factors, part in one.results:
            number = seen.get(id(factors))
            if number is None:
                # In an order that does not hang on hashes, as what is drawn for an error does on its place.
                held = tuple(sorted(factors.items(), key=lambda error: str(error[0])))
                number = seen[id(factors)] = numbers.setdefault(held, len(numbers))
            terms[number] = terms.get(number, 0.0) + part
        weights.append(terms)
    errors = [dict(one) for one in numbers]
    ranged = [n for n, terms in enumerate(weights) if sums[n].value and any(errors[term] for term in terms)]
    drawn = [n for n in ranged if len(weights[n]) > 1]
    found = {n: _of_one(weights[n], errors) for n in ranged if len(weights[n]) == 1}
    if drawn:
        found |= zip(drawn, _quantiles([weights[n] for n in drawn], errors), strict=True)
    return [
        Sum(one.value, one.basis, (found[n][0], found[n][2]), found[n][1]) if n in found else Sum(one.value, one.basis)
        for n, one in enumerate(sums)
    ]


def _of_one(terms: dict[int, float], errors: list[Factors]) -> tuple[float, float, float]:
    """The 5 %, 50 % and 95 % quantiles of one lognormal, which are exact."""
    ((term, median),) = terms.items()
    width = exp(Z90 * sqrt(factors_variance(errors[term])))
    return median / width, median, median * width


def _quantiles(sums: list[dict[int, float]], errors: list[Factors]) -> list[tuple[float, float, float]]:
    """The 5 %, 50 % and 95 % quantiles of sums of lognormals, each of medians by the number of a term.

    The sum of several has no distribution with a name (what passes for one is off by a tenth at the lower end where a
    wide and a narrow one are added), so it is drawn, from a fixed seed. Beside it goes the geometric mean of the terms,
    from the same draws, whose quantiles are known: by how many of its draws lie below these, those of the sum are put
    right.
    """
    import numpy as np

    used = sorted({term for terms in sums for term in terms})
    number = {term: n for n, term in enumerate(used)}
    loadings, own = (one.astype(np.float32) for one in _loadings([errors[term] for term in used]))
    random = np.random.default_rng(0)
    draws = _DRAWS if len(sums) <= _FEW else _DRAWS_MANY
    block = max(1, min(draws, _AT_ONCE // len(used)))
    z = np.array([-Z90, 0.0, Z90])
    shares = np.array([_share_below(one) for one in z])
    drawn = [np.empty((len(sums), 0), dtype=np.float32)]
    below = np.zeros((len(z), len(sums)))
    m = np.zeros((len(sums), len(used)), dtype=np.float32)
    for row, terms in enumerate(sums):
        whole = sum(terms.values())
        m[row, [number[term] for term in terms]] = [value / whole for value in terms.values()]
    # Some products of matrices raise the processor's flags for lanes that they do not use; all here is finite.
    with np.errstate(invalid="ignore"):
        common = m @ loadings
        width = np.sqrt(np.sum(common**2, axis=1) + (m * m) @ (own * own))
        for start in range(0, draws, block):
            size = min(block, draws - start)
            shared = random.standard_normal((loadings.shape[1], size), dtype=np.float32)
            alone = own[:, None] * random.standard_normal((len(used), size), dtype=np.float32)
            mean = common @ shared + m @ alone
            below += [np.count_nonzero(mean < one * width[:, None], axis=1) for one in z]
            alone += loadings @ shared
            drawn.append(m @ np.exp(alone, out=alone))
    found = np.quantile(np.concatenate(drawn, axis=1), shares, axis=1, overwrite_input=True).astype(float)
    # The sum is nearly lognormal, so that its logarithm grows by this for each share of the draws.
    spread = np.log(found[2] / found[0]) / (2 * Z90)
    density = np.exp(-z * z / 2) / sqrt(2 * pi)
    ends = found * np.exp((below / draws - shares[:, None]) / density[:, None] * spread)
    wholes = [sum(terms.values()) for terms in sums]
    return [(low * one, mid * one, high * one) for (low, mid, high), one in zip(ends.T.tolist(), wholes, strict=True)]


def _share_below(z: float) -> float:
    """The standard normal distribution."""
    return (1 + erf(z / sqrt(2))) / 2


def _loadings(errors: list[Factors]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Standard deviations of the logarithms of terms: a column for each error that several hold (terms x errors), and
    what is left to each term alone."""
    import numpy as np

    held: dict[object, int] = {}
    for factors in errors:
        for identity in factors:
            held[identity] = held.get(identity, 0) + 1
    column = {identity: n for n, identity in enumerate(i for i, times in held.items() if times > 1)}
    loadings, own = np.zeros((len(errors), len(column))), np.zeros(len(errors))
    for number, factors in enumerate(errors):
        for identity, (power, variance) in factors.items():
            if identity in column:
                loadings[number, column[identity]] = power * sqrt(variance)
        own[number] = sqrt(factors_variance({i: one for i, one in factors.items() if i not in column}))
    return loadings, own
