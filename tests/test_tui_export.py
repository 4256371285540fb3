"""The export dialog: the format follows the name, and a card is of the scenario under the cursor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Input
from tui import SIZES, app_of, beside_field, go_to, on_screen, press, rest, said, type_in

import carbontui
from carbontui.tui.screens.export import ExportScreen
from carbontui_registry.catalogue import Catalogue


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the app is started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("size", SIZES)
async def test_the_format_follows_the_name_as_it_is_typed(
    catalogue: Catalogue, folder: Path, size: tuple[int, int]
) -> None:
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "e", "ctrl+u")
        screen = app.screen
        assert isinstance(screen, ExportScreen)
        for typed, form, shows in (
            ("out.te", "toml", "carbontui = 1"),
            ("out.tex", "latex", "\\begin{table"),
            ("out.card.md", "modelcard", "co2_eq_emissions:"),
            ("out.md", "modelcard", "co2_eq_emissions:"),
            ("out.json", "json", '"carbontui": 1'),
            ("out.statement.txt", "statement", "Energy and CO2e"),
            ("out.csv", "csv", "name,"),
            ("csv", "csv", "name,"),
            ("latex", "latex", "\\begin{table"),
        ):
            screen.query_one(Input).value = typed
            await rest(pilot)
            assert f"[{form}]" in on_screen(app)
            assert shows in screen.text
            assert screen.text.split("\n")[0].strip()[:40] in on_screen(app)
            assert screen.query_one(Input).value == typed
        # The name of a format chooses it, and writes nothing.
        await press(pilot, "enter")
        assert app.screen is screen
        assert screen.query_one(Input).value == "test.tex"
        assert not list(folder.iterdir())
        await press(pilot, "enter")
        assert said(app) == "wrote test.tex, test-text.tex and test.bib"


@pytest.mark.parametrize("size", SIZES)
async def test_a_name_that_is_refused_is_answered_in_full(
    catalogue: Catalogue, folder: Path, size: tuple[int, int]
) -> None:
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "e")
        await type_in(pilot, "runs.jsn")
        line = app.screen.query_one("#said")
        shown = " ".join(word for y in range(line.size.height) for word in line.render_line(y).text.split())
        assert "runs.jsn: no format has this ending; did you mean .json?; known endings are .txt" in shown
        assert ".statement.txt and .svg" in shown
        await press(pilot, "backspace")
        assert not beside_field(app)[1]
        assert not list(folder.iterdir())


async def test_a_model_card_is_of_the_scenario_under_the_cursor(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        go_to(app, 1)
        await press(pilot, "e")
        app.screen.query_one(Input).value = "t5.card.md"
        await rest(pilot)
        assert "Hugging Face front matter of one scenario, in grams: T5" in on_screen(app)
        await press(pilot, "enter")
        assert (folder / "t5.card.md").read_text() == carbontui.compare("t5").to("modelcard")
        # What is of all scenarios keeps its baseline.
        await press(pilot, "e")
        await type_in(pilot, "both.json")
        assert json.loads((folder / "both.json").read_text())["baseline"] == "GPT-3"
