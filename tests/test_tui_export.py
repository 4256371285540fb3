"""The export dialog: the format follows the name, and a card is of the scenario under the cursor."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from textual.widgets import Input, Static
from tui import SIZES, app_of, beside_field, go_to, on_screen, press, rest, said, type_in

import carbontui
from carbontui.cli import main
from carbontui.engine.comparison import Question, side_by_side
from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.elsewhere import elsewhere
from carbontui.engine.ledger.runs import Runs
from carbontui.engine.solver import fill
from carbontui.formats import write_format
from carbontui.importers.logs import add_logs
from carbontui.importers.pair import pair_of
from carbontui.importers.reading import Reading
from carbontui.tui import recent
from carbontui.tui.screens.export import ExportScreen
from carbontui_registry.catalogue import Catalogue

DATA = Path(__file__).parent / "data"


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


async def test_what_is_typed_takes_the_place_of_the_name_unless_the_cursor_was_moved(
    catalogue: Catalogue, folder: Path
) -> None:
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "e", "'latex")
        assert app.screen.query_one(Input).value == "latex"
        assert "[latex]" in on_screen(app)
        await press(pilot, "enter", "tab", "'csv")
        assert app.screen.query_one(Input).value == "csv"
        await press(pilot, "enter", "home", "'my")
        assert app.screen.query_one(Input).value == "mytest.csv"
        await press(pilot, "enter")
    assert [file.name for file in folder.iterdir()] == ["mytest.csv"]


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
        assert "Hugging Face front matter of one scenario, in grams: scenario 'T5'" in on_screen(app)
        await press(pilot, "enter")
        assert (folder / "t5.card.md").read_text() == carbontui.compare("t5").to("modelcard")
        # What is of all scenarios keeps its baseline.
        await press(pilot, "e")
        await type_in(pilot, "both.json")
        assert json.loads((folder / "both.json").read_text())["baseline"] == "GPT-3"


async def test_the_file_that_was_just_saved_is_not_offered(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "S")
        await type_in(pilot, "study.toml")
        before = (folder / "study.toml").read_text(encoding="utf-8")
        await press(pilot, "e", "enter")
        assert (folder / "study.toml").read_text(encoding="utf-8") == before
        assert said(app).startswith("wrote study.md")
        # Also where that format was used last.
        recent.remember("format", "toml")
        await press(pilot, "e")
        assert app.screen.query_one(Input).value == "study.md"


@pytest.mark.parametrize(("title", "files"), [("Oct", 3), ("October study & 100 % green_ai", 1)])
async def test_latex_says_which_files_and_why_one(
    catalogue: Catalogue, folder: Path, title: str, files: int, capsys: pytest.CaptureFixture[str]
) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "N")
        await type_in(pilot, title)
        await press(pilot, "e")
        await type_in(pilot, "latex")
        words = str(app.screen.query_one("#said", Static).content)
        if files == 3:
            assert words.startswith("writes Oct.tex, Oct-text.tex and Oct.bib\n")
        else:
            assert words.startswith(
                "one file instead of three: LaTeX cannot load files with & and % in the name; for separate"
                " table, text and sources, use only letters without accents, digits, - . : and _"
            )
        await press(pilot, "enter")
        assert len(list(folder.glob("Oct*"))) == files
    text = (folder / f"{title.replace(' ', '-')}.tex").read_text(encoding="utf-8")
    assert ("% One file instead of three: " in text) == (files == 1)
    assert main(["compare", "t5", "--format", "latex", "-o", f"{title}2.tex"]) == 0
    assert ("one file instead of three: " in capsys.readouterr().err) == (files == 1)


async def test_a_model_card_of_another_scenario_is_a_key_away(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue, "t5", "gpt-3")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "e")
        await type_in(pilot, "modelcard")
        assert "of one scenario, in grams: scenario 'T5'" in on_screen(app)
        assert "f2 next scenario" in on_screen(app)
        await press(pilot, "f2")
        assert "of one scenario, in grams: scenario 'GPT-3'" in on_screen(app)
        await press(pilot, "enter")
    (card,) = folder.glob("*.card.md")
    assert "\nGPT-3\n" in card.read_text(encoding="utf-8")


@pytest.mark.usefixtures("folder")
async def test_a_long_line_is_read_to_its_end(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "t5", "gpt-3")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "e")
        await type_in(pilot, "statement")
        assert "⇧← ⇧→ sideways" in on_screen(app)
        assert "in Google Taiwan" not in on_screen(app)
        for _ in range(12):
            await press(pilot, "shift+right")
            if "in Google Taiwan" in on_screen(app):
                break
        assert "in Google Taiwan" in on_screen(app)
        await press(pilot, *["shift+left"] * 12)
        assert "Training T5 on" in on_screen(app)


@pytest.mark.parametrize(
    ("spec", "there", "absent"),
    [
        ("@h100@aws:us-east-1,chips=8,duration=3 d", "Training an unnamed model on 8 x", "Not known"),
        ("@h100@aws:us-east-1,it_energy=400 kWh,name=All of it", "Not known: the number of accelerators", "unknown"),
        ("@@germany,it_energy=400 kWh,name=All of it", "All of it: in Germany", "an unknown"),
        ("llama-3.1-8b@h100,tokens=2e9,chips=8", "Not known: the place", "in unknown"),
        ("@h100@germany,chips=8,duration=3 d", "The PUE is 1.56 (assumed)", "unknown number"),
    ],
)
def test_a_statement_leaves_out_what_is_unknown_and_names_it(
    capsys: pytest.CaptureFixture[str], spec: str, there: str, absent: str
) -> None:
    assert main(["compare", spec, "--format", "statement"]) == 0
    lines = capsys.readouterr().out.splitlines()
    said = "\n".join(lines[3:5])
    assert there in said
    assert absent not in lines[3]
    assert "an unknown" not in lines[3].replace("an unknown type", "")


def test_runs_of_a_ledger_are_a_sentence(catalogue: Catalogue) -> None:
    runs = Runs()
    add_logs(runs, [str(DATA / "slurm_sacct.txt"), str(DATA / "eco2ai.csv")], Reading(catalogue))
    ledger, region = Ledger(runs, catalogue), catalogue.region("aws:eu-north-1")
    used = np.arange(len(runs))
    pair = pair_of(ledger, elsewhere(ledger, region, catalogue), used, "all runs, 2026", region, "energy")
    question = Question((pair.was,), accounting="lifecycle")
    comparison = side_by_side(question, [fill(pair.was, catalogue, "lifecycle")])
    text = write_format("statement", comparison, catalogue)
    assert "unknown number" not in text
    assert "unknown time" not in text
    assert "unknown place" not in text
    assert "The sum of " in text
    assert "] Logs of Eco2AI and Slurm" in text


@pytest.mark.usefixtures("folder")
async def test_a_name_that_is_proposed_has_no_spaces(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3", "t5,name=Fine tune")
    question = app.workspace.question.replace(title="Fine-tune study")
    app.workspace = app.workspace.replace(question=question)
    async with app.run_test(size=(80, 24)) as pilot:
        go_to(app, 1)
        await press(pilot, "e")
        screen = app.screen
        assert isinstance(screen, ExportScreen)
        for _ in screen.formats:
            assert screen.query_one(Input).value.startswith("Fine-tune-study.")
            assert "spaces" not in on_screen(app)
            if screen.format == "modelcard":
                assert "scenario 'Fine tune'" in str(screen.query_one("#formats", Static).content)
            await press(pilot, "tab")
        # A name that is typed is kept as it is.
        screen.query_one(Input).value = "my runs.csv"
        await press(pilot, "enter")
    assert Path("my runs.csv").exists()
