"""Logs of clusters and trackers, written by hand after real ones: what is right was worked out by hand."""

from __future__ import annotations

import json
import os
import re
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbontui.cli import main
from carbontui.engine.comparison import Question, compare
from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.entry import FACILITY, Entry, Setting
from carbontui.engine.ledger.runs import Runs
from carbontui.engine.scenario import Filled
from carbontui.errors import FileError
from carbontui.importers import kind_of, read_entries, read_files
from carbontui.importers.cluster import read_cluster
from carbontui.importers.logs import add_log
from carbontui.importers.names import Named, Names
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"
SACCT, CLUSTER = DATA / "slurm_sacct.txt", DATA / "cluster.toml"
LOGS = {"slurm": SACCT, "eco2ai": DATA / "eco2ai.csv", "carbontracker": DATA / "carbontracker.log"}
LOGS |= {"zeus": DATA / "zeus.csv", "codecarbon": DATA / "codecarbon_emissions_sample.csv"}
SMI = "timestamp, index, name, power.draw [W]\n"


@pytest.fixture
def reading(catalogue: Catalogue) -> Reading:
    return Reading(catalogue)


def entries(kind: str, path: Path, reading: Reading) -> list[Entry]:
    return list(read_entries(kind, str(path), reading))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def filled(kind: str | None, path: Path, reading: Reading) -> tuple[Filled, ...]:
    return compare(Question(read_files(kind, [str(path)], reading)), reading.catalogue).scenarios


def test_jobs_of_slurm_have_their_steps_folded_in(catalogue: Catalogue) -> None:
    reading = Reading(catalogue, cluster=read_cluster(str(CLUSTER), catalogue))
    jobs = entries("slurm", SACCT, reading)
    assert [(job.name, job.labels.state, job.hours, job.units) for job in jobs] == [
        ("1001 pretrain", "COMPLETED", 24, 8),
        ("1002_1 sweep", "FAILED", 2, 1),
        ("1002_2 sweep", "COMPLETED", 4, 1),
        ("1003 prep", "COMPLETED", 10, 32),
        ("1004 eval a|b", "CANCELLED", 1, 2),
        ("1006 now", "RUNNING", 12, 1),
        ("1007 again", "REQUEUED", 0.5, 1),
        ("1007 again", "COMPLETED", 1, 1),
    ]
    first, failed, _, without, unknown, *_ = jobs
    # The extern step meters the node from end to end, the batch step less of it: 259 300 800 J are 72.028 kWh.
    assert first.energy == pytest.approx(72.028)
    assert first.setting.energy_of == "node"
    assert (first.labels.user, first.labels.account, first.labels.partition) == ("ana", "nlp", "gpu")
    assert (first.setting.hardware, first.setting.region, first.setting.pue) == ("a100-sxm4-80", "grid:de", 1.25)
    assert (first.idle, failed.idle) == (False, True)
    # 2026-01-05T08:00:00 is 20,458 days and 8 hours after 1970 began.
    assert first.start == 20_458 * 86_400 + 8 * 3600
    assert (without.setting.power, without.setting.chips, without.setting.hardware) == (4, None, "")
    # Slurm's number for "not known" is no energy.
    assert (unknown.energy, unknown.setting.energy_of, unknown.setting.hardware) == (None, "", "a100-sxm4-80")


def test_a_metered_job_of_slurm_is_its_energy_and_the_sites_pue(catalogue: Catalogue) -> None:
    reading = Reading(catalogue, each=True, cluster=read_cluster(str(CLUSTER), catalogue))
    first, *_ = filled(None, SACCT, reading)
    assert first.results["energy_kwh"].value == pytest.approx(72.028 * 1.25)
    assert first.texts["boundary"] == "node"
    assert first.inputs["power"].value == pytest.approx(72_028 / 192)


