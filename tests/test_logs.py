"""Logs of tools: what each says of a run, and what kind of file it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tool_logs import LOGS, SMI, entries, filled, written

from carbontui.cli import main
from carbontui.engine.ledger.entry import FACILITY
from carbontui.errors import FileError
from carbontui.importers import kind_of, read_files
from carbontui.importers.reading import Reading
from carbontui.importers.slurm import read_entries
from carbontui_registry.catalogue import Catalogue


def test_epochs_of_eco2ai_add_up(reading: Reading) -> None:
    first, second, without = entries("eco2ai", LOGS["eco2ai"], reading)
    assert (first.energy, first.gross, first.units) == (1.5, 0.6, 2)
    assert (first.setting.hardware, first.setting.region, first.setting.energy_of) == (
        "a100-sxm4-80",
        "grid:de",
        FACILITY,
    )
    assert second.hours == pytest.approx(3600.5 / 3600)
    assert (without.setting.hardware, without.setting.region, without.units) == ("", "grid:fr", None)
    ner, _ = filled(None, LOGS["eco2ai"], reading)
    # 1.2 kg from 3 kWh, as the file says, and not by the grid of Germany.
    assert ner.results["energy_kwh"].value == pytest.approx(3)
    assert ner.results["gross_kgco2e"].value == pytest.approx(1.2)


def test_what_carbontracker_used_is_its_last_word_and_no_prediction(reading: Reading) -> None:
    (one,) = entries("carbontracker", LOGS["carbontracker"], reading)
    assert one.energy == 0.316
    assert one.gross == pytest.approx(0.047874)
    assert one.hours == pytest.approx(1 / 3)
    assert (one.setting.hardware, one.units, one.setting.region) == ("a100-sxm4-80", 2, "grid:dk")


def test_epochs_of_carbontracker_give_energy_before_pue(reading: Reading, tmp_path: Path) -> None:
    text = """2026-01-31 12:00:00 - carbontracker version 2.3.1
