"""What a log states about its carbon is the same on every way through the program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from carbontui.cli import main
from carbontui.engine.solver import fill
from carbontui.importers import read
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"

HEADER = "timestamp,project_name,run_id,duration,emissions,gpu_energy,energy_consumed,country_iso_code,gpu_count"
ROW = "2026-11-20T10:00:00,fine-tuning,8984c405,1800,0.12,1.6,2.1,FRA,8"


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "emissions.csv"
    path.write_text(f"{HEADER},gpu_model,pue\n{ROW},8 x NVIDIA A100-SXM4-80GB,1.2\n")
    return str(path)


def gross(out: str) -> float:
    (one,) = json.loads(out)["scenarios"]
    found: float = one["results"]["gross_kgco2e"]
    return found


@pytest.mark.parametrize("accounting", ["as-published", "direct", "lifecycle"])
def test_a_factor_of_unknown_coverage_is_used_unchanged_with_a_note(
    log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], accounting: str
) -> None:
    saved = str(tmp_path / "saved.toml")
    assert main(["import", "codecarbon", log, "-o", saved]) == 0
    again = str(tmp_path / "again.json")
    assert main(["compare", saved, "--accounting", accounting, "-o", again]) == 0
    assert "in the file" not in capsys.readouterr().err
    for path in (saved, again):
        for other in ("as-published", accounting):
            assert main(["compare", path, "--accounting", other, "--format", "json"]) == 0
            assert gross(capsys.readouterr().out) == pytest.approx(0.12)
    assert main(["compare", saved, "--accounting", accounting]) == 0
    said = "it is not known whether the factor of the file is"
    assert (said in capsys.readouterr().out) is (accounting != "as-published")
    assert main(["ledger", log, "--accounting", "lifecycle" if accounting == "as-published" else accounting]) == 0
    out = capsys.readouterr().out
    assert "120 g" in out
    assert "gross CO2e of 1 of 1 run is as the log has it" in out


def test_strictly_a_factor_of_unknown_coverage_is_not_used(
    log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(tmp_path / "saved.toml")
    assert main(["import", "codecarbon", log, "-o", saved]) == 0
    assert main(["compare", saved, "--accounting", "lifecycle", "--strict", "--format", "json"]) == 0
    assert gross(capsys.readouterr().out) != pytest.approx(0.12)


def test_the_factor_of_a_published_run_gives_way_to_one_of_the_coverage_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(tmp_path / "saved.toml")
    for spec in ("gpt-3", "gpt-3@v100,chips=5000"):
        assert main(["compare", spec, "-o", saved, "--force"]) == 0
        found = []
        for what in (spec, saved):
            capsys.readouterr()
            assert main(["compare", what, "--accounting", "lifecycle", "--format", "json"]) == 0
            found.append(gross(capsys.readouterr().out))
        assert found[0] == pytest.approx(found[1])


@pytest.mark.parametrize("sample", ["codecarbon_emissions_sample.csv", "green_algorithms.csv", "eco2ai.csv"])
def test_a_ledger_is_as_strict_as_a_comparison(sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, saved = str(DATA / sample), str(tmp_path / "saved.toml")
    assert main(["import", path, "-o", saved]) == 0
    for accounting in ("direct", "strict-direct"):
        capsys.readouterr()
        assert main(["compare", saved, "--accounting", accounting, "--total", "--format", "json"]) == 0
        compared = json.loads(capsys.readouterr().out)
        assert main(["ledger", path, "--accounting", accounting, "--format", "json"]) == 0
        account = json.loads(capsys.readouterr().out)
        there = sum(one["results"]["gross_kgco2e"] for one in compared["scenarios"])
        assert account["total"]["results"]["gross_kgco2e"] == pytest.approx(there)
        # What a log has of unknown coverage, be it the emissions or the factor, is said.
        assert main(["ledger", path, "--accounting", accounting]) == 0
        assert ("is as the log has it" in capsys.readouterr().out) is (accounting == "direct")


def test_a_log_that_was_just_read_is_as_strict_as_its_file(log: str, catalogue: Catalogue) -> None:
    (one,) = read("codecarbon", log, Reading(catalogue))
    stated, strict = (fill(one, catalogue, accounting) for accounting in ("direct", "strict-direct"))
    assert stated.results["gross_kgco2e"].value == pytest.approx(0.12)
    assert strict.texts["coverage"] == "direct"
    assert strict.results["gross_kgco2e"].value != pytest.approx(0.12)
    assert [note.code for note in strict.notes if note.code == "coverage-unknown"] == []