def test_slurm_says_less_where_less_was_exported(reading: Reading, tmp_path: Path) -> None:
    text = "JobID|Elapsed|ReqTRES|\n7|1-02:30:00|cpu=4,gres/gpu:nvidia_h100_80gb_hbm3=4,node=1|\n8.batch|01:00:00||\n"
    (one,) = entries("slurm", written(tmp_path / "jobs", text), reading)
    assert (one.name, one.hours, one.units, one.setting.hardware) == ("7", 26.5, 4, "h100-sxm5-80")
    assert (one.start, one.energy, one.labels.user) == (None, None, "")
    assert "line 3: left out a step whose job is not above it" in reading.warnings[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("JobID|State\n1|COMPLETED\n", ", line 1: has neither Elapsed nor ElapsedRaw"),
        ("JobId|ElapsedRaw\n1|1\n", ", line 1: has no column 'JobID'"),
        ("JobID|ElapsedRaw\n1|1|2\n", ", line 2: has 3 cells but the header has 2"),
        ("JobID|ElapsedRaw\n1|1.5\n", ", line 2, column ElapsedRaw: '1.5' must be a whole number of seconds"),
        ("JobID|Elapsed\n1|noon\n", ", line 2, column Elapsed: 'noon' must be a time"),
        ("JobID|ElapsedRaw|ConsumedEnergyRaw\n1|1|-5\n", ", line 2, column ConsumedEnergyRaw: '-5' must be"),
        ("JobID|ElapsedRaw\n", ": has no rows below its header"),
    ],
)
def test_what_is_no_accounting_is_refused_by_line(reading: Reading, tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path / "jobs", text)
    with pytest.raises(FileError) as caught:
        entries("slurm", path, reading)
    assert str(caught.value).startswith(f"{path}{said}")


def test_a_meter_of_a_shared_node_is_doubted(reading: Reading, tmp_path: Path) -> None:
    header = "JobID|ElapsedRaw|AllocTRES|ConsumedEnergyRaw\n"
    rows = (f"{number}|3600|gres/gpu:tesla_t4=1|{joules}\n" for number, joules in ((1, 1_800_000), (2, 1_000_000)))
    entries("slurm", written(tmp_path / "jobs", header + "".join(rows)), reading)
    (said,) = reading.warnings
    # 500 W for a T4, and 278 W; its TDP is 70 W.
    assert "line 2: the nodes draw more than 340 W per GPU of a job" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pue = 0.9", ", line 1: pue: 0.9 must be a number of at least 1"),
        ('[partitions.gpu]\nhardware = "a1000"', ", line 2: partitions.gpu.hardware: "),
        ('[partitions.gpu]\nhardwre = "a100"', ", line 2: partitions.gpu.hardwre: unknown key; did you mean hardware?"),
        ('watts_per_core = "4 Wh"', ", line 1: watts_per_core: "),
        ("[gres]\na100 = 1", ", line 2: gres.a100: 1 must be text in quotes"),
    ],
)
def test_a_wrong_cluster_file_is_refused_by_line(catalogue: Catalogue, tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path / "cluster.toml", text)
    with pytest.raises(FileError) as caught:
        read_cluster(str(path), catalogue)
    assert str(caught.value).startswith(f"{path}{said}")


def test_the_scaffold_of_a_cluster_is_a_cluster_file(
    catalogue: Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "slurm", str(SACCT), "--scaffold"]) == 0
    text = capsys.readouterr().out
    cluster = read_cluster(str(written(tmp_path / "cluster.toml", text)), catalogue)
    assert set(cluster.partitions) == {"gpu", "cpu"}
    assert cluster.gres == {"a100": "a100-sxm4-80"}
    assert '# hardware = "a100-sxm4-80"' in text


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
    with pytest.raises(FileError, match="give --interval SECONDS"):
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


# What is doubtful, and what was cut off

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
        (RUN.format(1, 1.0, 1, 1, "0.2,0.07,0.73,AMD EPYC"), "memory is more than 50% of the energy"),
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


