"""The ledger in the app: logs are read beside what is drawn, grouped, filtered and taken into Compare."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from tui import SIZES, app_of, names, on_screen, press, rest, said, type_in, until

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.elsewhere import elsewhere, groups_elsewhere
from carbontui.engine.ledger.report import Report
from carbontui.engine.ledger.runs import Runs
from carbontui.importers.logs import Added, add_log
from carbontui.text.record import Shown
from carbontui.tui import autosave, log_reader
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.ledger.screen import LedgerScreen
from carbontui.tui.views import ledger_rows
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Table
from carbontui.tui.workspace import Logs, first_start
from carbontui_registry import folders
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"
BUDGET = 'metric = "energy"\nlimit = "90 kWh"\nfrom = 2026-01-01\nto = 2026-12-31\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(DATA / "slurm_sacct.txt", tmp_path / "jobs.txt")
    shutil.copy(DATA / "cluster.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def screen_of(app: CarbonApp) -> LedgerScreen:
    screen = app.screen
    assert isinstance(screen, LedgerScreen)
    return screen


def rows(app: CarbonApp) -> list[tuple[str, ...]]:
    return [row.cells for row in app.screen.query_one(Table).rows]


def details(app: CarbonApp) -> list[str]:
    return [line.text for line in app.screen.query_one(Pane).shown]


async def opened(app: CarbonApp, pilot: Pilot[int], path: str = "jobs.txt") -> None:
    await press(pilot, "7", "o")
    await type_in(pilot, path)
    await settled(app, pilot)


def runs_of(app: CarbonApp) -> int:
    return len(screen_ledger(app).runs)


def screen_ledger(app: CarbonApp) -> Ledger:
    screen: Any = app.get_screen("ledger")
    ledger: Ledger = screen.ledger
    return ledger


async def settled(app: CarbonApp, pilot: Pilot[int]) -> None:
    await until(pilot, lambda: isinstance(app.screen, LedgerScreen))
    await rest(pilot)
    await until(pilot, lambda: not screen_of(app).busy)
    await press(pilot)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("size", SIZES)
async def test_logs_are_grouped_and_a_group_is_taken(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "7")
        assert "no logs yet" in said(app)
        await press(pilot, "2")
        await opened(app, pilot)
        assert [row[0] for row in rows(app)] == ["2026-01", "2026-02", "total"]
        assert "jobs.txt: uses cluster file cluster.toml" in details(app)
        while screen_of(app).by != "account":
            await press(pilot, "g")
            await settled(app, pilot)
        assert [row[0] for row in rows(app)] == ["nlp", "vision", "total"]
        await press(pilot, "down", "enter")
        # Five jobs of vision on one hardware are one scenario, as often as there were jobs.
        await until(pilot, lambda: app.tab == "compare")
        assert names(app) == ["T5", "vision, Jan to Feb 2026"]
        taken = app.comparison.scenarios[1]
        assert taken.inputs["count"].value == 5
        # 19.5 hours of an accelerator at 344 W with a PUE of 1.25.
        assert taken.results["energy_kwh"].value == pytest.approx(19.5 * 0.344 * 1.25)
        await press(pilot, "u")
        assert names(app) == ["T5"]


@pytest.mark.usefixtures("here")
async def test_runs_are_filtered_sorted_and_taken(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "T")
        assert len(rows(app)) == 8
        assert rows(app)[0][0] == "1001 pretrain"
        await press(pilot, "slash", "'f", "'a", "'i", "'l", "'e", "'d", "enter")
        assert [row[0] for row in rows(app)] == ["1002_1 sweep"]
        assert "1 of 8 runs" in said(app)
        await press(pilot, "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert names(app) == ["T5", "1002_1 sweep"]
        assert app.comparison.scenarios[1].value("chips") == 1


@pytest.mark.usefixtures("here")
async def test_the_metric_and_the_order_change(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "m", "m")
        await settled(app, pilot)
        assert said(app).startswith("energy by month")
        await press(pilot, "T", "z")
        assert [row[0] for row in rows(app)] == sorted(row[0] for row in rows(app))


@pytest.mark.usefixtures("here")
async def test_a_click_on_a_title_sorts(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "T")
        await pilot.click(Table, offset=(3, 0))
        await press(pilot)
        assert [row[0] for row in rows(app)] == sorted(row[0] for row in rows(app))
        assert said(app).endswith("sorted by name")


async def test_a_budget_is_held_against_it(catalogue: Catalogue, here: Path) -> None:
    (here / "budget.toml").write_text(BUDGET, encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "B")
        await type_in(pilot, "budget.toml")
        await settled(app, pilot)
        assert "exceeded by 10.9 kWh" in on_screen(app)
        await press(pilot, "B")
        await type_in(pilot, "cluster.toml")
        assert "unknown key" in said(app)


async def test_what_cannot_be_read_is_said_and_changes_nothing(catalogue: Catalogue, here: Path) -> None:
    (here / "bad.txt").write_text("JobID|Elapsed\n1|noon\n", encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        before = rows(app)
        await press(pilot, "o")
        await type_in(pilot, "bad.txt")
        await settled(app, pilot)
        assert "line 2, column Elapsed" in said(app)
        assert rows(app) == before


async def test_what_no_reader_foresaw_is_a_line_and_the_log_is_not_kept(
    catalogue: Catalogue, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "util.txt").write_text("JobID|Elapsed\n1|01:00:00\n", encoding="utf-8")

    def add(runs: Runs, path: str, *more: Any) -> Added:
        if path.endswith("util.txt"):
            raise AssertionError("nobody foresaw it")
        return add_log(runs, path, *more)

    monkeypatch.setattr(log_reader, "add_log", add)
    right = "util.txt could not be read: AssertionError: nobody foresaw it"
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        before = rows(app)
        await press(pilot, "o")
        await type_in(pilot, "util.txt")
        await settled(app, pilot)
        assert said(app) == right
        assert rows(app) == before
        assert app.workspace.logs.paths == (str(here / "jobs.txt"),)
    # Neither where it was named at the start, nor where an earlier version kept it.
    kept = app.workspace.replace(logs=Logs((str(here / "jobs.txt"), str(here / "util.txt"))))
    for again in (
        CarbonApp(catalogue, app.workspace, logs=Logs((str(here / "util.txt"),))),
        CarbonApp(catalogue, kept),
    ):
        async with again.run_test(size=(120, 40)) as pilot:
            await until(pilot, lambda one=again: one.tab == "ledger")  # type: ignore[misc]
            await settled(again, pilot)
            assert said(again) == f"opened jobs.txt: 8 runs; {right}"
            assert right in details(again)
            assert rows(again) == before
            assert again.workspace.logs.paths == (str(here / "jobs.txt"),)


async def test_a_log_of_which_no_account_can_be_drawn_is_not_kept(
    catalogue: Catalogue, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(DATA / "eco2ai.csv", here)

    def details_of(report: Report, width: int) -> list[Shown]:
        if "2026-03" in report.ledger.months.words:
            raise ValueError("an odd month")
        return shown_details(report, width)

    shown_details = ledger_rows.details
    monkeypatch.setattr(ledger_rows, "details", details_of)
    right = "eco2ai.csv could not be read: ValueError: an odd month"
    app = CarbonApp(catalogue, first_start(), logs=Logs((str(here / "eco2ai.csv"), str(here / "jobs.txt"))))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.tab == "ledger")
        await settled(app, pilot)
        assert said(app) == f"opened jobs.txt: 8 runs; {right}"
        assert app.workspace.logs.paths == (str(here / "jobs.txt"),)
        await press(pilot, "o")
        await type_in(pilot, "eco2ai.csv")
        await settled(app, pilot)
        assert said(app) == right
        assert runs_of(app) == 8


async def test_a_log_named_at_the_start_is_kept_only_once_it_was_read(catalogue: Catalogue, here: Path) -> None:
    (here / "bad.txt").write_text("JobID|Elapsed\n1|noon\n", encoding="utf-8")
    app = CarbonApp(catalogue, first_start(), logs=Logs((str(here / "bad.txt"),)))
    assert app.workspace.logs.paths == ()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.tab == "ledger")
        await settled(app, pilot)
        assert "line 2, column Elapsed" in said(app)
        assert (rows(app), app.workspace.logs.paths) == ([], ())
        await opened(app, pilot)
        assert app.workspace.logs.paths == (str(here / "jobs.txt"),)


async def test_a_pipe_is_refused_and_never_opened(catalogue: Catalogue, here: Path) -> None:
    for name in ("pipe", "pipe.toml"):
        os.mkfifo(here / name)
    right = "cannot be read: it is a pipe or a device, not a file"
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        for name in ("pipe", "pipe.toml"):
            await press(pilot, "o")
            await type_in(pilot, name)
            assert right in said(app)
        await opened(app, pilot, "pipe")
        assert right in said(app)
        await opened(app, pilot)
        for key in ("B", "C"):
            await press(pilot, key)
            await type_in(pilot, "pipe.toml")
            await settled(app, pilot)
            assert right in said(app)
        assert app.workspace.logs == Logs((str(here / "jobs.txt"),))


@pytest.mark.parametrize("width", [60, 80, 90, 100, 120])
async def test_months_are_whole_as_long_as_another_column_can_go(catalogue: Catalogue, here: Path, width: int) -> None:
    head = "JobID|Partition|Account|Start|ElapsedRaw|AllocTRES\n"
    # Of each month an estimate with a range, and a run of cores whose energy is unknown.
    jobs = "".join(
        f"{n}|gpu|vision|2026-{n:02}-03T00:00:00|36000000|cpu=64,gres/gpu:a100=64,node=8\n"
        f"1{n}|cpu|vision|2026-{n:02}-04T00:00:00|36000000|cpu=640,node=5\n"
        for n in range(1, 10)
    )
    (here / "jobs.txt").write_text(head + jobs, encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(width, 30)) as pilot:
        await opened(app, pilot)
        shown = on_screen(app)
        table = app.screen.query_one(Table)
        assert table.columns[0].width == len("2026-01")
        assert all(f"2026-{n:02}" in shown for n in range(1, 10))
        assert 2 + sum(column.width + 1 for column in table.columns) <= table.room + 1


async def test_several_logs_are_opened_by_a_pattern(catalogue: Catalogue, here: Path) -> None:
    (here / "logs").mkdir()
    for number in range(3):
        text = (DATA / "eco2ai.csv").read_text(encoding="utf-8")
        (here / "logs" / f"{number}.csv").write_text(text.replace("-4e", f"-{number}e"), encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "logs/*.csv")
        assert len(screen_of(app).ledger.runs) == 9  # type: ignore[union-attr]


@pytest.mark.parametrize("size", SIZES)
async def test_a_second_log_is_added_to_the_first_and_closed_again(
    catalogue: Catalogue, here: Path, size: tuple[int, int]
) -> None:
    shutil.copy(DATA / "eco2ai.csv", here)
    shutil.copy(DATA / "eco2ai.csv", here / "copy.csv")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        assert said(app) == "opened jobs.txt: 8 runs"
        await press(pilot, "o")
        await type_in(pilot, "eco2ai.csv")
        await settled(app, pilot)
        assert said(app) == "added eco2ai.csv: 3 runs; 2 logs with 11 runs are open"
        assert [row[0] for row in rows(app)] == ["2026-01", "2026-02", "2026-03", "total"]
        # A copy of what is open is not opened beside it.
        await press(pilot, "o")
        await type_in(pilot, "copy.csv")
        await settled(app, pilot)
        assert said(app) == "left out copy.csv: the same file as one that is open; 2 logs with 11 runs are open"
        # The same log once more is read again.
        await press(pilot, "o")
        await type_in(pilot, "jobs.txt")
        await settled(app, pilot)
        assert runs_of(app) == 11
        await press(pilot, "D", "'jobs", "enter")
        await settled(app, pilot)
        assert [row[0] for row in rows(app)] == ["2026-03", "total"]
        assert said(app) == "closed jobs.txt; the file itself is kept"
        await press(pilot, "D")
        await press(pilot, "enter")
        assert said(app) == "closed all logs; the files themselves are kept"
        assert rows(app) == []
        assert app.workspace.logs.paths == ()


async def test_runs_that_two_logs_hold_count_once_and_are_said(catalogue: Catalogue, here: Path) -> None:
    text = (DATA / "eco2ai.csv").read_text(encoding="utf-8")
    (here / "january.csv").write_text("".join(text.splitlines(keepends=True)[:3]), encoding="utf-8")
    (here / "february.csv").write_text(text, encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "january.csv")
        await press(pilot, "o")
        await type_in(pilot, "february.csv")
        await settled(app, pilot)
        assert said(app).startswith("added february.csv: 1 run; 2 already open, counted once; 2 logs with 3")
        assert "february.csv: 2 runs are also in an earlier log, and counted once" in details(app)


async def test_logs_are_kept_over_a_restart_and_one_that_is_gone_is_said(catalogue: Catalogue, here: Path) -> None:
    shutil.copy(DATA / "eco2ai.csv", here)
    (here / "budget.toml").write_text(BUDGET, encoding="utf-8")
    os.mkdir(here / "etc")
    os.rename(here / "cluster.toml", here / "etc" / "ours.toml")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "C")
        await type_in(pilot, str(here / "etc" / "ours.toml"))
        await settled(app, pilot)
        await press(pilot, "o")
        await type_in(pilot, "eco2ai.csv")
        await settled(app, pilot)
        await press(pilot, "B")
        await type_in(pilot, "budget.toml")
        await settled(app, pilot)
        before = rows(app)
    kept = autosave.load(None)
    assert kept is not None
    assert kept.logs == Logs(
        (str(here / "jobs.txt"), str(here / "eco2ai.csv")), str(here / "etc" / "ours.toml"), str(here / "budget.toml")
    )
    again = CarbonApp(catalogue, kept)
    async with again.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: again.tab == "ledger")
        await settled(again, pilot)
        assert rows(again) == before
        assert said(again) == "opened jobs.txt and eco2ai.csv: 11 runs"
        assert "exceeded by" in on_screen(again)
    os.unlink(here / "eco2ai.csv")
    third = CarbonApp(catalogue, kept)
    async with third.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: third.tab == "ledger")
        await settled(third, pilot)
        assert runs_of(third) == 8
        assert said(third) == "opened jobs.txt: 8 runs; eco2ai.csv no longer exists ([del] closes it)"
        await press(pilot, "D", "'eco2", "enter")
        await settled(third, pilot)
        assert third.workspace.logs.paths == (str(here / "jobs.txt"),)


@pytest.mark.usefixtures("here")
async def test_what_is_in_compare_is_not_added_again(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        for key in ("end", ""):
            await press(pilot, *([key] if key else []), "enter")
            await until(pilot, lambda: app.tab == "compare")
            await press(pilot, "7")
            if key:
                taken = names(app)
        assert names(app) == taken
        assert len(taken) == len(set(taken)) > 2
        assert all(name.startswith("all runs, Jan to Feb 2026") for name in taken[1:])
        await press(pilot, "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert said(app) == "already in Compare ([d] duplicate)"


async def test_what_was_taken_is_brought_up_to_date(catalogue: Catalogue, here: Path) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        while screen_of(app).by != "account":
            await press(pilot, "g")
            await settled(app, pilot)
        await press(pilot, "down", "enter")
        await until(pilot, lambda: app.tab == "compare")
        header, *lines = (here / "jobs.txt").read_text(encoding="utf-8").splitlines()
        last = dict(zip(header.split("|"), lines[0].split("|"), strict=True))
        last |= {"JobID": "2000", "Account": "vision", "Start": "2026-02-20T08:00:00", "ConsumedEnergyRaw": ""}
        (here / "more.txt").write_text(f"{header}\n{'|'.join(last.values())}\n", encoding="utf-8")
        await press(pilot, "7", "o")
        await type_in(pilot, "more.txt")
        await settled(app, pilot)
        await press(pilot, *["down"] * [row[0] for row in rows(app)].index("vision"), "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert names(app) == ["T5", "vision, Jan to Feb 2026"]
        assert app.comparison.scenarios[1].inputs["count"].value == 6
        assert said(app).startswith("Updated 1 scenario ([u] undo)")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("size", SIZES)
async def test_a_month_is_planned_elsewhere(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        await press(pilot, "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert len(names(app)) == 8
        assert names(app)[1:3] == ["all runs, Jan 2026", "AWS Stockholm: all runs, Jan 2026"]
        was, there = app.comparison.scenarios[1:3]
        energy = 72.028 + 6 * 0.344
        for one in (was, there):
            assert one.results["it_energy_kwh"].value == pytest.approx(energy)
        assert was.results["energy_kwh"].value == pytest.approx(energy * 1.25)
        assert there.region is not None
        assert there.region.id == "aws:eu-north-1"
        # As the ledger has them, and as the command line does.
        ledger = screen_ledger(app)
        account = ledger.account(("month",))
        assert was.results["gross_kgco2e"].value == pytest.approx(account.groups[0].sums["gross_kgco2e"].value)
        found = groups_elsewhere(ledger, elsewhere(ledger, there.region, catalogue), ("month",), "gross")["2026-01",]
        ratio = app.comparison.ratios[2]["gross"]
        assert ratio.value == pytest.approx(found.ratio)
        assert app.workspace.question.baseline == 1
        assert app.workspace.question.accounting == "lifecycle"
        # The power that the two share cancels: what is left is of the places.
        assert ratio.spread is not None
        assert f"x the gross CO2e of {was.name}, the baseline now; added 2 scenarios ([u] undo)" in said(app)
        await press(pilot, "u")
        assert len(names(app)) == 6
        assert app.workspace.question.accounting == "as-published"


async def test_esc_stops_what_is_read_and_leaves_everything(
    catalogue: Catalogue, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(DATA / "eco2ai.csv", here)
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "eco2ai.csv")
        before, logs = rows(app), app.workspace.logs
        begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

        def add(*given: Any) -> Added:
            begun.set()
            go_on.wait(20)
            try:
                return add_log(*given)
            finally:
                done.set()

        monkeypatch.setattr(log_reader, "add_log", add)
        await press(pilot, "o")
        await type_in(pilot, "jobs.txt")
        await until(pilot, begun.is_set)
        # Another log waits for this one.
        await press(pilot, "o")
        assert said(app) == "still reading jobs.txt ([esc] stops)"
        await press(pilot, "escape")
        assert said(app) == "stopped; nothing was changed"
        go_on.set()
        await until(pilot, done.is_set)
        await press(pilot)
        assert app.tab == "ledger"
        assert (rows(app), app.workspace.logs) == (before, logs)
        # What is opened then is read.
        await press(pilot, "o")
        await type_in(pilot, "jobs.txt")
        await settled(app, pilot)
        assert runs_of(app) == 11


async def test_runs_that_overlap_are_counted_once_when_asked(catalogue: Catalogue, here: Path) -> None:
    header = "timestamp,project_name,run_id,duration,emissions,energy_consumed,country_iso_code,os,ram_total_size\n"
    row = "2026-01-02T10:00:00,p,r{},36000,3.0,30.0,FRA,Linux,512\n"
    (here / "emissions.csv").write_text(header + "".join(row.format(n) for n in range(8)), encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "emissions.csv")
        assert "240 kWh if added up, 30.0 kWh if counted once" in " ".join(on_screen(app).split())
        await press(pilot, "O")
        await until(pilot, lambda: screen_of(app).ledger.as_one)  # type: ignore[union-attr]
        await settled(app, pilot)
        assert "30.0 kWh" in rows(app)[-1]


async def test_means_are_taken_after_asking_and_preferred(catalogue: Catalogue, here: Path) -> None:
    lines = [f"{n}|3600|gres/gpu:nvidia_h100_80gb_hbm3=8|{(20 + n) * 1_000_000}" for n in range(12)]
    (here / "meters.txt").write_text("\n".join(["JobID|ElapsedRaw|AllocTRES|ConsumedEnergyRaw", *lines, ""]))
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "meters.txt")
        await press(pilot, "P")
        assert "again to confirm" in said(app)
        assert not os.path.exists(folders.packs_folder())
        await press(pilot, "P")
        assert "and preferred it" in said(app)
    assert os.listdir(folders.packs_folder()) == ["own-measurements.toml"]
    ((key, whose),) = folders.read_config().prefer
    assert key == "measurement:h100-sxm5-80"
    from carbontui.engine.scenario import Scenario
    from carbontui.engine.solver import fill
    from carbontui_registry.cache import open_catalogue

    # 306 MJ in 96 accelerator-hours, where the estimate was.
    power = fill(Scenario(hardware="h100-sxm5-80", boundary="node"), open_catalogue()).inputs["power"]
    assert power.value == pytest.approx(306e6 / 3600 / 96, rel=1e-3)
    assert whose in power.origin


async def test_ten_thousand_runs_are_shown_row_by_row(catalogue: Catalogue, here: Path) -> None:
    lines = [f"{n}|{60 + n % 5000}|gres/gpu:t4={n % 4 + 1}|gpu|2026-01-{n % 28 + 1:02}T00:00:00" for n in range(10_000)]
    (here / "many.txt").write_text("\n".join(["JobID|ElapsedRaw|AllocTRES|Partition|Start", *lines, ""]))
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "many.txt")
        await press(pilot, "T", "end")
        table = app.screen.query_one(Table)
        assert len(table.rows) == 10_000
        assert table.cursor == 9_999
        # Rows are made where they are seen.
        assert not isinstance(table.rows, list)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("keys", [("down", "p"), ("g", "g", "p"), ("T", "down", "p"), ("end", "p")])
async def test_elsewhere_is_of_the_row_under_the_cursor(catalogue: Catalogue, keys: tuple[str, ...]) -> None:
    app = app_of(catalogue, "t5", "gpt-3")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        for key in keys[:-1]:
            await press(pilot, key)
            await settled(app, pilot)
        row = rows(app)[screen_of(app).table.cursor]
        await press(pilot, "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare")
        was, there = app.workspace.question.scenarios[1:3]
        words = {"2026-02": "all runs, Feb 2026", "total": "all runs, Jan to Feb 2026"}
        assert was.name.startswith(words.get(row[0], row[0]))
        assert there.name == f"AWS Stockholm: {was.name}"
        # The same once more changes nothing, and says so.
        before = app.workspace.question
        await press(pilot, "7")
        await settled(app, pilot)
        await press(pilot, "p", "'aws:eu-north-1", "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert app.workspace.question == before
        assert said(app).endswith("; already in Compare ([d] duplicate)")
        # A person's own comparison keeps its baseline and its accounting.
        assert "baseline" not in said(app)
        assert (before.baseline, before.accounting) == (0, "as-published")


FILTERED = "filter 'ben': total of 5 of 8 runs, 2.76 kg of 33.3 kg gross CO2e (8.3 %)"


async def filtered(app: CarbonApp, pilot: Pilot[int], word: str) -> None:
    await press(pilot, "slash", *(f"'{letter}" for letter in word), "enter")
    await settled(app, pilot)


@pytest.mark.usefixtures("here")
async def test_the_total_is_of_what_the_filter_shows(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(160, 40)) as pilot:
        await opened(app, pilot)
        while screen_of(app).by != "user":
            await press(pilot, "g")
            await settled(app, pilot)
        whole = {row[0]: row for row in rows(app)}
        assert whole["total"][1] == "8"
        await filtered(app, pilot, "ben")
        one, total = rows(app)
        assert (one[0], total[0]) == ("ben", "total shown")
        assert (one[1], total[1]) == ("5", "5 of 8")
        # Energy, CO2e and its range are those of the one group; its share and its bar are of what is shown.
        assert one[2:6] == total[2:6]
        assert one[6] == "100 %"
        assert "█" * 20 in one[-1]
        assert any(line.startswith(FILTERED) for line in details(app))
        assert "1 of 2 groups, 5 of 8 runs" in said(app)
        assert not any("is from metered runs" in line for line in details(app))
        # What is taken from the total is of what is shown, too.
        await press(pilot, "down", "enter")
        await until(pilot, lambda: app.tab == "compare")
        assert names(app) == ["T5", "runs with ben, Jan to Feb 2026"]
        assert app.comparison.scenarios[1].inputs["count"].value == 5
        await press(pilot, "7", "slash", "delete", "enter")
        await settled(app, pilot)
        assert {row[0]: row for row in rows(app)} == whole
        assert not any(line.startswith("filter") for line in details(app))


@pytest.mark.usefixtures("here")
async def test_the_filter_of_runs_says_what_they_come_to(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await press(pilot, "T")
        await filtered(app, pilot, "ben")
        assert len(rows(app)) == 5
        assert any(line.startswith(FILTERED) for line in details(app))
        # No month is called so.
        await press(pilot, "T")
        await settled(app, pilot)
        assert [row[:2] for row in rows(app)] == [("total shown", "0 of 8")]
        assert "0 of 2 groups, 0 of 8 runs" in said(app)
        await press(pilot, "enter")
        assert app.tab == "ledger"


@pytest.mark.usefixtures("here")
async def test_a_filter_stays_with_another_metric_and_more_logs(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await filtered(app, pilot, "2026-01")
        await press(pilot, "m", "m")
        await settled(app, pilot)
        assert any(line.startswith("filter '2026-01': total of 3 of 8 runs, 92.6 kWh of") for line in details(app))
        shutil.copy(DATA / "eco2ai.csv", ".")
        await press(pilot, "o")
        await type_in(pilot, "eco2ai.csv")
        await settled(app, pilot)
        assert "of 11 runs" in details(app)[0]
        assert rows(app)[-1][0] == "total shown"


async def test_logs_of_two_clusters_are_read_by_their_own_files(catalogue: Catalogue, tmp_path: Path) -> None:
    for name, hardware in (("north", "a100-sxm4-80"), ("south", "h100-sxm5-80")):
        (tmp_path / name).mkdir()
        text = f'name = "{name}"\nhardware = "{hardware}"\nregion = "grid:de"\n'
        (tmp_path / name / "cluster.toml").write_text(text, encoding="utf-8")
        seconds = "3600" if name == "north" else "7200"
        job = f"JobID|Partition|Start|ElapsedRaw|AllocTRES\n1|gpu|2026-01-05T00:00:00|{seconds}|gres/gpu=1\n"
        (tmp_path / name / "jobs.txt").write_text(job, encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, str(tmp_path / "*" / "jobs.txt"))
        assert runs_of(app) == 2
        while screen_of(app).by != "cluster":
            await press(pilot, "g")
            await settled(app, pilot)
        assert sorted(row[0] for row in rows(app)) == ["north", "south", "total"]
        ledger = screen_ledger(app)
        assert {setting.hardware for setting in ledger.runs.settings} == {"a100-sxm4-80", "h100-sxm5-80"}
        assert sum("uses cluster file" in line for line in details(app)) == 2


async def test_an_empty_log_among_several_is_said_and_not_kept(catalogue: Catalogue, here: Path) -> None:
    (here / "empty.txt").write_text("JobID|Elapsed\n", encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "empty.txt")
        assert said(app) == "empty.txt: has no rows below its header"
        assert app.workspace.logs.paths == ()
        await press(pilot, "o")
        await type_in(pilot, "*.txt")
        await settled(app, pilot)
        assert runs_of(app) == 8
        assert said(app) == "opened jobs.txt: 8 runs; empty.txt: has no rows below its header"
        assert app.workspace.logs.paths == (str(here / "jobs.txt"),)


async def test_a_cluster_file_is_made_from_the_log_and_a_region(catalogue: Catalogue, tmp_path: Path) -> None:
    log = tmp_path / "jobs.txt"
    lines = ["1|7200|gres/gpu:a100=8|gpu|2026-01-05T00:00:00", "2|3600|gres/gpu=4|other|2026-01-06T00:00:00"]
    log.write_text("\n".join(["JobID|ElapsedRaw|AllocTRES|Partition|Start", *lines, ""]))
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, str(log))
        report = screen_of(app).report
        assert report is not None
        assert "gross_kgco2e" not in report.account.total.sums
        await press(pilot, "C")
        assert "new: choose where the jobs ran" in on_screen(app)
        await press(pilot, "enter", "'aws:eu-north-1", "enter")
        await settled(app, pilot)
        assert said(app).startswith(f"wrote {tmp_path / 'cluster.toml'}: ")
        written = (tmp_path / "cluster.toml").read_text()
        assert 'region = "aws:eu-north-1"' in written
        assert "[partitions.gpu]" in written
        assert "[partitions.other]" in written
        report = screen_of(app).report
        assert report is not None
        assert report.account.total.sums["gross_kgco2e"].value > 0
        # One that is there is never written over.
        await press(pilot, "C", "enter", "'aws:eu-west-1", "enter")
        await settled(app, pilot)
        assert "already exists" in said(app)
        assert (tmp_path / "cluster.toml").read_text() == written
