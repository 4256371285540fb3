"""A ledger held against a budget."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledgers import CLUSTER, SACCT, budget, data, said

from carbontui.cli import main

BUDGET = """metric = "energy"
limit = "{limit}"
from = 2026-01-01
to = "2026-01-31"
"""


def test_a_budget_says_what_is_used_and_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--cluster", CLUSTER, "--budget", budget(tmp_path, BUDGET.format(limit="100 kWh")))
    (one,) = data(capsys, SACCT, *asked)["budgets"]
    # In January: the metered job, and 6 hours of an accelerator at 344 W, with a PUE of 1.25.
    used = 72.028 * 1.25 + 6 * 0.344 * 1.25
    assert one["used"] == {"energy_kwh": pytest.approx(used)}
    assert one["left"] == {"energy_kwh": pytest.approx(100 - used)}
    # The last run of January ends on the 7th at 14:00, after 6 days and 14 hours of 31 days.
    assert one["elapsed"] == pytest.approx((6 + 14 / 24) / 31)
    assert one["at_pace"] == {"energy_kwh": pytest.approx(used * 31 / (6 + 14 / 24))}
    assert not one["exceeded"]
    text = said(capsys, SACCT, *asked)
    assert "92.6 kWh of 100 kWh energy used, 93 %" in text
    assert "7.38 kWh left" in text
    assert "at this pace" in text


def test_an_exceeded_budget_is_exit_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"[[budget]]\nname = 'nlp'\nwhere = {{account = 'nlp'}}\n{BUDGET.format(limit='90 kWh')}"
    text += f"[[budget]]\nname = 'vision'\nwhere = {{account = 'vision'}}\n{BUDGET.format(limit='90 kWh')}"
    assert main(["ledger", SACCT, "--cluster", CLUSTER, "--budget", budget(tmp_path, text)]) == 1
    out = capsys.readouterr()
    assert "carbontui: the budget nlp is exceeded" in out.err
    assert "vision is exceeded" not in out.err
    assert "exceeded by 35.0 Wh" in out.out


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('"energy"', '"duration"', ", line 1: metric: 'duration' is not allowed; use"),
        ('"1 kWh"', '"1 kW"', ", line 2: limit: "),
        ('"1 kWh"', "5", ", line 2: limit: 5 must be text with a unit, such as '40 MWh'"),
        ("2026-01-01", '"January"', ", line 3: from: 'January' must be a date"),
        ("2026-01-31", "2025-01-31", ", line 4: to: is before from"),
        ("from", "form", ", line 3: form: unknown key; did you mean from?"),
        ('"2026-01-31"', "2026-01-31\nwhere = {acount = 'nlp'}", ", line 5: where.acount: unknown key; did you mean"),
    ],
)
def test_a_wrong_budget_is_refused_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, wrong: str
) -> None:
    path = budget(tmp_path, BUDGET.format(limit="1 kWh").replace(old, new))
    assert main(["ledger", SACCT, "--budget", path]) == 2
    assert capsys.readouterr().err.startswith(f"carbontui: {path}{wrong}")


def test_a_budget_may_go_on_for_ever(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = budget(tmp_path, 'limit = "1 tCO2e"\nfrom = 2026-01-01\nto = 9999-12-31\n')
    assert " gross CO2e used, " in said(capsys, SACCT, "--cluster", CLUSTER, "--budget", path)


@pytest.mark.parametrize("text", ["", "budget = []"])
def test_a_file_without_a_budget_is_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", SACCT, "--budget", budget(tmp_path, text)]) == 2
    assert "has no budget in it" in capsys.readouterr().err


def test_what_stands_beside_budgets_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = budget(tmp_path, f"name = 'nlp'\n[[budget]]\n{BUDGET.format(limit='90 kWh')}")
    assert main(["ledger", SACCT, "--budget", path]) == 2
    assert capsys.readouterr().err.startswith(f"carbontui: {path}, line 1: name: is outside every [[budget]]")


def test_a_budget_for_whom_no_run_has_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = budget(tmp_path, f"where = {{account = 'nosuch'}}\n{BUDGET.format(limit='900 kWh')}")
    assert "no run has account 'nosuch'" in said(capsys, SACCT, "--budget", path)
    assert main(["ledger", SACCT, "--budget", path, "--format", "json"]) == 0
    assert "no run has account 'nosuch'" in capsys.readouterr().err
    path = budget(tmp_path, f"where = {{account = 'nlp'}}\n{BUDGET.format(limit='900 kWh')}")
    assert "no run has" not in said(capsys, SACCT, "--budget", path)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["--budget", ""], "--budget '': needs a file name"),
        (["--cluster", ""], "--cluster '': needs a file name"),
        (["--all", ""], "--all '': needs a file name"),
        (["--elsewhere", ""], "no region is called ''"),
        (["--by", ","], "--by ,: names no column"),
        (["--by", ""], "--by '': names no column; columns are month, year, user, account, cluster, partition"),
        (["--by", "user,user"], "--by user,user: has user twice"),
        (["--all", "x.csv", "-o", "x.csv"], "--all and -o both write to x.csv; give each its own file"),
        (["--all", "x.csv", "--measurements", "./x.csv"], "--all and --measurements both write to ./x.csv"),
    ],
)
def test_what_asks_for_nothing_or_twice_is_refused(
    words: list[str], wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["ledger", SACCT, *words]) == 2
    assert capsys.readouterr().err.startswith(f"carbontui: {wrong}")
    assert not list(tmp_path.iterdir())
