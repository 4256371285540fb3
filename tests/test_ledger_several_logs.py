"""Several logs as one ledger: no run counts twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from ledgers import DATA, data

from carbontui.cli import main


def test_logs_of_several_tools_are_one_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    logs = [str(DATA / name) for name in ("eco2ai.csv", "zeus.csv", "nvidia_smi.csv", "mlco2.csv", "carbontracker.log")]
    found = data(capsys, *logs, "--by", "tool", "--metric", "energy")
    groups = {group["group"]["tool"]: group for group in found["groups"]}
    assert groups["Eco2AI"]["results"]["energy_kwh"] == pytest.approx(3.1)
    assert groups["Zeus"]["results"]["energy_kwh"] == pytest.approx(0.59 * 1.56)
    assert found["total"]["runs"] == sum(group["runs"] for group in groups.values())


def test_a_job_in_two_exports_is_one_and_one_that_was_requeued_is_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "JobID|Start|ElapsedRaw|State|AllocTRES\n"
    row = "7|2026-01-{}T00:00:00|{}|{}|gres/gpu:t4=1\n"
    for name, rows in (
        ("january", row.format("30", 3600, "REQUEUED") + row.format("31", 3600, "RUNNING")),
        ("february", row.format("31", 7200, "COMPLETED")),
    ):
        (tmp_path / name).write_text(header + rows, encoding="utf-8")
    found = data(capsys, "slurm", str(tmp_path / "january"), str(tmp_path / "february"), "--by", "state")
    assert {group["group"]["state"]: group["chip_hours_h"] for group in found["groups"]} == {
        "REQUEUED": 1,
        "COMPLETED": 2,
    }


ECO2AI = str(DATA / "eco2ai.csv")


def test_a_copy_of_a_log_is_left_out_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(ECO2AI, tmp_path / "copy.csv")
    assert main(["ledger", ECO2AI, str(tmp_path / "copy.csv"), "--format", "json"]) == 0
    out = capsys.readouterr()
    assert json.loads(out.out)["total"]["runs"] == 3
    assert f"copy.csv: left out, because it is the same file as {ECO2AI}" in out.err


@pytest.mark.parametrize("name", ["eco2ai.csv", "codecarbon_emissions_sample.csv"])
def test_runs_that_two_logs_hold_count_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines(keepends=True)
    assert main(["ledger", str(DATA / name), "--format", "json"]) == 0
    once = json.loads(capsys.readouterr().out)["total"]
    # The same runs in another order, as of a log that was put together again.
    (tmp_path / "again.csv").write_text("".join([lines[0], *reversed(lines[1:]), lines[0]]), encoding="utf-8")
    assert main(["ledger", str(DATA / name), str(tmp_path / "again.csv"), "--format", "json"]) == 0
    out = capsys.readouterr()
    assert json.loads(out.out)["total"] == once
    count = once["runs"]
    said = f"{count} run is" if count == 1 else f"{count} runs are"
    assert f"again.csv: {said} also in an earlier log, and counted once" in out.err


def test_reports_of_boamps_are_runs_of_their_months_and_projects(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = json.loads((DATA / "codecarbon_boamps_sample.json").read_text(encoding="utf-8"))
    report["environment"] |= {"country": "France", "powerSourceCarbonIntensity": 56}
    report["header"]["publisher"] = {"projectName": "speech"}
    for number, month in enumerate(("01", "01", "02")):
        report["header"]["reportId"] = f"r{number}"
        report["measures"][0] |= {"powerConsumption": 2.0, "measurementDateTime": f"2026-{month}-05 10:00:00"}
        (tmp_path / f"{number}.json").write_text(json.dumps(report), encoding="utf-8")
    # The last one once more, under another name and with another measure: the later one counts.
    report["measures"][0]["powerConsumption"] = 3.0
    (tmp_path / "again.json").write_text(json.dumps(report), encoding="utf-8")
    names = [str(tmp_path / name) for name in ("0.json", "1.json", "2.json", "again.json")]
    found = data(capsys, *names, "--by", "month,group")
    groups = {tuple(group["group"].values()): group["results"] for group in found["groups"]}
    assert groups["2026-01", "speech"] == {"energy_kwh": 4.0, "gross_kgco2e": pytest.approx(4 * 0.056)}
    assert groups["2026-02", "speech"] == {"energy_kwh": 3.0, "gross_kgco2e": pytest.approx(3 * 0.056)}
