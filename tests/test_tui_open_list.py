"""Lists of files and of scenarios: what stands in a line, and what is said where nothing is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledger_screen import settled
from textual.widgets import Input
from tui import SIZES, app_of, names, offered, on_screen, press, rest, said, type_in

from carbontui.tui.views.paths import folder_of
from carbontui_registry.catalogue import Catalogue


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_stands_with_its_name_and_its_folder(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    far = tmp_path / "a folder with quite a long name" / "and another one in it" / "study"
    far.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    app = app_of(catalogue, "t5")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "S")
        await type_in(pilot, str(far / "october.toml"))
        (tmp_path / "other.toml").write_text("carbontui = 1\n", encoding="utf-8")
        await press(pilot, "o")
        line = next(line for line in on_screen(app).splitlines() if "recent" in line)
        assert line.count("october.toml") == 1
        assert "study" in line
        here = next(line for line in on_screen(app).splitlines() if "here" in line)
        assert here.count("other.toml") == 1
        await press(pilot, "'nosuch")
        assert "nothing has 'nosuch'" in on_screen(app)


@pytest.mark.parametrize("keys", [("o",), ("7", "o")], ids=["compare", "ledger"])
async def test_a_path_is_typed_folder_by_folder(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    for name in ("here", "x/logs/deep", "x/empty"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("x/emissions.csv", "x/emissions-2.csv", "x/.hidden.csv", "x/logs/run.csv"):
        (tmp_path / name).write_text("timestamp\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *keys)
        box, field = app.screen, app.screen.query_one(Input)
        for typed, listed in (
            (f"{tmp_path}/x/emi", [f"{tmp_path}/x/emissions-2.csv", f"{tmp_path}/x/emissions.csv"]),
            ("~", ["~/here/", "~/x/", "~/../"]),
            ("..", ["../here/", "../x/", "../../"]),
            ("../x/e", ["../x/emissions-2.csv", "../x/emissions.csv", "../x/empty/"]),
            ("../x/.", ["../x/.hidden.csv"]),
            ("../x/emissions.csv", ["../x/emissions.csv"]),
        ):
            field.value = typed
            await rest(pilot)
            assert offered(app) == listed
        for before, after in (("../x/em", "../x/em"), ("../x/emi", "../x/emissions"), ("../x/l", "../x/logs/")):
            field.value = before
            await press(pilot, "tab")
            assert field.value == after
        # Into the folder, and on.
        field.value = "~/x/lo"
        await press(pilot, "enter")
        assert (field.value, offered(app)) == ("~/x/logs/", ["~/x/logs/deep/", "~/x/logs/run.csv", "~/x/"])
        await press(pilot, "'nosuch", "enter")
        assert app.screen is box
        assert field.value == "~/x/logs/nosuch"
        # Over several lines where it is long.
        shown = "".join(line.strip(" │") for line in on_screen(app).splitlines()).replace(" ", "")
        assert f"{tmp_path}/x/logs/nosuch:nosuchfile" in shown
        field.value = "/nowhere/run.csv"
        await press(pilot, "enter")
        assert "/nowhere/run.csv: no such file (/nowhere: No such file or directory)" in on_screen(app)
        field.value = "~/x/logs/r"
        await press(pilot, "enter")
        assert app.screen is not box


async def test_scenarios_are_found_by_the_number_that_is_shown(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "slash")
        listed = [line for line in on_screen(app).splitlines() if "│" in line and "Meena" in line]
        assert any("3 Meena" in line for line in listed)
        assert not any(" 2 " in line for line in listed)
        await press(pilot, "'zzz")
        assert "0 of 6  nothing has 'zzz' in its name" in on_screen(app)
        await press(pilot, *["backspace"] * 3, "'meena", "enter")
        assert names(app)[app.home.at] == "Meena"


def test_the_end_of_a_long_folder_is_kept() -> None:
    assert folder_of("/a/b/c/d/file.toml", 6) == "…b/c/d"
    assert folder_of("file.toml", 40) == ""


async def test_a_new_cluster_file_is_no_file_that_is_counted(catalogue: Catalogue, here: Path) -> None:
    (here / "cluster.toml").unlink()
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "7", "o")
        await type_in(pilot, "jobs.txt")
        await settled(app, pilot)
        await press(pilot, "C")
        words = on_screen(app)
        assert "new: choose where the jobs ran (writes cluster.toml beside the log)" in words
        assert "no file of this kind in " in words


async def test_an_error_in_a_file_elsewhere_names_its_folder(catalogue: Catalogue, here: Path) -> None:
    (here / "deep").mkdir()
    broken = here / "deep" / "broken.toml"
    broken.write_text("carbontui = 1\n[[scenarios]]\nmodel = 3\n", encoding="utf-8")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(200, 60)) as pilot:
        await press(pilot, "o")
        await type_in(pilot, "deep/broken.toml")
        assert f"{broken}, line 3" in said(app)
