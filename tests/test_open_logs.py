"""`carbontui LOG...`: the app on the ledger, or its account where there is no terminal."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from carbontui.cli import main
from carbontui.tui.workspace import Logs, beside

DATA = Path(__file__).parent / "data"
SACCT, ECO2AI, CLUSTER = (str(DATA / name) for name in ("slurm_sacct.txt", "eco2ai.csv", "cluster.toml"))


def test_logs_without_a_terminal_are_an_account(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    budget = tmp_path / "budget.toml"
    budget.write_text('metric = "energy"\nlimit = "90 kWh"\nfrom = 2026-01-01\nto = 2026-12-31\n', encoding="utf-8")
    assert main([SACCT, ECO2AI, "--cluster", CLUSTER, "--budget", str(budget)]) == 1
    opened = capsys.readouterr()
    assert main(["ledger", SACCT, ECO2AI, "--cluster", CLUSTER, "--budget", str(budget)]) == 1
    assert opened == capsys.readouterr()
    assert "exceeded by" in opened.out


def test_one_comparison_and_no_word_for_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    comparison = tmp_path / "one.toml"
    assert main(["compare", "t5", "-o", str(comparison)]) == 0
    other = shutil.copy(comparison, tmp_path / "other.toml")
    unknown = tmp_path / "notes.txt"
    unknown.write_text("to do\n", encoding="utf-8")
    capsys.readouterr()
    for words, said in (
        ([str(comparison), str(other)], "the app opens one comparison; carbontui compare takes several"),
        ([str(comparison), SACCT], "is a log, and"),
        ([str(comparison), "--cluster", CLUSTER], "--cluster: is for logs, and none is named"),
        ([str(unknown)], "say what wrote it"),
    ):
        assert main(["open", *words]) == 2
        assert said in capsys.readouterr().err


def test_logs_are_opened_beside_those_that_were_open() -> None:
    kept = Logs(("/logs/a.csv",), "/etc/cluster.toml", "/etc/budget.toml", as_one=True)
    both = beside(kept, Logs(("/logs/b.csv", "/logs/a.csv", "/logs/b.csv"), budgets="/etc/other.toml"))
    assert both == Logs(("/logs/a.csv", "/logs/b.csv"), "/etc/cluster.toml", "/etc/other.toml", as_one=True)
    assert beside(kept, Logs()) == kept


@pytest.mark.parametrize("named", ["-", ""])
def test_of_a_pipe_one_says_what_wrote_it(capsys: pytest.CaptureFixture[str], tmp_path: Path, named: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert main(["ledger", named or str(pipe)]) == 2
    assert "is read once; kinds are" in capsys.readouterr().err
