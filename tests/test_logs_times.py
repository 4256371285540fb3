"""Times in logs: what the clock said, and runs of no month."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tool_logs import entries, written

from carbontui.cli import main
from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.entry import Entry, Setting
from carbontui.engine.ledger.runs import Runs
from carbontui.importers.logs import add_log
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue


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
    named = f"{path}, line 2: a time that cannot be read (expected: 2026-01-31T12:00:00): its month is unknown"
    assert (named in reading.warnings) is said
