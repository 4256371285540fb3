"""Sums over scenarios: what they are of, how sure they are, and that every door and format has them."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import carbontui
from carbontui import api
from carbontui.engine.scenario import Filled
from carbontui.engine.totals import Sum, Total, summed, total
from carbontui.engine.uncertainty import Factors, log_variance
from carbontui.quantities import SUMMED
from carbontui_registry import Figure
from carbontui_registry.catalogue import Catalogue

Run = Callable[..., "subprocess.CompletedProcess[str]"]
GERMANY = "@h100@germany,chips=8,duration=3 d"
FRANCE = "@a100@france,chips=4,duration=3 d"
PLACELESS = "@h100,chips=8,duration=3 d"


@pytest.fixture(autouse=True)
def opened(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_opened", [catalogue])


def of_all(*asked: str) -> Total:
    return carbontui.compare(*asked, total=True).totals[-1]


def width(found: Sum) -> float:
    assert found.interval is not None
    return found.interval[1] / found.interval[0]


def metered(kwh: float, spread: float | None = None) -> dict[str, object]:
    return {"it_energy": Figure(kwh, "entered", spread), "pue": 1.0, "gross": 100.0}


# How sure a sum is


def test_two_of_one_kind_are_twice_as_much_and_as_sure_as_one() -> None:
    one = carbontui.fill(GERMANY).results["gross_kgco2e"]
    both = of_all(GERMANY, GERMANY).results["gross_kgco2e"]
    assert both.value == 2 * one.value
    assert one.interval is not None
    assert both.interval == pytest.approx([2 * end for end in one.interval])
    assert both.basis == one.basis == "assumed"


def test_what_is_independent_averages_out() -> None:
    alone = of_all(GERMANY).results["gross_kgco2e"]
    apart = of_all(GERMANY, FRANCE).results["gross_kgco2e"]
    assert width(apart) < width(alone)


def test_a_count_is_as_sure_as_one_run() -> None:
    once, often = of_all(GERMANY), of_all(f"{GERMANY},count=40")
    assert often.results["energy_kwh"].value == pytest.approx(40 * once.results["energy_kwh"].value)
    assert width(often.results["energy_kwh"]) == pytest.approx(width(once.results["energy_kwh"]))


def test_what_is_known_exactly_has_no_range() -> None:
    both = carbontui.compare(metered(10.0), metered(20.0), total=True).totals[-1]  # type: ignore[arg-type]
    assert both.results["energy_kwh"].value == 30.0
    assert both.results["energy_kwh"].interval is None


def test_an_exact_part_narrows_the_range_of_the_rest() -> None:
    asked = metered(10.0, 0.3), metered(1000.0)
    mixed = carbontui.compare(*asked, total=True).totals[-1].results["energy_kwh"]  # type: ignore[arg-type]
    assert mixed.interval is not None
    assert 1000 < mixed.interval[0] < mixed.value < mixed.interval[1] < 1020


class Drawn:
    """A scenario with one result of some size and errors."""

    def __init__(self, value: float, factors: Factors) -> None:
        from carbontui.engine.footprint import Formula
        from carbontui.engine.scenario import Result

        self.results = {"energy_kwh": Result(value, "derived", 0.1, factors, {}, Formula(("energy",)))}


def monte_carlo(parts: Sequence[Drawn], seed: int) -> np.ndarray:
    """The 5, 50 and 95 % points of the sum, drawn from the same errors."""
    draws = np.random.default_rng(seed)
    sizes = 400_000 if len(parts) > 10 else 1_500_000
    normal: dict[object, np.ndarray] = {}
    sums = np.zeros(sizes)
    for part in parts:
        logs = np.zeros(sizes)
        for identity, (power, variance) in part.results["energy_kwh"].factors.items():
            if identity not in normal:
                normal[identity] = draws.standard_normal(sizes)
            logs += power * np.sqrt(variance) * normal[identity]
        sums += part.results["energy_kwh"].value * np.exp(logs)
    return np.quantile(sums, (0.05, 0.5, 0.95))


@pytest.mark.parametrize("seed", range(8))
def test_a_monte_carlo_of_the_same_errors_agrees_within_a_percent(seed: int) -> None:
    pick = random.Random(seed)
    shared = [(("shared", n), log_variance(pick.choice((0.05, 0.2, 0.45)))) for n in range(4)]
    parts = []
    for number in range(pick.choice((2, 2, 3, 6, 40))):
        factors: Factors = {name: (pick.choice((1.0, -1.0)), v) for name, v in pick.sample(shared, pick.randint(0, 3))}
        factors[("own", number)] = 1.0, log_variance(pick.choice((0.1, 0.3, 0.6)))
        parts.append(Drawn(10 ** pick.uniform(0, 2), factors))
    found = summed(parts, "energy_kwh")  # type: ignore[arg-type]
    assert found.interval is not None
    assert [found.interval[0], found.median, found.interval[1]] == pytest.approx(monte_carlo(parts, seed), rel=0.01)


def test_the_errors_of_real_scenarios_too() -> None:
    specs = (GERMANY, FRANCE, "gpt-3", "t5@a100@gcp:europe-north1", "meena", "@h100@france,chips=64,duration=9 d")
    scenarios: list[Filled] = [carbontui.fill(spec) for spec in specs]
    parts = [Drawn(r.value, r.factors) for r in (one.results["gross_kgco2e"] for one in scenarios)]
    found = total(scenarios).results["gross_kgco2e"]
    assert found.interval is not None
    assert [found.interval[0], found.median, found.interval[1]] == pytest.approx(monte_carlo(parts, 1), rel=0.01)


def test_many_independent_ranges_have_their_middle_above_the_sum() -> None:
    # An entry of the same figure is the same figure, with the same error.
    asked = [metered(1 + n / 1000, 0.6) for n in range(60)]
    said = carbontui.compare(*asked, total=True)  # type: ignore[arg-type]
    found = said.totals[-1].results["energy_kwh"]
    assert found.interval is not None
    assert found.median is not None
    assert found.interval[0] < found.median < found.interval[1]
    assert found.median > 1.1 * found.value
    assert "total: the middle of its range is 7.1" in str(said)


# What they are of


def test_groups_in_their_order_then_all() -> None:
    asked = [f"{GERMANY},group=b", f"{FRANCE},group=a", GERMANY, f"{FRANCE},group=b"]
    totals = carbontui.compare(*asked, total=True).totals
    assert [one.group for one in totals] == ["b", "a", None]
    assert [len(one.scenarios) for one in totals] == [2, 1, 4]
    values = [carbontui.fill(spec).result("gross_kgco2e") or 0.0 for spec in asked]
    assert totals[0].results["gross_kgco2e"].value == values[0] + values[3]
    assert totals[2].results["gross_kgco2e"].value == pytest.approx(sum(values))
    assert "duration_h" not in SUMMED
    assert set(totals[2].results) <= set(SUMMED)


def test_no_totals_unless_asked_for() -> None:
    assert carbontui.compare(f"{GERMANY},group=b").totals == ()
    assert "total" not in json.loads(carbontui.compare(f"{GERMANY},group=b").to("json"))


def test_with_an_unknown_part_the_sum_is_unknown_and_the_rest_stands_beside_it() -> None:
    comparison = carbontui.compare(GERMANY, PLACELESS, total=True)
    found = comparison.totals[-1]
    assert (found.unknown, len(found.scenarios)) == (1, 2)
    assert "gross_kgco2e" not in found.results
    assert found.known["gross_kgco2e"].value == comparison.scenarios[0].result("gross_kgco2e")
    assert set(found.results) == {"it_energy_kwh", "energy_kwh"}
    assert "total: gross of 1 of 2 scenarios is unknown; the others sum to" in str(comparison)


def test_mixed_coverage_is_said() -> None:
    comparison = carbontui.compare(
        "gpt-3@a100@gcp:europe-north1,period=2024", "@h100@germany,chips=8,duration=3 d", total=True
    )
    coverages = {one.texts.get("coverage") for one in comparison.scenarios}
    assert len(coverages) == 2
    assert "coverage" in comparison.totals[-1].mixed
    assert "total: adds up CO2e from carbon factors with different coverage" in str(comparison)


# Every door and format


def test_the_command_line(run_python: Run) -> None:
    done = run_python("-m", "carbontui", "compare", f"{GERMANY},group=mine", f"{FRANCE},count=3", "--total")
    lines = [line.split()[:2] for line in done.stdout.splitlines()]
    assert ["total", "mine"] in lines
    document = json.loads(
        run_python("-m", "carbontui", "compare", GERMANY, FRANCE, "--total", "--format", "json").stdout
    )
    (found,) = document["total"]
    results = [one["results"]["energy_kwh"] for one in document["scenarios"]]
    assert (found["scenarios"], found["unknown"]) == (2, 0)
    assert found["results"]["energy_kwh"] == sum(results)
    low, high = found["interval90"]["energy_kwh"]
    assert low < sum(results) < high


@pytest.mark.parametrize("ending", ["toml", "json"])
def test_a_file_keeps_that_totals_are_wanted(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    before = carbontui.compare(f"{GERMANY},group=mine", FRANCE, "t5", total=True)
    carbontui.save(before, path)
    again = carbontui.load(path)
    assert [one.group for one in again.totals] == ["mine", None]
    for one, other in zip(before.totals, again.totals, strict=True):
        assert {k: s.value for k, s in one.results.items()} == {k: s.value for k, s in other.results.items()}
        assert one.results["gross_kgco2e"].interval == pytest.approx(other.results["gross_kgco2e"].interval, rel=0.01)
    assert carbontui.compare(str(path), total=False).totals == ()


def test_csv_has_a_row_a_total_that_can_be_left_out() -> None:
    comparison = carbontui.compare(f"{GERMANY},group=mine", FRANCE, total=True)
    rows = list(csv.DictReader(io.StringIO(comparison.to("csv"))))
    assert [(row["name"], row["group"], row["total_of"]) for row in rows[2:]] == [
        ("total mine", "mine", "1"),
        ("total", "", "2"),
    ]
    energy = [float(row["energy_kwh"]) for row in rows]
    assert energy[3] == pytest.approx(sum(float(row["energy_kwh"]) for row in rows if not row["total_of"]))
    frame = comparison.to_pandas()
    assert frame[frame.total_of.isna()].energy_kwh.sum() == pytest.approx(energy[3])


@pytest.mark.parametrize("name", ["table", "markdown"])
def test_formats_for_people_have_a_line_a_total(name: str) -> None:
    text = carbontui.compare(f"{GERMANY},group=mine", FRANCE, total=True).to(name)
    lines = [line.strip(" |{}") for line in text.splitlines()]
    assert sum(line.startswith("total") for line in lines) == 2


def test_latex_has_totals_in_its_tables_of_results_alone() -> None:
    text = carbontui.compare(f"{GERMANY},group=mine", FRANCE, total=True).to("latex")
    totals = [line for line in text.splitlines() if line.startswith("{total")]
    assert {line.partition("}")[0] for line in totals} == {"{total mine", "{total"}
    assert all(re.search(r"\d", line) for line in totals)


def test_a_statement_ends_with_the_totals() -> None:
    comparison = carbontui.compare(f"{GERMANY},group=mine", FRANCE, PLACELESS, total=True)
    for preset in ("patterson", "ghg", "eu-ai-act", "sci"):
        text = comparison.to("statement", preset=preset)
        assert "Total of mine (1 scenario): energy " in text
        assert re.search(r"Total of 3 scenarios: energy \S+ MWh \(90 % range .*\); gross CO2e unknown", text)
        assert "gross of 1 of 3 scenarios is unknown" in text


def test_a_model_card_is_of_all_stages_together() -> None:
    comparison = carbontui.compare(GERMANY, f"{FRANCE},count=3", total=True)
    card = comparison.to("modelcard")
    total = comparison.totals[-1].results["gross_kgco2e"].value
    (said,) = re.findall(r"emissions: ([0-9.e+]+)", card)
    assert float(said) == pytest.approx(1000 * total, rel=5e-4)
    assert 'hardware_used: "8 x H100 SXM5 80 GB; 4 x A100 SXM4 80 GB"' in card
    assert 'geographical_location: "Germany, DE; France"' in card
    assert "Total of 2 scenarios" in card
    assert float(re.findall(r"emissions: ([0-9.e+]+)", carbontui.compare(GERMANY).to("modelcard"))[0]) < 1000 * total


def test_the_chart_says_what_the_totals_are() -> None:
    text = carbontui.compare(f"{GERMANY},group=mine", FRANCE, total=True).to("svg")
    said = re.findall(r">(total[^<]*)<", text)
    assert [line.partition(":")[0] for line in said] == ["total mine", "total"]
    assert all("90 % range" in line for line in said)


@pytest.mark.parametrize(
    "other",
    [
        "@h100@sweden,chips=8,duration=3 d,gross=40 gCO2e/kWh,pue=1.1,tdp=600 W",
        "llama-3.1-8b@l4@sweden,chips=8,tokens=2B,peak=50 TFLOP/s",
        "@a100@sweden,chips=8,duration=3 d",
    ],
)
def test_a_reopened_file_knows_what_errors_its_scenarios_share(tmp_path: Path, other: str) -> None:
    first = other.replace("tdp=600", "tdp=700").replace(",peak=50 TFLOP/s", "")
    before = carbontui.compare(first, other, total=True)
    carbontui.save(before, tmp_path / "a.toml")
    again = carbontui.load(tmp_path / "a.toml")
    for key, found in before.totals[-1].results.items():
        assert again.totals[-1].results[key].interval == pytest.approx(found.interval, rel=1e-12)
    for metric, found_ratio in before.ratios[1].items():
        assert again.ratios[1][metric].spread == pytest.approx(found_ratio.spread, rel=1e-9, abs=1e-12)


def test_totals_are_the_same_bytes_whatever_the_hashes(run_python: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = set()
    for seed in ("1", "2", "3"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        specs = (GERMANY, FRANCE, "gpt-3", "llama-3.1-8b@a100@france,chips=8,tokens=2B")
        said.add(run_python("-m", "carbontui", "compare", *specs, "--total", "--format", "json").stdout)
    assert len(said) == 1


def test_a_stored_total_that_differs_is_drift(run_python: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    carbontui.save(carbontui.compare(GERMANY, FRANCE, total=True), path)
    assert "no drift" in run_python("-m", "carbontui", "compare", str(path), "--drift").stderr
    document = json.loads(path.read_text(encoding="utf-8"))
    document["total"][-1]["results"]["gross_kgco2e"] = 1.0
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run_python("-m", "carbontui", "compare", str(path), "--drift", status=1)
    assert "total: gross_kgco2e is 1.0 in the file" in done.stderr


def test_durations_have_no_total_and_are_not_called_unknown() -> None:
    comparison = carbontui.compare(GERMANY, FRANCE, metric="duration", total=True)
    for name in ("table", "svg", "markdown"):
        text = comparison.to(name).replace("– unknown", "").replace("size of the model is unknown", "")
        assert "unknown" not in text


def test_what_is_said_of_a_total_is_said_in_every_format() -> None:
    comparison = carbontui.compare("gpt-3@a100@gcp:europe-north1,period=2024", GERMANY, PLACELESS, total=True)
    for name in ("table", "markdown", "latex", "csv", "svg", "statement", "modelcard"):
        text = re.sub(r"</text>\s*<text[^>]*>", " ", comparison.to(name))
        assert "carbon factors with different coverage" in text, name
        assert "is unknown; the others sum to" in text, name
    assert json.loads(comparison.to("json"))["total"][-1]["mixed"] == ["coverage"]


def test_groups_are_told_apart_by_their_whole_names(run_python: Run) -> None:
    done = run_python("-m", "carbontui", "compare", f"{GERMANY},group={'x' * 300}", status=2)
    assert "group: has 300 characters; at most 200" in done.stderr