2026-01-31 12:00:00 - The following components were found: GPU with device(s) Tesla T4. CPU with device(s) cpu:0.
2026-01-31 12:30:00 - Epoch 1:
2026-01-31 12:30:00 - Duration: 0:30:00.00
2026-01-31 12:30:00 - Average power usage (W) for gpu: [60.0]
2026-01-31 12:30:00 - Average power usage (W) for cpu: [40.0]
"""
    (one,) = entries("carbontracker", written(tmp_path / "a.log", text), reading)
    # Half an hour at 100 W.
    assert (one.energy, one.hours, one.setting.energy_of) == (0.05, 0.5, "node")
    (one,) = entries("carbontracker", written(tmp_path / "a.log", text.replace("[40.0]", "None")), reading)
    assert one.energy is None
    assert "the energy is unknown" in reading.warnings[0]


def test_the_world_average_of_carbontracker_is_not_taken(reading: Reading, tmp_path: Path) -> None:
    world = "Defaulted to average carbon intensity for world in 2019 of 481.00 gCO2/kWh.\n"
    text = f"{world}Actual consumption:\n\tTime:\t0:10:00\n\tEnergy:\t1.0 kWh\n\tCO2eq:\t481.0 g\n"
    (one,) = entries("carbontracker", written(tmp_path / "a.log", text), reading)
    assert (one.energy, one.gross, one.setting.region) == (1, None, "")
    assert "is based on a world average" in reading.warnings[0]


def test_only_the_outermost_windows_of_zeus_count(reading: Reading) -> None:
    first, second = entries("zeus", LOGS["zeus"], reading)
    # 540 kJ and 522 kJ are 0.295 kWh.
    assert first.energy == second.energy == pytest.approx(0.295)
    assert (first.hours, first.units, first.setting.energy_of) == (0.5, 2, "accelerator")
    assert "2 windows inside others" in reading.warnings[0]


@pytest.mark.parametrize("kind", LOGS)
def test_a_file_says_which_kind_it_is(kind: str) -> None:
    assert kind_of(str(LOGS[kind])) == kind


def test_a_file_of_no_kind_is_asked_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(written(tmp_path / "x.txt", "nothing\n"))]) == 2
    assert "its KIND must be given" in capsys.readouterr().err


# nvidia-smi


def test_a_log_without_times_needs_the_interval(reading: Reading, catalogue: Catalogue, tmp_path: Path) -> None:
    rows = "".join(f"{gpu}, Tesla T4, {60 + gpu}.00 W\n" for _ in range(11) for gpu in range(2))
    path = written(tmp_path / "p.csv", f"index, name, power.draw [W]\n{rows}")
    with pytest.raises(FileError, match="use carbontui import --interval SECONDS"):
        read_files(None, [str(path)], reading)
    (one,) = filled(None, path, Reading(catalogue, interval=30))
    assert one.result("duration_h") == pytest.approx(300 / 3600)
    assert one.inputs["power"].value == pytest.approx(60.5)


def test_without_times_and_index_nothing_is_guessed(catalogue: Catalogue, tmp_path: Path) -> None:
    path = written(tmp_path / "p.csv", "power.draw [W]\n60.00 W\n61.00 W\n")
    with pytest.raises(FileError, match="the number of GPUs is unknown"):
        read_files("nvidia-smi", [str(path)], Reading(catalogue, interval=1))


@pytest.mark.parametrize("gpus", [2, 4, 8])
@pytest.mark.parametrize("apart", [0.003, 0.03])
def test_several_gpus_without_an_index_are_refused(reading: Reading, tmp_path: Path, gpus: int, apart: float) -> None:
    rows = "".join(
        f"2026/01/31 12:00:{second + gpu * apart:06.3f}, 300.00 W\n" for second in range(40) for gpu in range(gpus)
    )
    path = written(tmp_path / "p.csv", f"timestamp, power.draw [W]\n{rows}")
    with pytest.raises(FileError, match="there are several GPUs"):
        read_files("nvidia-smi", [str(path)], reading)


def test_a_log_of_no_powers_is_no_estimate(reading: Reading, tmp_path: Path) -> None:
    rows = "".join(f"2026/01/31 12:00:{second:02}.000, 0, Tesla T4, [N/A]\n" for second in range(10))
    (one,) = filled(None, written(tmp_path / "p.csv", SMI + rows), reading)
    assert "energy_kwh" not in one.results
    assert "no power in the log; choose the hardware, t4" in one.scenario.note


def test_a_lost_gpu_is_named_once(reading: Reading, tmp_path: Path) -> None:
    powers = ["70.00 W"] * 5 + ["[GPU is lost]"] * 4
    rows = "".join(f"2026/01/31 12:00:{s:02}.000, 0, Tesla T4, {power}\n" for s, power in enumerate(powers))
    filled(None, written(tmp_path / "p.csv", SMI + rows), reading)
    (lost,) = [text for text in reading.warnings if "lost" in text]
    assert "lines 7, 8, 9 and 1 more" in lost


def test_logs_of_carbontracker_put_together_are_runs_of_their_own(reading: Reading, tmp_path: Path) -> None:
    text = LOGS["carbontracker"].read_text(encoding="utf-8")
    (one,) = entries("carbontracker", LOGS["carbontracker"], reading)
    two = entries("carbontracker", written(tmp_path / "a.log", text + text), reading)
    assert [(run.energy, run.gross, run.hours, run.units) for run in two] == [
        (one.energy, one.gross, one.hours, one.units)
    ] * 2
    assert [run.name for run in two] == ["a line 1", f"a line {len(text.splitlines()) + 1}"]
    begun = text.partition("\n")[0] + "\n"
    assert len(entries("carbontracker", written(tmp_path / "a.log", text + begun), reading)) == 1
    assert "left out" in reading.warnings[-1]


SACCT = """JobID|State|Start|ElapsedRaw|AllocTRES
1|COMPLETED|2026-01-02T10:00:00|3600|gres/gpu:h100=4,cpu=64
2|PENDING|Unknown|0|
3|CANCELLED|2026-01-02T10:00:00|0|
4|COMPLETED|2026-01-03T10:00:00|3600|gres/gpu:h100=8,cpu=64
5|COMPLETED|2026-01-03T10:00:00|3600|gres/gpu:h100=2,cpu=32
"""


def test_jobs_that_never_ran_are_said_to_be_left_out_and_a_guess_is_named_once(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    reading = Reading(catalogue)
    path = written(tmp_path / "jobs.txt", SACCT)
    assert len(list(read_entries(str(path), reading))) == 3
    said = [text.partition("jobs.txt, ")[2] for text in reading.warnings]
    assert "lines 3, 4: left out a job that never ran" in said
    assert "line 2: gres/gpu:h100 is taken to be h100-sxm5-80; a cluster file can say otherwise" in said
