"""The ledger in the app: logs are read beside what is drawn, grouped, filtered and taken into Compare."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui import SIZES, app_of, names, on_screen, press, said, type_in, until

from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.ledger.screen import LedgerScreen
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import Table
from carbontui_registry import folders
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"


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


async def settled(app: CarbonApp, pilot: Pilot[int]) -> None:
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
        assert "jobs.txt: the cluster is that of cluster.toml" in details(app)
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


async def test_a_budget_is_held_against_it(catalogue: Catalogue, here: Path) -> None:
    text = 'metric = "energy"\nlimit = "90 kWh"\nfrom = 2026-01-01\nto = 2026-12-31\n'
    (here / "budget.toml").write_text(text, encoding="utf-8")
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


async def test_several_logs_are_opened_by_a_pattern(catalogue: Catalogue, here: Path) -> None:
    (here / "logs").mkdir()
    for number in range(3):
        text = (DATA / "eco2ai.csv").read_text(encoding="utf-8")
        (here / "logs" / f"{number}.csv").write_text(text.replace("-4e", f"-{number}e"), encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "logs/*.csv")
        assert len(screen_of(app).ledger.runs) == 9  # type: ignore[union-attr]


async def test_runs_that_overlap_are_counted_once_when_asked(catalogue: Catalogue, here: Path) -> None:
    header = "timestamp,project_name,run_id,duration,emissions,energy_consumed,country_iso_code,os,ram_total_size\n"
    row = "2026-01-02T10:00:00,p,r{},36000,3.0,30.0,FRA,Linux,512\n"
    (here / "emissions.csv").write_text(header + "".join(row.format(n) for n in range(8)), encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "emissions.csv")
        assert "240 kWh as they stand, 30.0 kWh if they are one" in " ".join(on_screen(app).split())
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
        assert "again does it" in said(app)
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
