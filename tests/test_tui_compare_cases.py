"""Compare through Pilot: why, explain, notes, mouse, many scenarios and none, what cannot be filled in, others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.events import MouseScrollDown, MouseScrollUp
from tui import app_of, at_both_sizes, cell, go_to, names, offered, on_screen, press, rest, said, sheet

from carbontui.engine.comparison import Question
from carbontui.engine.scenario import Scenario
from carbontui.spec import parse_spec
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.reader import Reader
from carbontui.tui.widgets.bars import Bars
from carbontui.tui.widgets.editor import Editor
from carbontui.tui.widgets.picker import ChoiceList, Picker
from carbontui.tui.widgets.why import WhyPanel
from carbontui.tui.workspace import Workspace
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue

BIG = ("transformer-big@p100@paper:us-average", "evolved-transformer-medium@tpu-v2@paper:google-iowa")
ACME = """
from carbontui_registry import *
SHEET = Source("Acme measurements", url="https://acme.example/runs", year=2026)
@hookimpl
def carbontui_hardware():
    yield Hardware(id="acme-x1", name="Acme X1", vendor="Acme", power=PowerProfile(tdp="350 W"),
                   peak={"bf16": "400 TFLOP/s"}, source=SHEET)
    yield Hardware(id="acme-x2", name="Acme X2", vendor="Acme", power=PowerProfile(tdp="350 W"), source=SHEET)
@hookimpl
def carbontui_runs():
    yield TrainingRun(model="gpt-3", hardware="acme-x1", region="paper:microsoft-azure", period="2020", chips=2000,
                      duration="20 d", power="290 W", throughput="91 TFLOP/s", source=SHEET)
