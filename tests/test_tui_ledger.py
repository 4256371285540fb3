"""The ledger in the app: groups and runs, their order and months, and a budget."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ledger_screen import BUDGET, details, opened, rows, screen_of, settled
from tui import SIZES, app_of, at_both_sizes, names, on_screen, press, said, type_in, until

from carbontui.importers import IMPORTERS
from carbontui.text.record import Shown
from carbontui.tui.widgets.chrome import Status
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Table
from carbontui_registry import folders
from carbontui_registry.catalogue import Catalogue


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
        await until(pilot, lambda: "now counts for runs without a meter" in said(app))
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


async def test_the_row_under_the_cursor_is_in_sight_in_another_list(catalogue: Catalogue, here: Path) -> None:
    lines = [f"{n}|{60 + n}|gres/gpu:t4=1|gpu|{2024 + n % 3}-{n % 8 + 1:02}-03T00:00:00" for n in range(70)]
    (here / "many.txt").write_text("\n".join(["JobID|ElapsedRaw|AllocTRES|Partition|Start", *lines, ""]))
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "many.txt")
        table = app.screen.query_one(Table)

        def first_line() -> str:
            return "".join(segment.text for segment in table.render_line(1))

        # From the last of the months to all runs, and from the last of the runs to another order of theirs.
        await press(pilot, "end", "T")
        assert table.cursor == 0
        assert first_line().startswith("› 69 ")
        await press(pilot, "end")
        table.cursor = 0
        await press(pilot, "z")
        assert first_line().startswith("› 0 ")
        # In less room as well.
        await pilot.resize_terminal(80, 40)
        await press(pilot, *["down"] * 20)
        await pilot.resize_terminal(80, 24)
        await press(pilot)
        assert table.cursor == 20
        assert any(line.lstrip().startswith("›") for line in on_screen(app).splitlines())


@pytest.mark.parametrize("months", [2, 24])
async def test_the_total_stays_in_sight(catalogue: Catalogue, here: Path, months: int) -> None:
    called = [f"{2025 + n // 12}-{n % 12 + 1:02}" for n in range(months)]
    lines = [f"{n}|3600|gres/gpu:a100=1|gpu|{month}-03T00:00:00" for n, month in enumerate(called)]
    (here / "many.txt").write_text("\n".join(["JobID|ElapsedRaw|AllocTRES|Partition|Start", *lines, ""]))
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 16)) as pilot:
        await opened(app, pilot, "many.txt")
        screen_of(app).said = [Shown("what the reader said")] * 9
        screen_of(app).show()
        table, status = app.screen.query_one(Table), app.screen.query_one(Status)

        def shown() -> list[str]:
            drawn = ["".join(segment.text for segment in table.render_line(y)) for y in range(1, table.size.height)]
            return [line.replace("›", " ").split()[0] for line in drawn if line.strip()]

        screen_of(app).say("what takes two lines " * 6, whole=True)
        await press(pilot)
        assert status.size.height == 2
        assert (shown() == [*called, "total"]) is (months == 2)
        for at, month in enumerate(called):
            assert table.cursor == at
            assert month in shown()[:-1]
            assert shown()[-1] == "total"
            await press(pilot, "down")
        assert table.cursor == months
        # A click on the last line is one on the total, whatever is scrolled to.
        await press(pilot, "home")
        assert shown()[0] == called[0]
        await pilot.click(Table, offset=(4, len(shown())))
        await press(pilot)
        assert table.cursor == months


@pytest.mark.parametrize("size", [*SIZES, (200, 60)])
async def test_room_that_is_left_has_the_runs_of_the_row(
    catalogue: Catalogue, here: Path, size: tuple[int, int]
) -> None:
    lines = (here / "jobs.txt").read_text(encoding="utf-8").splitlines()
    header, first = (line.split("|") for line in lines[:2])
    for number in range(28):
        job = dict(zip(header, first, strict=True)) | {
            "JobID": f"{5000 + number}",
            "ElapsedRaw": f"{60 * (number + 1)}",
        }
        lines.append("|".join((job | {"ConsumedEnergyRaw": ""}).values()))
    (here / "jobs.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        for key in ("end", "home", "g", "g", "down"):
            await press(pilot, key)
            await settled(app, pilot)
            screen = screen_of(app)
            some, ledger = screen.some(), screen.ledger
            assert some is not None
            assert ledger is not None
            head, shown = details(app)[0], screen.query_one(Pane)
            if not head.endswith("largest first"):
                assert size == (80, 24)
                continue
            assert head.startswith(f"{some.name}: ")
            listed = details(app)[2 : details(app).index("")]
            values = ledger.values("gross_kgco2e")
            largest = sorted(some.rows.tolist(), key=lambda row: -values[row])[: len(listed)]
            assert [line.split()[0] for line in listed] == [ledger.runs.names[row].split()[0] for row in largest]
            # Nothing of what must be known is out of sight.
            assert len(shown.wrapped) <= shown.size.height
            assert size[1] < 60 or len(listed) == len(some.rows)


@at_both_sizes
async def test_an_empty_ledger_says_which_logs_it_reads(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "7")
        words = " ".join(on_screen(app).split())
        assert "[o] opens logs" in words
        for one in IMPORTERS.values():
            assert one.what in words
        assert "sacct -P -a -S " in words
        assert "jobs.txt" in words


async def test_a_total_that_is_not_of_all_runs_says_so_in_its_line(catalogue: Catalogue, here: Path) -> None:
    cluster = (here / "cluster.toml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in cluster if not line.startswith("watts_per_core")]
    (here / "cluster.toml").write_text("\n".join(kept), encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        (below,), (adds,) = rows(app)[-2:]
        lacking = screen_of(app).account
        assert lacking is not None
        total = lacking.total
        assert 0 < total.unknown < total.runs
        assert below.startswith(f"the total covers {total.runs - total.unknown} of {total.runs} runs, ")
        assert below.endswith(" % of the chip-hours")
        assert adds == "[C] adds what is missing: W per CPU core (1 run)"
        assert on_screen(app).splitlines()[-1].startswith(" C what is missing  enter compare")
        assert rows(app)[-3][0] == "total"
