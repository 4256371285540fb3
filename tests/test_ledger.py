"""An account of many runs: the sum of what each is, by whatever column, and what is unknown."""

from __future__ import annotations

import shutil
import tracemalloc
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import CLUSTER, DATA, DAY, SACCT, data, ledger_of, runs, said

from carbontui.engine.ledger.account import BY, Ledger
from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui.engine.ledger.runs import Runs
from carbontui.engine.scenario import Scenario
from carbontui.engine.solver import fill
from carbontui.engine.totals import total
from carbontui.importers import read_entries
from carbontui.importers.entries import scenarios_of
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue


@settings(max_examples=60, deadline=None)
@given(entries=st.lists(runs(), min_size=1, max_size=12))
def test_a_total_is_the_sum_of_its_runs_filled_in_one_by_one(catalogue: Catalogue, entries: list[Entry]) -> None:
    ledger = ledger_of(catalogue, *entries)
    account = ledger.account(("account",))
    scenarios = scenarios_of(entries, "log", Reading(catalogue, each=True), "https://acme.example")
    filled = [fill(one, catalogue, "lifecycle") for one in scenarios]
    for key in ("energy_kwh", "gross_kgco2e"):
        known = [one.results[key].value for one in filled if key in one.results]
        if not known:
            assert key not in account.total.sums
            continue
        exact = float(sum(map(Fraction, known)))
        assert account.total.sums[key].value == pytest.approx(exact, rel=1e-12)
        groups = [Fraction(part.sums[key].value) for part in account.groups if key in part.sums]
        assert account.total.sums[key].value == pytest.approx(float(sum(groups)), rel=1e-12)
    assert account.total.unknown == sum("gross_kgco2e" not in one.results for one in filled)
    # Errors that runs share are known in both: their ranges agree.
    mine, other = account.total.sums.get("energy_kwh"), total(filled)
    theirs = other.results.get("energy_kwh") or other.known.get("energy_kwh")
    if mine is not None and theirs is not None and theirs.interval is not None:
        assert mine.interval == pytest.approx(theirs.interval, rel=0.02)


def test_runs_on_one_hardware_share_its_error(catalogue: Catalogue) -> None:
    setting = Setting("a100-sxm4-80", "grid:de", 8.0)
    one = ledger_of(catalogue, Entry("a", setting, hours=1, units=8)).account().total.sums["energy_kwh"]
    many = ledger_of(catalogue, *(Entry(f"{n}", setting, hours=1, units=8) for n in range(100))).account()
    found = many.total.sums["energy_kwh"]
    assert one.interval is not None
    assert found.interval is not None
    # A hundred runs are as uncertain as one, as the error of their power is one error.
    assert found.interval[0] / found.value == pytest.approx(one.interval[0] / one.value)


def test_what_is_unknown_is_in_no_sum_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = shutil.copy(SACCT, tmp_path)
    found = data(capsys, log, "--by", "partition")
    # Without a cluster file no place is known, and nothing of jobs without GPUs.
    assert found["total"]["unknown"] == found["total"]["runs"] == 8
    assert "gross_kgco2e" not in found["total"]["results"]
    groups = {group["group"]["partition"]: group for group in found["groups"]}
    assert groups["cpu"]["core_hours_h"] == 320
    assert groups["gpu"]["chip_hours_h"] == 192 + 2 + 4 + 2 + 12 + 0.5 + 1
    assert "core-hours among them" in said(capsys, log, "--metric", "energy")


def test_the_account_of_a_cluster_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, SACCT, "--cluster", CLUSTER, "--by", "month,account", "--metric", "energy")
    groups = {tuple(group["group"].values()): group["results"]["energy_kwh"] for group in found["groups"]}
    # 72.028 kWh by the meter, and 32 cores at 4 W for 10 h, both with a PUE of 1.25.
    assert groups["2026-01", "nlp"] == pytest.approx(72.028 * 1.25)
    assert [tuple(group["group"].values()) for group in found["groups"]] == [
        *(("2026-01", account) for account in ("nlp", "vision")),
        *(("2026-02", account) for account in ("vision", "nlp")),
    ]
    of_cores = data(capsys, SACCT, "--cluster", CLUSTER, "--by", "partition", "--metric", "energy")
    (cpu,) = [group for group in of_cores["groups"] if group["group"]["partition"] == "cpu"]
    assert cpu["results"]["energy_kwh"] == pytest.approx(1.28 * 1.25)
    assert found["largest"][0]["name"] == "1001 pretrain"
    assert found["metered_share"] == pytest.approx(72.028 * 1.25 / found["total"]["results"]["energy_kwh"])
    assert 0 < found["failed_share"] < found["idle_share"] < 0.02
    assert found["mixed"] == {"boundary": ["node", "system"]}


