"""Estimates held against published runs: which are taken, which left out, and what fails."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from math import exp, log, sqrt
from pathlib import Path
from statistics import fmean, variance

import pytest

from carbontui.cli import main
from carbontui.engine import calibration
from carbontui.engine.assumptions import OWN_ESTIMATE, prediction_spread
from carbontui.engine.calibration import Estimate
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui.text.inputs import how
from carbontui.verification import power
from carbontui.verification.estimates import Report, estimates
from carbontui.verification.estimates_report import as_data, in_a_line, problems
from carbontui.verification.utilisation import NO_TRAINING, utilisations
from carbontui_registry.catalogue import Catalogue

Run = Callable[..., "subprocess.CompletedProcess[str]"]


# The runs


CLASSES = {
    **{"few": (14, 7), "batches": (19, 3), "large": (4, 1), "few, node": (6, 1)},
    **{"server": (10, 4), "older-server": (3, 1), "tpu": (7, 1), "small-card": (1, 1)},
}


def test_the_classes_of_the_measurements_and_their_sources(catalogue: Catalogue) -> None:
    found = power.measurements(catalogue)
    counts = {of: [one.source for one in found if one.of == of] for of in CLASSES}
    assert {of: (len(sources), len(set(sources))) for of, sources in counts.items()} == CLASSES
    sized = [one.source for one in found if one.of == "few" and one.params is not None]
    stated = {**CLASSES, "few-by-size": (len(sized), len(set(sized)))}
    whole = list(power.on_whole_servers(found))
    stated["any-model"] = stated["any-model-alone"] = (len(whole), len({one.source for one in whole}))
    assert {law: stated[law] for law in calibration.MEASURED} == calibration.MEASURED
    on = {
        law: tuple(sorted({one.group for one in (*found, *whole) if one.of == law})) for law in calibration.MEASURED_ON
    }
    assert on == calibration.MEASURED_ON
    ratios = sorted(round(one.ratio, 2) for one in found if one.of == "server")
    assert ratios == [1.2, 1.2, 1.22, 1.24, 1.26, 1.37, 1.38, 1.41, 1.47, 1.47]


def test_utilisation_of_what_was_published(catalogue: Catalogue) -> None:
    taken, _ = utilisations(catalogue)
    found = {one.record.record.model: one.ratio for one in taken}
    assert len(taken) == 41
    assert found["gpt-3"] == pytest.approx(24.6 / 125)  # its throughput
    assert found["palm-540b"] == pytest.approx(2.5272e24 / (8404992 * 3600 * 275e12))  # chip-hours before duration
    assert found["llama-2-7b"] == pytest.approx(6 * 6.74e9 * 2e12 / (184320 * 3600 * 312e12))  # 6ND
    logs = [log(ratio) for ratio in found.values()]
    assert exp(fmean(logs)) == pytest.approx(0.31, abs=0.015)
    assert sqrt(variance(logs)) == pytest.approx(0.32, abs=0.015)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("opt-175b", "its compute counts recomputation"),
        ("bloomberggpt-50b", "its compute counts recomputation"),
        ("llama-3.2-1b", "pruned and distilled"),
        ("evolved-transformer-nas", "an architecture search"),
        ("transformer-big", "the measurement of transformer-big/p100-sxm2/us-average"),
    ],
)
def test_a_run_that_is_left_out_says_why(report: Report, model: str, reason: str) -> None:
    assert any(one.reason == reason and one.run.startswith(model + "/") for one in report.left_out)


def test_every_exception_is_of_a_model_that_is_registered(catalogue: Catalogue) -> None:
    for model in NO_TRAINING:
        assert catalogue.model(model).first_party
    for hardware in calibration.GENERATION_OF:
        assert catalogue.hardware(hardware).id == hardware
    assert set(calibration.GENERATIONS) == set(calibration.UTILISATION)
    assert {one.group for one in utilisations(catalogue)[0]} == set(calibration.UTILISATION)


ACME = """
from carbontui_registry import Figure, Hardware, Measurement, Model, PowerProfile, Source, TrainingRun, hookimpl
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
@hookimpl
def carbontui_measurements():
    yield Measurement("h100", "500 W", "system", S, work="training", accelerators=8)
    yield Measurement("h100-sxm5-80", "480 W", "system", Source("Acme, another meter"), work="training", accelerators=8)
    yield Measurement("h100", "300 W", "accelerator", S, work="training", accelerators=8, params=7e9)
