"""Lists of files and of scenarios: what stands in a line, and what is said where nothing is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui import SIZES, app_of, names, on_screen, press, type_in

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
        await press(pilot, "C")
        words = on_screen(app)
        assert "new: choose where the jobs ran (writes cluster.toml beside the log)" in words
        assert "0 of 0" in words