# Names


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("8 x NVIDIA A100-SXM4-80GB", Named("a100-sxm4-80")),
        ("NVIDIA H200", Named("h200-sxm")),
        ("Tesla T4", Named("t4")),
        ("nvidia_a100-sxm4-40gb", Named("a100-sxm4-40")),
        ("Tesla K80", Named("k80", 0.5)),
        ("p4d.24xlarge", Named("a100-sxm4-40", 8)),
        ("tpu-v3-8", Named("tpu-v3", 4)),
        ("tpu-v5litepod-8", Named("tpu-v5e", 8)),
        ("H100 SXM", Named("h100-sxm5-80")),
        ("TPUv3 Chip", Named("tpu-v3")),
        ("RTX 8000", Named("quadro-rtx-8000")),
        ("A100 PCIe 40/80GB", None),
        ("NVIDIA GeForce RTX 3060 Laptop GPU", None),
        ("NVIDIA GeForce GTX 1650 Ti", None),
        ("RX 480", None),
    ],
)
def test_names_that_tools_print_are_hardware(catalogue: Catalogue, name: str, means: Named | None) -> None:
    assert Names(catalogue).hardware(name) == means


# The menus of ML CO2 Impact and Green Algorithms whose chip is registered, but for those that may be several.
MENUS = """H100 SXM|H100 NVL|A100 SXM4 80 GB|A10G|AGX Xavier|GTX 1080 Ti|GTX 1080|GTX TITAN X|Quadro P6000|RTX 2080 Ti|
RTX 2080|RTX 8000|T4|Tesla K80|Tesla M40 24GB|Tesla P100|Tesla P40|Tesla V100-PCIE-16GB|Tesla V100-SXM2-16GB|
Tesla V100-SXM2-32GB|Titan RTX|Titan V|Titan Xp|TPUv2 Chip|TPUv3 Chip|RTX 3080|RTX 3080 TI|RTX 3090|RTX 4090|RTX A5000|
RTX A6000|L4|L40S|NVIDIA A100 40GB PCIe|NVIDIA A100 80GB PCIe|NVIDIA Jetson AGX Xavier|NVIDIA GTX 1080|NVIDIA RTX 2080|
NVIDIA Tesla K80|NVIDIA Tesla P100|NVIDIA Tesla P4|NVIDIA Tesla T4|NVIDIA Tesla V100|NVIDIA Tesla V100S|NVIDIA Titan V|
TPU v2|TPU v3|TPU v4"""


def test_the_menus_of_other_calculators_are_known(catalogue: Catalogue) -> None:
    names = Names(catalogue)
    menu = [name.strip() for name in MENUS.replace("\n", "").split("|")]
    assert [name for name in menu if names.hardware(name) is None] == []


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("1 x NVIDIA A100-SXM4-80GB1 x Tesla T4", [(1, "NVIDIA A100-SXM4-80GB"), (1, "Tesla T4")]),
        ("2 x NVIDIA GeForce RTX 409012 x Tesla T4", [(2, "NVIDIA GeForce RTX 4090"), (12, "Tesla T4")]),
        ("4 x Tesla V100-SXM2-16GB, 1 x Tesla T4", [(4, "Tesla V100-SXM2-16GB"), (1, "Tesla T4")]),
        ("Tesla T4", [(1, "Tesla T4")]),
        ("", []),
    ],
)
def test_names_that_codecarbon_joins_are_taken_apart(
    catalogue: Catalogue, text: str, models: list[tuple[int, str]]
) -> None:
    assert Names(catalogue).models(text) == models


