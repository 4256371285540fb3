"""How far off estimates are: the model on data whose truth is known, which runs are taken, and what is asked."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from math import exp, inf, log, sqrt
from pathlib import Path
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbontui.cli import main
from carbontui.engine import calibration
from carbontui.engine.assumptions import OWN_ESTIMATE, prediction_spread
from carbontui.engine.calibration import Estimate
from carbontui.engine.scenario import Filled, Scenario
from carbontui.engine.solver import fill
from carbontui.engine.uncertainty import interval90
from carbontui.spec import parse_spec
from carbontui.text.display import significant
from carbontui.text.inputs import how
from carbontui.text.notes import missing_text, notes_of
from carbontui.verification.estimates import (
    NO_TRAINING,
    Case,
    Measured,
    Report,
    estimates,
    left_out_each,
    powers,
    summed_up,
    utilisations,
)
from carbontui.verification.estimates_report import as_data, in_a_line, problems
from carbontui.verification.random_effects import Fit, Interval, fit, lognormal, student90
from carbontui_registry.catalogue import Catalogue, Registered

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def report(catalogue: Catalogue) -> Report:
    return estimates(catalogue)


# The model


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
    found = Fit(0.0, 0.1, 0.3, 0.2, 10**6, {str(n): (0.0, 2) for n in range(10**5)})
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


@pytest.mark.parametrize("whole_group", [False, True])
def test_nine_of_ten_truths_are_covered_where_the_truth_is_known(*, whole_group: bool) -> None:
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
        cases = left_out_each("", made, whole_group=whole_group)
        covered += sum(case.covered for case in cases)
        runs += len(cases)
    assert runs == 2000
    assert 0.86 < covered / runs < 0.95


def measured(group: str, ratio: float) -> Measured:
    return Measured(Registered("run", f"of {group}", "", "", True, None), group, ratio)


def test_a_method_that_only_widens_its_intervals_fails(report: Report) -> None:
    for summary in report.summaries:
        cases = [case for case in report.cases if case.method == summary.method]
        assert summed_up(cases, summary.least_covered, summary.largest_ratio).holds

        def scaled(case: Case, power: float) -> Case:
            ends = case.predicted
            factor = (ends.high / ends.median) ** power
            return case.replace(predicted=Interval(ends.median, ends.median / factor, ends.median * factor))

        wide = summed_up([scaled(case, 3) for case in cases], summary.least_covered, summary.largest_ratio)
        assert wide.covered >= summary.covered
        assert not wide.holds
        narrow = summed_up([scaled(case, 0.2) for case in cases], summary.least_covered, summary.largest_ratio)
        assert narrow.ratio < summary.ratio
        assert not narrow.holds


def test_a_figure_has_the_interval_that_was_predicted() -> None:
    found = lognormal(Interval(0.5, 0.25, 1.0))
    assert interval90(found.median, found.spread) == (pytest.approx(0.25, rel=0.01), pytest.approx(1.0, rel=0.01))
    cut = lognormal(Interval(0.5, 0.1, 2.5), limit=1.0)
    assert cut == found


# The runs


def test_the_papers_ten_runs_on_four_chips(catalogue: Catalogue) -> None:
    taken, _ = powers(catalogue, "system")
    ratios = sorted(round(one.ratio, 2) for one in taken)
    assert ratios == [0.54, 0.64, 0.64, 0.69, 0.74, 0.81, 0.82, 0.90, 0.99, 1.10]
    assert {one.group for one in taken} == {"tpu-v2", "tpu-v3", "p100-sxm2", "v100-sxm2-32"}


def test_accelerators_are_those_of_a_few_gpus(catalogue: Catalogue) -> None:
    taken, _ = powers(catalogue, "accelerator")
    assert sorted(round(one.ratio, 2) for one in taken) == [0.27, 0.30, 0.39, 0.43, 0.92]
    assert max(one.run.record.chips.value for one in taken) == calibration.FEW_CHIPS
    assert powers(catalogue, "node")[0] == []


def test_utilisation_of_what_was_published(catalogue: Catalogue) -> None:
    taken, _ = utilisations(catalogue)
    found = {one.run.record.model: one.ratio for one in taken}
    assert len(taken) == 41
    assert found["gpt-3"] == pytest.approx(24.6 / 125)  # its throughput
    assert found["palm-540b"] == pytest.approx(2.5272e24 / (8404992 * 3600 * 275e12))  # chip-hours before duration
    assert found["llama-2-7b"] == pytest.approx(6 * 6.74e9 * 2e12 / (184320 * 3600 * 312e12))  # 6ND
    logs = [log(ratio) for ratio in found.values()]
    assert exp(fmean(logs)) == pytest.approx(0.31, abs=0.015)
    assert sqrt(variance(logs)) == pytest.approx(0.32, abs=0.015)


@pytest.mark.parametrize(
    ("model", "of", "reason"),
    [
        ("opt-175b", "throughput", "its compute counts recomputation"),
        ("bloomberggpt-50b", "throughput", "its compute counts recomputation"),
        ("llama-3.2-1b", "throughput", "pruned and distilled"),
        ("evolved-transformer-nas", "throughput", "an architecture search"),
        ("transformer-big-strubell", "power of the system", "no power measured on this hardware"),
        ("lamda-137b", "power of the system", "no power measured on this hardware"),
        ("llama-1-7b", "power of the system", "no power measured on this hardware"),
        ("palm-540b", "power of the system", "no TDP of tpu-v4 was published"),
        ("transformer-big", "throughput", "the measurement of transformer-big/p100-sxm2/us-average"),
    ],
)
def test_a_run_that_is_left_out_says_why(report: Report, model: str, of: str, reason: str) -> None:
    assert any((one.of, one.reason) == (of, reason) and one.run.startswith(model + "/") for one in report.left_out)


def test_every_exception_is_of_a_model_that_is_registered(catalogue: Catalogue) -> None:
    for model in NO_TRAINING:
        assert catalogue.model(model).first_party
    for hardware in calibration.GENERATION_OF:
        assert catalogue.hardware(hardware).id == hardware
    assert set(calibration.GENERATIONS) == set(calibration.UTILISATION)
    assert {one.group for one in utilisations(catalogue)[0]} == set(calibration.UTILISATION)


ACME = """
from carbontui_registry import Figure, Hardware, Model, PowerProfile, Source, TrainingRun, hookimpl
S = Source("Acme")
@hookimpl
def carbontui_hardware():
    yield Hardware("acme-x1", "X1", S, power=PowerProfile(tdp="100 W"), peak={"bf16": "100 TFLOP/s"})
