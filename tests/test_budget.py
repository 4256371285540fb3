"""Budgets: what is afforded, put back into the scenario, costs the budget."""

from __future__ import annotations

import json
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbontui.cli import main
from carbontui.engine.budget import afford
from carbontui.engine.offers import Market
from carbontui.engine.scenario import ScenarioError
from carbontui.engine.selection import chosen
from carbontui.engine.solver import fill
from carbontui.quantities import METRICS
from carbontui.spec import parse_spec
from carbontui.text.budget import as_text
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure

SPECS = ("gpt-3", "t5", "gpt-3@a100@gcp:europe-north1,chips=1024", "llama-2-70b@h100@aws:eu-north-1,chips=512")


@settings(max_examples=60)
@given(
    spec=st.sampled_from(SPECS),
    metric=st.sampled_from(["gross", "net", "energy", "duration"]),
    most=st.floats(1e-3, 1e7),
)
def test_what_is_afforded_costs_the_budget(spec: str, metric: str, most: float, catalogue: Catalogue) -> None:
    scenario = parse_spec(spec)
    one = fill(scenario, catalogue)
    if not one.result(METRICS[metric]):
        with pytest.raises(ScenarioError, match=r"unknown|is 0"):
            afford(one, metric, most, catalogue, [], "lifecycle")
        return
    budget = afford(one, metric, most, catalogue, [], "lifecycle")
    own = one.results[METRICS[metric]].value
    assert budget.share == pytest.approx(most / own)
    assert budget.compute_flop is not None
    # On the chips that it has, at the run's throughput, so much compute costs the budget.
    # Entered as it is there: a job of one's own takes none of it from the run, and estimates others.
    keys = ("chips", "throughput", "power", "pue", "gross", "net")
    inputs = {key: Figure(value, "entered") for key in keys if (value := one.value(key)) is not None}
    again = scenario
    for key, figure in {**inputs, "compute": Figure(budget.compute_flop, "entered")}.items():
        again = again.give(key, figure)
    other = fill(again, catalogue)
    plain = scenario
    for key, figure in {**inputs, "compute": Figure(2 * (one.value("compute") or 0.0), "entered")}.items():
        plain = plain.give(key, figure)
    # A run's days are printed in round numbers, so its own product is what the budget is a share of: half of that of
    # twice the work, for which no printed days hold.
    scale = fill(plain, catalogue).results[METRICS[metric]].value / 2 / own
    assert other.results[METRICS[metric]].value == pytest.approx(most * scale, rel=1e-9)
    assert budget.chips is not None
    chips = one.inputs["chips"].value
    if metric == "duration":
        assert budget.chips == pytest.approx(ceil(chips * own / most), abs=1)
        assert budget.duration_h == most
    else:
        assert budget.chips == pytest.approx(floor(chips * most / own), abs=1)
        assert budget.duration_h == pytest.approx(one.results["duration_h"].value * most / own)


def test_regions_that_keep_to_it_are_the_ones_where_the_scenario_does(catalogue: Catalogue) -> None:
    one = fill(parse_spec("gpt-3@h100"), catalogue)
    regions = chosen(catalogue, "region", ("gcp:*", "aws:*"))
    values = {
        region.id: fill(parse_spec(f"gpt-3@h100@{region.id}"), catalogue, "lifecycle").result("gross_kgco2e")
        for region in regions
        if not Market(catalogue).barred(catalogue.hardware("h100"), region)
    }
    known = {name: value for name, value in values.items() if value is not None}
    most = sorted(known.values())[len(known) // 2]
    budget = afford(one, "gross", most, catalogue, regions, "lifecycle")
    assert dict(budget.within) == {name: value for name, value in known.items() if value <= most}
    assert [value for _, value in budget.within] == sorted(value for value in known.values() if value <= most)
    assert budget.regions == len(known)
    assert budget.least == budget.within[0]
    none = afford(one, "gross", budget.least[1] / 2, catalogue, regions, "lifecycle")
    assert not none.within
    assert budget.least[0] in as_text(none, None)


def test_regions_stand_with_their_own_figures_and_hold_what_can_be_there(catalogue: Catalogue) -> None:
    regions = chosen(catalogue, "region", ("gcp:europe-*", "aws:eu-*"))
    entered = fill(parse_spec("gpt-3@h100@gcp:europe-north1,chips=1024,gross=1 gCO2e/kWh,pue=2"), catalogue)
    plain = fill(parse_spec("gpt-3@h100@gcp:europe-north1,chips=1024"), catalogue)
    budgets = [afford(one, "gross", 1e9, catalogue, regions, "lifecycle") for one in (entered, plain)]
    assert budgets[0].within == budgets[1].within
    tpu = afford(fill(parse_spec("t5"), catalogue), "gross", 1e9, catalogue, regions, "lifecycle")
    assert tpu.within
    assert all(name.startswith("gcp:") for name, _ in tpu.within)


def test_an_affordable_interval_is_the_results_turned_round(catalogue: Catalogue) -> None:
    one = fill(parse_spec("gpt-3@h100@gcp:europe-north1,chips=1024"), catalogue)
    low, high = one.results["gross_kgco2e"].interval  # type: ignore[misc]
    budget = afford(one, "gross", 5000.0, catalogue, [], "lifecycle")
    assert budget.share_interval == (5000.0 / high, 5000.0 / low)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["budget", "gpt-3", "--gross", "5 tCO2e", "--format", "json"]) == 1  # 552 t exceed it
    said = capsys.readouterr()
    assert said.err == "carbontui: GPT-3 exceeds the budget\n"
    data = json.loads(said.out)
    assert data["budget"] == {"gross_kgco2e": 5000.0}
    assert data["compute_flop"] == pytest.approx(3.14e23 * 5000 / data["scenario"]["gross_kgco2e"])
    assert main(["budget", "gpt-3", "--days", "30"]) == 0
    out = capsys.readouterr().out
    assert "chips needed" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--gross", "5 kWh"], "--gross"),
        (["--gross", "0 kg"], "--gross: must be more than 0"),
        (["--days", "x"], "--days"),
        (["--net", "5 tCO2"], "--net"),
        (["--gross", "5 t", "--region", "nowhere:*"], "no region matches 'nowhere:*'"),
    ],
)
def test_wrong_budgets(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["budget", "gpt-3", *options]) == 2
    assert said in capsys.readouterr().err


def test_scenario_and_regions_are_held_to_one_accounting(capsys: pytest.CaptureFixture[str]) -> None:
    command = [
        "budget",
        "@h100@aws:us-east-1,chips=8,duration=3d",
        "--gross",
        "500 kgCO2e",
        "--region",
        "aws:us-east-1",
    ]
    assert main([*command, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["accounting"] == "lifecycle"
    assert data["regions"]["within"] == [{"region": "aws:us-east-1", "gross_kgco2e": data["scenario"]["gross_kgco2e"]}]
    assert main(command) == 0
    assert "with lifecycle factors: the budget covers" in capsys.readouterr().out
    assert main(["budget", "gpt-3", "--gross", "5 tCO2e"]) == 1
    assert "552 t with lifecycle factors: the budget covers" in capsys.readouterr().out


def test_a_machine_of_ones_own_stays_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    job = ["budget", "@1xrtx-4070@grid:nl,duration=20 h", "--gross", "1 kg"]
    assert main(job) == 0
    assert "regions" not in capsys.readouterr().out
    assert main([*job, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["regions"]["known"] == 1
