"""Estimates in a scenario: power from a TDP, throughput from a peak, and what cancels."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbontui.engine import calibration
from carbontui.engine.assumptions import OWN_ESTIMATE, prediction_spread
from carbontui.engine.calibration import Estimate
from carbontui.engine.coverage import location_spread
from carbontui.engine.scenario import Filled, Scenario
from carbontui.engine.solver import fill
from carbontui.engine.uncertainty import interval90, spread_of
from carbontui.spec import parse_spec
from carbontui.text.inputs import how
from carbontui.text.laws import rests_on
from carbontui.text.notes import notes_of
from carbontui_registry.catalogue import Catalogue


def filled(catalogue: Catalogue, spec: str) -> Filled:
    return fill(parse_spec(spec), catalogue)


HOST = calibration.SERVER.median - calibration.LARGE.median


def small(params: float) -> float:
    ends = calibration.by_size(calibration.FEW_BY_SIZE, calibration.LARGE.median, params)
    return calibration.between(*ends).median


@pytest.mark.parametrize(
    ("spec", "ratio", "boundary"),
    [
        ("gpt-3@h100", calibration.SERVER.median, "system"),
        ("@b200,chips=8,duration=1 d", calibration.ANY_MODEL.median, "system"),
        ("@b200,chips=8,duration=1 d,params=8e9", calibration.SERVER.median, "system"),
        ("@b200,chips=9,duration=1 d", calibration.SERVER.median, "system"),
        ("@p100-pcie-16,chips=8,duration=1 d", calibration.OLDER_SERVER.median, "system"),
        ("@mi300x,chips=64,duration=1 d,boundary=system", calibration.SERVER.median, "system"),
        ("x@new,tdp=300 W,duration=1 d", calibration.SERVER.median, "system"),
        ("@h100,chips=1,duration=1 d", calibration.FEW.median + HOST, "system"),
        ("@h100,chips=8,duration=1 d,params=1e8", small(1e8) + HOST, "system"),
        ("@h100,chips=8,duration=1 d,work=serving", calibration.SERVER.median, "system"),
        ("@v100-pcie-16,chips=16,duration=1 d,tdp=250 W", calibration.OLDER_SERVER.median, "system"),
        ("@tpu-v5e,chips=1,duration=1 d", calibration.TPU.median, "system"),
        ("@rtx-4090,chips=1,duration=1 d", calibration.FEW.median + 100 / 450, "system"),
        ("x@new,tdp=450 W,form=workstation,chips=1,duration=1 d", calibration.FEW.median + 100 / 450, "system"),
        ("@l4,chips=4,duration=1 d,work=serving", calibration.BATCHES.median + 140 / 72, "system"),
        ("gpt-3@h100,boundary=accelerator", calibration.LARGE.median, "accelerator"),
        ("@h100,boundary=accelerator,chips=3,duration=1 d", calibration.FEW.median, "accelerator"),
        ("@h100,boundary=accelerator,chips=4,duration=1 d", calibration.ANY_MODEL_ALONE.median, "accelerator"),
        ("@h100,boundary=accelerator,chips=4,duration=1 d,params=1e7", small(1e7), "accelerator"),
        ("pythia-1b@h100,boundary=accelerator,chips=4", small(1.01e9), "accelerator"),
        ("@h100,boundary=accelerator,work=serving,duration=1 d", calibration.BATCHES.median, "accelerator"),
        ("gpt-3@h100,boundary=node", calibration.LARGE.median * calibration.NODE.median, "node"),
    ],
)
def test_power_from_a_tdp(catalogue: Catalogue, spec: str, ratio: float, boundary: str) -> None:
    one = filled(catalogue, spec)
    found = one.inputs["power"]
    tdp, over = found.terms
    assert over.figure.value == pytest.approx(ratio, abs=0.0051)
    assert found.value == pytest.approx(tdp.figure.value * over.figure.value)
    assert (found.basis, found.source) == ("assumed", OWN_ESTIMATE)
    assert over.figure.spread
    assert rests_on(over.rests)
    assert how(found.way).startswith(f"{over.figure.value:g} x TDP")
    assert one.texts["boundary"] == boundary
    assert not any(note.code == "measured-elsewhere" for note in one.notes)


def test_boards_of_one_name_with_several_limits_spread_more(catalogue: Catalogue) -> None:
    one, other = (filled(catalogue, f"gpt-3@a100-sxm4-{gb}").inputs["power"].terms[1] for gb in (40, 80))
    assert one.figure.value == other.figure.value
    assert one.figure.spread < other.figure.spread  # type: ignore[operator]


@given(st.floats(1e5, 1e13), st.floats(1.01, 100))
def test_a_larger_model_never_keeps_few_accelerators_less_busy(params: float, times: float) -> None:
    one, other = (
        calibration.by_size(calibration.FEW_BY_SIZE, calibration.LARGE.median, n) for n in (params, params * times)
    )
    assert calibration.IDLE < one[0] <= other[0] < other[1] < calibration.LIMIT
    assert one[1] <= other[1]
    assert calibration.of_share(calibration.share(one[0])) == pytest.approx(one[0])


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
    few = ",chips=4,boundary=accelerator"
    assert not factors("gpt-3@a100") & factors(f"gpt-3@a100{few}")
    # How busy a few accelerators are is a matter of the job.
    assert not factors(f"pythia-1b@a100{few}") & factors(f"pythia-410m@a100{few}")


def test_a_measured_mean_is_assumed_of_another_run_with_the_spread_between_runs(catalogue: Catalogue) -> None:
    one = fill(Scenario(model="t5", hardware="v100"), catalogue)
    assert one.inputs["power"].value == 325
    assert one.inputs["power"].basis == "assumed"
    assert one.inputs["power"].spread == prediction_spread()
    assert 0.1 < prediction_spread() < 0.5


@pytest.mark.parametrize("hardware", ["h100", "a100", "mi300x", "p100-pcie-16"])
@pytest.mark.parametrize("chips", [1, 3, 4, 8])
def test_while_the_size_of_the_model_is_unknown_the_range_has_every_load(
    catalogue: Catalogue, chips: int, hardware: str
) -> None:
    spec = f"@{hardware}@DE,duration=1 d,chips={chips}"
    small = 1e8 if chips >= 4 else 1e7
    one = filled(catalogue, spec)
    figure = one.inputs["power"]
    low, high = interval90(figure.value, figure.spread or 0.0)
    sized = [filled(catalogue, f"{spec},params={size}").inputs["power"].value for size in (f"{small:g}", "3e9", "1e12")]
    assert low < min(sized) <= max(sized) < high
    noted = [note.values for note in one.notes if note.code == "size-unknown"]
    if hardware == "p100-pcie-16":
        assert not noted
    else:
        assert noted == [pytest.approx((small, *sized[:2]))]
        assert min(sized) * 0.98 < figure.value < max(sized)
        assert any(f" W with {small / 1e6:g} M parameters" in text for text in notes_of(one))


@pytest.mark.parametrize(
    "spec",
    [
        "@h100@DE,duration=1 d,chips=9",
        "@h100@DE,duration=1 d,chips=8,params=8e9",
        "@h100@DE,duration=1 d,chips=8,work=serving",
        "@h100@DE,duration=1 d,chips=8,power=900 W",
        "@h100@DE,duration=1 d,chips=8,boundary=accelerator",
        "@tpu-v5e@DE,duration=1 d,chips=8",
        "@t4@DE,duration=1 d,chips=2",
        "@rtx-4090@DE,duration=1 d,chips=1",
    ],
)
def test_no_note_where_the_size_changes_no_load(catalogue: Catalogue, spec: str) -> None:
    one = filled(catalogue, spec)
    assert not [note for note in one.notes if note.code == "size-unknown"]


@pytest.mark.parametrize(("chips", "counts"), [(8, True), (9, False)])
def test_parameters_that_decide_the_load_have_an_effect(catalogue: Catalogue, chips: int, counts: bool) -> None:
    one = filled(catalogue, f"@h100@DE,duration=1 d,chips={chips},params=8e9")
    assert ("parameters: entered, but no result depends on it" in notes_of(one)) is not counts


# Where Google's data centers are, by its own list of regions.
STATES = {
    **{"australia-southeast1": "au-nsw", "australia-southeast2": "au-vic", "northamerica-northeast1": "ca-qc"},
    **{"northamerica-northeast2": "ca-on", "us-central1": "us-ia", "us-east1": "us-sc", "us-east4": "us-va"},
    **{"us-east5": "us-oh", "us-south1": "us-tx", "us-west1": "us-or", "us-west2": "us-ca", "us-west3": "us-ut"},
    "us-west4": "us-nv",
}


def direct_factors(catalogue: Catalogue, region: str) -> dict[str, float]:
    factors = catalogue.region(region).record.factors
    return {one.period: one.gross.value for one in factors if one.coverage == "direct" and one.gross is not None}


def test_a_state_is_as_uncertain_for_a_place_in_it_as_places_differ_from_their_states(catalogue: Catalogue) -> None:
    logs = []
    for place, state in STATES.items():
        there, around = (direct_factors(catalogue, name) for name in (f"gcp:{place}", f"grid:{state}"))
        latest = max(set(there) & set(around))
        logs.append(log(there[latest] / around[latest]))
    spread = spread_of(sum(one * one for one in logs) / len(logs))
    taken = location_spread(catalogue.region("grid:us-or").record)
    assert taken == pytest.approx(spread, abs=0.02)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("@1xmy-card@DE,tdp=115 W,duration=1 d", True),
        ("@1xmy-card@DE,tdp=115 W,duration=1 d,form=laptop", False),
        ("@1xmy-card@DE,power=115 W,duration=1 d", False),
        ("@1xrtx-4090@DE,duration=1 d", False),
        ("@8xh100@DE,duration=1 d", False),
    ],
)
def test_hardware_that_nobody_registered_is_said_to_be_taken_for_a_servers(
    catalogue: Catalogue, spec: str, said: bool
) -> None:
    assert any("my-card is assumed to be in a server" in text for text in notes_of(filled(catalogue, spec))) is said
