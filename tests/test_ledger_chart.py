"""Bars of a ledger: months against a budget, what is used of it, and the pace, by their lengths and signs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import ledger_of

from carbontui.cli import main
from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui.engine.ledger.limit import Limit, spent
from carbontui.text.ledger_chart import LEFT, LIMIT, PACE, USED, budget_bar, group_bars, lines_of_months
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"
SETTING = Setting("a100-sxm4-80", "grid:de", 8.0, energy_of=FACILITY)


def at(year: int, month: int, day: int = 1) -> float:
    return (date(year, month, day) - date(1970, 1, 1)).days * 86_400.0


def used(month: int, energy: float, account: str = "") -> Entry:
    return Entry("run", SETTING, Labels(account=account), at(2026, month), 24.0, 8.0, energy)


def limit(most: float, where: tuple[tuple[str, str], ...] = ()) -> Limit:
    return Limit("ours", "energy", most, at(2026, 1), at(2027, 1), where)


def test_a_month_has_the_sign_of_its_even_part(catalogue: Catalogue) -> None:
    ledger = ledger_of(catalogue, used(1, 50.0), used(2, 100.0), used(3, 20.0))
    account = ledger.account(("month",), "energy")
    # 365 kWh a year are 31 in January, 28 in February; the longest bar has 20 cells.
    bars = group_bars(account, range(3), 20, [limit(365.0)])
    assert bars == [f"{USED * 6}{LIMIT}{USED * 3}", f"{USED * 6}{LIMIT}{USED * 13}", f"{USED * 4}  {LIMIT}"]
    # A budget of some runs, or of another metric, is no measure of all.
    for other in (limit(365.0, (("account", "nlp"),)), limit(365.0).replace(metric="gross")):
        assert group_bars(account, range(3), 20, [other]) == [USED * 10, USED * 20, USED * 4]
    assert group_bars(ledger.account(("account",), "energy"), range(1), 20, [limit(365.0)]) == [USED * 20]


def test_a_budget_is_used_at_a_pace_and_left(catalogue: Catalogue) -> None:
    # A day of January, and one of February: 32 days of 365 have passed.
    ledger = ledger_of(catalogue, used(1, 5.0), used(2, 5.0))
    bar = budget_bar(spent(ledger, limit(200.0)), 40)
    assert bar == f"{USED * 2}{PACE * 21}{LEFT * 17}{LIMIT}"
    # 114 kWh at this pace, of 50.
    passed = budget_bar(spent(ledger, limit(50.0)), 40)
    assert passed == f"{USED * 4}{PACE * 14}{LIMIT}{PACE * 22}"
    exceeded = budget_bar(spent(ledger, limit(8.0)), 40)
    assert exceeded.startswith(f"{USED * 3}{LIMIT}{USED}")


@given(
    most=st.floats(1e-3, 1e6), energies=st.lists(st.floats(0, 1e6), min_size=1, max_size=5), width=st.integers(8, 80)
)
def test_bars_keep_to_their_width(catalogue: Catalogue, most: float, energies: list[float], width: int) -> None:
    ledger = ledger_of(catalogue, *(used(n + 1, energy) for n, energy in enumerate(energies)))
    assert len(budget_bar(spent(ledger, limit(most)), width)) == width + 1
    bars = group_bars(ledger.account(("month",), "energy"), range(len(energies)), width, [limit(most)])
    assert all(len(bar) <= width for bar in bars)


def test_months_are_a_line_with_those_that_used_nothing(catalogue: Catalogue) -> None:
    ledger = ledger_of(catalogue, used(1, 80.0), used(4, 40.0))
    lines = lines_of_months(ledger, "energy", [spent(ledger, limit(100.0))])
    assert lines == [
        "2026-01 █▁▁▅ 2026-04, at most 80.0 kWh a month",
        "2026-01 ▇▇▇▲········ 2026-12, adding up to 120 % of budget ours",
    ]


@pytest.mark.parametrize(("columns", "there"), [("130", True), ("80", False)])
def test_bars_are_printed_where_a_terminal_is_wide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str, there: bool
) -> None:
    path = tmp_path / "budget.toml"
    path.write_text('metric = "energy"\nlimit = "150 kWh"\nfrom = 2026-01-01\nto = 2026-12-31\n', encoding="utf-8")
    monkeypatch.setenv("COLUMNS", columns)
    words = [str(DATA / "slurm_sacct.txt"), "--cluster", str(DATA / "cluster.toml"), "--budget", str(path)]
    assert main(["ledger", *words, "--metric", "energy"]) == 0
    out = capsys.readouterr().out
    assert (f"{LIMIT} even share of the budget" in out) is there
    assert (f"{USED} used" in out) is there
    assert max(map(len, out.splitlines())) <= int(columns)
