"""Sweeps of a job by its hours, which do not rank hardware."""

from __future__ import annotations

import pytest
from sweeps import cells, sweep_of

from carbontui.cli import main
from carbontui.engine.sweep import Limits
from carbontui.quantities import METRICS
from carbontui_registry.catalogue import Catalogue

BY_HOURS = "@8xh100@aws:us-east-1,duration=3 d"


@pytest.mark.parametrize("objective", METRICS)
@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize(
    "spec", [BY_HOURS, "@8xh100@aws:us-east-1,chip_hours=576 h", "llama-3.1-8b@8xh100,duration=3 d"]
)
def test_hours_are_those_of_the_jobs_own_hardware_alone(
    spec: str, objective: str, marked: bool, catalogue: Catalogue
) -> None:
    own = "h100-sxm5-80"
    everywhere = sweep_of(catalogue, spec, objective=objective, marked=marked)
    assert {machine.hardware.id for machine in everywhere.machines} == {own}
    assert everywhere.survey().best
    named = sweep_of(catalogue, spec, hardware=("h100", "t4", "tpu-v5e"), objective=objective, marked=marked)
    for against in METRICS:
        survey = named.asked(objective, Limits(), marked=marked, against=against).survey()
        assert {named.machines[cell.machine].hardware.id for cell in (*survey.best, *survey.front)} == {own}
        assert survey.hours == 2 * len(named.places)
        counted = (survey.possible, survey.unknown, survey.over, survey.unlike, survey.hours, *survey.marked.values())
        assert sum(counted) == survey.cells
    for m, _, value, hours, code in cells(named):
        elsewhere = named.machines[m].hardware.id != own
        assert (code == "hours") == elsewhere
        assert not elsewhere or value is hours is None


def test_with_other_chips_the_chip_hours_of_a_job_by_hours_stay(catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, f"{BY_HOURS},count=5", regions=("gcp:us-east4",), chips=(4.0, 6.0, 8.0))
    assert sweep.part.duration.tolist() == pytest.approx([144, 96, 72])
    assert sweep.part.it_energy == pytest.approx([sweep.part.it_energy[0]] * 3, rel=1e-12)


def test_hours_at_a_known_utilisation_are_work_that_other_hardware_can_do(catalogue: Catalogue) -> None:
    sweep = sweep_of(catalogue, f"{BY_HOURS},utilisation=40 %,count=5", hardware=("h100", "t4"), regions=("gcp:*",))
    of = {machine.hardware.id: n for n, machine in enumerate(sweep.machines)}
    own, other = (sweep.filled(of[name], 0) for name in ("h100-sxm5-80", "t4"))
    assert own.result("duration_h") == pytest.approx(72)
    # 8 x 989.4 TFLOP/s against 8 x 65 TFLOP/s.
    assert other.result("duration_h") == pytest.approx(72 * 989.4 / 65, rel=0.01)
    assert sweep.survey().hours == 0


@pytest.mark.parametrize(
    ("spec", "hardware", "status", "said"),
    [
        (
            ",chips=8,duration=3 d",
            [],
            2,
            "hours alone do not show how long it would take on each hardware: name its hardware",
        ),
        (",chips=8,duration=3 d", ["h100"], 0, "job x 1 hardware x 152 regions"),
        (
            BY_HOURS,
            [],
            0,
            "only its own hardware is compared: hours alone do not show how long other hardware would take",
        ),
        (
            BY_HOURS,
            ["h100", "t4"],
            0,
            "152 are unknown: hours alone do not show how long other hardware would take; add tokens=",
        ),
        (
            BY_HOURS,
            ["t4", "l4"],
            1,
            "304 are unknown: hours alone do not show how long other hardware would take; add tokens=",
        ),
        (
            BY_HOURS,
            ["tpu*"],
            2,
            "hours alone do not show how long other hardware would take, and the job's own is not among",
        ),
    ],
)
def test_the_command_says_that_hours_do_not_rank_hardware(
    spec: str, hardware: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "--model", spec, *(["--hardware", *hardware] if hardware else [])]) == status
    out = capsys.readouterr()
    assert said in " ".join((out.out + out.err).split())
