"""Files and kept work through Pilot: nothing is replaced that was not asked for, and leaving loses nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input
from tui import app_of, beside_field, cell, go_to, names, offered, on_screen, press, rest, said, type_in

import carbontui
from carbontui import cli
from carbontui.errors import AlreadyExists
from carbontui.formats import FORMATS, PRESETS
from carbontui.formats.export import export
from carbontui.formats.files import read
from carbontui.tui import autosave, recent
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.export import ExportScreen
from carbontui.tui.widgets.editor import Editor
from carbontui.tui.widgets.picker import Picker
from carbontui.tui.workspace import opened
from carbontui_registry.catalogue import Catalogue

SAVED = 'carbontui = 1\ntitle = "{title}"\n[[scenarios]]\nmodel = "{model}"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the app is started."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def write(folder: Path, name: str = "old.toml", title: str = "old", model: str = "t5", more: str = "") -> str:
    (folder / name).write_text(SAVED.format(title=title, model=model) + more)
    return str(folder / name)


def app_on(catalogue: Catalogue, path: str) -> CarbonApp:
    return CarbonApp(catalogue, opened(read(path)[0], path, autosave.stamp(path)), slot=path)


def results(app: CarbonApp) -> list[dict[str, float]]:
    return [{key: result.value for key, result in one.results.items()} for one in app.comparison.scenarios]


async def test_save_as_save_and_open_again(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "s")
        assert app.screen.query_one(Input).value == "paper-2021.toml"
        assert beside_field(app) == (str(folder / "paper-2021.toml"), False)
        await type_in(pilot, "mine.txt")
        assert beside_field(app) == ("the name must end in .toml or .json", True)
        await type_in(pilot, "mine.toml")
        assert said(app) == f"saved {folder / 'mine.toml'}"
        assert not app.workspace.changed
        assert on_screen(app).splitlines()[0].split()[:3] == ["carbontui", "paper-2021", "mine.toml"]
        go_to(app, 0, "chips")
        await press(pilot, "enter")
        await type_in(pilot, "512")
        assert on_screen(app).splitlines()[0].split()[:3] == ["carbontui", "paper-2021", "*"]
        await press(pilot, "s")
        assert "*" not in on_screen(app).splitlines()[0]
        kept_results, text = results(app), on_screen(app)
    again = app_on(catalogue, "mine.toml")
    async with again.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        go_to(again, 0, "chips")
        await rest(pilot)
        assert results(again) == kept_results
        assert cell(again, "chips") == "512"
        assert [line[:70] for line in on_screen(again).splitlines()[2:18]] == [
            line[:70] for line in text.splitlines()[2:18]
        ]


async def test_the_head_names_the_title_and_the_file(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "s")
        await type_in(pilot, str(folder / "walk.toml"))
        await press(pilot, "N")
        await type_in(pilot, "Plans for 2027")
        head = on_screen(app).splitlines()[0]
        assert re.search(r"carbontui +Plans for 2027 \* +walk\.toml +baseline 1 T5 ", head)
        # Less room takes the name of the file first.
        await pilot.resize_terminal(80, 24)
        await press(pilot)
        head = on_screen(app).splitlines()[0]
        assert "Plans for 2027 *" in head
        assert "walk.toml" not in head
        # A title that says no more than the name of the file is not said twice.
        await press(pilot, "N")
        await type_in(pilot, "walk")
        assert re.search(r"carbontui +walk\.toml \* +baseline", on_screen(app).splitlines()[0])


async def test_a_name_without_an_ending_is_saved_as_toml(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "s")
        await type_in(pilot, "mine")
        assert said(app) == f"saved {folder / 'mine.toml'}"
        assert app.workspace.path == str(folder / "mine.toml")


async def test_save_as_refuses_what_is_there_and_says_why_it_cannot(catalogue: Catalogue, folder: Path) -> None:
    path = write(folder)
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "S")
        await type_in(pilot, "old.toml")
        assert beside_field(app) == ("already exists; choose another name", True)
        await type_in(pilot, "nowhere/x.toml")
        assert "cannot be written: No such file or directory" in said(app)
        assert app.workspace.path is None
    assert Path(path).read_text() == SAVED.format(title="old", model="t5")


async def test_home_is_meant_by_a_tilde(catalogue: Catalogue, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "S")
        await type_in(pilot, "~/x.toml")
        await press(pilot, "e")
        await type_in(pilot, "~/y.toml")
        await press(pilot, "d", "o")
        await type_in(pilot, "~/y.toml")
        assert app.workspace.path == str(folder / "y.toml")
    assert {file.name for file in folder.iterdir()} == {"x.toml", "y.toml"}


async def test_open_recent_here_and_typed(catalogue: Catalogue, folder: Path) -> None:
    first, other = write(folder, "first.toml", "first"), write(folder, "other.json.toml", "other", "meena")
    (folder / "deep").mkdir()
    deep = write(folder / "deep", "first.toml", "deep", "gpt-3")
    (folder / "broken.toml").write_text("carbontui = 1\n[[scenarios]]\nmodel = 3\n")
    recent.remember("file", first)
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "d", "o")
        assert isinstance(app.screen, Picker)
        assert offered(app) == [first, "broken.toml", "other.json.toml", "../", "deep/"]
        await press(pilot, "enter")
        assert names(app) == ["T5"]
        assert (app.workspace.title, app.workspace.changed) == ("first.toml", False)
        await press(pilot, "o", "'other", "enter")
        assert (names(app), app.workspace.path) == (["Meena"], other)
        # Its letters are also found in a recent file; what is typed in full is meant all the same.
        await press(pilot, "o")
        await type_in(pilot, "deep/first.toml")
        assert (names(app), app.workspace.path) == (["GPT-3"], deep)
        await press(pilot, "o", "'broken", "enter")
        assert "broken.toml, line 3" in said(app)
        await press(pilot, "o")
        await type_in(pilot, "/nowhere/zzzz.toml")
        assert "/nowhere/zzzz.toml: no such file" in on_screen(app)
        assert app.screen.query_one(Input).value == "/nowhere/zzzz.toml"
        await press(pilot, "escape")
        assert recent.latest("file") == [deep, other, first]
        await press(pilot, "u")
        assert (names(app), app.workspace.path) == (["Meena"], other)
        await press(pilot, "u", "u", "u")
        assert (app.workspace.title, len(names(app)), app.workspace.changed) == ("paper-2021", 6, False)
        await press(pilot, *"UUUU")
        assert (names(app), app.workspace.path, app.workspace.changed) == (["GPT-3"], deep, False)


async def test_a_file_changed_by_someone_else_is_noticed(catalogue: Catalogue, folder: Path) -> None:
    path = write(folder)
    app = app_on(catalogue, path)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "d")
        write(folder, title="someone else's")
        await press(pilot, "s")
        assert "changed on disk" in said(app)
        assert "someone else's" in Path(path).read_text()
        await press(pilot, "s")
        assert said(app) == f"saved {path}"
        assert len(tomllib.loads(Path(path).read_text())["scenarios"]) == 2
        await press(pilot, "d", "s")
        assert said(app) == f"saved {path}"


async def test_comments_are_thrown_away_only_at_the_second_save(catalogue: Catalogue, folder: Path) -> None:
    path = write(folder, more='# measured on a "Sunday"\n')
    app = app_on(catalogue, path)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "d", "s")
        assert "has comments" in said(app)
        assert "Sunday" in Path(path).read_text()
        assert app.workspace.changed
        await press(pilot, "s")
        assert "Sunday" not in Path(path).read_text()
        assert not app.workspace.changed


async def test_export_previews_and_writes_each_format(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        for turn in range(len(FORMATS)):
            # It opens on the format that was written last.
            await press(pilot, "e", *["tab"] * bool(turn))
            screen = app.screen
            assert isinstance(screen, ExportScreen)
            assert screen.text.split("\n")[0].strip()[:40] in on_screen(app)
            assert f"[{screen.format}]" in on_screen(app)
            assert FORMATS[screen.format].purpose in on_screen(app)
            assert screen.query_one(Input).value == f"test.{FORMATS[screen.format].ending}"
            await press(pilot, "ctrl+y", "down", "pagedown", "up")
            assert app.clipboard == screen.text
            await type_in(pilot, f"{screen.format}.{FORMATS[screen.format].ending}")
            assert said(app).startswith("wrote ")
        assert not app.workspace.changed
        await press(pilot, "e", "shift+tab", "escape")
        assert app.screen is app.home
    assert {file.name for file in folder.iterdir()} == {
        *("latex.bib", "latex-text.tex"),
        *(f"{name}.{how.ending}" for name, how in FORMATS.items()),
    }
    assert len(read("toml.toml")[0].scenarios) == len(json.loads(Path("json.json").read_text())["scenarios"]) == 2


async def test_export_replaces_a_file_only_at_the_second_enter(catalogue: Catalogue, folder: Path) -> None:
    path = write(folder)
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "e")
        await type_in(pilot, "nowhere/x.toml")
        assert "No such file or directory" in beside_field(app)[0]
        await type_in(pilot, "old.toml")
        text, refused = beside_field(app)
        assert (text, refused) == ("old.toml: already exists; press Enter again to overwrite", True)
        assert Path(path).read_text() == SAVED.format(title="old", model="t5")
        await type_in(pilot, "other.toml")
        assert Path("other.toml").exists()
        await press(pilot, "e")
        await type_in(pilot, "old.toml")
        await press(pilot, "enter")
        assert len(read(path)[0].scenarios) == 6


async def test_export_asks_to_overwrite_only_what_exists(catalogue: Catalogue, folder: Path) -> None:
    (folder / "x--force.toml").mkdir()
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "e")
        await type_in(pilot, "nowhere--force/a.toml")
        assert beside_field(app) == ("nowhere--force/a.toml: cannot be written: No such file or directory", True)
        await press(pilot, "enter")
        assert "No such file" in beside_field(app)[0]
        await type_in(pilot, "x--force.toml")
        assert beside_field(app) == ("x--force.toml: already exists; press Enter again to overwrite", True)
        await press(pilot, "enter")
        assert beside_field(app)[0].startswith("x--force.toml: cannot be written: ")
        await type_in(pilot, "x--force.toml/a.toml")
        assert said(app) == "wrote x--force.toml/a.toml"
    assert (folder / "x--force.toml").is_dir()


async def test_an_ending_says_the_format_in_the_app_too(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "e")
        await type_in(pilot, "runs.pdf")
        text, refused = beside_field(app)
        assert refused
        assert text.startswith("runs.pdf: no format has this ending; known endings are .txt, .json, .toml")
        await type_in(pilot, "runs.json")
        assert said(app) == "wrote runs.json"
    assert json.loads((folder / "runs.json").read_text())["carbontui"] == 1
    assert not (folder / "runs.pdf").exists()


async def test_export_of_latex_has_its_sources_beside_it(catalogue: Catalogue, folder: Path) -> None:
    (folder / "paper.bib").write_text("mine")
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "e")
        while app.screen.format != "latex":  # type: ignore[attr-defined]
            await press(pilot, "tab")
        await type_in(pilot, "paper.tex")
        # Nothing is written before it is known that all can be.
        assert beside_field(app) == ("paper.bib: already exists; press Enter again to overwrite", True)
        assert not (folder / "paper.tex").exists()
        assert (folder / "paper.bib").read_text() == "mine"
        await press(pilot, "enter")
        assert said(app) == "wrote paper.tex, paper-text.tex and paper.bib"
    assert "paper" in (folder / "paper-text.tex").read_text()
    assert (folder / "paper.bib").read_text().startswith("@")


async def test_export_offers_the_presets_of_a_statement(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "e", "ctrl+t")
        assert "f2" not in beside_field(app)[0]
        while app.screen.format != "statement":  # type: ignore[attr-defined]
            await press(pilot, "tab")
        assert "f2 preset" in beside_field(app)[0]
        texts, presets = [], list(PRESETS)
        for preset in presets:
            assert f"[{preset}]" in on_screen(app)
            texts.append(app.screen.text)  # type: ignore[attr-defined]
            await press(pilot, "f2")
        assert len(set(texts)) == len(presets)
        assert f"[{presets[0]}]" in on_screen(app)
        await press(pilot, "ctrl+t")
        await type_in(pilot, "a.txt")
    assert (folder / "a.txt").read_text() == texts[1]


def test_export_is_the_same_for_the_command_line_and_python(
    catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    made = carbontui.compare("gpt-3", "t5", catalogue=catalogue)
    assert export("latex", "a.tex", made, catalogue) == ["a.tex", "a-text.tex", "a.bib"]
    carbontui.save(made, "b.tex")
    assert cli.main(["compare", "gpt-3", "t5", "--format", "latex", "-o", "c.tex"]) == 0
    assert capsys.readouterr().err.splitlines()[-3:] == ["wrote c.tex", "wrote c-text.tex", "wrote c.bib"]
    bibs = {Path(f"{name}.bib").read_text() for name in "abc"}
    tables = {Path(f"{name}.tex").read_text().replace(f":{name}}}", "}") for name in "abc"}
    texts = {Path(f"{name}-text.tex").read_text().replace(f"{{{name}}}", "{}") for name in "abc"}
    assert (len(bibs), len(tables), len(texts)) == (1, 1, 1)
    Path("a.tex").unlink()
    with pytest.raises(AlreadyExists) as found:
        export("latex", "a.tex", made, catalogue)
    assert found.value.path == "a-text.tex"
    assert not Path("a.tex").exists()
    assert export("latex", "a.tex", made, catalogue, force=True) == ["a.tex", "a-text.tex", "a.bib"]


@pytest.mark.skipif(os.geteuid() == 0 or sys.platform == "win32", reason="root writes everywhere")
async def test_a_folder_that_cannot_be_written_says_so(catalogue: Catalogue, folder: Path) -> None:
    folder.chmod(0o500)
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "S")
        await type_in(pilot, "x.toml")
        assert "Permission denied" in said(app)


async def test_a_session_on_a_file_leaves_the_other_work_alone(catalogue: Catalogue, folder: Path) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "d")
    paths = [write(folder), write(folder, "second.toml", "second", "meena")]
    on_file = app_on(catalogue, paths[0])
    async with on_file.run_test(size=(80, 24)) as pilot:
        await press(pilot, "d", "o", "'second", "enter", "d", "d")
    counts = {slot: autosave.load(slot) for slot in (None, *paths)}
    assert {slot: len(left.question.scenarios) for slot, left in counts.items() if left} == {
        None: 7,
        paths[0]: 2,
        paths[1]: 3,
    }


def test_nothing_is_left_in_the_folder_by_a_start(
    folder: Path, run_python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    run_python("-c", "import carbontui.tui.app")
    assert list(folder.iterdir()) == []


async def test_names_of_files_steer_no_terminal(catalogue: Catalogue, folder: Path) -> None:
    hostile = "a\x1b]0;gone\x07[@click=app.quit]x[b]\x9b2J.toml"
    path = write(folder, hostile)
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "o")
        assert not set("\x1b\x07\x9b") & set(on_screen(app))
        await press(pilot, "enter")
        assert app.workspace.path == path
        for key in ("s", "S", "escape", "e", "escape", "o", "escape", "d"):
            await press(pilot, key)
            assert not set("\x1b\x07\x9b") & set(on_screen(app)), key
            assert app.is_running
        assert isinstance(app.screen, type(app.home))
        assert not isinstance(app.screen, Editor)


@pytest.mark.parametrize(("row", "text"), [("hardware", "a100"), ("chips", "")])
async def test_what_was_changed_in_a_file_follows_the_accounting(
    catalogue: Catalogue, folder: Path, row: str, text: str
) -> None:
    path = str(folder / "direct.toml")
    spec = "@h100@gcp:europe-north1,chips=8,chip_hours=576"
    assert cli.main(["compare", spec, "--accounting", "direct", "-o", path]) == 0
    app = app_on(catalogue, path)
    async with app.run_test(size=(120, 40)) as pilot:
        go_to(app, 0, row)
        await press(pilot, "enter")
        await type_in(pilot, text)
        direct = cell(app, "gross")
        await press(pilot, "f")
        assert said(app) == "accounting: lifecycle"
        assert cell(app, "gross") != direct
        assert app.comparison.scenarios[0].texts["coverage"] == "lifecycle"
