"""Logs of Slurm, and the file of its cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
from tool_logs import CLUSTER, SACCT, entries, filled, written

from carbontui.cli import main
from carbontui.errors import FileError
from carbontui.importers.cluster import read_cluster
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue


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
    assert "line 3: left out a step whose job is not in the lines above it" in reading.warnings[0]


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