"""


def test_third_parties_change_nothing(install_plugin: Callable[..., Path], report: Report) -> None:
    from carbontui_registry.cache import open_catalogue

    install_plugin("acme", ACME)
    with_acme = open_catalogue()
    assert with_acme.find("run", "acme-lm/acme-x1/2025").record.power.value == 42
    assert as_data(estimates(with_acme)) == as_data(report)


# What is asked, and what is taken


def test_preferred_measurements_take_the_place_of_the_estimate(install_plugin: Callable[..., Path]) -> None:
    from carbontui_registry.cache import open_catalogue
    from carbontui_registry.folders import config_path

    install_plugin("acme", ACME)
    spec = "@h100@DE,chips=8,duration=1 d"
    before = fill(parse_spec(spec), open_catalogue()).inputs["power"]
    path = Path(config_path())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[prefer]\n"measurement:h100-sxm5-80" = "acme"\n', encoding="utf-8")
    preferring = open_catalogue()
    after = fill(parse_spec(spec), preferring).inputs["power"]
    assert before.value == pytest.approx(700 * calibration.ANY_MODEL.median)
    assert after.value == pytest.approx(sqrt(500 * 480))
    assert (after.basis, after.spread, after.origin) == ("assumed", prediction_spread(2), "acme:acme")
    assert how(after.way) == "measurements of h100-sxm5-80 by acme, as an estimate for another run"
    elsewhere = fill(parse_spec(f"{spec},boundary=node"), preferring).inputs["power"]
    assert elsewhere.source == OWN_ESTIMATE
    assert fill(parse_spec("@a100@DE,chips=8,duration=1 d"), preferring).inputs["power"].source == OWN_ESTIMATE


def test_what_is_asked_of_the_methods_holds(report: Report) -> None:
    found = {one.method: one for one in report.summaries}
    together, server = found["these three together"], found["GPU servers of 2020 and later at the wall"]
    assert (together.runs, server.runs) == (43, 10)
    assert together.covered >= 0.9 * together.runs
    assert together.ratio <= 3.0
    assert together.score <= 1.35
    assert server.score <= 0.6
    assert 0.85 <= server.truth <= 1.18
    by_run, by_source = found["throughput, run left out"], found["throughput, source left out"]
    assert (by_run.runs, by_run.covered, round(by_run.ratio, 2)) == (41, 37, 2.86)
    assert by_source.covered >= 35
    assert problems(report) == []
    assert report.holds


def test_nothing_of_its_source_has_a_part_in_a_prediction(catalogue: Catalogue) -> None:
    taken = power.measurements(catalogue)
    before = power.left_out(taken, ("few", "server"), power.SOURCE)
    for source in ("dodge-2022", "bnl-latif-newkirk"):
        changed = [one.replace(ratio=one.ratio * 0.9) if one.source == source else one for one in taken]
        after = power.left_out(changed, ("few", "server"), power.SOURCE)
        pairs = [(a, b) for (one, a), (_, b) in zip(before, after, strict=True) if one.source == source]
        assert len(pairs) > 1
        assert all(a == b for a, b in pairs)
        assert before != after


def test_the_figures_taken_are_what_the_records_give(report: Report) -> None:
    """Where this fails, `carbontui verify --estimates` names the figures for calibration.py."""
    assert {one.name: one.taken for one in report.constants} == {one.name: one.fitted for one in report.constants}
    assert len(report.constants) == 11 + len(calibration.UTILISATION)


NAMES = (
    "SERVER",
    "ANY_MODEL",
    "ANY_MODEL_ALONE",
    "OLDER_SERVER",
    "TPU",
    "LARGE",
    "BATCHES",
    "FEW",
    "FEW_BY_SIZE",
    "NEW_GENERATION",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_a_fitted_median_that_is_changed_by_a_fifth_is_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, factor: float
) -> None:
    right = getattr(calibration, name)
    monkeypatch.setattr(calibration, name, right.replace(median=right.median * factor))
    assert main(["verify", "--estimates"]) == 1
    assert "is in use, but the records give" in capsys.readouterr().err


def test_a_figure_that_differs_or_a_method_that_fails_is_named(report: Report) -> None:
    other = report.constants[0].replace(taken=Estimate(0.9, 0.39))
    differing = report.replace(constants=(other, *report.constants[1:]))
    assert not differing.holds
    name = "power over TDP, GPU server of 2020 and later"
    assert problems(differing) == [f"{name}: 0.9 ± 39 % is in use, but the records give 1.34 ± 13 %"]
    assert in_a_line(differing) == "4 of 4 methods hold; 17 of 18 figures in use match the records"
    n, server = next((n, one) for n, one in enumerate(report.summaries) if one.asked.truth[0])
    summaries = (*report.summaries[:n], server.replace(truth=1.3), *report.summaries[n + 1 :])
    wide = report.replace(summaries=summaries)
    assert not wide.holds
    (said,) = problems(wide)
    assert said.startswith("GPU servers of 2020 and later at the wall: covered 10 of 10 (>= 9), ")
    assert said.endswith("truth/estimate 1.30 (0.85 to 1.18)")


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


# The command


def test_the_three_formats(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--estimates", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(data) == {"cases", "methods", "calibration", "energy_over_published", "left_out", "conversions"}
    assert [one["holds"] for one in data["methods"]] == [True] * 9
    assert len(data["cases"]) == sum(n for one in data["methods"] if (n := one["cases"]) != 43)
    for one in data["cases"]:
        assert one["covered"] == (one["interval90"][0] <= one["truth"] <= one["interval90"][1])
    for layout in ("table", "markdown"):
        assert main(["verify", "--estimates", "--format", layout]) == 0
        text = capsys.readouterr().out
        assert "4 of 4 methods hold; 18 of 18 figures in use match the records" in text
        assert "left out of throughput, pruned and distilled: llama-3.2-1b" in text


def test_a_figure_that_differs_costs_the_exit_status(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "SERVER", Estimate(0.9, 0.39))
    assert main(["verify", "--estimates"]) == 1
    assert "0.9 ± 39 % is in use" in capsys.readouterr().err


@pytest.mark.parametrize("without", ["carbontui:measurements", "carbontui:runs"])
def test_without_the_runs_there_is_nothing_to_say(capsys: pytest.CaptureFixture[str], without: str) -> None:
    assert main(["verify", "--estimates", "--no-plugin", without]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "carbontui: too few first-party records are registered to calibrate an estimate on\n"


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
