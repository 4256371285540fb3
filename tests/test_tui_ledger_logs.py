"""The logs of the ledger in the app: opened, added, kept over a restart, refused, and read by their clusters."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from ledger_screen import BUDGET, DATA, details, opened, rows, screen_ledger, screen_of, settled
from tui import SIZES, app_of, offered, on_screen, press, said, type_in, until

from carbontui.engine.ledger.report import Report
from carbontui.engine.ledger.runs import Runs
from carbontui.importers.logs import Added, add_log
from carbontui.text.record import Shown
from carbontui.tui import autosave, log_reader
from carbontui.tui.app import CarbonApp
from carbontui.tui.views import ledger_rows
from carbontui.tui.workspace import Logs, first_start
from carbontui_registry.catalogue import Catalogue


def runs_of(app: CarbonApp) -> int:
    return len(screen_ledger(app).runs)


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

    def details_of(report: Report, width: int, *keys: str) -> list[Shown]:
        if "2026-03" in report.ledger.months.words:
            raise ValueError("an odd month")
        return shown_details(report, width, *keys)

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
        assert said(app) == "left out copy.csv: its content is already open; 2 logs with 11 runs are open"
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
        assert "Which accelerators are the GPUs in partition other? (1 run)" in on_screen(app)
        await press(pilot, "enter")
        await settled(app, pilot)
        assert said(app).startswith(f"wrote {tmp_path / 'cluster.toml'}; ")
        written = (tmp_path / "cluster.toml").read_text()
        assert 'region = "aws:eu-north-1"' in written
        assert "[partitions.gpu]" in written
        assert "[partitions.other]" in written
        report = screen_of(app).report
        assert report is not None
        assert report.account.total.sums["gross_kgco2e"].value > 0
        # One that is there is offered first, and only replaced when that was chosen.
        await press(pilot, "C")
        assert offered(app)[:2] == ["*add", str(tmp_path / "cluster.toml")]
        await press(pilot, "'new", "enter")
        assert f"{tmp_path / 'cluster.toml'} already exists" in on_screen(app)
        assert "0 of 0" not in on_screen(app)
        await press(pilot, "enter")
        await settled(app, pilot)
        assert (tmp_path / "cluster.toml").read_text() == written
        assert app.workspace.logs.cluster == str(tmp_path / "cluster.toml")
        await press(pilot, "C", "'new", "enter", "down", "enter", "'aws:eu-west-1", "enter", "enter")
        await settled(app, pilot)
        assert said(app).startswith(f"wrote {tmp_path / 'cluster.toml'}; ")
        assert 'region = "aws:eu-west-1"' in (tmp_path / "cluster.toml").read_text()


@pytest.mark.parametrize("size", SIZES)
async def test_where_there_is_no_file_to_open_folders_are_listed(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    shutil.copy(DATA / "slurm_sacct.txt", tmp_path / "jobs.txt")
    (tmp_path / "logs" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "logs")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        for tab, key in (("7", "o"), ("7", "B"), ("7", "C"), ("2", "o")):
            await press(pilot, tab, key)
            assert offered(app) == ["../", "deep/"]
            assert "no file of this kind in " in on_screen(app)
            assert "0 of 0" not in on_screen(app)
            # Down a folder, and up again.
            await press(pilot, "down", "enter")
            assert offered(app) == ["./"]
            await press(pilot, "enter")
            assert offered(app) == ["./deep/", "../"]
            await press(pilot, "escape")
        await press(pilot, "7", "o", "enter")
        assert offered(app) == ["../jobs.txt", "../logs/", "../../"]
        await press(pilot, "enter")
        await settled(app, pilot)
        assert app.workspace.logs.paths == (str(tmp_path / "jobs.txt"),)
