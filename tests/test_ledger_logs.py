"""Several logs in one ledger: each by the cluster file beside it, empty ones left out, and by cluster."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from carbontui.cli import main

DATA = Path(__file__).parent / "data"
JOBS = "JobID|Partition|Start|ElapsedRaw|AllocTRES\n{}|gpu|2026-01-05T00:00:00|{}|gres/gpu=1\n"
NORTH = 'hardware = "a100-sxm4-80"\nregion = "grid:se"\npue = 1.0\n'
SOUTH = 'hardware = "h100-sxm5-80"\nregion = "grid:fr"\npue = 2.0\n'
EMPTY = {"zero.csv": "", "blank.csv": "\n \n", "header.csv": "timestamp,duration,energy_consumed\n"}
JOB_OF = "JobID|Cluster|Partition|ElapsedRaw|AllocTRES\n{}|{}|gpu|3600|gres/gpu:a100=1\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(path: str, text: str) -> str:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> tuple[dict[str, Any], str]:
    assert main(["ledger", *words, "--format", "json"]) == status
    done = capsys.readouterr()
    return (json.loads(done.out) if status == 0 else {}), done.err


def two_clusters(named: bool = False) -> list[str]:
    for name, cluster in (("north", NORTH), ("south", SOUTH)):
        written(f"{name}/cluster.toml", (f'name = "{name}"\n' if named else "") + cluster)
    return [written("north/jobs.txt", JOBS.format(1, 3600)), written("south/jobs.txt", JOBS.format(2, 7200))]


def test_each_log_is_read_by_the_cluster_file_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    logs = two_clusters()
    found, err = asked(capsys, *logs, "--by", "hardware,region")
    groups = {tuple(one["group"].values()): one["chip_hours_h"] for one in found["groups"]}
    assert groups == {("a100-sxm4-80", "grid:se"): 1, ("h100-sxm5-80", "grid:fr"): 2}
    assert "north/jobs.txt: uses cluster file north/cluster.toml" in err
    assert "south/jobs.txt: uses cluster file south/cluster.toml" in err


def test_the_cluster_file_that_was_given_holds_for_every_log(capsys: pytest.CaptureFixture[str]) -> None:
    logs = two_clusters()
    given = written("given.toml", 'hardware = "v100-sxm2-32"\n')
    found, err = asked(capsys, *logs, "--cluster", given, "--by", "hardware")
    assert [one["group"] for one in found["groups"]] == [{"hardware": "v100-sxm2-32"}]
    assert "cluster file" not in err


@pytest.mark.parametrize("kind", [[], ["slurm"]])
def test_import_has_the_same_rule(kind: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    logs = two_clusters()
    assert main(["import", *kind, *logs, "--format", "json"]) == 0
    done = capsys.readouterr()
    assert [one["region"] for one in json.loads(done.out)["scenarios"]] == ["grid:se", "grid:fr"]
    assert "south/jobs.txt: uses cluster file south/cluster.toml" in done.err


def test_a_cluster_file_beside_many_logs_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    written("cluster.toml", NORTH)
    logs = [written(f"{n}.txt", JOBS.format(n, 3600)) for n in range(5)]
    _, err = asked(capsys, *logs)
    assert "0.txt, 1.txt, 2.txt and 2 more: use cluster file cluster.toml" in err
    assert err.count("cluster.toml") == 1


def test_a_wrong_cluster_file_beside_a_log_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    logs = two_clusters()
    written("south/cluster.toml", "puee = 1\n")
    _, err = asked(capsys, *logs, status=2)
    assert err == "carbontui: south/cluster.toml, line 1: puee: unknown key; did you mean pue?\n"


def test_a_scaffold_needs_no_cluster_file(capsys: pytest.CaptureFixture[str]) -> None:
    log = written("jobs.txt", JOBS.format(1, 3600))
    written("cluster.toml", "what")
    assert main(["import", "slurm", log, "--scaffold"]) == 0
    assert "[partitions.gpu]" in capsys.readouterr().out
    assert main(["import", "slurm", log, written("empty.txt", ""), "--scaffold"]) == 0
    done = capsys.readouterr()
    assert "[partitions.gpu]" in done.out
    assert done.err.startswith("carbontui: empty.txt: is empty")
    assert main(["import", "slurm", "empty.txt", "--scaffold"]) == 2


@pytest.mark.parametrize("seconds", [7200, 3600])
def test_jobs_of_two_clusters_are_two_though_their_ids_are_one(
    seconds: int, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = two_clusters(named=True)
    written(logs[1], JOBS.format(1, seconds))
    found, err = asked(capsys, *logs, "--by", "cluster")
    hours = {one["group"]["cluster"]: one["chip_hours_h"] for one in found["groups"]}
    assert hours == {"north": 1, "south": seconds / 3600}
    assert "counted once" not in err
    assert "left out" not in err


def test_the_cluster_of_a_job_is_what_the_log_says(capsys: pytest.CaptureFixture[str]) -> None:
    written("cluster.toml", f'name = "North"\n{NORTH}')
    lines = [JOB_OF.format(n, cluster) for n, cluster in enumerate(("north", "south", ""))]
    found, err = asked(capsys, written("jobs.txt", "".join(lines)), "--by", "cluster")
    assert {one["group"]["cluster"] for one in found["groups"]} == {"north", "south", "North"}
    assert "jobs.txt, line 4: a job of cluster south, read with the cluster file of North" in err
    assert {one["cluster"] for one in found["largest"]} == {"north", "south", "North"}


def test_the_cluster_of_other_logs_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    logs = [*two_clusters(named=True), shutil.copy(DATA / "eco2ai.csv", ".")]
    found, _ = asked(capsys, *logs, "--by", "cluster")
    assert sorted((str(one["group"]), one["runs"]) for one in found["groups"]) == [
        ("{'cluster': 'north'}", 1), ("{'cluster': 'south'}", 1), ("{}", 3),
    ]  # fmt: skip
    assert main(["ledger", *logs, "--by", "cluster"]) == 0
    assert any(line.startswith("– ") for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("name", ['""', "3", f'"{"x" * 201}"'])
def test_the_name_of_a_cluster_is_text(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs = two_clusters()
    written("north/cluster.toml", f"name = {name}\n")
    _, err = asked(capsys, *logs, status=2)
    assert "north/cluster.toml, line 1: name: " in err


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_log_among_several_is_named_and_left_out(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    log = shutil.copy(DATA / "eco2ai.csv", ".")
    alone, _ = asked(capsys, log)
    for logs in ([written(name, EMPTY[name]), log], [log, name]):
        found, err = asked(capsys, *logs)
        assert found == alone
        assert err.startswith(f"carbontui: {name}: ")
        assert err.endswith("; left out\n")
    assert main(["import", log, name]) == 0
    assert f"carbontui: {name}: " in capsys.readouterr().err


@pytest.mark.parametrize("command", ["ledger", "import", "open"])
@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_log_alone_is_an_error(name: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, written(name, EMPTY[name])]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"carbontui: {name}: ")
    assert err.count("\n") == 1


def test_none_but_empty_logs_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    logs = [written(name, text) for name, text in EMPTY.items()]
    _, err = asked(capsys, *logs, status=2)
    assert err == "carbontui: none of 3 files has a run in it; zero.csv: is empty\n"


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("slurm", "JobID|Elapsed\n"),
        ("dcgm", "#Entity   POWER    TOTEC\nID            W       mJ\n"),
        ("nvidia-smi", "timestamp, index, power.draw [W]\n"),
        ("zeus", "start_time,window_name,elapsed_time,gpu0_energy\n"),
        ("carbontracker", ""),
    ],
)
def test_logs_of_every_tool_may_be_empty(kind: str, header: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs = [written("empty.log", header), shutil.copy(DATA / "eco2ai.csv", ".")]
    found, err = asked(capsys, *logs)
    assert found["total"]["runs"] == 3
    assert "empty.log" in err
    assert asked(capsys, kind, logs[0], status=2)[1].startswith("carbontui: empty.log")


def test_a_cluster_file_is_a_hint_for_slurm_alone(capsys: pytest.CaptureFixture[str]) -> None:
    dcgm, jobs = shutil.copy(DATA / "dcgm_dmon.txt", "."), shutil.copy(DATA / "slurm_sacct.txt", ".")
    for logs, line in (
        ([dcgm], "1 unknown run has no region"),
        ([jobs], "8 unknown runs have no region; add a cluster file that says where they ran"),
        ([dcgm, jobs], "9 unknown runs have no region; add a cluster file that says where the Slurm jobs ran"),
    ):
        assert main(["ledger", *logs]) == 0
        assert line in capsys.readouterr().out.splitlines()


def test_who_failed_is_known_where_the_log_says(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(DATA / "cluster.toml", ".")
    logs = [shutil.copy(DATA / name, ".") for name in ("slurm_sacct.txt", "eco2ai.csv")]
    states = " (BOOT_FAIL, DEADLINE, FAILED, NODE_FAIL, OUT_OF_MEMORY, TIMEOUT; CANCELLED does not count as failed)"
    for some, end in (
        (logs[:1], f"is from failed runs{states}"),
        (logs, f"is from failed runs, where the log states it{states}"),
    ):
        assert main(["ledger", *some]) == 0
        assert end in " ".join(capsys.readouterr().out.split())


TOOLS = {"slurm_sacct.txt": "Slurm", "codecarbon_emissions_sample.csv": "CodeCarbon", "dcgm_dmon.txt": "DCGM"}


def test_logs_of_three_tools_agree_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    pa = pytest.importorskip("pyarrow.parquet")
    logs = [shutil.copy(DATA / name, ".") for name in TOOLS]
    shutil.copy(DATA / "cluster.toml", ".")
    words = [*logs, "--by", "month,user", "--metric", "energy"]
    found, _ = asked(capsys, *words)
    assert main(["ledger", *words, "--format", "csv", "--all", "every.csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert main(["ledger", *words, "-o", "every.parquet"]) == 0
    every = pa.read_table("every.parquet").to_pylist()
    with open("every.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    groups: dict[tuple[str, str], list[float]] = {}
    for run in every:
        groups.setdefault((run["month"] or "", run["user"] or ""), []).append(run["energy_kwh"])
    for one in found["groups"]:
        key = (one["group"].get("month", ""), one["group"].get("user", ""))
        energies = [energy for energy in groups.pop(key) if energy is not None]
        assert one["results"].get("energy_kwh", 0.0) == pytest.approx(sum(energies), rel=1e-12)
        # The apostrophe keeps a spreadsheet from taking a month for a date.
        (row,) = [row for row in table if (row["month"].lstrip("'"), row["user"]) == key]
        assert int(row["runs"]) == one["runs"]
        assert (float(row["energy_kwh"]) if row["energy_kwh"] else None) == one["results"].get("energy_kwh")
    assert not groups
    assert found["total"]["runs"] == len(every) == len(rows) == sum(one["runs"] for one in found["groups"])
    assert {run["tool"] for run in every} == {row["tool"] for row in rows} == set(TOOLS.values())
    for run, row in zip(every, rows, strict=True):
        assert run.keys() == row.keys()
        for key in run.keys() - {"start", "data"}:
            assert row[key].lstrip("'") == ("" if run[key] is None else str(run[key]))
