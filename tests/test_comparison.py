"""Scenarios side by side: names, ratios, what crosses a line, and the four Ms."""

from __future__ import annotations

from math import prod

import pytest

from carbontui.engine.comparison import Comparison, Question, asked_anew, compare, ratio
from carbontui.engine.four_ms import why
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.solver import fill
from carbontui.formats.document import dump
from carbontui.quantities import METRICS
from carbontui.spec import parse_spec
from carbontui.text.display import interval, times
from carbontui.text.four_ms import way_text
from carbontui.text.notes import crossings_of
from carbontui.text.table import comparison_table
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure

FINLAND = "gpt-3@a100@gcp:europe-north1,period=2024"


def compared(*specs: str, catalogue: Catalogue, **how: object) -> Comparison:
    return compare(Question(tuple(map(parse_spec, specs)), **how), catalogue)


@pytest.mark.parametrize(
    ("specs", "names"),
    [
        (["t5", "t5", "t5"], ["T5", "T5 (2)", "T5 (3)"]),
        (["t5,name=a", "t5,name=a (2)", "t5,name=a"], ["a", "a (2)", "a (3)"]),
        (["t5,name=a", "t5,name=a", "t5,name=a (2)"], ["a", "a (2)", "a (2) (2)"]),
        (["gpt-3@v100", "gpt-3@a100", FINLAND], ["GPT-3", "GPT-3 A100", "GPT-3 A100 GCP Finland"]),
    ],
)
def test_names_are_told_apart(specs: list[str], names: list[str], catalogue: Catalogue) -> None:
    assert [one.name for one in compared(*specs, catalogue=catalogue).scenarios] == names


@pytest.mark.parametrize("baseline", [0, 1, 2])
def test_ratios_are_to_the_baseline_in_every_metric(baseline: int, catalogue: Catalogue) -> None:
    made = compared("gpt-3", "t5", FINLAND, catalogue=catalogue, baseline=baseline)
    base = made.scenarios[baseline]
    for one, ratios in zip(made.scenarios, made.ratios, strict=True):
        for metric, key in METRICS.items():
            mine, theirs = one.result(key), base.result(key)
            if mine is None or theirs is None:
                assert metric not in ratios
            else:
                assert ratios[metric].value == mine / theirs
    assert {r.value for r in made.ratios[baseline].values()} == {1.0}
    assert "net" not in made.ratios[2]


def test_there_is_no_ratio_to_nothing(catalogue: Catalogue) -> None:
    other = "gpt-3,net=100 gCO2e/kWh"
    made = compared("gpt-3@a100@aws:us-east-1,period=2024", other, catalogue=catalogue, baseline=0)
    assert made.scenarios[0].result("net_kgco2e") == 0
    assert [set(METRICS) - set(ratios) for ratios in made.ratios] == [{"net"}, {"net", "water", "cost"}]
    turned = compared("gpt-3@a100@aws:us-east-1,period=2024", other, catalogue=catalogue, baseline=1)
    assert turned.ratios[0]["net"].value == 0


def test_annual_and_hourly_net_have_no_ratio(catalogue: Catalogue) -> None:
    annual = ("gpt-3@a100@aws:us-east-1,period=2024", "t5")
    for baseline in (0, 1):
        made = compared(*annual, catalogue=catalogue, baseline=baseline, metric="net")
        assert [number for number, ratios in enumerate(made.ratios) if "net" in ratios] == [baseline] * baseline
        assert "gross" in made.ratios[1 - baseline]
        table = comparison_table(made, width=None, colour=False)
        assert " 0x" not in table
        assert "annual and hourly net CO2e have no ratio" in table
        other = dump(made, catalogue)["scenarios"][1 - baseline]
        assert "net_ratio_to_baseline" not in other["results"]
        assert other["missing"]["net_ratio_to_baseline"]
    old, new = (fill(parse_spec(spec), catalogue) for spec in annual)
    assert why(new, old, "net", catalogue) is None


def test_a_ratio_of_unlike_coverage_is_marked(catalogue: Catalogue) -> None:
    made = compared(FINLAND, "gpt-3@a100@grid:fi", catalogue=catalogue)
    assert [ratios["gross"].unlike for ratios in made.ratios] == [False, True]
    assert not made.ratios[1]["energy"].unlike
    table = comparison_table(made, width=None, colour=False)
    assert f"{times(made.ratios[1]['gross'].value)} *" in table
    [line] = [line for line in table.splitlines() if line.startswith("* ")]
    assert "--accounting" in line
    alike = compared(FINLAND, "gpt-3@a100@grid:fi", catalogue=catalogue, accounting="lifecycle")
    assert "*" not in comparison_table(alike, width=None, colour=False)


def test_a_ratio_too_large_is_unknown(catalogue: Catalogue) -> None:
    tiny, huge = (fill(parse_spec("t5").give("energy", Figure(value)), catalogue) for value in (1e-200, 1e200))
    assert ratio(huge, tiny, "energy_kwh") is None
    assert ratio(tiny, huge, "energy_kwh") is not None


def test_a_baseline_that_is_not_there_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(ScenarioError, match="there is no scenario 3; there are 1"):
        compared("t5", catalogue=catalogue, baseline=2)
    assert compared(catalogue=catalogue).scenarios == ()


def test_one_is_the_interval_of_the_baseline(catalogue: Catalogue) -> None:
    made = compared("gpt-3", FINLAND, catalogue=catalogue)
    low, high = made.ratios[1]["gross"].interval or (0, 0)
    assert low < made.ratios[1]["gross"].value < high
    assert made.ratios[0]["gross"].interval == (1.0, 1.0)
    assert compared("t5", FINLAND, catalogue=catalogue).ratios[0]["gross"].interval is None
    same = compared(FINLAND, FINLAND, catalogue=catalogue).ratios[1]["gross"]
    assert same.interval == (1.0, 1.0)


