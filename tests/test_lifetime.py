"""What is beside the training, what matters most, when to start, and rates."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import filled

from carbontui.cli import main
from carbontui.engine.best_start import mean_over, profile_of, when
from carbontui.engine.lifetime import lifetime, rates
from carbontui.engine.scenario import Filled
from carbontui.engine.sensitivity import matters
from carbontui.engine.uncertainty import interval90
from carbontui.quantities import RESULTS
from carbontui.text.best_start import lines
from carbontui_registry.catalogue import Catalogue

FINLAND = "gpt-3@a100@gcp:europe-north1,chips=1024"
CALIFORNIA = "t5@a100@aws:us-west-1"


def line(one: Filled, key: str) -> tuple[float | None, float | None]:
    found = next(found for found in lifetime(one) if found.key == key)
    return found.gross.value if found.gross else None, found.net.value if found.net else None


def test_nothing_is_beside_the_training_unasked(catalogue: Catalogue) -> None:
    one = filled("gpt-3", catalogue)
    assert all(found.gross is None and found.net is None and found.missing for found in lifetime(one))


def test_serving_is_queries_times_energy_times_the_place(catalogue: Catalogue) -> None:
    spec = "gpt-3,queries=1e9,energy_per_query=0.3 Wh"
    own, elsewhere = filled(spec, catalogue), filled(f"{spec},serving=gcp:europe-north1", catalogue)
    assert line(own, "serving")[0] == pytest.approx(1e9 * 0.3e-3 * 1.1 * 0.429)
    there = filled("@h100@gcp:europe-north1", catalogue)
    expected = 1e9 * 0.3e-3 * there.inputs["pue"].value * there.inputs["gross"].value / 1000
    assert line(elsewhere, "serving")[0] == pytest.approx(expected)
    # A place of serving without a net factor has no net: that of the training does not step in.
    assert line(elsewhere, "serving")[1] is None


def test_embodied_is_the_share_of_the_chips_lives(catalogue: Catalogue) -> None:
    one = filled(f"{FINLAND},embodied=150 kgCO2e", catalogue)
    hours = one.results["duration_h"].value * 1024
    assert line(one, "embodied") == (pytest.approx(hours * 150 / (6 * 8766 * 0.85)),) * 2
    shorter = filled(f"{FINLAND},embodied=150 kgCO2e,hardware_life=3 yr,fleet_use=50 %", catalogue)
    assert line(shorter, "embodied")[0] == pytest.approx(hours * 150 / (3 * 8766 * 0.5))


def test_development_and_idle_are_shares_of_the_training(catalogue: Catalogue) -> None:
    one = filled("gpt-3,development=150 %,idle=59 %", catalogue)
    gross = one.results["gross_kgco2e"].value
    assert line(one, "development")[0] == pytest.approx(1.5 * gross)
    assert line(one, "idle")[0] == pytest.approx(0.59 * gross)


def test_no_result_of_the_training_changes(catalogue: Catalogue) -> None:
    plain = filled("gpt-3", catalogue)
    spec = "gpt-3,queries=1e9,energy_per_query=0.3 Wh,embodied=150 kgCO2e,idle=59 %,development=10 %"
    more = filled(spec, catalogue)
    assert more.results == plain.results
    assert more.published == plain.published


def test_a_line_is_as_uncertain_as_its_factors(catalogue: Catalogue) -> None:
    one = filled(f"{FINLAND},idle=59 %", catalogue)
    found = next(found for found in lifetime(one) if found.key == "idle")
    assert found.gross is not None
    assert found.gross.spread == one.results["gross_kgco2e"].spread
    assert found.gross.basis == "assumed"


@pytest.mark.parametrize("key", ["hardware_life=0 yr", "fleet_use=0 %", "fleet_use=101 %", "serving_pue=0.9"])
def test_what_cannot_be_is_refused(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", f"gpt-3,{key}"]) == 2
    assert key.partition("=")[0] in capsys.readouterr().err


def test_rates_are_results_over_work(catalogue: Catalogue) -> None:
    one = filled("gpt-3", catalogue)
    by_key = rates(one)
    gross, energy = one.results["gross_kgco2e"].value, one.results["energy_kwh"].value
    assert by_key["gross_tco2e_per_1e21_flop"] == pytest.approx(gross / 1000 / 314)
    assert by_key["gross_tco2e_per_1e9_tokens"] == pytest.approx(gross / 1000 / 300, rel=1e-3)
    assert by_key["flop_per_joule"] == pytest.approx(3.14e23 / (energy * 3.6e6))


def test_the_command_shows_both_and_files_open_again(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    spec = "gpt-3,queries=1e9,energy_per_query=0.3 Wh,idle=59 %"
    assert main(["compare", spec, "--lifetime", "--rates"]) == 0
    out = capsys.readouterr().out
    assert "idle and reserved capacity" in out
    assert "GFLOP/J" in out
    path = str(tmp_path_factory.mktemp("out") / "beside.json")
    assert main(["compare", spec, "--lifetime", "--rates", "--format", "json", "-o", path]) == 0
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    assert data["scenarios"][0]["lifetime"]["serving_gross_kgco2e"] == pytest.approx(1e9 * 0.3e-3 * 1.1 * 0.429)
    capsys.readouterr()
    assert main(["compare", path, "--lifetime", "--rates", "--format", "json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["scenarios"][0]["lifetime"] == data["scenarios"][0]["lifetime"]
    assert again["scenarios"][0]["rates"] == data["scenarios"][0]["rates"]
    assert main(["compare", spec, "--lifetime", "--format", "svg"]) == 2


# What matters most


@pytest.mark.parametrize("spec", [FINLAND, "t5@h100@grid:se,chips=64", "gpt-3", "transformer-big@p100"])
def test_the_shares_of_all_errors_are_the_whole(spec: str, catalogue: Catalogue) -> None:
    one = filled(spec, catalogue)
    for key in RESULTS:
        if key not in one.results:
            continue
        found, unspread = matters(one, key)
        result = one.results[key]
        assert bool(found) == (result.spread is not None)
        if found:
            assert sum(matter.share for matter in found) == pytest.approx(1)
            assert [m.share for m in found] == sorted((m.share for m in found), reverse=True)
            # Widths of independent errors add up as squares of logarithms: no single one is wider than the whole.
            low, high = interval90(result.value, result.spread or 0)
            assert all(low <= m.low <= result.value <= m.high <= high for m in found)
        assert not {m.input for m in found} & set(unspread)


def test_of_an_estimate_the_ratio_is_named(catalogue: Catalogue) -> None:
    found, unspread = matters(filled(FINLAND, catalogue), "gross_kgco2e")
    assert {(m.input, m.term) for m in found} == {("power", "power_over_tdp"), ("throughput", "utilisation")}
    assert "gross" in unspread


def test_explaining_a_result_ends_with_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", FINLAND, "energy"]) == 0
    assert "what matters most" in capsys.readouterr().out
    assert main(["explain", FINLAND, "energy", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert sum(m["share"] for m in data["matters"]) == pytest.approx(1)


# When to start

SHAPES = st.lists(st.floats(0.1, 3), min_size=24, max_size=24).map(tuple)


@given(shape=SHAPES, start=st.integers(0, 23), hours=st.integers(1, 24 * 30))
def test_the_mean_over_whole_hours_is_that_of_these_hours(shape: tuple[float, ...], start: int, hours: int) -> None:
    brute = sum(shape[(start + n) % 24] for n in range(hours)) / hours / (sum(shape) / 24)
    assert mean_over(shape, start, hours) == pytest.approx(brute, rel=1e-9)


@given(shape=SHAPES, start=st.integers(0, 23), days=st.integers(1, 400))
def test_whole_days_cost_the_same_whenever_they_begin(shape: tuple[float, ...], start: int, days: int) -> None:
    assert mean_over(shape, start, 24 * days) == pytest.approx(1)


@given(shape=SHAPES, hours=st.floats(24 * 50, 24 * 1000))
def test_a_long_run_can_save_nearly_nothing(shape: tuple[float, ...], hours: float) -> None:
    best = min(mean_over(shape, hour, hours) for hour in range(24))
    assert 1 - best <= 24 * max(shape) / (hours * sum(shape) / 24)


def test_a_short_run_saves_and_a_long_one_does_not(catalogue: Catalogue) -> None:
    short = when(filled(f"{CALIFORNIA},duration=6 h,chips=512", catalogue), catalogue)
    long = when(filled(f"{CALIFORNIA},duration=100 d,chips=512", catalogue), catalogue)
    assert short is not None
    assert long is not None
    assert short.saving > 0.1 > 0.01 > long.saving > -1e-9
    assert short.best.relative < 1 < short.worst.relative
    # A run that fits into the hours that are on need not pause.
    assert not short.pauses
    assert [pause.relative for pause in long.pauses] == sorted((p.relative for p in long.pauses), reverse=True)


def test_of_whole_days_the_start_makes_no_difference(catalogue: Catalogue) -> None:
    one = filled(f"{CALIFORNIA},duration=24 h,chips=512", catalogue)
    assert "the start makes no difference: the run takes whole days" in lines(one, when(one, catalogue))


def test_where_no_profile_is_known_it_says_so(catalogue: Catalogue, capsys: pytest.CaptureFixture[str]) -> None:
    one = filled("gpt-3@a100@gcp:asia-east1,chips=1024", catalogue)
    assert profile_of(one.region, catalogue) is None  # type: ignore[arg-type]
    assert lines(one, when(one, catalogue)) == ["when: no mean day is known for gcp:asia-east1 or its grid"]
    assert main(["when", f"{CALIFORNIA},chips=512,duration=6 h"]) == 0
    out = capsys.readouterr().out
    assert "best start" in out
    assert "average factors" in out


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ("@8xh100", "when: no region is known; add @REGION"),
        ("@8xh100@gcp:us-central1", "when: the duration is unknown: no time; add duration=,"),
        ("@h100@gcp:us-central1", "when: the duration is unknown: no time; add duration= with chips=,"),
    ],
)
def test_when_names_what_a_job_lacks(job: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["when", job]) == 0
    assert capsys.readouterr().out.startswith(said)


def test_profiles_have_the_mean_one(catalogue: Catalogue) -> None:
    shapes = [
        factor.hourly.shape
        for region in catalogue.all("region")
        for factor in region.record.factors
        if factor.hourly is not None
    ]
    assert shapes
    assert all(len(shape) == 24 and sum(shape) / 24 == pytest.approx(1, abs=1e-3) for shape in shapes)


def test_the_table_of_the_lifetime_marks_all_that_is_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "@h100@DE,chips=8,duration=3d,embodied=150 kgCO2e", "--lifetime"]) == 0
    out = capsys.readouterr().out
    assert "with --lifetime only" not in out
    table = out[out.index("emissions from") :].splitlines()
    for line in table[1:3]:
        assert "~" in line
        assert " to " in line


def test_a_profile_is_shown_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "grid:us-tx"]) == 0
    out = capsys.readouterr().out
    assert "relative to the day's mean, hour by hour, America/Chicago [" in out
    assert "note: shape of the mean day of 2022 of ERCOT (Texas)" in out
    assert "16:00  1.000  1.016  1.053  1.085  1.104  1.103  1.070  1.026" in out
    assert "] EIA hourly generation 2022" in out
    assert main(["show", "grid:us-tx", "--format", "json"]) == 0
    (factor,) = [one for one in json.loads(capsys.readouterr().out)["factors"] if "hourly" in one]
    assert factor["hourly"]["period"] == "2022"
    assert len(factor["hourly"]["shape"]) == 24
    assert factor["hourly"]["source"]["title"].startswith("EIA hourly generation 2022")


def test_every_profile_names_its_own_source(catalogue: Catalogue) -> None:
    hourly = [f for region in catalogue.all("region") for f in region.record.factors if f.hourly is not None]
    assert len(hourly) >= 29
    assert all(factor.hourly.source is not None and factor.hourly.source != factor.source for factor in hourly)


def test_when_and_explain_are_written_as_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["when", "t5@@gcp:us-central1,duration=30 h,chips=8", "--format", "markdown"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# T5 GCP Iowa\n\n- on the mean day of gcp:us-central1")
    assert out.count("\n| ") == 26
    assert "profile: EIA hourly generation 2022" in out
    assert main(["when", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("| region")
    assert main(["explain", "gpt-3@a100", "gross", "--format", "markdown"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# gross CO2e of GPT-3 A100: 208 t\n")
    assert "- power = TDP x power over TDP = 400 W x 1.34 = 536 W" in out
    assert "| gross factor   | 429 gCO2e/kWh | assumed, sd 50 % |" in out
    assert main(["explain", "t5,name=a|*b*", "gross", "--format", "markdown"]) == 0
    assert "# gross CO2e of a\\|\\*b\\*: 46.5 t" in capsys.readouterr().out
