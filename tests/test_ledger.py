"""Ledgers: totals are exact sums, overlap and budgets by hand, every format, and what is unknown stays out of sums."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tracemalloc
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbontui.cli import main
from carbontui.engine.ledger.account import BY, Ledger
from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui.engine.ledger.measured import measured
from carbontui.engine.ledger.runs import Runs
from carbontui.engine.scenario import Scenario
from carbontui.engine.solver import fill
from carbontui.engine.totals import total
from carbontui.importers import read_entries
from carbontui.importers.entries import scenarios_of
from carbontui.importers.reading import Reading
from carbontui_registry import load_pack
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.packs import records_of

DATA = Path(__file__).parent / "data"
SACCT, CLUSTER = str(DATA / "slurm_sacct.txt"), str(DATA / "cluster.toml")
DAY = 86_400.0


def ledger_of(catalogue: Catalogue, *entries: Entry, as_one: bool = False) -> Ledger:
    runs = Runs()
    runs.add(entries)
    return Ledger(runs, catalogue, as_one=as_one)


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(["ledger", *words]) == status
    return capsys.readouterr().out


def data(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, *words, "--format", "json", status=status))
    return found


SETTINGS = st.builds(
    Setting,
    hardware=st.sampled_from(["a100-sxm4-80", "h100-sxm5-80", "rtx-4090", "tpu-v4", ""]),
    region=st.sampled_from(["grid:de", "grid:fr", "gcp:us-central1", "grid:us-ca", ""]),
    chips=st.sampled_from([1.0, 2.0, 8.0, 1024.0]),
    pue=st.sampled_from([None, 1.0, 1.1, 1.3]),
    factor=st.sampled_from([None, None, 56.0]),
    energy_of=st.sampled_from([FACILITY, "node", "accelerator"]),
    tool=st.just("tool"),
)
AMOUNT = st.floats(1e-3, 1e6)


@st.composite
def runs(draw: st.DrawFn) -> Entry:
    setting = draw(SETTINGS)
    hours = draw(AMOUNT)
    watts = draw(st.one_of(st.none(), st.floats(1, 1e4)))
    energy = watts * hours * (setting.chips or 1) / 1000 if watts is not None else None
    states = setting.energy_of == FACILITY and setting.factor is None
    gross = energy * draw(st.floats(1e-3, 2)) if energy is not None and states and draw(st.booleans()) else None
    account = Labels(account=draw(st.sampled_from(["nlp", "vision", ""])))
    setting = setting if energy is not None else setting._replace(energy_of="")
    return Entry("run", setting, account, None, hours, setting.chips, energy, gross)


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


# Overlap


def rank(number: int, start: float, hours: float, energy: float, node: str = "n1") -> Entry:
    setting = Setting("a100-sxm4-80", "grid:de", 8.0, boundary="node", energy_of=FACILITY)
    return Entry(f"r{number}", setting, Labels(node=node), start, hours, 8.0, energy, key=f"r{number}")


def test_eight_ranks_that_each_meter_the_machine_are_one(catalogue: Catalogue) -> None:
    ranks = [rank(n, 0.0, 10.0, 30.0) for n in range(8)]
    ledger = ledger_of(catalogue, *ranks)
    assert ledger.overlap is not None
    assert (ledger.overlap.runs, ledger.overlap.machines) == (8, 1)
    assert ledger.overlap.summed == 240
    assert ledger.overlap.once == pytest.approx(30)
    assert ledger.account().total.sums["energy_kwh"].value == 240
    once = ledger_of(catalogue, *ranks, as_one=True).account().total.sums["energy_kwh"].value
    assert once == pytest.approx(30)


def test_runs_one_after_the_other_or_on_other_machines_do_not_overlap(catalogue: Catalogue) -> None:
    after = [rank(n, n * 3600.0, 1.0, 3.0) for n in range(5)]
    beside = [rank(n, 0.0, 1.0, 3.0, f"n{n}") for n in range(10, 15)]
    assert ledger_of(catalogue, *after, *beside).overlap is None


def test_half_an_overlap_counts_the_shared_time_once(catalogue: Catalogue) -> None:
    # 1 kW each, from 0 to 2 h and from 1 to 3 h: three hours of one machine.
    ledger = ledger_of(catalogue, rank(1, 0.0, 2.0, 2.0), rank(2, 3600.0, 2.0, 2.0), as_one=True)
    assert ledger.account().total.sums["energy_kwh"].value == pytest.approx(3)


@settings(max_examples=100, deadline=None)
@given(
    times=st.lists(
        st.tuples(st.integers(0, 50), st.integers(1, 20), st.sampled_from(["n1", "n2"])), min_size=1, max_size=12
    )
)
def test_machines_of_one_power_use_it_for_the_hours_somebody_was_there(
    catalogue: Catalogue, times: list[tuple[int, int, str]]
) -> None:
    entries = [
        rank(n, start * 3600.0, float(hours), float(hours), node) for n, (start, hours, node) in enumerate(times)
    ]
    ledger = ledger_of(catalogue, *entries)
    there = {(node, hour) for start, hours, node in times for hour in range(start, start + hours)}
    if ledger.overlap is None:
        assert len(there) <= sum(hours for _, hours, _ in times)
        return
    alone = sum(e.energy or 0 for e, share in zip(entries, ledger.overlap.shares, strict=True) if share == 1)
    # What is below the threshold is left as it stands.
    assert ledger.overlap.once + alone == pytest.approx(len(there), rel=0.1)


def test_overlap_is_warned_of_until_somebody_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = "timestamp,project_name,run_id,duration,emissions,energy_consumed,country_iso_code,os,ram_total_size\n"
    row = "2026-01-02T10:00:00,p,r{},36000,3.0,30.0,FRA,Linux,512\n"
    path = tmp_path / "emissions.csv"
    path.write_text(header + "".join(row.format(n) for n in range(8)), encoding="utf-8")
    assert main(["ledger", str(path), "--metric", "energy"]) == 0
    assert "240 kWh if added up, 30.0 kWh if counted once" in capsys.readouterr().err
    for how, energy in (("sum", 240), ("one", 30)):
        assert main(["ledger", str(path), "--overlap", how, "--format", "json"]) == 0
        out = capsys.readouterr()
        assert out.err == ""
        assert json.loads(out.out)["total"]["results"]["energy_kwh"] == pytest.approx(energy)
        # What the file states of its emissions is scaled alike: 3 kg for 30 kWh.
        assert json.loads(out.out)["total"]["results"]["gross_kgco2e"] == pytest.approx(energy / 10)


def test_later_rows_of_a_run_take_the_place_of_earlier_ones(catalogue: Catalogue) -> None:
    ledger = ledger_of(catalogue, rank(1, 0.0, 1.0, 3.0), rank(2, DAY, 1.0, 4.0), rank(1, 0.0, 2.0, 6.0))
    assert len(ledger.runs) == 2
    assert ledger.account().total.sums["energy_kwh"].value == 10


# Budgets

BUDGET = """metric = "energy"
limit = "{limit}"
from = 2026-01-01
to = "2026-01-31"
"""


def budget(folder: Path, text: str) -> str:
    path = folder / "budget.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


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
        ('"energy"', '"duration"', ", line 1: metric: 'duration' must be one of"),
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


def test_many_columns_with_many_words_keep_their_groups_apart(catalogue: Catalogue) -> None:
    # The product of the numbers of words passes 2^63, and first columns alone tell half of the runs apart.
    texts = [Labels(f"{n}", *[""] * 5) for n in range(2047)] + [Labels("", *[f"{n}"] * 5) for n in range(2047)]
    made = ledger_of(catalogue, *(Entry("run", Setting(), labels) for labels in texts))
    groups = [group for group, _ in made.groups(Labels._fields)]
    assert len(groups) == len(set(groups)) == len(texts)


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


def test_the_month_of_a_power_log_is_that_of_its_first_row(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, str(DATA / "nvidia_smi.csv"))
    assert [group["group"]["month"] for group in found["groups"]] == ["2026-01"]


def test_a_ledger_of_jobs_that_never_ran_is_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "jobs"
    path.write_text("JobID|ElapsedRaw|State\n1|0|PENDING\n", encoding="utf-8")
    found = data(capsys, str(path))
    assert (found["groups"], found["largest"], found["total"]["runs"]) == ([], [], 0)
    assert "total" in said(capsys, str(path))


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
    there = fill(Scenario(hardware="h100-sxm5-80", boundary="node"), catalogue)
    assert one.estimated == pytest.approx(there.value("power"), rel=0.3)
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
    assert "budget cost: what was used of 10.0 USD is unknown, as none of its 8 runs has a known cost" in said(
        capsys, *words
    )
    (one,) = data(capsys, *words)["budgets"]
    assert {"used", "left", "share", "exceeded"}.isdisjoint(one)
    assert (one["runs"], one["unknown"]) == (8, 8)
    # A time without runs is another matter: nothing was used.
    budget.write_text(text.replace("2026", "2020"), encoding="utf-8")
    assert "budget cost: 0 USD of 10.0 USD cost used" in said(capsys, *words)
    assert data(capsys, *words)["budgets"][0]["used"] == {"cost_usd": 0}
