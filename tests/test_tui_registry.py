"""The Registry screen: finding, reading and marking records, and taking them into the comparison."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from carbontui.formats.pack import pack_text
from carbontui.text.record import show_lines
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.registry import RegistryScreen
from carbontui.tui.views.choices import listed_columns
from carbontui.tui.widgets.chrome import Status, Tabs
from carbontui.tui.widgets.heads import Heads
from carbontui.tui.widgets.kinds import Kinds
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.table import FilterLine
from carbontui.tui.workspace import first_start
from carbontui_registry import load_pack
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.packs import records_of
from carbontui_registry.plugin import KINDS

SIZES = [(80, 24), (120, 40)]
HOSTILE = """
from carbontui_registry import *
SHEET = Source("Sheet [/b] [@click=app.quit]here[/]", url="https://acme.example/[/b]", year=2026)
@hookimpl
def carbontui_hardware():
    yield Hardware(id="x1", name="Acme [/b] [@click=app.quit]X1[/] \\x1b[31m\\x9b2J", power=PowerProfile(tdp="350 W"),
                   aliases=["x"], peak={"bf16": "400 TFLOP/s"}, source=SHEET)
    yield Hardware(id="v100", name="Not the V100", power=PowerProfile(tdp="1 kW"), source=SHEET)
@hookimpl
def carbontui_models():
    yield Model(id="acme-lm", name="Acme LM", params=7e9, compute="8.4e22 FLOP", source=SHEET)
@hookimpl
def carbontui_runs():
    yield TrainingRun(model="acme-lm", hardware="x1", region="gcp:us-central1", period="2024", chips=256,
                      duration="24 d", power="290 W", throughput="158 TFLOP/s", source=SHEET)
"""
OTHER = """
from carbontui_registry import *
@hookimpl
def carbontui_hardware():
    yield Hardware(id="x1", name="Other X1", power=PowerProfile(tdp="300 W"), source=Source("Other"))
"""
MANY = """
from carbontui_registry import *
@hookimpl
def carbontui_hardware():
    for n in range(10_000):
        yield Hardware(id=f"m{n}", name=f"Many {n}", power=PowerProfile(tdp="300 W"), source=Source("Many"))
