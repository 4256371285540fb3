"""An account in files: every run, groups, and measurements as a pack."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from ledgers import CLUSTER, SACCT, ledger_of, said

from carbontui.cli import main
from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.entry import Entry, Setting
from carbontui.engine.ledger.measured import measured
from carbontui.engine.solver import fill
from carbontui.spec import parse_spec
from carbontui_registry import load_pack
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.packs import records_of

# Formats


def test_every_run_goes_to_csv_and_parquet_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import pyarrow.parquet as pq

    paths = [tmp_path / "runs.csv", tmp_path / "runs.parquet"]
    assert main(["ledger", SACCT, "--cluster", CLUSTER, "--all", str(paths[0]), "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)["total"]["results"]["gross_kgco2e"]
    assert main(["ledger", SACCT, "--cluster", CLUSTER, "-o", str(paths[1])]) == 0
    written = list(csv.DictReader(paths[0].open(encoding="utf-8")))
    table = pq.read_table(paths[1]).to_pylist()
    assert [row["name"] for row in written] == [row["name"] for row in table]
    assert sum(float(row["gross_kgco2e"]) for row in written) == pytest.approx(whole, rel=1e-12)
    assert sum(row["gross_kgco2e"] for row in table) == pytest.approx(whole, rel=1e-12)
    first = table[0]
    assert (first["account"], first["known_by"], first["chips"], first["cores"]) == ("nlp", "metered", 8, None)
    assert first["start"].isoformat() == "2026-01-05T08:00:00"
    assert written[4]["name"] == "1004 eval a|b"


def test_groups_as_csv_and_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, SACCT, "--cluster", CLUSTER, "--by", "account", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["account"] for row in rows] == ["nlp", "vision", "total"]
    parts = [float(row["gross_kgco2e"]) for row in rows]
    assert parts[0] + parts[1] == pytest.approx(parts[2], rel=1e-12)
    text = said(capsys, SACCT, "--cluster", CLUSTER, "--by", "account", "--format", "markdown")
    assert "| account |" in text
    assert "\n- " in text


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["--by", "acount"], "--by acount: unknown column; did you mean account?"),
        (["--top", "-1"], "--top -1: must be at least 0"),
        (["--format", "parquet"], "--format parquet needs -o FILE.parquet"),
        (["--interval", "0 s"], "--interval: must be more than 0"),
        (["--cluster", "none.toml"], "none.toml: No such file"),
    ],
)
def test_wrong_use_is_said(capsys: pytest.CaptureFixture[str], words: list[str], wrong: str) -> None:
    assert main(["ledger", SACCT, *words]) == 2
    assert wrong in capsys.readouterr().err


# Measured beside estimated


def metered(catalogue: Catalogue, powers: list[float]) -> Ledger:
    setting = Setting("h100-sxm5-80", "grid:de", 8.0, energy_of="node", tool="Slurm")
    return ledger_of(
        catalogue, *(Entry(f"{n}", setting, hours=1.0, units=8.0, energy=8 * w / 1000) for n, w in enumerate(powers))
    )


def test_meters_stand_beside_the_estimate_at_their_boundary(catalogue: Catalogue) -> None:
    (one,) = measured(metered(catalogue, [500.0, 700.0]), catalogue)
    assert (one.hardware, one.boundary, one.runs) == ("h100-sxm5-80", "node", 2)
    assert one.power == pytest.approx(600)
    # The logarithms of 500 and 700 are 0.33647 apart, so that their variance is 0.33647^2 / 2.
    assert one.spread == pytest.approx(0.2413, rel=1e-3)
    there = fill(parse_spec("@8xh100-sxm5-80,boundary=node"), catalogue)
    assert one.estimated == pytest.approx(there.value("power"))
    assert one.ratio == pytest.approx(600 / (one.estimated or 1))
    assert one.interval is not None
    assert one.interval[0] < 600 < one.interval[1]


def test_enough_metered_runs_are_a_pack_of_measurements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = "JobID|ElapsedRaw|AllocTRES|ConsumedEnergyRaw\n"
    path, pack = tmp_path / "jobs", tmp_path / "own.toml"

    def jobs(count: int) -> None:
        rows = (f"{n}|3600|gres/gpu:nvidia_h100_80gb_hbm3=8|{(20 + n) * 1_000_000}\n" for n in range(count))
        path.write_text(header + "".join(rows), encoding="utf-8")

    jobs(9)
    assert main(["ledger", str(path), "--measurements", str(pack)]) == 2
    assert "no hardware has 10 metered runs" in capsys.readouterr().err
    assert not pack.exists()
    jobs(10)
    assert main(["ledger", str(path), "--measurements", str(pack)]) == 0
    (found,) = records_of(load_pack(pack))
    record: Any = found
    # 245 MJ in 80 accelerator-hours.
    assert record.power.value == pytest.approx(245e6 / 3600 / 80, rel=1e-3)
    assert record.power.spread is not None
    assert (record.hardware, record.boundary, record.problems) == ("h100-sxm5-80", "node", ())


def test_runs_without_a_meter_far_from_the_meters_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gpus = "3600|gres/gpu:nvidia_a100-sxm4-80gb=8,gres/gpu=8"
    jobs = [f"{n}|{gpus}|{8 * 3600 * (300 + n)}" for n in range(12)]
    lines = ["JobID|ElapsedRaw|AllocTRES|ConsumedEnergyRaw", *jobs, f"99|{gpus}|", ""]
    (tmp_path / "jobs.txt").write_text("\n".join(lines))
    text = " ".join(said(capsys, str(tmp_path / "jobs.txt"), "--metric", "energy").split())
    uses = "--measurements FILE.toml saves the 305.5 W of the metered runs"
    assert re.search(rf"1 run on a100-sxm4-80 has no meter and counts \d+ W a chip: {uses}", text)
