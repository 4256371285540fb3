"""The model of the estimates: variances of groups, intervals, and the coverage that they promise."""

from __future__ import annotations

import random
from math import exp, inf, log, sqrt
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbontui.engine.uncertainty import interval90
from carbontui.verification.estimates import Case, Report, summed_up
from carbontui.verification.power import Measured
from carbontui.verification.random_effects import Fit, Interval, fit, fit_classes, lognormal, slope_of, student90
from carbontui.verification.utilisation import left_out_each
from carbontui_registry.catalogue import Registered


@pytest.mark.parametrize(
    ("df", "expected"),
    # Student's t, two-sided 90 %: any table of it; the last is the normal distribution's.
    [(1, 6.3138), (2, 2.9200), (3, 2.3534), (5, 2.0150), (30, 1.6973), (1e6, 1.6449)],
)
def test_students_t(df: float, expected: float) -> None:
    assert student90(df) == pytest.approx(expected, abs=6e-5)


def test_equal_groups_are_the_textbooks_analysis_of_variance() -> None:
    groups = {"a": [1.0, 1.2], "b": [2.0, 2.4], "c": [0.5, 0.5]}
    found = fit(groups)
    means = [fmean(logs) for logs in groups.values()]
    within = fmean(variance(logs) for logs in groups.values())
    assert found.within == pytest.approx(within)
    assert found.between == pytest.approx(variance(means) - within / 2)
    assert found.mean == pytest.approx(fmean(means))
    assert found.mean_variance == pytest.approx(variance(means) / 3)


def test_groups_that_do_not_differ_are_one() -> None:
    found = fit({"a": [0.0, 1.0, 0.5], "b": [0.1, 0.9]})
    assert found.between == 0
    assert found.mean == pytest.approx(0.5)
    assert found.predict("a").median == found.predict().median


def test_a_known_group_is_drawn_to_the_mean_of_all_the_less_the_more_runs_it_has() -> None:
    few = fit({"a": [2.0], "b": [0.0, 0.4], "c": [0.1, 0.3]})
    many = fit({"a": [2.0, 1.8, 2.2, 2.0], "b": [0.0, 0.4], "c": [0.1, 0.3]})
    for found in (few, many):
        assert found.mean < log(found.predict("a").median) < 2
    assert few.predict("a").median < many.predict("a").median
    assert many.predict("a").width < few.predict("a").width < few.predict("new").width
    assert few.predict("new") == few.predict()


def test_a_new_group_has_the_variance_of_groups_of_runs_and_of_the_mean() -> None:
    found = Fit(0.0, 0.1, 0.3, 0.2, 10**6, 10**5, {str(n): (0.0, 2) for n in range(10**5)})
    assert log(found.predict().high) == pytest.approx(1.6449 * sqrt(0.1 + 0.3 + 0.2), rel=1e-4)
    alike = found.replace(between=0.0, mean_variance=0.0)
    assert log(alike.predict("7").high) == pytest.approx(1.6449 * sqrt(0.2), rel=1e-4)


@pytest.mark.parametrize("groups", [{}, {"a": [1.0, 2.0]}, {"a": [1.0], "b": [2.0]}])
def test_what_cannot_be_fitted(groups: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match="two groups"):
        fit(groups)


LOGS = st.lists(st.floats(-5, 5), min_size=1, max_size=6)


@given(st.lists(LOGS, min_size=2, max_size=6).filter(lambda groups: any(len(logs) > 1 for logs in groups)))
def test_every_fit_has_finite_intervals_around_its_medians(groups: list[list[float]]) -> None:
    named = {str(n): logs for n, logs in enumerate(groups)}
    found = fit(named)
    assert 0 <= found.between < inf
    assert min(map(min, groups)) - 1e-9 <= found.mean <= max(map(max, groups)) + 1e-9
    for name in (*named, None):
        ends = found.predict(name)
        assert 0 < ends.low <= ends.median <= ends.high < inf
        assert ends.low * ends.high == pytest.approx(ends.median**2)