@pytest.mark.parametrize(
    ("asked", "region"),
    [
        ({"country": "Turkey"}, "grid:tr"),
        ({"country": "Vietnam"}, "grid:vn"),
        ({"country": "Côte d'Ivoire"}, "grid:ci"),
        ({"country": "Cote d'Ivoire"}, "grid:ci"),
        ({"country": "Georgia"}, "grid:ge"),
        ({"code": "USA", "part": "georgia"}, "grid:us-ga"),
        ({"code": "GEO"}, "grid:ge"),
        ({"provider": "google", "zone": "us-central1-a"}, "gcp:us-central1"),
        ({"provider": "aws", "zone": "us-east-1b"}, "aws:us-east-1"),
        ({"code": "DEU", "part": "bavaria"}, "grid:de"),
        ({"code": "QQQ", "country": "France"}, None),
    ],
)
def test_places_that_tools_print_are_regions(catalogue: Catalogue, asked: dict[str, str], region: str | None) -> None:
    assert Names(catalogue).region(**asked) == region


def test_regions_of_one_country_are_that_country_with_a_note(reading: Reading, tmp_path: Path) -> None:
    header = "project_name,run_id,duration,emissions,energy_consumed,country_iso_code,region\n"
    rows = "".join(f"p,r{n},600,0.3,1.0,USA,{part}\n" for n, part in enumerate(("california", "", "texas")))
    (one,) = filled("codecarbon", written(tmp_path / "e.csv", header + rows), reading)
    assert one.region is not None
    assert one.region.id == "grid:us"
    assert "the country, because the runs" in one.scenario.note