"""


def app_of(catalogue: Catalogue) -> CarbonApp:
    return CarbonApp(catalogue, first_start())


def screen_of(app: CarbonApp) -> RegistryScreen:
    screen = app.screen
    assert isinstance(screen, RegistryScreen)
    return screen


def said(app: CarbonApp) -> str:
    return app.screen.query_one(Status).text


def details(app: CarbonApp) -> str:
    return "\n".join(line.text for line in app.screen.query_one(Pane).shown)


def listed(app: CarbonApp) -> list[str]:
    return [choice.id for choice in screen_of(app).records.choices]


def on_screen(app: CarbonApp) -> str:
    return "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())


async def press(pilot: Pilot[int], *keys: str) -> None:
    for key in keys:
        await pilot.press(*(key[1:] if key.startswith("'") else [key]))
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_every_kind_is_a_key_away_and_tabs_show_it(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "5")
        assert app.tab == "registry"
        assert app.screen.query_one(Tabs).current == "registry"
        for kind in KINDS:
            assert screen_of(app).kind == app.screen.query_one(Kinds).current == kind
            assert len(listed(app)) == catalogue.counts()[kind]
            await press(pilot, "tab")
        await press(pilot, "tab", "right", "shift+tab", "shift+tab")
        assert screen_of(app).kind == "hardware"
        assert all(word in on_screen(app) for word in ("5 Registry", "Hardware", "space mark", "c compare"))


async def test_screens_are_made_once_and_esc_goes_home(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "tab")
        registry = app.screen
        await press(pilot, "6")
        assert app.tab == "plugins"
        await press(pilot, "5")
        assert app.screen is registry
        assert screen_of(app).kind == "region"
        await press(pilot, "escape")
        assert app.tab == "compare"
        await press(pilot, "2", "5", "2")
        assert app.tab == "compare"
        assert len(app.screen_stack) == 1


async def test_the_filter_takes_figures_and_keys_as_text(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "slash", "'h100")
        assert app.tab == "registry"
        assert listed(app)
        assert all("h100" in name for name in listed(app))
        await press(pilot, "down")
        assert screen_of(app).records.cursor == 1
        await press(pilot, "escape")
        assert app.tab == "registry"
        assert app.focused is screen_of(app).records
        await press(pilot, "slash", "'zzzz")
        assert listed(app) == []
        assert "none of" in on_screen(app)
        assert "/ changes the filter" in on_screen(app)
        await press(pilot, "enter", "space", "c", "P", "y", "enter")
        assert app.tab == "registry"
        await press(pilot, "slash", "backspace")
        assert app.screen.query_one(Input).value == ""
        assert len(listed(app)) == catalogue.counts()["hardware"]


async def test_details_stand_beside_the_list_or_are_asked_for(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "5", "slash", "'v100 sxm2 32", "escape")
        text = details(app)
        assert all(part in text for part in ("V100 SXM2 32 GB", "also called v100", "measured", "±", "https://"))
        assert "carbontui:nvidia" in text
        await press(pilot, "enter")
        assert not app.screen.query_one(Pane).display
        await press(pilot, "enter")
        assert app.screen.query_one(Pane).display
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5")
        assert not app.screen.query_one(Pane).display
        await press(pilot, "enter", "tab", "down", "J", "K")
        assert "carbon factors by period" in details(app)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_as_a_pack_is_the_same_record(catalogue: Catalogue, tmp_path: Path, kind: str) -> None:
    for number, found in enumerate(catalogue.all(kind)[::7]):
        path = tmp_path / f"{number}.toml"
        path.write_text(pack_text(found), encoding="utf-8")
        assert records_of(load_pack(path)) == [found.record]
        assert show_lines(found)


async def test_toml_is_shown_and_sent_to_the_clipboard(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "slash", "'a100 sxm4 80", "escape", "P")
        assert 'id = "a100-sxm4-80"' in details(app)
        await press(pilot, "y")
        assert tomllib.loads(app.clipboard)["hardware"][0]["id"] == "a100-sxm4-80"
        assert "sent to the terminal's clipboard" in said(app)
        await press(pilot, "P")
        assert "TDP" in details(app)
        await press(pilot, "enter", "P")
        assert 'id = "a100-sxm4-80"' in details(app)


async def test_models_and_runs_become_scenarios_and_undo_takes_them_back(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        # What is in the comparison is not added again: two of the paper leave it first.
        await press(pilot, "right", "right", "right", "delete", "end", "delete", "home", "right")
        before = app.workspace.question
        await press(pilot, "5", "tab", "tab", "space", "down", "space", "tab", "space")
        assert app.screen.query_one(Kinds).marked == 3
        assert "●" in on_screen(app)
        wanted = [name for _, name in screen_of(app).marked]
        await press(pilot, "c")
        assert app.tab == "compare"
        new = app.workspace.question.scenarios[2:5]
        assert [scenario.model for scenario in new[:2]] == wanted[:2]
        assert new[2].run == wanted[2]
        filled = app.comparison.scenarios[4]
        assert filled.run is not None
        assert filled.run.id == wanted[2]
        assert app.home.at == 2
        assert said(app) == "Added 3 scenarios ([u] undo)"
        await press(pilot, "u")
        assert app.workspace.question == before
        await press(pilot, "5")
        assert not screen_of(app).marked


async def test_hardware_and_regions_duplicate_what_is_under_the_cursor(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "slash", "'a100 sxm4 80", "escape", "c")
        new = app.workspace.question.scenarios[1]
        assert (new.model, new.hardware) == (app.workspace.question.scenarios[0].model, "a100-sxm4-80")
        await press(pilot, "5", "tab", "slash", "'gcp iowa", "enter", "c")
        assert app.workspace.question.scenarios[2].region == "gcp:us-central1"
        assert app.workspace.question.scenarios[2].hardware == "a100-sxm4-80"
        assert app.comparison.scenarios[2].results


async def test_marks_come_and_go(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "space", "space")
        assert not screen_of(app).marked
        await press(pilot, "space", "g", "space", "backspace")
        assert not screen_of(app).marked


async def test_nothing_to_compare_yet(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    app.workspace = app.workspace.replace(question=app.workspace.question.replace(scenarios=()))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "space", "tab", "space", "tab", "space", "c")
        assert len(app.workspace.question.scenarios) == 3


async def test_an_empty_registry_says_what_helps() -> None:
    import sqlite3

    from carbontui_registry.indexing import build
    from carbontui_registry.plugin import Loaded

    connection = sqlite3.connect(":memory:", check_same_thread=False)
    build(Loaded((), (), (), (), {}), connection)
    app = app_of(Catalogue(connection))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "space", "c", "y", "P")
        assert "no hardware are registered" in on_screen(app)
        assert "6 shows the plugins" in on_screen(app)
        await press(pilot, "6", "space", "asterisk")
        assert app.tab == "plugins"


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_shown_and_does_nothing(
    install_plugin: Callable[..., Path], size: tuple[int, int]
) -> None:
    install_plugin("acme", HOSTILE)
    install_plugin("other", OTHER)
    app = app_of(open_catalogue())
    async with app.run_test(size=size) as pilot:
        await press(pilot, "5", "slash", "'acme", "escape", "enter", "enter", "enter")
        shown = on_screen(app)
        assert "Acme [/b] [@click=app.quit]" in shown
        assert "\x1b" not in shown
        assert "\x9b" not in shown
        for x in range(4, 40, 6):
            await pilot.click(offset=(x, 5))
        await press(pilot, "P", "y", "P", "space", "question_mark", "escape", "c")
        assert app.is_running
        assert app.comparison.scenarios[1].hardware is not None
        await press(pilot, "5", "slash", "'[/b]", "'[@", "escape")
        assert app.is_running


async def test_whoever_claims_the_same_name_stands_beside(install_plugin: Callable[..., Path]) -> None:
    install_plugin("acme", HOSTILE)
    install_plugin("other", OTHER)
    app = app_of(open_catalogue())
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "5", "slash", "'other x1", "escape")
        text = details(app)
        assert "x1 is claimed by others too" in text
        assert "acme/x1 or other/x1" in text
        line = next(line for line in text.splitlines() if "≠" in line and line.startswith("TDP"))
        assert "300 W" in line
        assert "350 W" in line
        await press(pilot, "slash", "'not the v100", "escape")
        assert "it means the record of carbontui:nvidia" in details(app)
        await press(pilot, "tab", "tab", "tab", "slash", "'acme-lm", "escape", "c")
        filled = app.comparison.scenarios[1]
        assert filled.run is not None
        assert filled.run.origin == "acme:acme"
        assert filled.model is not None


async def test_ten_thousand_records_are_filtered_as_typed(install_plugin: Callable[..., Path]) -> None:
    install_plugin("many", MANY)
    app = app_of(open_catalogue())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "end")
        assert screen_of(app).records.current is not None
        await press(pilot, "pageup", "home", "slash", "'many 9999")
        assert "Many 9999" in on_screen(app)
        app.screen.query_one(FilterLine).value = "many 4321"
        await pilot.pause()
        assert listed(app) == ["m4321"]


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (60, 10), (200, 60)])
async def test_no_size_crashes(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "5", "enter", "end", "P", "6", "down", "5")
        await pilot.resize_terminal(100, 30)
        await pilot.resize_terminal(*size)
        await press(pilot, "g", "down")
        assert app.is_running


@pytest.mark.parametrize(
    ("kind", "query", "ids"),
    [
        ("region", "germany", {"gcp:europe-west3", "aws:eu-central-1", "grid:de"}),
        ("region", "country:de", {"gcp:europe-west3", "aws:eu-central-1", "grid:de"}),
        ("hardware", "power>500 W year>=2023 memory>=100 GiB", {"h200-sxm", "mi300x"}),
        ("hardware", "power > 500 W year >= 2023 memory>= 100 GiB", {"h200-sxm", "mi300x"}),
        ("model", "mistral", set()),
    ],
)
async def test_words_countries_and_conditions_filter(
    catalogue: Catalogue, kind: str, query: str, ids: set[str]
) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "5", *["tab"] * KINDS.index(kind), "slash")
        app.screen.query_one(FilterLine).value = query
        await pilot.pause()
        found = {choice.id for choice in screen_of(app).records.choices}
        assert ids <= found
        assert "transformer-big" not in found
        if kind == "hardware":
            for name in found:
                record = catalogue.hardware(name).record
                power = record.power.mean or record.power.tdp
                assert power.value > 500
                assert record.year >= 2023
                assert record.memory.value >= 100


async def test_a_condition_that_cannot_be_read_says_why(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "5", "slash", "'power>500 parsecs")
        assert "parsecs" in screen_of(app).records.empty
        assert not screen_of(app).records.choices


async def test_columns_sort_by_key_and_click_with_the_unknown_last(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "5", "z")
        names = [choice.name for choice in screen_of(app).records.choices]
        assert [names.index(name) for name in ("A10", "A10G", "H100 NVL", "TPU v2", "TPU v5p")] == sorted(
            names.index(name) for name in ("A10", "A10G", "H100 NVL", "TPU v2", "TPU v5p")
        )
        await press(pilot, "z")
        power = listed_columns("hardware")[0]
        cells = [power.cell(choice).text for choice in screen_of(app).records.choices]
        known = [float(cell.split()[0].replace(",", "")) for cell in cells if cell]
        assert known == sorted(known)
        assert "" not in cells[: len(known)]
        assert "power▲" in on_screen(app)
        await press(pilot, "Z")
        assert "power▼" in on_screen(app)
        start, end, _ = screen_of(app).records.titles()[0]
        await pilot.click(Heads, offset=(start + 1, 0))
        await pilot.pause()
        assert "name▲" in on_screen(app)
        assert end > start