@pytest.mark.parametrize("by", BY)
def test_runs_are_grouped_by_every_column(catalogue: Catalogue, by: str) -> None:
    runs = Runs()
    runs.add(read_entries("slurm", SACCT, Reading(catalogue)))
    account = Ledger(runs, catalogue).account((by,), "energy")
    assert sum(part.runs for part in account.groups) == 8
    assert len({part.group for part in account.groups}) == len(account.groups)


def test_a_year_known_for_the_month_of_a_run_gives_its_factor(catalogue: Catalogue) -> None:
    setting = Setting("a100-sxm4-80", "grid:de", 1.0, energy_of=FACILITY)
    # 2023-07-01 is 19,539 days after 1970 began.
    account = ledger_of(catalogue, Entry("a", setting, start=19_539 * DAY, energy=1.0)).account(("month",))
    there = fill(Scenario(region="grid:de", period="2023"), catalogue, "lifecycle")
    assert account.groups[0].group == ("2023-07",)
    assert account.total.sums["gross_kgco2e"].value == there.inputs["gross"].value / 1000


def test_many_columns_with_many_words_keep_their_groups_apart(catalogue: Catalogue) -> None:
    # The product of the numbers of words passes 2^63, and first columns alone tell half of the runs apart.
    texts = [Labels(f"{n}", *[""] * 5) for n in range(2047)] + [Labels("", *[f"{n}"] * 5) for n in range(2047)]
    made = ledger_of(catalogue, *(Entry("run", Setting(), labels) for labels in texts))
    groups = [group for group, _ in made.groups(Labels._fields)]
    assert len(groups) == len(set(groups)) == len(texts)


def test_the_month_of_a_power_log_is_that_of_its_first_row(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, str(DATA / "nvidia_smi.csv"))
    assert [group["group"]["month"] for group in found["groups"]] == ["2026-01"]


def test_a_ledger_of_jobs_that_never_ran_is_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "jobs"
    path.write_text("JobID|ElapsedRaw|State\n1|0|PENDING\n", encoding="utf-8")
    found = data(capsys, str(path))
    assert (found["groups"], found["largest"], found["total"]["runs"]) == ([], [], 0)
    assert "total" in said(capsys, str(path))


# Size


def test_a_run_takes_few_bytes(catalogue: Catalogue, tmp_path: Path) -> None:
    count = 20_000
    path = tmp_path / "jobs"
    rows = (
        f"{n}|2026-01-{n % 28 + 1:02}T00:00:00|{n % 5000 + 60}|u{n % 50}|gpu|cpu=8,gres/gpu:t4={n % 4 + 1}\n"
        for n in range(count)
    )
    path.write_text("JobID|Start|ElapsedRaw|User|Partition|AllocTRES\n" + "".join(rows), encoding="utf-8")
    reading = Reading(catalogue)
    reading.names.hardware("t4")
    runs = Runs()
    tracemalloc.start()
    try:
        runs.add(read_entries("slurm", str(path), reading))
        held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(runs) == count
    assert held / count < 350
    assert most / count < 400


def test_what_runs_used_of_which_nothing_is_known_is_unknown_and_not_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    budget = tmp_path / "budget.toml"
    text = 'name = "cost"\nmetric = "cost"\nlimit = "10 USD"\nfrom = 2026-01-01\nto = 2026-12-31\n'
    budget.write_text(text, encoding="utf-8")
    words = (SACCT, "--cluster", CLUSTER, "--budget", str(budget))
    assert "budget cost: how much of 10.0 USD was used is unknown, because none of its 8 runs has a known cost" in said(
        capsys, *words
    )
    (one,) = data(capsys, *words)["budgets"]
    assert {"used", "left", "share", "exceeded"}.isdisjoint(one)
    assert (one["runs"], one["unknown"]) == (8, 8)
    # A time without runs is another matter: nothing was used.
    budget.write_text(text.replace("2026", "2020"), encoding="utf-8")
    assert "budget cost: 0 USD of 10.0 USD cost used" in said(capsys, *words)
    assert data(capsys, *words)["budgets"][0]["used"] == {"cost_usd": 0}