"""


@at_both_sizes
async def test_mouse_for_what_the_keyboard_does(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        grid = sheet(app)
        go_to(app, 2, "pue")
        where = grid.cell_region()
        go_to(app, 0, "model")
        await pilot.click(offset=(where.x + 3, where.y))
        assert (grid.column, grid.row_key) == (2, "pue")
        await pilot.click(offset=(where.x + 3, where.y))
        await rest(pilot)
        assert isinstance(app.screen, Editor)
        await press(pilot, "escape")
        await pilot._post_mouse_events([MouseScrollDown], grid, (30, 3))
        assert grid.row_key == "gross"
        await pilot._post_mouse_events([MouseScrollUp], grid, (30, 3))
        assert grid.row_key == "pue"
        await pilot.click(Bars, offset=(3, 2))
        assert grid.column == 1
        for name in ("Sweep", "Registry", "Compare"):
            await pilot.click("Tabs", offset=(on_screen(app).splitlines()[1].index(name), 0))
            assert app.tab == name.lower()
        keys = on_screen(app).splitlines()[-1]
        await pilot.click("Keys", offset=(keys.index("a add"), 0))
        await rest(pilot)
        assert isinstance(app.screen, Picker)
        await pilot.click(ChoiceList, offset=(5, 2))
        await rest(pilot)
        assert len(names(app)) == 7


@at_both_sizes
async def test_many_scenarios_scroll_sideways_and_the_row_names_stay(
    catalogue: Catalogue, size: tuple[int, int]
) -> None:
    app = app_of(catalogue, *(f"gpt-3,chips={n},name=N{n}" for n in range(1, 51)))
    async with app.run_test(size=size) as pilot:
        await rest(pilot)
        assert f"1-{sheet(app).visible_columns} of 50 ›" in on_screen(app)
        await press(pilot, "end")
        text = on_screen(app)
        assert "50 N50" in text
        assert "of 50 ‹" in text
        assert " 50 N50" in next(line for line in text.splitlines() if "█" in line and "N50" in line)
        for label in ("Model", "Chips", "Gross CO2e"):
            assert any(line.startswith(f" {label}") for line in text.splitlines())
        assert " 1 N1 " not in text.partition("Compare")[2]
        await press(pilot, "left", "left", "b", "home")
        assert "baseline 48 N48" in on_screen(app)
        assert " 1 N1 " in on_screen(app)
        assert sheet(app).column == 0
        go_to(app, 0, "duration_h")
        await press(pilot, "z")
        assert names(app) == [f"N{n}" for n in range(50, 0, -1)]
        assert app.comparison.baseline == 2


@at_both_sizes
async def test_an_empty_comparison_says_which_key_helps(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "delete")
        assert "Removed T5" in said(app)
        await press(pilot, *"dr<>bzmflviiwwxns", "escape", "e", "backspace", "delete", "up", "down", "left", "end")
        assert names(app) == []
        assert "[a] add a scenario" in on_screen(app)
        await pilot.click(Bars, offset=(4, 2))
        await pilot.click("Sheet", offset=(30, 2))
        await press(pilot, "enter")
        assert isinstance(app.screen, Picker)
        await press(pilot, "'gpt-3", "enter")
        assert names(app) == ["GPT-3"]
        assert cell(app, "energy_kwh") == "1,287 MWh"


@at_both_sizes
async def test_a_scenario_that_cannot_be_filled_in_stays_and_says_why(
    catalogue: Catalogue, size: tuple[int, int]
) -> None:
    gone = Scenario(model="acme-lm", hardware="a100")
    question = Question((Scenario(model="t5"), gone, Scenario(model="gpt-3", period="1999")))
    app = CarbonApp(catalogue, Workspace(question, saved=question))
    async with app.run_test(size=size) as pilot:
        await press(pilot, "right")
        assert names(app) == ["T5", "acme-lm", "gpt-3"]
        assert "acme-lm" in said(app)
        assert "no model" in said(app)
        assert cell(app, "energy_kwh") == "–"
        await press(pilot, *"xw", "escape", "b", "l", "m", "m", "m", "z")
        go_to(app, 1, "model")
        await press(pilot, "right")
        assert "1999" in said(app) or "acme-lm" in said(app)
        go_to(app, names(app).index("acme-lm"), "model")
        await press(pilot, "enter", "'gpt-3", "enter")
        assert "acme-lm" not in names(app)
        assert "MWh" in cell(app, "energy_kwh")


@pytest.mark.parametrize("spec", ["t5@a100@nowhere", "t5@nothing", "nothing", "@h100@nowhere,chips=8,duration=3 d"])
async def test_a_name_that_nothing_bears_ends_no_screen(catalogue: Catalogue, spec: str) -> None:
    app = CarbonApp(catalogue, Workspace(Question((parse_spec(spec), Scenario(model="t5")))))
    async with app.run_test(size=(120, 40)) as pilot:
        for screen in ("p", "2", "3", "4", "5", "6", "7", "2"):
            await press(pilot, screen)
            for keys in ("x", "m", "A", "w", "z", "W", "B"):
                await press(pilot, keys, "escape")
        assert app.is_running


async def test_a_job_in_a_region_that_nothing_bears_keeps_what_its_file_says(catalogue: Catalogue) -> None:
    spec = parse_spec("@h100@moon:base,chips=8,duration=3 d")
    app = CarbonApp(catalogue, Workspace(Question((spec, Scenario(model="t5")))))
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        assert [cell(app, key, 0) for key in ("chips", "region", "duration_h")] == ["8", "moon:base", "3.00 d"]
        assert cell(app, "gross_kgco2e", 0) == "–"
        go_to(app, 0, "region")
        await press(pilot, "right", "left")
        assert "moon:base" in said(app)


async def test_five_looks_at_metrics_are_one_step_back(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5", "gpt-3")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "d", "m", "m", "m", "f", "f")
        assert len(names(app)) == 3
        await press(pilot, "u", "u", "u")
        assert len(names(app)) == 2
        assert (app.workspace.question.metric, app.workspace.question.accounting) == ("gross", "as-published")


async def test_nothing_divides_by_a_figure_that_is_zero(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3,gross=0 gCO2e/kWh,net=0 gCO2e/kWh")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *"lwmwd", "right", *"wmvvvvvvvzbl")
        assert cell(app, "gross_kgco2e").startswith("0")


async def test_hardware_of_a_third_partys_run_is_known_and_comes_to_bear_when_chosen(
    install_plugin: Callable[..., Path],
) -> None:
    install_plugin("acme", ACME)
    app = app_of(open_catalogue(), "gpt-3")
    async with app.run_test(size=(120, 40)) as pilot:
        assert cell(app, "hardware") == "V100"
        go_to(app, 0, "hardware")
        await press(pilot, "enter")
        first = {choice.id: choice.group for choice in app.screen.query_one(ChoiceList).choices[:2]}
        assert "acme/acme-x1" in first or "acme-x1" in first
        assert set(first.values()) == {"known with GPT-3"}
        assert "known with GPT-3" in on_screen(app)
        await press(pilot, "'acme x1", "enter")
        assert [cell(app, key) for key in ("chips", "power", "duration_h")] == ["2,000", "290 W", "20.0 d"]
        go_to(app, 0, "hardware")
        await press(pilot, "enter", "'acme x2", "enter")
        assert cell(app, "power") != "290 W"
        await press(pilot, "enter")
        assert app.screen.query_one(ChoiceList).choices[2].group == "recent"
        assert len(offered(app)) > 10


@at_both_sizes
async def test_why_shows_the_papers_57x_in_its_steps(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue, *BIG, metric="net")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "w")
        # On the baseline it is of the scenario that differs most from it.
        differs = on_screen(app)
        await press(pilot, "right")
        assert "56.5x lower than" in differs
        fall = app.screen.query_one(WhyPanel).fall
        assert fall is not None
        assert [round(1 / bar.so_far, 1) for bar in fall.bars if bar.so_far] == [1.3, 7.4, 10.5, 56.5]
        text = on_screen(app)
        assert "56.5x lower than" in text
        more = ("via ", "so far 7.36x lower") if size[1] >= 40 else ()
        for word in ("model ", "machine", "PUE", "carbon factor", "÷5.59", *more, "? keys"):
            assert word in text
        await press(pilot, "m", "m")
        assert "duration does not split" in on_screen(app)
        await press(pilot, "w")
        assert not app.screen.query_one(WhyPanel).display


@at_both_sizes
async def test_explain_goes_down_to_the_sources(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        for key, word in (("gross_kgco2e", "552"), ("hardware", "V100"), ("ratio", "552"), ("power", "330 W")):
            go_to(app, 0, key)
            await press(pilot, "x")
            assert isinstance(app.screen, Reader)
            assert word in app.screen.text
            assert "Patterson" in app.screen.text or key == "hardware"
            assert "https://" in app.screen.text
            await press(pilot, "j", "k", "y")
            assert app.clipboard == app.screen.text
            await press(pilot, "escape")
        go_to(app, 0, "interval")
        await press(pilot, "x", "q")
        assert app.is_running
        assert app.tab == "compare"


async def test_notes_say_what_is_mixed(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@a100@grid:fi", "gpt-3@a100@grid:us-ia", "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        assert "(n)" in on_screen(app)
        await press(pilot, "n")
        assert "carbon factors with different coverage" in app.screen.text  # type: ignore[attr-defined]
        await press(pilot, "escape", "delete", "delete", "n")
        assert "No notes." in app.screen.text  # type: ignore[attr-defined]


async def test_a_bar_shows_its_range_where_it_has_one(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3", "t5", "gpt-3@h100@gcp:us-east4")
    async with app.run_test(size=(120, 40)):
        bars = {line.split()[0]: line for line in on_screen(app).splitlines() if " t" in line and "█" in line}
        assert ["┤" in bars[n] for n in "123"] == [True, False, True]
        # The bar ends at the value, and its range around it.
        gpt3 = bars["1"]
        assert gpt3.index("▒") > gpt3.index("█")
        assert gpt3.index("─") > gpt3.rindex("▒")