@hookimpl
def carbontui_models():
    yield Model("acme-lm", "LM", S, compute="1e21 FLOP")
@hookimpl
def carbontui_runs():
    for hardware in ("acme-x1", "a100-sxm4-80"):
        yield TrainingRun("acme-lm", hardware, S, period="2025", chips=8, duration="9 d", boundary="system",
                          power=Figure("42 W", basis="measured"), throughput="90 TFLOP/s")
"""


def test_third_parties_change_nothing(install_plugin: Callable[..., Path], report: Report) -> None:
    from carbontui_registry.cache import open_catalogue

    install_plugin("acme", ACME)
    with_acme = open_catalogue()
    assert with_acme.find("run", "acme-lm/acme-x1/2025").record.power.value == 42
    assert as_data(estimates(with_acme)) == as_data(report)


# What is asked, and what is taken


def test_what_is_asked_of_the_methods_holds(report: Report) -> None:
    asked = {one.method: (one.runs, one.least_covered, one.largest_ratio) for one in report.summaries}
    assert asked == {
        "system power, run left out": (10, 9, 2.2),
        "system power, hardware left out": (10, 9, 5.0),
        "throughput, run left out": (41, 37, 3.2),
    }
    assert problems(report) == []
    assert report.holds


def test_no_run_has_a_part_in_its_own_prediction(catalogue: Catalogue) -> None:
    taken, _ = powers(catalogue, "system")
    for whole_group in (False, True):
        before = left_out_each("", taken, whole_group=whole_group)
        for n, one in enumerate(taken):
            changed = [*taken[:n], one.replace(ratio=one.ratio * 100), *taken[n + 1 :]]
            assert left_out_each("", changed, whole_group=whole_group)[n].predicted == before[n].predicted


def test_the_figures_taken_are_what_the_runs_give(report: Report) -> None:
    """Where this fails, `carbontui verify --estimates` names the figures for calibration.py."""
    assert {one.name: one.taken for one in report.constants} == {one.name: one.fitted for one in report.constants}
    assert len(report.constants) == 4 + len(calibration.UTILISATION)


def test_a_figure_that_differs_or_a_method_that_fails_is_named(report: Report) -> None:
    other = report.constants[0].replace(taken=Estimate(0.9, 0.39))
    differing = report.replace(constants=(other, *report.constants[1:]))
    assert not differing.holds
    assert problems(differing) == [
        "power over TDP of new hardware, system: 0.9 ± 39 % is taken, the runs give 0.84 ± 38 %"
    ]
    assert in_a_line(differing) == "3 of 3 methods hold; 10 of 11 figures taken are what the runs give"
    wide = report.replace(summaries=(report.summaries[0].replace(ratio=2.3), *report.summaries[1:]))
    assert not wide.holds
    assert problems(wide) == [
        "system power, run left out: 9 of 10 runs are covered, asked are 9;"
        " upper over lower end is 2.30, asked is at most 2.2"
    ]


def test_new_hardware_in_the_words_of_the_literature() -> None:
    """An 8 x H100 node drew at most 76 % of its rated 10.2 kW (Newkirk et al. 2025): 1.38 of the TDP of its GPUs."""
    low, high = interval90(calibration.SYSTEM_POWER.median, calibration.SYSTEM_POWER.spread)
    assert low < 0.76 * 10_200 / 8 / 700 < high
    assert (low, high) == (pytest.approx(0.5, abs=0.07), pytest.approx(1.6, abs=0.07))
    # No accelerator draws more than its TDP for long.
    assert interval90(calibration.ACCELERATOR_POWER.median, calibration.ACCELERATOR_POWER.spread)[1] <= 1.0


def test_energy_from_tdp_against_table_4(report: Report) -> None:
    found = {one.system: round(one.from_tdp, 3) for one in report.energies}
    assert found == {
        "ET-NAS": 1.340,
        "T5": 1.445,
        "Meena": 1.559,
        "GShard-600B": 1.551,
        "Switch": 1.835,
        "GPT-3": 0.909,
    }
    assert [one.system for one in report.energies if not one.estimated.covers(1)] == ["Switch"]


def test_the_page_says_what_is_taken_and_how_it_stands(report: Report) -> None:
    page = (Path(__file__).parent.parent / "docs" / "estimates.md").read_text(encoding="utf-8")
    for one in report.constants:
        low, high = interval90(one.taken.median, one.taken.spread)
        row = f"| {one.taken.median:.2f} | {one.taken.spread:.0%} |".replace("%", " %")
        assert f"{row} {significant(low, 2)} to {significant(high, 2)} |" in page, one.name
    for summary in report.summaries:
        covered = f"{summary.covered} of {summary.runs} | {summary.least_covered}"
        assert f"| {summary.method} | {covered} | {summary.ratio:.2f} | at most {summary.largest_ratio} |" in page


# In a scenario


def filled(catalogue: Catalogue, spec: str) -> Filled:
    return fill(parse_spec(spec), catalogue)


@pytest.mark.parametrize(
    ("spec", "estimate", "boundary"),
    [
        ("gpt-3@a100", calibration.SYSTEM_POWER, "system"),
        ("gpt-3@a100,boundary=system", calibration.SYSTEM_POWER, "system"),
        ("gpt-3@a100,boundary=accelerator,chips=4", calibration.ACCELERATOR_POWER, "accelerator"),
    ],
)
def test_power_from_a_tdp(catalogue: Catalogue, spec: str, estimate: Estimate, boundary: str) -> None:
    one = filled(catalogue, spec)
    power = one.inputs["power"]
    assert one.hardware is not None
    assert power.value == pytest.approx(one.hardware.record.power.tdp.value * estimate.median)
    assert (power.basis, power.spread, power.source) == ("assumed", estimate.spread, OWN_ESTIMATE)
    assert how(power.way) == f"{estimate.median:g} x TDP of {one.hardware.id}"
    assert one.texts["boundary"] == boundary
    assert not any(note.startswith("power:") for note in notes_of(one))


@pytest.mark.parametrize(
    ("spec", "boundary"),
    [
        ("gpt-3@a100,boundary=accelerator,chips=5", "accelerator"),
        ("pythia-1b@a100,boundary=node,chips=4", "node"),
        ("llama-2-7b@h100,boundary=accelerator", "accelerator"),
    ],
)
def test_at_a_boundary_that_nobody_measured_the_power_is_unknown(
    catalogue: Catalogue, spec: str, boundary: str
) -> None:
    one = filled(catalogue, spec)
    assert "power" not in one.inputs
    assert one.result("energy_kwh") is None
    assert f"power: unknown, because no measurement exists at the {boundary}" in " ".join(notes_of(one))
    assert "add power=, as none is known at this boundary" in missing_text(one, "energy")


@pytest.mark.parametrize(
    ("hardware", "estimate"),
    [
        ("a100", calibration.UTILISATION["A100"]),
        ("h200-sxm", calibration.UTILISATION["H100"]),
        ("mi300x", calibration.NEW_GENERATION),
        ("h20", calibration.NEW_GENERATION),
    ],
)
def test_throughput_from_a_peak(catalogue: Catalogue, hardware: str, estimate: Estimate) -> None:
    one = filled(catalogue, f"t5@{hardware}")
    throughput = one.inputs["throughput"]
    assert one.hardware is not None
    assert throughput.value == pytest.approx(one.hardware.record.matrix_peak.value * estimate.median)
    assert (throughput.basis, throughput.spread) == ("assumed", estimate.spread)


def test_one_assumption_cancels_and_two_do_not(catalogue: Catalogue) -> None:
    def factors(spec: str) -> set[object]:
        return set(fill(parse_spec(spec), catalogue).inputs["power"].factors)

    assert factors("gpt-3@a100") == factors("t5@a100")
    assert not factors("gpt-3@a100") & factors("gpt-3@h100")
    assert not factors("gpt-3@a100") & factors("gpt-3@a100,chips=4,boundary=accelerator")


def test_a_measured_mean_is_assumed_of_another_run_with_the_spread_between_runs(catalogue: Catalogue) -> None:
    one = fill(Scenario(model="t5", hardware="v100"), catalogue)
    assert one.inputs["power"].value == 325
    assert one.inputs["power"].basis == "assumed"
    assert one.inputs["power"].spread == prediction_spread()
    assert 0.1 < prediction_spread() < 0.5


# The command


def test_the_three_formats(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--estimates", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(data) == {"runs", "methods", "calibration", "energy_over_published", "left_out"}
    assert [one["holds"] for one in data["methods"]] == [True] * 3
    assert len(data["runs"]) == sum(one["runs"] for one in data["methods"])
    assert all(one["covered"] == (one["interval90"][0] <= one["truth"] <= one["interval90"][1]) for one in data["runs"])
    for layout in ("table", "markdown"):
        assert main(["verify", "--estimates", "--format", layout]) == 0
        text = capsys.readouterr().out
        assert "3 of 3 methods hold; 11 of 11 figures taken are what the runs give" in text
        assert "left out of throughput, pruned and distilled: llama-3.2-1b" in text


def test_a_figure_that_differs_costs_the_exit_status(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "SYSTEM_POWER", Estimate(0.9, 0.39))
    assert main(["verify", "--estimates"]) == 1
    assert "0.9 ± 39 % is taken" in capsys.readouterr().err


@pytest.mark.parametrize("without", ["carbontui:paper", "carbontui:runs"])
def test_without_the_runs_there_is_nothing_to_say(capsys: pytest.CaptureFixture[str], without: str) -> None:
    assert main(["verify", "--estimates", "--no-plugin", without]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "carbontui: too few first-party runs are registered to calibrate an estimate on\n"


def test_neither_textual_nor_numpy_nor_pint_is_imported(run_python: Run) -> None:
    code = (
        "import sys; from carbontui.cli import main; status = main(['verify', '--estimates']);"
        "print(status, *sys.modules, file=sys.stderr)"
    )
    # The first loads the plugins, which takes pint.
    run_python("-c", code)
    status, *modules = run_python("-c", code).stderr.split()
    assert status == "0"
    roots = {module.split(".")[0] for module in modules}
    assert "carbontui" in roots
    assert roots.isdisjoint({"textual", "numpy", "pint", "scipy"})
