"""One's own job through Pilot: no model, new names that are described, metered energy, budgets, packs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input
from tui import SIZES, app_of, at_both_sizes, cell, go_to, names, on_screen, press, rest, said, sheet, type_in

from carbontui.spec import parse_spec
from carbontui.text.filters import has_condition
from carbontui.tui.screens.reader import Reader
from carbontui.tui.views.own import OWN, found
from carbontui.tui.widgets.editor import Editor
from carbontui.tui.widgets.picker import ChoiceList
from carbontui_registry import load_pack
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.folders import packs_folder


def first_line(app: object) -> str:
    return app.screen.query_one(ChoiceList).choices[0].name  # type: ignore[attr-defined, no-any-return]


@at_both_sizes
async def test_a_job_without_a_model_is_made_cell_by_cell(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "a")
        assert first_line(app) == "my own job (no model)"
        await press(pilot, "enter")
        assert (sheet(app).column, sheet(app).row_key) == (1, "hardware")
        assert [cell(app, key) for key in ("hardware", "chips", "duration_h", "region")] == ["?"] * 4
        assert cell(app, "model") == "–"
        assert cell(app, "gross_kgco2e") == "–"
        assert said(app) == "press Enter to choose hardware; also missing: time and region"
        await press(pilot, "enter", "'8xh100", "enter")
        assert cell(app, "chips") == "8"
        assert "H100" in cell(app, "hardware")
        go_to(app, 1, "duration_h")
        await press(pilot, "enter", "'3 d", "enter")
        assert cell(app, "energy_kwh").endswith("~")
        assert cell(app, "gross_kgco2e") == "–"
        go_to(app, 1, "region")
        assert "no region" in said(app)
        await press(pilot, "enter", "'germany", "enter")
        assert cell(app, "region") == "Germany"
        assert cell(app, "gross_kgco2e") != "–"
        assert cell(app, "interval")
        scenario = app.workspace.question.scenarios[1]
        assert (scenario.model, scenario.region) == (None, "grid:de")


async def test_a_new_model_is_described_by_parameters_and_tokens(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "a", "'my-llm")
        assert "new model 'my-llm': parameters, tokens" in on_screen(app)
        choices = app.screen.query_one(ChoiceList).choices
        await press(pilot, *["down"] * [c.id.startswith("*new") for c in choices].index(True), "enter")
        assert isinstance(app.screen, Editor)
        assert app.screen.editor_title == "Parameters of my-llm"
        await type_in(pilot, "70B")
        assert app.screen.editor_title == "Tokens of my-llm"
        await type_in(pilot, "15T")
        assert cell(app, "model") == "my-llm"
        assert dict(app.workspace.question.scenarios[1].given)["params"].value == 70e9
        assert names(app) == ["T5", "my-llm"]
        # Enter on nothing leaves a figure out; with none at all it is a name.
        await press(pilot, "a", "'zzqq9", "enter", "enter", "enter")
        assert names(app)[2] == "zzqq9"
        await press(pilot, "a", "'zzqq8", "enter", "escape")
        assert len(names(app)) == 3


async def test_new_hardware_and_regions_are_described_and_saved_as_packs(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@h100@germany,chips=8,duration=3 d")
    async with app.run_test(size=(120, 40)) as pilot:
        go_to(app, 0, "hardware")
        await press(pilot, "enter", "'zz board 9", "enter")
        await type_in(pilot, "600 W")
        await type_in(pilot, "800 TFLOP/s")
        assert cell(app, "hardware") == "zz board 9"
        assert cell(app, "power") != "–"
        assert "[P] save as a pack" in said(app)
        await press(pilot, "P")
        path = Path(packs_folder(), "zz-board-9.toml")
        assert said(app).startswith(f"wrote {path}")
        (record,) = load_pack(str(path)).hardware
        assert record.power is not None
        assert record.power.tdp is not None
        assert record.power.tdp.value == 600
        assert record.source.title == "entered in carbontui"
        await press(pilot, "P")
        assert "already exists" in said(app)
        go_to(app, 0, "region")
        await press(pilot, "enter", "'zz place 9", "enter")
        await type_in(pilot, "640 gCO2e/kWh")
        await type_in(pilot, "1.2")
        assert [cell(app, key) for key in ("region", "pue")] == ["zz place 9", "1.20"]
        assert cell(app, "gross_kgco2e") != "–"
        await press(pilot, "P")
        assert Path(packs_folder(), "zz-place-9.toml").exists()
        # Something registered in its place takes the figures of the new one away.
        await press(pilot, "enter", "'DE", "enter")
        assert cell(app, "region") == "Germany"
        assert not {"gross", "pue"} & set(dict(app.workspace.question.scenarios[0].given))
        go_to(app, 0, "hardware")
        await press(pilot, "enter", "'zz9", "enter", "enter", "enter")
        assert "not added" in said(app)
        go_to(app, 0, "model")
        await press(pilot, "P")
        assert "not added" not in said(app)
    assert open_catalogue().hardware("zz-board-9").record.name == "zz board 9"


def test_pickers_never_list_nothing(catalogue: Catalogue) -> None:
    from carbontui.tui.views.choices import choices

    for kind in ("model", "hardware", "region"):
        listed = choices(kind, catalogue)
        for typed in ("", "zzzzqq", "9 @,=", "h100", "de", "DE", "germany", "gtp-3", "8x", "8xh100", "[b]"):
            assert found(kind, listed, typed, catalogue) or has_condition(typed)
    regions = choices("region", catalogue)
    for typed in ("DE", "germany", "de"):
        assert found("region", regions, typed, catalogue)[0].id == "grid:de"
    models = choices("model", catalogue)
    assert found("model", models, "", catalogue)[0].id == OWN
    assert found("model", models, "my own", catalogue)[0].id == OWN
    assert found("model", models, "gtp-3", catalogue)[0].id == "gpt-3"
    assert not any(c.id.startswith("*new") for c in found("model", models, "gpt-3", catalogue))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("my own job", "my own job (no model)"),
        ("none", "my own job (no model)"),
        ("no model", "my own job (no model)"),
        ("(no model)", "my own job (no model)"),
        ("my own model", "my own model: parameters, tokens"),
        ("LLM70", "new model 'LLM70'"),
    ],
)
async def test_what_is_no_record_is_found_by_its_own_words(catalogue: Catalogue, typed: str, first: str) -> None:
    app = app_of(catalogue, "llama-2-70b")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "a")
        app.screen.query_one(Input).value = typed
        await rest(pilot)
        assert first_line(app).startswith(first)


async def test_the_models_open_with_what_is_no_record_in_sight(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "i")
        go_to(app, 0, "model")
        await press(pilot, "enter")
        listed = app.screen.query_one(ChoiceList)
        assert "my own job (no model)" in on_screen(app)
        assert "my own model: parameters" in on_screen(app)
        assert listed.current is not None
        assert listed.current.id == "t5"


async def test_a_metered_energy_stands_beside_the_estimate(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@h100@germany,chips=8,duration=3 d")
    async with app.run_test(size=(80, 24)) as pilot:
        before = cell(app, "energy_kwh")
        assert "estimate" not in [row.key for row in sheet(app).rows]
        await press(pilot, "i")
        go_to(app, 0, "it_energy")
        await press(pilot, "enter")
        await type_in(pilot, "412 kWh")
        assert cell(app, "it_energy") == "412 kWh"
        assert cell(app, "estimate") == before
        assert said(app).startswith("IT estimate without the meter: ")
        go_to(app, 0, "estimate")
        assert said(app).startswith("estimate without the meter: ")
        assert "90 % range" in said(app)
        await press(pilot, "x", "enter")
        go_to(app, 0, "it_energy")
        await press(pilot, "backspace")
        assert "estimate" not in [row.key for row in sheet(app).rows]


async def test_an_edit_keeps_what_was_shown(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "i")
        before = [cell(app, key) for key in ("hardware", "region", "period")]
        go_to(app, 0, "tokens")
        await press(pilot, "enter")
        await type_in(pilot, "1T")
        assert [cell(app, key) for key in ("hardware", "region", "period")] == before
        assert app.workspace.question.scenarios[0].region == "paper:microsoft-azure"
        go_to(app, 0, "model")
        await press(pilot, "enter")
        app.screen.query_one(Input).value = "my own"
        await rest(pilot)
        await press(pilot, "enter")
        assert app.workspace.question.scenarios[0].model is None
        assert [cell(app, key) for key in ("hardware", "region")] == before[:2]


async def test_a_budget_is_answered_in_compare(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "B")
        await type_in(pilot, "5 tCO2e")
        assert isinstance(app.screen, Reader)
        assert "chip-hours" in app.screen.text
        assert "552 t with lifecycle factors: the budget covers" in app.screen.text
        await press(pilot, "escape", "delete", "B")
        assert app.screen is app.home
        assert said(app)


async def test_a_budget_holds_scenario_and_regions_to_one_accounting(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "@h100@aws:us-east-1,chips=8,duration=3 d")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "B")
        await type_in(pilot, "50 kgCO2e")
        assert isinstance(app.screen, Reader)
        assert "225 kg with lifecycle factors: the budget covers 22 % of that" in app.screen.text


async def test_one_described_in_a_spec_is_shown_by_its_names(catalogue: Catalogue) -> None:
    spec = "my-llm@my-board@my-place,params=7e9,tokens=1e9,tdp=300 W,peak=100 TFLOP/s,chips=4,gross=400 gCO2e/kWh"
    assert parse_spec(spec).hardware == "my-board"
    app = app_of(catalogue, spec)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        assert [cell(app, key) for key in ("model", "hardware", "region")] == ["my-llm", "my-board", "my-place"]
        go_to(app, 0, "tdp")
        assert "entered" in said(app)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", ["picker", "job"])
def test_snapshot(name: str, size: tuple[int, int], snap_compare: Callable[..., bool], first_party: Catalogue) -> None:
    app = app_of(first_party, *(("@8xh100@aws:us-east-1,duration=3 d", "@h100,chips=8") if name == "job" else ()))
    app.animation_level = "none"

    async def before(pilot: object) -> None:
        await press(pilot, *(("a",) if name == "picker" else ("right",)))  # type: ignore[arg-type]
        for field in app.screen.query(Input):
            field.cursor_blink = False

    assert snap_compare(app, terminal_size=size, run_before=before)