@pytest.mark.parametrize(
    ("specs", "accounting", "crossed"),
    [
        (["gpt-3", "t5"], "as-published", []),
        ([FINLAND, "gpt-3@a100@grid:fi"], "as-published", ["carbon factors with different coverage: direct"]),
        ([FINLAND, "gpt-3@a100@grid:fi"], "lifecycle", []),
        (
            ["gpt-3", "gpt-3@a100@aws:us-east-1,period=2024"],
            "as-published",
            ["net factors matched in different ways: annual"],
        ),
        (["gpt-3", "bert-base-finetune-dodge"], "as-published", ["powers with different boundaries: accelerator"]),
        (["gpt-3,power=300 W", "bert-base-finetune-dodge"], "as-published", []),
        (
            ["gpt-3@a100@gcp:europe-north1,period=2024", "gpt-3@a100@gcp:africa-south1"],
            "as-published",
            ["PUEs that cover different things: fleet"],
        ),
        (
            ["@8xh100@DE,duration=3 d", "@8xh100@DE,duration=3 d,it_energy=412 kWh"],
            "as-published",
            ["energy that was metered and energy that is estimated: estimated (H100 Germany) and metered"],
        ),
    ],
)
def test_what_is_not_of_one_kind_is_said(
    specs: list[str], accounting: str, crossed: list[str], catalogue: Catalogue
) -> None:
    found = crossings_of(compared(*specs, catalogue=catalogue, accounting=accounting))
    assert len(found) == len(crossed)
    for line, start in zip(found, crossed, strict=True):
        assert line.startswith(start)


PAPER_STEPS = "transformer-big,run=transformer-big/p100-sxm2/us-average", "evolved-transformer-medium@tpu-v2"


def test_the_four_ms_of_the_paper(catalogue: Catalogue) -> None:
    old, new = (fill(parse_spec(spec), catalogue) for spec in PAPER_STEPS)
    found = why(old, new, "net", catalogue)
    assert found is not None
    assert [step.name for step in found.steps] == ["model", "machine", "mechanization", "map"]
    assert [f"{step.cumulative:.2f}" for step in found.steps[:3]] == ["1.32", "7.36", "10.54"]
    assert f"{found.total:.1f}" == f"{found.steps[3].cumulative:.1f}" == "56.5"
    assert way_text(found) == "via Transformer (Big) on TPU v2, a published run"


@pytest.mark.parametrize("metric", ["gross", "net", "energy"])
@pytest.mark.parametrize(("old", "new"), [PAPER_STEPS, ("gpt-3", "t5"), ("meena", "gpt-3"), ("gpt-3", "gpt-3@a100")])
def test_the_steps_multiply_to_the_ratio(old: str, new: str, metric: str, catalogue: Catalogue) -> None:
    pair = [fill(parse_spec(spec), catalogue) for spec in (old, new)]
    found = why(*pair, metric, catalogue)
    expected = ratio(*pair, METRICS[metric])
    assert found is not None
    assert expected is not None
    assert prod(step.ratio for step in found.steps) == pytest.approx(expected.value, rel=1e-14)
    assert found.total == pytest.approx(expected.value, rel=1e-14)
    assert sum(map(found.share, found.steps)) == pytest.approx(1, rel=1e-12)
    assert len(found.steps) == (3 if metric == "energy" else 4)


def test_without_a_run_between_model_is_the_ratio_of_compute(catalogue: Catalogue) -> None:
    old, new = (fill(parse_spec(spec), catalogue) for spec in ("gpt-3", "t5"))
    found = why(old, new, "gross", catalogue)
    assert found is not None
    assert found.steps[0].ratio == 3.14e23 / 4.05e22
    assert "by the ratio of compute" in way_text(found)


def test_what_is_unknown_has_no_why(catalogue: Catalogue) -> None:
    gpt, finland = (fill(parse_spec(spec), catalogue) for spec in ("gpt-3", FINLAND))
    assert why(gpt, finland, "net", catalogue) is None
    assert why(gpt, finland, "duration", catalogue) is None
    assert why(gpt, finland, "gross", catalogue) is not None


@pytest.mark.parametrize(
    "other", [{"metric": "cost"}, {"baseline": 2}, {"title": "b"}, {"total": True}, {"total": True, "metric": "net"}]
)
def test_another_question_about_the_same_scenarios_has_the_same_answer(
    other: dict[str, object], catalogue: Catalogue
) -> None:
    first = compared("t5", "t5", "gpt-3@v100", "@h100@aws:us-east-1,chips=8,duration=3 d", catalogue=catalogue)
    question = first.question.replace(**other)
    assert first.question.asks_of_the_same(question)
    assert asked_anew(first, question) == compare(question, catalogue)
    assert not first.question.asks_of_the_same(question.replace(accounting="direct"))
    assert not first.question.asks_of_the_same(question.replace(scenarios=question.scenarios[1:]))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.7241e-6, "3.72e-6x"), (0.000372, "0.000372x"), (0.131, "0.131x"), (1.0, "1.00x"), (598417.3, "598,417x")],
)
def test_a_ratio_takes_no_more_than_a_cell(value: float, shown: str) -> None:
    assert times(value) == shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (6.1e3, 19e3, "6.1 to 19 t"),
        (4.68, 4.74, "4.68 to 4.74 kg"),
        (4.731, 4.734, "4.731 to 4.734 kg"),
        (0, 0, "0 kg"),
    ],
)
def test_the_ends_of_a_range_are_told_apart(low: float, high: float, shown: str) -> None:
    assert interval(low, high, "co2e") == shown
