"""Advice: what it finds is the best of its kind, can be had, keeps to limits, and says how sure it is."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Callable

import pytest

from carbontui.cli import main
from carbontui.engine.advice import BOTH, HARDWARE, HERE, HOME, KINDS, NEAR, PLACE, START, TRIALS, advise
from carbontui.engine.offers import Market
from carbontui.engine.planned import planned
from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.engine.sweep import Limits
from carbontui.engine.sweep.question import EU
from carbontui.engine.uncertainty import combined
from carbontui.quantities import RESULTS
from carbontui.spec import parse_spec
from carbontui.text import display
from carbontui.text.advice import columns_of, what
from carbontui.text.display import less_than_all
from carbontui_registry.catalogue import Catalogue, Registered

HOURS = "@8xh100@gcp:us-west1,duration=3 d"
TUNING = "llama-3.1-8b@8xh100@gcp:us-west1,tokens=2B"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def datacenters(catalogue: Catalogue) -> list[Registered]:
    return [one for one in catalogue.all("region") if one.record.provider]


def filled_in(asked: Scenario, catalogue: Catalogue, region: Registered) -> Filled:
    return fill(asked.choose("region", region.id), catalogue, "lifecycle")


def random_job(pick: random.Random, places: list[Registered]) -> str:
    hardware = pick.choice(("h100", "a100", "l4", "t4", "v100", "h200-sxm"))
    work = pick.choice(
        ("duration=9 h", "duration=3 d", "params=7B,tokens=2B", "params=70B,tokens=9B", "compute=1e21 FLOP")
    )
    count = pick.choice(("", "", ",count=12"))
    return f"@{hardware}@{pick.choice(places).id},chips={pick.choice((1, 8, 64))},{work}{count}"


@pytest.mark.parametrize("seed", range(24))
def test_nothing_of_its_kind_betters_what_is_advised(catalogue: Catalogue, seed: int) -> None:
    places = datacenters(catalogue)
    asked = parse_spec(random_job(random.Random(seed), places))
    advice = advise(asked, catalogue)
    own, place = advice.own.result("gross_kgco2e"), advice.own.region
    market, hardware = Market(catalogue), advice.own.hardware
    assert place is not None
    assert hardware is not None

    def may_be_had(there: Registered, on: Registered) -> bool:
        same = there.record.provider == place.record.provider
        return bool(market.offers(on, there)) or (same and not market.barred(on, there))

    changes = (*advice.changes, *advice.doubtful)
    for change in changes:
        there, on = change.filled.region, change.filled.hardware
        assert there is not None
        assert on is not None
        assert change.kind in (START, TRIALS) or may_be_had(there, on)
        assert change.kind in (START, TRIALS) or (there, on) != (place, hardware)
    if own is None:
        assert not changes
        return
    possible = [one for one in places if may_be_had(one, hardware)]
    of_kinds = {
        PLACE: possible,
        NEAR: [one for one in possible if one.record.provider == place.record.provider],
        HOME: [one for one in possible if one.record.country == place.record.country],
    }
    of_kinds[HERE] = [one for one in of_kinds[NEAR] if one in of_kinds[HOME]]
    for kind, there in of_kinds.items():
        figures = (filled_in(asked, catalogue, one).result("gross_kgco2e") for one in there)
        best = min((figure for figure in figures if figure is not None), default=own)
        found = next((one for one in changes if one.kind == kind), None)
        if found is not None:
            assert found.filled.result("gross_kgco2e") == pytest.approx(best)
            assert found.saves == pytest.approx(own - best)
        elif kind == PLACE or kind in advice.without:
            assert best >= own * (1 - 1e-9)


def test_the_place_that_changes_least_is_named_where_it_saves_and_no_place_twice(catalogue: Catalogue) -> None:
    advice = advise(parse_spec("@8xh100@aws:us-east-1,duration=3 d"), catalogue)
    named = (*advice.changes, *advice.doubtful)
    found = {one.kind: one.filled.region.id for one in named if one.filled.region is not None}
    assert found == {PLACE: "aws:ca-central-1", HOME: "gcp:us-west1", HERE: "aws:us-west-2"}
    for seed in range(24):
        pick = random.Random(seed)
        found_there = advise(parse_spec(random_job(pick, datacenters(catalogue))), catalogue)
        changes = [*found_there.changes, *found_there.doubtful]
        places = [one.filled.region for one in changes if one.kind in (PLACE, NEAR, HOME, HERE)]
        assert len(places) == len(set(places))
        assert len(changes) <= 5 or HERE not in {one.kind for one in changes}


IMPOSSIBLE = "@16000xh100@aws:us-east-1,params=70B,tokens=15T,duration=3 d"


@pytest.mark.parametrize("how", [[], ["--format", "json"]])
def test_an_impossible_job_is_said_to_be_impossible(how: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advise", IMPOSSIBLE, *how]) == 0
    out = " ".join(capsys.readouterr().out.split())
    # 6 x 70e9 x 15e12 FLOP in 3 d on 16,000 chips of 989.4 TFLOP/s each.
    share = 6 * 70e9 * 15e12 / (16_000 * 3 * 86_400 * 989.4e12)
    assert f"impossible in 16 bits: it needs {100 * share:.0f} % of the peak of H100" in out
    assert f"at the peak it would take {3 * share:.2f} d" in out
    assert "no better" not in out
    assert '"changes": []' in out or "x gross" not in out


@pytest.mark.parametrize("more", ["duration=5 d", "duration=3 d,precision=fp8"])
def test_a_job_that_hardware_can_do_has_advice(more: str, catalogue: Catalogue) -> None:
    advice = advise(parse_spec(f"@16000xh100@aws:us-east-1,params=70B,tokens=15T,{more}"), catalogue)
    assert advice.impossible is None
    assert advice.changes


def test_what_both_share_cancels(catalogue: Catalogue) -> None:
    advice = advise(parse_spec(HOURS), catalogue)
    (place,) = [one for one in advice.changes if one.kind == PLACE]
    before, after = (one.results["gross_kgco2e"].interval for one in (advice.own, place.filled))
    assert before is not None
    assert after is not None
    assert place.ratio.interval is not None
    # Of two independent ranges the ratio would reach from the low end of one over the high end of the other.
    assert place.ratio.interval[0] > after[0] / before[1]
    power = advice.own.inputs["power"].factors
    assert set(power) & set(advice.own.results["gross_kgco2e"].factors)
    gross = place.filled.results["gross_kgco2e"].factors, advice.own.results["gross_kgco2e"].factors
    assert not set(power) & set(combined((1, gross[0]), (-1, gross[1])))


def test_limits_are_kept(catalogue: Catalogue) -> None:
    with pytest.raises(ScenarioError, match="'Europe' is not EU, a country"):
        advise(parse_spec(TUNING), catalogue, limits=Limits(within=("Europe",)))
    inside = advise(parse_spec(TUNING), catalogue, limits=Limits(within=("EU",)))
    assert inside.changes
    assert {one.filled.region.record.country for one in inside.changes if one.filled.region} <= set(EU.split())
    quick = advise(parse_spec(TUNING), catalogue, limits=Limits(max_days=0.5))
    assert quick.without[PLACE] == "too-long"
    assert all((one.filled.result("duration_h") or 0) <= 12 for one in quick.changes if one.kind != START)


@pytest.mark.parametrize(
    "limits", [Limits(within=("EU",)), Limits(max_cost=100.0), Limits(max_days=0.001), Limits(min_memory=10_000)]
)
def test_a_job_outside_the_limits_has_no_advice_that_leaves_it_there(catalogue: Catalogue, limits: Limits) -> None:
    many = "gpt-3@h100@aws:us-east-1,chips=1024,count=90"
    assert TRIALS in {one.kind for one in advise(parse_spec(many), catalogue).changes}
    found = advise(parse_spec(many), catalogue, limits=limits)
    assert {one.kind for one in (*found.changes, *found.doubtful)}.isdisjoint({TRIALS, START})
    assert found.without[TRIALS] == ("too-long" if limits.max_days else "none-possible")


def test_both_sides_have_the_factors_of_one_year(catalogue: Catalogue) -> None:
    asked = parse_spec("gpt-3@h100@aws:us-east-1,chips=1024")
    # What follows from a published training has the factors of its year; a change of it is made now.
    assert fill(asked, catalogue, "lifecycle").texts["period"] == "2020"
    found = advise(asked, catalogue)
    latest = fill(Scenario(region="aws:us-east-1"), catalogue, "lifecycle").texts["period"]
    assert found.own.texts["period"] == latest
    for change in found.changes:
        there = change.filled.region
        assert there is not None
        assert change.filled.texts["period"] == fill(Scenario(region=there.id), catalogue, "lifecycle").texts["period"]
    # What its authors published, and a period that was asked for, stay.
    assert planned(parse_spec("gpt-3"), catalogue, "lifecycle").texts["period"] == "2020"
    assert planned(asked.choose("period", "2021"), catalogue, "lifecycle").texts["period"] == "2021"


def test_what_is_kept_is_not_changed(catalogue: Catalogue) -> None:
    advice = advise(parse_spec(TUNING), catalogue, keep=("region",))
    assert {one.kind for one in (*advice.changes, *advice.doubtful)}.isdisjoint({PLACE, NEAR, BOTH})
    assert {advice.without[kind] for kind in (PLACE, NEAR, BOTH)} == {"kept"}


def test_hours_say_nothing_about_other_hardware(catalogue: Catalogue) -> None:
    advice = advise(parse_spec(HOURS), catalogue)
    assert advice.without[HARDWARE] == advice.without[BOTH] == "no-work"


def test_a_machine_at_a_desk_stays_there(catalogue: Catalogue) -> None:
    advice = advise(parse_spec("@rtx-4090@germany,chips=1,duration=20 h"), catalogue)
    assert advice.without[PLACE] == "at-a-desk"
    assert {one.kind for one in (*advice.changes, *advice.doubtful)} <= {START}


def test_half_the_trials_are_half(catalogue: Catalogue) -> None:
    advice = advise(parse_spec("@t4@gcp:us-west1,chips=1,duration=2 h,count=1000"), catalogue)
    (fewer,) = [one for one in advice.changes if one.kind == TRIALS]
    assert fewer.ratio.value == 0.5
    assert fewer.ratio.interval in (None, (0.5, 0.5))


def test_a_start_is_of_the_regions_mean_day(catalogue: Catalogue) -> None:
    advice = advise(parse_spec("@t4@gcp:us-west1,chips=1,duration=2 h"), catalogue)
    (start,) = [one for one in advice.changes if one.kind == START]
    assert start.day is not None
    assert start.ratio.value == start.day.best.relative < 1
    assert advise(parse_spec(HOURS), catalogue).without[START] == "no-matter"


def test_changes_stand_by_what_they_save_and_the_unsure_last(catalogue: Catalogue) -> None:
    advice = advise(parse_spec(TUNING), catalogue)
    ratios = [one.ratio.value for one in advice.changes]
    assert ratios == sorted(ratios)
    assert all(one.sure for one in advice.changes)
    assert not any(one.sure for one in advice.doubtful)
    assert {one.kind for one in (*advice.changes, *advice.doubtful)} | set(advice.without) <= set(KINDS)


def test_the_command_line(run_python: Run) -> None:
    text = run_python("-m", "carbontui", "advise", TUNING, "--within", "SE").stdout
    assert re.search(r"^region: \S+ (Stockholm|Sweden)", text, re.MULTILINE)
    assert "hardware" not in run_python("-m", "carbontui", "advise", HOURS, "--keep", "hardware").stdout
    data = json.loads(run_python("-m", "carbontui", "advise", TUNING, "--format", "json").stdout)
    assert data["metric"] == "gross"
    first = data["changes"][0]
    assert first["ratio"] == pytest.approx(first["results"]["gross_kgco2e"] / data["results"]["gross_kgco2e"])
    assert first["saves"] == pytest.approx(data["results"]["gross_kgco2e"] - first["results"]["gross_kgco2e"])
    low, high = first["ratio_interval90"]
    assert low < first["ratio"] < high < 1


def test_an_unknown_metric_is_said_and_is_status_one(run_python: Run) -> None:
    done = run_python("-m", "carbontui", "advise", "@8xh100,duration=3 d", status=1)
    assert "gross is unknown: no region" in done.stdout


def test_only_what_can_be_rented_is_advised(catalogue: Catalogue) -> None:
    market = Market(catalogue)
    for spec in (TUNING, HOURS, "llama-3.1-8b@8xb100@gcp:us-west1,tokens=2B", "gpt-3@tpu-v4@gcp:us-central2,chips=512"):
        advice = advise(parse_spec(spec), catalogue)
        for change in (*advice.changes, *advice.doubtful):
            if change.kind in (START, TRIALS):
                continue
            hardware, region = change.filled.hardware, change.filled.region
            assert hardware is not None
            assert region is not None
            assert market.offers(hardware, region) or region.record.provider == "gcp"
            assert not market.barred(hardware, region)


def test_a_job_too_large_for_its_memory_may_move_all_the_same(catalogue: Catalogue) -> None:
    advice = advise(parse_spec("@t4@aws:eu-south-1,chips=64,params=70B,tokens=9B"), catalogue)
    assert PLACE in {change.kind for change in advice.changes}


def test_an_offer_says_why_it_can_be_had(catalogue: Catalogue) -> None:
    (place,) = [one for one in advise(parse_spec(HOURS), catalogue).changes if one.kind == PLACE]
    assert place.offer is not None
    assert place.filled.region is not None
    assert place.offer.record.hardware == "h100-sxm5-80"
    assert place.offer.record.region == place.filled.region.id
    assert "cost_usd" in place.filled.results


def test_a_meter_is_kept_where_only_the_place_changes(catalogue: Catalogue) -> None:
    metered = advise(parse_spec(f"{HOURS},energy=412 kWh"), catalogue)
    before = metered.own.result("it_energy_kwh")
    for change in metered.changes:
        if change.kind in (PLACE, NEAR, HOME):
            assert change.filled.result("it_energy_kwh") == pytest.approx(before)
            assert "energy" not in change.filled.inputs


def test_it_says_whose_factors_places_are_compared_by(catalogue: Catalogue) -> None:
    """Two places beside each other, of which one is judged by its provider and one by its state."""
    from carbontui.text.advice import as_data, as_text

    several = advise(parse_spec("@h100@aws:us-east-1,chips=8,duration=3 d"), catalogue)
    text = as_text(several, None)
    (line,) = [line for line in text.splitlines() if line.startswith("carbon factors come from")]
    assert "AWS N. Virginia and GCP Oregon: Google Cloud region carbon data" in line
    assert "AWS Oregon: US EPA" in line
    note = catalogue.region("aws:us-west-2").record.note
    assert f"AWS Oregon: {note}" in text.splitlines()
    assert line in as_data(several)["notes"]
    by_energy = advise(parse_spec("@h100@aws:us-east-1,chips=8,duration=3 d"), catalogue, metric="energy")
    assert "carbon factors come from" not in as_text(by_energy, None)


@pytest.mark.parametrize(
    ("percent", "shown"), [(49.4, "49"), (99.4, "99"), (99.73, "99.7"), (99.96, ">99.9"), (100.0, "100")]
)
def test_nearly_all_is_not_all(percent: float, shown: str) -> None:
    assert less_than_all(percent) == shown


def test_speeds_of_different_origin_are_said_to_be(catalogue: Catalogue) -> None:
    from carbontui.text.advice import as_text

    mixed = as_text(advise(parse_spec("llama-3.1-8b@8xh100@aws:us-east-1,tokens=2B,trainable=40M"), catalogue), None)
    (line,) = [line for line in mixed.splitlines() if line.startswith("utilisation:")]
    assert "14 % on H100 is from a published run of this model" in line
    assert "26 % on" in line
    for spec in ("@8xh100@aws:us-east-1,tokens=2B,params=8B", "@8xh100@aws:us-east-1,duration=3 d"):
        assert "utilisation:" not in as_text(advise(parse_spec(spec), catalogue), None)


def test_a_change_says_what_it_keeps(catalogue: Catalogue) -> None:
    from carbontui.text.advice import what

    advice = advise(parse_spec("@8xh100@aws:us-east-1,duration=3 d"), catalogue)
    kept = {change.kind: what(change) for change in (*advice.changes, *advice.doubtful)}
    assert kept == {
        PLACE: "region: AWS Montreal",
        HOME: "region in US: GCP Oregon",
        HERE: "AWS region in US: Oregon",
    }


def test_a_state_that_may_be_as_dirty_is_no_certain_saving(catalogue: Catalogue) -> None:
    # Its record says that the true factor may be twice the state's, which is more than the job's own.
    advice = advise(parse_spec("@8xh100@aws:us-east-1,duration=3 d"), catalogue)
    assert "aws:us-west-2" in [one.filled.region.id for one in advice.doubtful if one.filled.region]


def test_a_price_that_reads_the_same_is_no_difference(catalogue: Catalogue) -> None:
    asked = parse_spec("my@8xh100@azure:eastus2,params=7e9,tokens=1e9")
    found = advise(asked, catalogue)
    columns = {column.title: column.cells for column in columns_of(found)}
    own = display.shown(found.own.results["cost_usd"].value, RESULTS["cost_usd"].kind)
    same = [more for cost, more in zip(columns["cost"], columns["cost vs now"], strict=True) if cost == own]
    assert same
    assert not any(same)


@pytest.mark.parametrize(
    ("count", "said"),
    [(2, "count: 1 (half the trials)"), (3, "count: 1 (of 3 trials)"), (1001, "count: 500 (of 1,001 trials)")],
)
def test_half_the_trials_are_said_to_be_half_where_they_are(catalogue: Catalogue, count: int, said: str) -> None:
    advice = advise(parse_spec(f"@t4@gcp:us-west1,chips=1,duration=2 h,count={count}"), catalogue)
    assert said in [what(one) for one in advice.changes]
