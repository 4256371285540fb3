"""The command sweep, and every cell in a file."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from sweeps import cells, sweep_of

from carbontui import DATA_RELEASE
from carbontui.cli import main
from carbontui.engine.sweep import Limits
from carbontui.formats.cells import COLUMNS, csv_lines
from carbontui_registry.catalogue import Catalogue


def test_every_cell_goes_to_csv(catalogue: Catalogue) -> None:
    hardware, regions = ("v100", "a100", "tpu-v3", "rtx-4090"), ("gcp:eu*", "paper:*", "grid:pl")
    sweep = sweep_of(catalogue, "gpt-3", "t5", hardware=hardware, regions=regions)
    rows = list(csv.DictReader(io.StringIO("".join(csv_lines(sweep)))))
    assert list(rows[0]) == list(COLUMNS)
    for row, (m, p, _, hours, mark) in zip(rows, cells(sweep), strict=True):
        one = sweep.filled(m, p)
        for key in ("energy_kwh", "gross_kgco2e", "net_kgco2e"):
            assert (float(row[key]) if row[key] else None) == one.result(key)
        assert (float(row["duration_h"]) if row["duration_h"] else None) == hours
        assert row["mark"] == mark
        gross = one.results.get("gross_kgco2e")
        assert row["basis"] == (gross.basis if gross is not None else "")
        assert (row["accounting"], row["data"]) == (sweep.question.accounting, f"'{DATA_RELEASE}")
        assert (row["model"], row["hardware"], row["region"]) == (one.model.id, one.hardware.id, one.region.id)  # type: ignore[union-attr]


def test_every_cell_goes_to_parquet(catalogue: Catalogue, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    from carbontui.formats.cells import write_cells

    sweep = sweep_of(catalogue, "gpt-3", "t5", hardware=("v100", "a100", "tpu-v3"), regions=("gcp:eu*", "paper:*"))
    write_cells(str(tmp_path / "cells.parquet"), sweep)
    write_cells(str(tmp_path / "cells.csv"), sweep)
    rows = list(csv.DictReader((tmp_path / "cells.csv").open()))
    table = pq.read_table(tmp_path / "cells.parquet").to_pylist()
    unguarded = [{key: text.removeprefix("'") for key, text in row.items()} for row in rows]
    assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in table] == unguarded


# The command line


@pytest.mark.parametrize("how", [[], ["--format", "parquet"]])
def test_the_ending_parquet_is_every_cell(how: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    given, every = tmp_path / "given.parquet", tmp_path / "every.parquet"
    arguments = ["sweep", "--model", "t5", "--hardware", "a100", "--region", "gcp:europe-*", "--top", "1"]
    assert main([*arguments, *how, "-o", str(given)]) == 0
    assert (said := capsys.readouterr()).out == ""
    assert said.err == f"wrote {given}\n"
    assert main([*arguments, "--all", str(every)]) == 0
    assert pq.read_table(given).equals(pq.read_table(every))
    assert pq.read_table(given).num_rows > 1
    assert main([*arguments, "-o", str(given)]) == 2
    assert "already exists" in capsys.readouterr().err


def test_only_a_sweep_has_parquet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "t5", "-o", str(tmp_path / "a.parquet")]) == 2
    assert ".parquet: no format has this ending" in capsys.readouterr().err


def test_the_command_finds_what_the_engine_finds(catalogue: Catalogue, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sweep", "--model", "gpt-3", "--hardware", "a100", "h100", "--region", "gcp:europe-*", "--top", "3"]
    assert main([*arguments, "--max-days", "30", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    limits = Limits(max_days=30.0)
    survey = sweep_of(catalogue, "gpt-3", hardware=("a100", "h100"), regions=("gcp:europe-*",), limits=limits).survey(3)
    assert [row["gross_kgco2e"] for row in data["sweep"]["best"]] == [cell.value for cell in survey.best]
    assert [one["results"]["gross_kgco2e"] for one in data["scenarios"]] == [cell.value for cell in survey.best]
    assert data["accounting"] == "lifecycle"
    assert data["sweep"]["limits"] == ["at most 30 d"]


def test_models_are_named_by_globs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--model", "t5*", "meena", "--hardware", "a100", "--format", "json"]) == 0
    best = json.loads(capsys.readouterr().out)["sweep"]["best"]
    assert {cell["model"] for cell in best} <= {"t5", "meena"}
    assert main(["sweep", "--model", "nothing*"]) == 2


def test_where_a_scenario_stands_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--model", "gpt-3@a100@gcp:europe-north1,chips=1024", "--top", "2"]) == 0
    out = capsys.readouterr().out
    assert "GPT-3 A100 GCP Finland unchanged" in out
    assert "are better" in out
    # What is unknown has its own reason, which is no matter of carbon factors for a cost.
    assert main(["sweep", "--model", "gpt-3", "meena", "--objective", "cost", "--chips", "64", "--top", "1"]) == 0
    assert "\n2 models unchanged: cost is unknown: no price\n" in capsys.readouterr().out
    assert "◆" in out


def test_a_sweep_without_anything_possible_says_so_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sweep", "--model", "transformer-big", "--hardware", "v100", "--region", "gcp:us-*"]
    assert main([*arguments, "--marked"]) == 0
    out = capsys.readouterr().out
    assert "\nnone is possible; those not available are ranked all the same;\n" in out
    assert "0 of 0" not in out
    assert "\n0 are" not in out


def test_a_sweep_whose_ends_are_the_same_says_one(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sweep", "--model", "gpt-3", "--hardware", "a100", "--region", "gcp:europe-west4"]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert "\ngross: 140 t\n" in out
    assert "from 140 t to" not in out


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--max-gross", "1 kgCO2e"], 1, "nothing fits the limits"),
        (["--max-gross", "5 kWh"], 2, "--max-gross"),
        (["--max-days", "-3"], 2, "--max-days"),
        (["--within", "Narnia"], 2, "'Narnia' is not EU, a country such as Sweden"),
        (["--hardware", "tpv-*"], 2, "no hardware matches 'tpv-*'"),
        (["--top", "0"], 2, "--top 0: must be at least 1"),
        (["--chips", "0"], 2, "chips: '0' is not a whole number of at least 1"),
        (["--format", "parquet"], 2, "--format parquet needs -o FILE.parquet"),
        (["--format", "parquet", "-o", "cells.csv"], 2, "--format parquet needs -o FILE.parquet"),
        (["-o", "cells.xyz"], 2, "cells.xyz: no format has this ending; known endings are"),
        (["--all", "cells.txt"], 2, "cells.txt: combinations can only be written to a .csv or .parquet file"),
    ],
)
def test_limits_that_cannot_be_met_and_wrong_ones(
    options: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "--model", "t5", "--region", "gcp:europe-*", *options]) == status
    both = capsys.readouterr()
    assert said in both.out + both.err


def test_the_best_cells_open_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "best.toml")
    arguments = ["--region", "gcp:europe-*", "--top", "3", "--format"]
    assert main(["sweep", "--model", "t5", *arguments, "toml", "-o", path]) == 0
    assert main(["sweep", "--model", "t5", *arguments, "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert main(["compare", path, "--format", "json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert [one["results"] for one in again["scenarios"]] == [one["results"] for one in data["scenarios"]]


def test_the_sweeps_json_opens_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "sweep.json")
    assert main(["sweep", "--model", "t5", "--region", "gcp:europe-*", "--format", "json", "-o", path]) == 0
    assert main(["compare", path]) == 0
    assert "T5" in capsys.readouterr().out


def test_a_notebook_sweeps_through_the_package(catalogue: Catalogue) -> None:
    import carbontui

    question = carbontui.engine.sweep.SweepQuestion((carbontui.scenario("gpt-3"),), regions=("gcp:europe-*",))
    found = carbontui.engine.sweep.Sweep(question, catalogue).survey(3)
    assert [cell.value for cell in found.best] == [
        cell.value for cell in sweep_of(catalogue, "gpt-3", regions=("gcp:europe-*",)).survey(3).best
    ]
