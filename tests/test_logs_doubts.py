"""What in a log is doubtful, cut off or no number: it is said where it stands, once."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tool_logs import DATA, LOGS, SMI, entries, written

from carbontui.cli import main
from carbontui.engine.ledger.entry import Entry
from carbontui.errors import FileError
from carbontui.importers import read_entries, read_files
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue

HEADER = "timestamp,project_name,run_id,duration,emissions,energy_consumed,country_iso_code,gpu_count,gpu_model"
PARTS = ",cpu_energy,gpu_energy,ram_energy,cpu_model\n"
RUN = "2026-01-02T00:10:00,p,r{0},3600,0.3,{1},DEU,{2},{3} x NVIDIA GeForce RTX 4090,{4}\n"


def doubts(reading: Reading, folder: Path, *rows: str) -> list[str]:
    path = written(folder / "e.csv", HEADER + PARTS + "".join(rows))
    list(read_entries("codecarbon", str(path), reading))
    return reading.warnings


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (RUN.format(1, 1.243, 1, 1, "0.1,1.1,0.043,AMD EPYC"), "draws more than 1,100 W per GPU"),
        (RUN.format(1, 1.0, 1, 1, "0.96,0.03,0.01,Intel(R) Core(TM) i7-8700K"), "a desktop processor draws more"),
        (RUN.format(1, 1.0, 1, 1, "0.2,0.07,0.73,AMD EPYC"), "memory is more than 50 % of the energy"),
        (RUN.format(1, 1.0, 1, 1, "-0.1,1.0,0.1,AMD EPYC"), "a component of the energy is below 0"),
        (RUN.format(1, 1.0, 1, 1, "0.9,0,0.1,AMD EPYC"), "their energy is 0"),
    ],
)
def test_what_cannot_be_is_said_once(reading: Reading, tmp_path: Path, row: str, said: str) -> None:
    (one,) = doubts(reading, tmp_path, row, row.replace("r1", "r2"))
    assert said in one
    assert "lines 2, 3" in one


def test_a_sound_run_raises_no_doubt(reading: Reading, tmp_path: Path) -> None:
    assert not doubts(reading, tmp_path, RUN.format(1, 0.6, 1, 1, "0.1,0.45,0.05,AMD EPYC"))


def test_a_run_of_nul_bytes_is_named_and_what_is_before_it_kept_if_asked(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    row = RUN.format(1, 0.6, 1, 1, "0.1,0.45,0.05,AMD EPYC")
    path.write_bytes((HEADER + PARTS + row).encode() + b"\0" * 200_000)
    with pytest.raises(FileError, match=r"line 3: has a block of NUL bytes.*--partial keeps the rows before it"):
        read_files("codecarbon", [str(path)], Reading(catalogue))
    reading = Reading(catalogue, partial=True)
    assert len(entries("codecarbon", path, reading)) == 1
    assert "line 3: has a block of NUL bytes" in reading.warnings[0]


@pytest.mark.parametrize("kind", LOGS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_file_cut_anywhere_gives_whole_rows_or_a_refusal(
    kind: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw = LOGS[kind].read_bytes()
    at = data.draw(st.integers(0, len(raw) - 1))
    path = tmp_path_factory.getbasetemp() / f"cut-{kind}"

    def read(content: bytes) -> list[Entry] | None:
        path.write_bytes(content)
        try:
            return list(read_entries(kind, str(path), Reading(catalogue)))
        except FileError:
            return None

    # A cut file is read as its whole lines are.
    whole = raw[: raw.rfind(b"\n", 0, at) + 1]
    assert read(raw[:at]) in ([read(whole)] if whole else [None])


ECO2AI = "project_name,duration(s),CO2_emissions(kg)"


@pytest.mark.parametrize("digits", [400, 5000])
@pytest.mark.parametrize(
    ("kind", "text", "where"),
    [
        ("slurm", "JobID|ElapsedRaw|AllocTRES\n1|60|gres/gpu:a100=@\n", ", line 2, column AllocTRES: "),
        ("slurm", "JobID|ElapsedRaw|ReqTRES\n1|60|cpu=@\n", ", line 2, column ReqTRES: "),
        ("slurm", "JobID|ElapsedRaw|NCPUS\n1|60|@\n", ", line 2, column NCPUS: "),
        ("slurm", "JobID|ElapsedRaw|AllocCPUS\n1|60|@\n", ", line 2, column AllocCPUS: "),
        ("slurm", "JobID|ElapsedRaw|NNodes|ConsumedEnergyRaw\n1|60|@|9\n", ", line 2, column NNodes: "),
        ("slurm", "JobID|ElapsedRaw|ConsumedEnergyRaw\n1|60|@\n", ", line 2, column ConsumedEnergyRaw: "),
        ("slurm", "JobID|ElapsedRaw\n1|@\n", ", line 2, column ElapsedRaw: "),
        ("slurm", "JobID|ElapsedRaw|TRESUsageInAve\n1|60|\n1.0|60|gres/gpuutil=@\n", ", line 3, column TRESUsageInAve"),
        ("eco2ai", f"GPU_name,{ECO2AI}\nA @ device(s),a,1,1\n", ", line 2, column GPU_name: "),
        ("dcgm", 'DCGM_FI_DEV_POWER_USAGE{gpu="0"} 5 @\n', ", line 1, DCGM_FI_DEV_POWER_USAGE, its time: "),
        ("dcgm", 'DCGM_FI_DEV_POWER_USAGE{gpu="0"} @ 5\n', ", line 1, DCGM_FI_DEV_POWER_USAGE: "),
        ("carbontracker", "Actual consumption:\nTime: @:0:0\n", ", line 2: "),
        ("codecarbon", "energy_consumed,gpu_count\n1,@\n", ", line 2, column gpu_count: "),
    ],
)  # fmt: skip
def test_a_number_of_hundreds_of_digits_is_refused_where_it_stands(
    kind: str, text: str, where: str, digits: int, reading: Reading, tmp_path: Path
) -> None:
    path = written(tmp_path / "log", text.replace("@", "9" * digits))
    with pytest.raises(FileError) as caught:
        entries(kind, path, reading)
    assert str(caught.value).startswith(f"{path}{where}")


@pytest.mark.parametrize("text", ["1.2.3", "."])
def test_a_use_of_gpus_that_is_no_number_is_refused(text: str, reading: Reading, tmp_path: Path) -> None:
    path = written(tmp_path / "log", f"JobID|ElapsedRaw|TRESUsageInAve\n1|60|\n1.0|60|gres/gpuutil={text}\n")
    with pytest.raises(FileError, match=r"line 3, column TRESUsageInAve: .* gres/gpuutil must be a number"):
        entries("slurm", path, reading)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("slurm", "JobID|ElapsedRaw\n1|60"),
        ("codecarbon", "energy_consumed\n1"),
        ("eco2ai", f"{ECO2AI}\na,1,1"),
        ("zeus", "start_time,window_name,elapsed_time,gpu0_energy\n1,a,1,1"),
        ("nvidia-smi", f"{SMI}2026/01/31 12:00:00.000, 0, NVIDIA A100, 60.0 W"),
        ("mlco2", "hardware,hours,chips,region\na100,3,1,grid:de"),
    ],
)
def test_the_only_row_without_its_end_is_said(kind: str, text: str, reading: Reading, tmp_path: Path) -> None:
    path = written(tmp_path / "log", text)
    with pytest.raises(FileError, match=r"log, line 2: the last line is incomplete, .* and was left out"):
        read_files(kind, [str(path)], reading)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("command", ["ledger", "import"])
def test_a_named_pipe_is_said_before_it_is_waited_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    pipe = tmp_path / "jobs"
    os.mkfifo(pipe)
    text = (DATA / "slurm_sacct.txt").read_text(encoding="utf-8")
    writer = threading.Thread(target=pipe.write_text, args=(text,))
    writer.start()
    assert main([command, "slurm", str(pipe), "--format", "json"]) == 0
    writer.join()
    done = capsys.readouterr()
    assert json.loads(done.out)
    assert f"carbontui: {pipe}: a pipe, read until its writer closes it" in done.err
    # Without its kind it is never opened, as it can be read once only.
    assert main([command, str(pipe)]) != 0
    assert "because a pipe can only be read once" in capsys.readouterr().err