@given(st.lists(LOGS, min_size=2, max_size=5).filter(lambda groups: any(len(logs) > 1 for logs in groups)), st.data())
def test_another_unit_moves_the_predictions_and_nothing_else(groups: list[list[float]], data: st.DataObject) -> None:
    shift = data.draw(st.floats(-3, 3))
    first = fit({str(n): logs for n, logs in enumerate(groups)})
    moved = fit({str(n): [x + shift for x in logs] for n, logs in enumerate(groups)})
    if first.within < 1e-9:
        return
    assert moved.predict().median == pytest.approx(first.predict().median * exp(shift), rel=1e-6)
    assert moved.predict().width == pytest.approx(first.predict().width, rel=1e-5)


def test_classes_share_their_variances_and_keep_their_means() -> None:
    apart = {"a": [0.0, 0.2], "b": [0.5, 0.7]}
    found = fit_classes({"several": apart, "single": {"c": [2.0, 2.2]}})
    alone = fit(apart)
    assert (found["several"].mean, found["several"].between) == pytest.approx((alone.mean, alone.between))
    assert found["single"].mean == pytest.approx(2.1)
    assert found["single"].between == found["several"].between > 0
    assert found["single"].predict().width > found["several"].predict().width
    borrowed = fit_classes({"single": {"c": [2.0, 2.2]}}, apart=alone)["single"]
    assert (borrowed.between, borrowed.between_df) == (alone.between, alone.between_df)


def test_a_slope_is_that_of_least_squares() -> None:
    assert slope_of([(0.0, 1.0), (1.0, 1.5), (2.0, 2.0)]) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="two sizes"):
        slope_of([(1.0, 0.0), (1.0, 2.0)])


@pytest.mark.parametrize("whole_source", [False, True])
def test_nine_of_ten_truths_are_covered_where_the_truth_is_known(*, whole_source: bool) -> None:
    """Groups as unequal as the paper's; runs of one group hit or miss together, so the share is known to some 2 %."""
    chance = random.Random(20210421)
    covered = runs = 0
    for _ in range(200):
        groups = [(str(n), chance.gauss(-0.2, 0.3)) for n in range(4)]
        sizes = (4, 3, 2, 1)
        made = [
            measured(name, exp(chance.gauss(centre, 0.1)))
            for (name, centre), size in zip(groups, sizes, strict=True)
            for _ in range(size)
        ]
        cases = left_out_each(made, whole_source=whole_source)
        covered += sum(ends.covers(one.ratio) for one, ends in cases)
        runs += len(cases)
    assert runs == 2000
    assert 0.86 < covered / runs < 0.95


def measured(group: str, ratio: float) -> Measured:
    return Measured(Registered("run", f"of {group}", "", "", True, None), group, ratio, group)


def test_a_method_that_only_widens_its_intervals_fails_and_one_that_only_narrows_them(report: Report) -> None:
    for summary in (one for one in report.summaries if one.asked.ratio < inf or one.asked.score < inf):
        of = report.methods[summary.method]

        def scaled(case: Case, power: float) -> Case:
            ends = case.predicted
            low, high = (ends.median * (end / ends.median) ** power for end in (ends.low, ends.high))
            return case.replace(predicted=Interval(ends.median, low, high))

        assert summed_up(summary.method, of, summary.asked) == summary
        for factor in (3, 0.2):
            other = summed_up(summary.method, [scaled(case, factor) for case in of], summary.asked)
            assert (other.covered >= summary.covered) == (factor > 1)
            assert not other.holds


def test_a_figure_has_the_interval_that_was_predicted() -> None:
    found = lognormal(Interval(0.5, 0.25, 1.0))
    assert interval90(found.median, found.spread) == (pytest.approx(0.25, rel=0.01), pytest.approx(1.0, rel=0.01))
    cut = lognormal(Interval(0.5, 0.1, 2.5), limit=1.0)
    assert cut == found