def test_the_carbon_intensity_that_a_report_states_is_taken(reading: Reading, tmp_path: Path) -> None:
    text = """{"measures": [{"measurementMethod": "codecarbon", "powerConsumption": 4.2, "measurementDuration": 3600}],
 "infrastructure": {"components": [
  {"componentName": "8 x NVIDIA A100-SXM4-80GB", "componentType": "gpu", "nbComponent": 8}]},
 "environment": {"country": "Poland", "powerSourceCarbonIntensity": 56}}
"""
    (one,) = filled(None, written(tmp_path / "r.json", text), reading)
    assert one.hardware is not None
    assert (one.hardware.id, one.value("chips"), one.result("energy_kwh")) == ("a100-sxm4-80", 8, 4.2)
    assert one.result("gross_kgco2e") == pytest.approx(0.2352)


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


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_name_with_hundreds_of_digits_is_unknown_hardware(digits: int, reading: Reading) -> None:
    assert reading.names.models(f"{'9' * digits} x A100")
    assert reading.names.hardware(f"tpu-v4-{'9' * digits}") is None


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


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00", "1969-12-31T23:59:59", "2200-01-01T00:00:00"])
def test_a_start_that_cannot_be_is_no_month(start: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = f"JobID|Start|ElapsedRaw|ConsumedEnergyRaw\n1|{start}|3600|36000000\n2|2026-01-05T00:00:00|3600|36000000\n"
    path = written(tmp_path / "a.txt", log)
    assert main(["ledger", str(path), "--format", "json", "--metric", "energy"]) == 0
    out, err = capsys.readouterr()
    groups = [group["group"] for group in json.loads(out)["groups"]]
    assert sorted(groups, key=str) == [{"month": "2026-01"}, {}]
    assert f"{path}, line 2: a run that began before 1970 or after 2199" in err
    assert main(["import", str(path)]) == 0


def test_a_run_of_thousands_of_years_is_of_no_month(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "timestamp,duration,energy_consumed\n2026-01-05T00:00:00,1000000000000,1\n2026-01-05T00:00:00,60,1\n"
    path = written(tmp_path / "emissions.csv", rows)
    assert main(["ledger", "codecarbon", str(path), "--format", "json", "--metric", "energy", "--by", "year"]) == 0
    out, err = capsys.readouterr()
    groups = [group["group"] for group in json.loads(out)["groups"]]
    assert sorted(groups, key=str) == [{"year": "2026"}, {}]
    assert f"{path}, line 2: a run of more than 20 years" in err


@given(start=st.floats(allow_nan=False), hours=st.floats(0, 1e300))
@settings(max_examples=50, deadline=None)
def test_months_of_any_start_have_four_digits_of_a_year(start: float, hours: float, catalogue: Catalogue) -> None:
    runs = Runs()
    runs.add([Entry("run", Setting(), start=start, hours=hours, energy=1.0)])
    assert all(re.fullmatch(r"(?:19|2[01])[0-9]{2}-[01][0-9]|", word) for word in Ledger(runs, catalogue).months.words)


def test_a_job_without_start_counts_once_where_all_of_it_is_equal(reading: Reading, tmp_path: Path) -> None:
    header, row = "JobID|ElapsedRaw|NCPUS\n", "1|3600|4\n"
    one = written(tmp_path / "one.txt", header + row + row)
    two = written(tmp_path / "two.txt", header + row + "2|60|4\n")
    runs = Runs()
    assert (add_log(runs, str(one), reading, []).runs, reading.warnings) == (1, [])
    assert add_log(runs, str(two), reading, [str(one)])[1:3] == (1, 1)
    other = written(tmp_path / "other.txt", header + "1|7200|4\n")
    assert add_log(runs, str(other), reading, []).runs == 1
    assert reading.warnings == [
        f"{other}, line 2: two different jobs without Start have the same id: they may be one run or two, so both count"
    ]


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
    assert f"carbontui: {pipe}: a pipe, read until whoever writes into it closes it" in done.err
    # Without its kind it is never opened, as it can be read once only.
    assert main([command, str(pipe)]) != 0
    assert "because a pipe can only be read once" in capsys.readouterr().err


# What the clock on the wall says, in each spelling; also on the night when clocks are put forward.
TIMES = {
    "2026-03-31T23:30:00": 1774999800,
    "2026-03-31T23:30:00+02:00": 1774999800,
    "2026-03-31T23:30:00-0500": 1774999800,
    "2026-03-31T23:30+02:00": 1774999800,
    "2026-03-31 23:30:00 UTC": 1774999800,
    "2026-03-31T23:30:00.250000+02:00": 1774999800.25,
    "2026-03-31T23:30:00Z": 1774999800,
    "1774999800": 1774999800,
    "2026-03-29T03:30:00+02:00": 1774755000,
    "2026-03-29T01:30:00+01:00": 1774747800,
}


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_that_of_the_clock_on_the_wall(reading: Reading, tmp_path: Path, text: str) -> None:
    slurm, rows = tmp_path / "jobs.txt", tmp_path / "cc.csv"
    slurm.write_text(f"JobID|Start|ElapsedRaw|AllocTRES\n1|{text}|3600|gres/gpu:a100=8\n", encoding="utf-8")
    head = "timestamp,project_name,run_id,duration,energy_consumed,country_iso_code,gpu_count,gpu_model"
    rows.write_text(f"{head}\n{text},p,1,0,1,DEU,1,1 x NVIDIA A100-SXM4-80GB\n", encoding="utf-8")
    for kind, path in (("slurm", slurm), ("codecarbon", rows)):
        assert [entry.start for entry in entries(kind, path, reading)] == [TIMES[text]]
    assert not [said for said in reading.warnings if "a time that" in said]


@pytest.mark.parametrize(
    ("text", "said"), [("31.03.2026 23:30", True), ("2026-13-01T00:00:00", True), ("Unknown", False)]
)
def test_a_time_that_cannot_be_read_is_named(reading: Reading, tmp_path: Path, text: str, said: bool) -> None:
    path = tmp_path / "jobs.txt"
    path.write_text(f"JobID|Start|ElapsedRaw|AllocTRES\n1|{text}|3600|gres/gpu:a100=8\n", encoding="utf-8")
    assert [entry.start for entry in entries("slurm", path, reading)] == [None]
    named = f"{path}, line 2: a time that cannot be read, such as 2026-01-31T12:00:00 can: its month is unknown"
    assert (named in reading.warnings) is said
